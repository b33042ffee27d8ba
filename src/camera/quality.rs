//! How many looks a pass gives, how likely one is usable, and how good the best of them is.
//!
//! Pure functions of one pass; probabilities and qualities lie in [0, 1], angles are degrees, distances metres.

use crate::scenario::registry::{ParamId, param};

/// Height of a face, m: what shadow and pitch are measured against.
pub const HEAD_HEIGHT_M: f64 = 1.65;
/// Distance between the pupils of an adult, m.
const PUPILS_M: f64 = 0.063;
/// How far a taller walker's head rises over the line to the camera, m: with the slope of that line it gives the length of
/// the strip in which somebody hides a face.
const TALLER_M: f64 = 0.08;
/// A face turned by less than this is as usable as a frontal one.
const YAW_FREE_DEG: f64 = 30.0;
/// A face turned by more than this gives no usable look.
pub const YAW_LOST_DEG: f64 = 75.0;

/// Settings of a look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LookSettings {
    /// Chance that one look gives a usable face, unobstructed and frontal.
    pub look_probability: f64,
    /// Width of a person who hides another, m.
    pub shadow_width_m: f64,
    /// Time after which a look counts as a new one, s.
    pub look_decorrelation_s: f64,
    /// Most independent looks of one pass.
    pub max_looks: f64,
    /// What a view makes of quality.
    pub quality: QualityLaw,
}

/// How quality follows from a view, all in logits. The coefficients are assumptions: no published figures relate views to
/// field scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QualityLaw {
    /// Of a frontal face with 55 px between the pupils, by day.
    pub level: f64,
    /// Gain when those pixels grow e-fold.
    pub resolution: f64,
    /// Loss per degree by which the camera looks down, beyond 10.
    pub pitch: f64,
    /// Loss per degree by which the face is turned, beyond 15.
    pub yaw: f64,
    /// Loss in full darkness.
    pub dark: f64,
    /// Loss when the face is hidden wholly.
    pub cover: f64,
    /// Standard deviation that the looks of a pass share.
    pub pass_sd: f64,
    /// Standard deviation between the looks of a pass.
    pub look_sd: f64,
}

impl QualityLaw {
    /// What the view gives a face before chance, logit: resolution, angles, light (1 is day) and covering (1 hides it).
    pub fn base(&self, iod_px: f64, pitch_deg: f64, yaw_deg: f64, light: f64, cover: f64) -> f64 {
        self.level + self.resolution * libm::log(iod_px / 55.0)
            - self.pitch * (pitch_deg - 10.0).max(0.0)
            - self.yaw * (yaw_deg - 15.0).max(0.0)
            - self.dark * (1.0 - light)
            - self.cover * cover
    }

    /// Quality of the face searched, in (0, 1): `z_pass` is a standard normal shared by the looks of a pass, `z_look` that of
    /// its best look, `Φ⁻¹(u^(1/looks))`.
    pub fn quality(&self, base: f64, z_pass: f64, z_look: f64) -> f64 {
        crate::stats::dist::logistic(base + self.pass_sd * z_pass + self.look_sd * z_look)
    }
}

impl LookSettings {
    /// Reads the settings from wherever parameters are kept (central values or a draw).
    pub fn read(value: impl Fn(ParamId) -> f64) -> LookSettings {
        LookSettings {
            look_probability: value(param::LOOK_PROBABILITY),
            shadow_width_m: value(param::SHADOW_WIDTH_M),
            look_decorrelation_s: value(param::LOOK_DECORRELATION_S),
            max_looks: value(param::MAX_LOOKS),
            quality: QualityLaw {
                level: value(param::QUALITY_LEVEL),
                resolution: value(param::QUALITY_RESOLUTION),
                pitch: value(param::QUALITY_PITCH),
                yaw: value(param::QUALITY_YAW),
                dark: value(param::DARK_LOSS),
                cover: value(param::QUALITY_COVER),
                pass_sd: value(param::QUALITY_PASS_SD),
                look_sd: value(param::QUALITY_LOOK_SD),
            },
        }
    }
}

/// Effective number of independent looks, `1 + T / τ` and at most `max_looks`, for a walk of `chord_m` through the view at
/// `speed_m_s`; 0 outside the view.
pub fn effective_looks(chord_m: f64, speed_m_s: f64, look_decorrelation_s: f64, max_looks: f64) -> f64 {
    if chord_m > 0.0 {
        (1.0 + chord_m / speed_m_s / look_decorrelation_s).min(max_looks)
    } else {
        0.0
    }
}

/// Chance that one look gives a usable face: the plain chance, times nobody in the strip that hides it
/// (`exp(-density x width x length)`), times pose, times what a covering leaves (`cover` 0: none, 1: hidden).
pub fn look_probability(
    settings: &LookSettings,
    density: f64,
    range_m: f64,
    height_m: f64,
    yaw_deg: f64,
    cover: f64,
) -> f64 {
    settings.look_probability
        * libm::exp(-density * settings.shadow_width_m * shadow_length_m(range_m, height_m))
        * pose(yaw_deg)
        * (1.0 - cover)
}

/// Length of the strip in front of a face in which a taller walker hides it, m. A camera at head height or below is hidden by
/// anybody between, so the strip is then the whole range.
fn shadow_length_m(range_m: f64, height_m: f64) -> f64 {
    let above = height_m - HEAD_HEIGHT_M;
    if above > TALLER_M {
        range_m * TALLER_M / above
    } else {
        range_m
    }
}

/// Factor of a look for a face turned by `yaw_deg`.
fn pose(yaw_deg: f64) -> f64 {
    ((YAW_LOST_DEG - yaw_deg) / (YAW_LOST_DEG - YAW_FREE_DEG)).clamp(0.0, 1.0)
}

/// Chance that at least one of `looks` looks (a real number) is usable.
pub fn detection(look_probability: f64, looks: f64) -> f64 {
    if looks > 0.0 {
        -libm::expm1(looks * libm::log1p(-look_probability))
    } else {
        0.0
    }
}

/// Pixels between the pupils of a face at `range_m`, for a camera of `pixels` across a field of view of `hfov_deg`.
pub fn iod_px(range_m: f64, pixels: f64, hfov_deg: f64) -> f64 {
    PUPILS_M * pixels_per_m(range_m, pixels, hfov_deg)
}

fn pixels_per_m(range_m: f64, pixels: f64, hfov_deg: f64) -> f64 {
    pixels / (2.0 * range_m * libm::tan(hfov_deg.to_radians() / 2.0))
}

/// Angle by which a camera at `height_m` looks down on a face at `range_m`, degrees.
pub fn pitch_deg(range_m: f64, height_m: f64) -> f64 {
    libm::atan2(height_m - HEAD_HEIGHT_M, range_m).to_degrees()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::plan::Values;
    use crate::stats::dist::normal_quantile;

    fn settings() -> LookSettings {
        let values = Values::default();
        LookSettings::read(|id| values.get(id))
    }

    #[test]
    fn golden_pixels() {
        assert!((pixels_per_m(10.0, 3840.0, 25.0) - 866.0).abs() < 0.5);
        assert!((iod_px(10.0, 3840.0, 25.0) - 54.6).abs() < 0.05);
        assert!((pixels_per_m(20.0, 3840.0, 25.0) - 433.0).abs() < 0.5);
    }

    #[test]
    fn golden_design_point() {
        let p_look = look_probability(&settings(), 0.3, 10.0, 3.0, 0.0, 0.0);
        assert!((p_look - 0.462).abs() < 5e-4, "{p_look}");
        assert!((detection(p_look, 2.7) - 0.812).abs() < 1e-3);
        // A lamp-post camera stands higher and is hidden less.
        assert!((shadow_length_m(10.0, 3.0) - 0.593).abs() < 1e-3);
        assert!((shadow_length_m(10.0, 4.5) - 0.281).abs() < 1e-3);
        assert!((pitch_deg(10.0, 3.0) - 7.69).abs() < 0.01);
        assert!((pitch_deg(6.0, 4.5) - 25.41).abs() < 0.01);
    }

    /// V27: mean and standard deviation of quality at the design point, by the midpoint rule over both normals.
    #[test]
    fn golden_quality() {
        let law = settings().quality;
        let base = law.base(iod_px(10.0, 3840.0, 25.0), pitch_deg(10.0, 3.0), 0.0, 1.0, 0.0);
        let n = 400;
        let middle = |i: i32| (f64::from(i) + 0.5) / f64::from(n);
        let (mut sum, mut squares) = (0.0, 0.0);
        for i in 0..n {
            let z_look = normal_quantile(libm::pow(middle(i), 1.0 / 2.7));
            for j in 0..n {
                let q = law.quality(base, normal_quantile(middle(j)), z_look);
                sum += q;
                squares += q * q;
            }
        }
        let count = f64::from(n * n);
        let mean = sum / count;
        let sd = libm::sqrt(squares / count - mean * mean);
        assert!((mean - 0.688).abs() < 0.003, "{mean}");
        assert!((sd - 0.163).abs() < 0.003, "{sd}");
    }

    #[test]
    fn looks_grow_with_time_in_view_and_are_capped() {
        assert_eq!(effective_looks(0.0, 1.34, 3.5, 6.0), 0.0);
        assert!((effective_looks(8.0, 1.34, 3.5, 6.0) - 2.7058).abs() < 1e-4);
        assert_eq!(effective_looks(1000.0, 1.34, 3.5, 6.0), 6.0);
    }

    #[test]
    fn detection_at_its_limits() {
        assert_eq!(detection(0.0, 3.0), 0.0);
        assert_eq!(detection(1.0, 3.0), 1.0);
        assert_eq!(detection(1.0, 0.0), 0.0);
        assert!((detection(0.5, 2.0) - 0.75).abs() < 1e-15);
        assert!((detection(1e-12, 2.0) - 2e-12).abs() < 1e-22);
    }

    #[test]
    fn pose_covering_and_shadow_reduce_looks() {
        let look = |density, height, yaw, cover| look_probability(&settings(), density, 10.0, height, yaw, cover);
        assert_eq!(look(0.0, 3.0, 30.0, 0.0), 0.5);
        assert!((look(0.0, 3.0, 52.5, 0.0) - 0.25).abs() < 1e-12);
        assert_eq!(look(0.0, 3.0, 75.0, 0.0), 0.0);
        assert_eq!(look(0.0, 3.0, 180.0, 0.0), 0.0);
        assert!((look(0.0, 3.0, 0.0, 0.7) - 0.15).abs() < 1e-12);
        assert!(look(1.0, 3.0, 0.0, 0.0) < look(1.0, 4.5, 0.0, 0.0));
        // A camera no higher than the heads: hidden by anybody between, but never worse than certain.
        let low = look(0.3, 1.65, 0.0, 0.0);
        assert!((low - 0.5 * libm::exp(-0.3 * 0.45 * 10.0)).abs() < 1e-12);
    }

    #[test]
    fn quality_loses_by_angle_dark_and_covering() {
        let law = settings().quality;
        let plain = law.base(55.0, 10.0, 15.0, 1.0, 0.0);
        assert!((plain - 0.30).abs() < 1e-12);
        assert!((plain - law.base(55.0, 20.0, 15.0, 1.0, 0.0) - 0.2).abs() < 1e-12);
        assert!((plain - law.base(55.0, 10.0, 25.0, 1.0, 0.0) - 0.3).abs() < 1e-12);
        assert!((plain - law.base(55.0, 10.0, 15.0, 0.0, 0.0) - 0.8).abs() < 1e-12);
        assert!((plain - law.base(55.0, 10.0, 15.0, 1.0, 0.7) - 0.84).abs() < 1e-12);
        assert_eq!(law.quality(0.0, 0.0, 0.0), 0.5);
    }
}
