//! The four regressions of a record: faces, true alerts, false alerts, arrests. Their priors are stated here and nowhere else.

use super::cases::{Features, Frame, Term};
use super::draws::{Draws, Target};
use super::regression::{Family, Model, NormalPrior, Observation, ScalePrior, Scales};
use crate::scenario::record_file::RecordRow;
use jiff::civil::Date;

/// A coefficient: what it multiplies, and its prior.
type Coefficient = (Term, NormalPrior);

const fn prior(term: Term, mean: f64, sd: f64) -> Coefficient {
    (term, NormalPrior { mean, sd })
}

const fn scale(median: f64, log_sd: f64) -> ScalePrior {
    ScalePrior { median, log_sd }
}

/// One of the regressions: which figure, and what is assumed of it before any row is read.
pub struct Figure {
    /// Its name.
    pub name: &'static str,
    family: Family,
    /// Coefficients. There is no row with fixed cameras to fit on before autumn 2025: their prior says that they may see anything
    /// from half to twice what a van sees.
    pub coefficients: &'static [Coefficient],
    /// Scales.
    pub scales: Scales<ScalePrior>,
    places: bool,
}

/// Log of faces seen. The coupling of counting and era is an observation model: `OlderCount`.
pub const FACES: Figure = Figure {
    name: "faces",
    family: Family::Normal,
    coefficients: &[
        prior(Term::Level, 9.3, 1.0),
        prior(Term::Hours, 1.0, 0.15),
        prior(Term::Fixed, 0.3, 0.8),
        prior(Term::Unusual, 0.0, 0.8),
        prior(Term::Event, 0.5, 0.5),
        prior(Term::OtherForce, 0.0, 1.0),
        prior(Term::OlderCount, -1.86, 0.4),
    ],
    scales: Scales {
        step: scale(0.06, 0.6),
        site: scale(0.35, 0.5),
        group: scale(0.3, 0.5),
        dispersion: scale(0.33, 0.3),
    },
    places: true,
};

/// True alerts. A list twice as long gives about twice the alerts; longer hours and more faces give fewer than in proportion.
pub const TRUE_ALERTS: Figure = Figure {
    name: "true alerts",
    family: Family::NegativeBinomial,
    coefficients: &[
        prior(Term::Level, 1.95, 1.5),
        prior(Term::Hours, 0.6, 0.25),
        prior(Term::ListSize, 1.0, 0.3),
        prior(Term::Fixed, 0.0, 0.6),
        prior(Term::Unusual, 0.0, 0.8),
        prior(Term::Event, 0.4, 0.6),
        prior(Term::OtherForce, 0.0, 0.8),
        prior(Term::Threshold, -2.0, 1.0),
        prior(Term::Faces, 0.3, 0.15),
    ],
    scales: Scales {
        step: scale(0.1, 0.6),
        site: scale(0.35, 0.5),
        group: scale(0.3, 0.5),
        dispersion: scale(20.0, 0.8),
    },
    places: true,
};

/// Recorded false alerts: in proportion to hours and list size, falling with the threshold.
pub const FALSE_ALERTS: Figure = Figure {
    name: "false alerts",
    family: Family::NegativeBinomial,
    coefficients: &[
        prior(Term::Level, -3.5, 1.5),
        prior(Term::Leniency, 55.0, 12.0),
        prior(Term::Fixed, 0.0, 0.8),
        prior(Term::Unusual, 0.0, 0.8),
        prior(Term::Event, 0.3, 0.6),
        prior(Term::OtherForce, 0.0, 1.5),
    ],
    scales: Scales {
        step: scale(0.15, 0.6),
        site: scale(0.3, 0.0),
        group: scale(0.01, 0.0),
        dispersion: scale(1.0, 0.7),
    },
    places: false,
};

/// Arrests among alerts.
pub const ARRESTS: Figure = Figure {
    name: "arrests",
    family: Family::Binomial,
    coefficients: &[
        prior(Term::Level, -0.2, 0.8),
        prior(Term::Fixed, 0.0, 0.4),
        prior(Term::Unusual, 0.0, 0.5),
        prior(Term::Event, 0.0, 0.4),
        prior(Term::OtherForce, 0.0, 0.7),
    ],
    scales: Scales {
        step: scale(0.07, 0.7),
        site: scale(0.15, 0.6),
        group: scale(0.12, 0.6),
        dispersion: scale(1.0, 0.0),
    },
    places: true,
};

/// Counts of faces in the older way scatter about twice as much, and say nothing of alerts.
const OLDER_SCATTER: f64 = 2.0;

/// A record fitted to a day.
#[derive(Clone, Debug)]
pub struct Fit {
    /// How rows are read.
    pub frame: Frame,
    /// Rows that were fitted.
    pub rows: usize,
    /// Draws of each regression.
    pub faces: Draws,
    /// True alerts.
    pub true_alerts: Draws,
    /// False alerts.
    pub false_alerts: Draws,
    /// Arrests.
    pub arrests: Draws,
}

/// Fits the record's rows to `until`; later rows are not looked at. `draws` are taken from each posterior.
pub fn fit(rows: &[RecordRow], until: Date, seed: u64, draws: usize) -> Fit {
    let (frame, fitted) = Frame::new(rows, until);
    let mut cases: Vec<(&RecordRow, Features)> = fitted.iter().map(|r| (*r, frame.features(r))).collect();
    let faces = one(&FACES, &frame, &cases, seed, 1, draws, |row, features| {
        let scatter = if features.older_count { OLDER_SCATTER } else { 1.0 };
        row.faces.filter(|f| *f > 0).map(|f| (libm::log(f64::from(f)), scatter))
    });
    for (row, features) in cases.iter_mut().filter(|c| !c.1.older_count) {
        features.faces = residual(&faces, &frame, row, features).unwrap_or(0.0);
    }
    let split = |row: &RecordRow| Some((row.alerts?, row.false_alerts.unwrap_or(0)));
    let true_alerts = one(&TRUE_ALERTS, &frame, &cases, seed, 2, draws, |row, _| {
        split(row).map(|(alerts, wrong)| (f64::from(alerts.saturating_sub(wrong)), 0.0))
    });
    let false_alerts = one(&FALSE_ALERTS, &frame, &cases, seed, 3, draws, |row, _| {
        row.false_alerts.map(|f| (f64::from(f), 0.0))
    });
    let arrests = one(&ARRESTS, &frame, &cases, seed, 4, draws, |row, _| {
        Some((f64::from(row.arrests?), f64::from(row.alerts.filter(|a| *a > 0)?)))
    });
    Fit {
        rows: cases.len(),
        frame,
        faces,
        true_alerts,
        false_alerts,
        arrests,
    }
}

/// Fits one figure to the rows that have it.
fn one(
    figure: &Figure,
    frame: &Frame,
    cases: &[(&RecordRow, Features)],
    seed: u64,
    number: u32,
    draws: usize,
    read: impl Fn(&RecordRow, &Features) -> Option<(f64, f64)>,
) -> Draws {
    let index = |place| match place {
        super::draws::Place::Known(i) if figure.places => Some(i),
        _ => None,
    };
    let observations: Vec<Observation> = cases
        .iter()
        .filter_map(|(row, features)| {
            let (y, trials) = read(row, features)?;
            let (site, group) = frame.place(row);
            Some(Observation {
                y,
                trials,
                offset: offset(figure, frame, features),
                site: index(site),
                group: index(group),
                period: frame.period(row),
                x: covariates(figure, frame, features),
            })
        })
        .collect();
    let model = Model {
        family: figure.family,
        coefficients: figure.coefficients.iter().map(|c| c.1).collect(),
        scales: figure.scales,
        sites: if figure.places { frame.sites() } else { 0 },
        groups: if figure.places { frame.groups() } else { 0 },
        periods: frame.periods,
    };
    Draws::new(model.fit(&observations), seed, number, draws)
}

pub(crate) fn covariates(figure: &Figure, frame: &Frame, features: &Features) -> Vec<f64> {
    let value = |c: &Coefficient| c.0.of(features, frame.durations.0);
    figure.coefficients.iter().map(value).collect()
}

/// Days multiply counts; false alerts are also in proportion to hours and list size.
pub(crate) fn offset(figure: &Figure, frame: &Frame, features: &Features) -> f64 {
    match figure.name {
        "arrests" => 0.0,
        "false alerts" => features.days + features.list + features.hours.unwrap_or(frame.durations.0),
        _ => features.days,
    }
}

/// What a figure's regression is asked for a row.
pub(crate) fn target(figure: &Figure, frame: &Frame, row: &RecordRow, features: &Features) -> Target {
    let (site, group) = frame.place(row);
    let unplaced = |name: String| super::draws::Place::new(&name);
    let (site, group) = match figure.places {
        true => (site, group),
        false => (unplaced(super::cases::site_name(row)), unplaced(String::new())),
    };
    Target {
        offset: offset(figure, frame, features),
        site,
        group,
        period: frame.period(row),
        x: covariates(figure, frame, features),
    }
}

/// Log of a row's faces less its posterior expectation.
pub(crate) fn residual(faces: &Draws, frame: &Frame, row: &RecordRow, features: &Features) -> Option<f64> {
    let seen = row.faces.filter(|f| *f > 0)?;
    Some(libm::log(f64::from(seen)) - expected_log_faces(faces, frame, row, features))
}

/// Posterior expectation of the log of a row's faces.
pub(crate) fn expected_log_faces(faces: &Draws, frame: &Frame, row: &RecordRow, features: &Features) -> f64 {
    let target = target(&FACES, frame, row, features);
    let all: Vec<f64> = (0..faces.len().min(400)).map(|d| faces.predictor(d, &target)).collect();
    crate::stats::mean(&all)
}
