//! One look: is the person in view, is a face captured, does the search fire. The same code for both schedules.

use super::sights::Sights;
use super::{Scene, Sight};
use crate::camera::{
    Lane, LookSettings, PassView, PathViews, ViewSettings, YAW_LOST_DEG, detection, effective_looks, iod_px,
    look_probability, pitch_deg,
};
use crate::city::light;
use crate::kernel::{Block, Micros, mix};
use crate::matcher::{FalseMatch, Matcher, Searches};
use crate::people::{Day, Leg, SoughtPerson};
use crate::response::Truth;
use crate::scenario::registry::param;
use crate::scenario::world::{Numbers, Purpose};
use crate::stats::dist;

/// Quality of every look under `capture_model = "fixed"`: the mean of the default view.
const FIXED_QUALITY: f64 = 0.70;

/// The cameras and the matcher of one run.
pub struct Eyes<'a> {
    /// The strategy.
    pub scene: &'a Scene<'a>,
    /// The day.
    pub day: &'a Day<'a>,
    /// The matcher.
    pub matcher: Matcher,
    /// Views by path.
    pub views: PathViews,
    /// When cameras begin.
    pub open: Micros,
    /// When cameras stop (never, if they run on).
    pub close: Micros,
    fixed: Option<f64>,
    plain: bool,
    looks: LookSettings,
    view: ViewSettings,
    light: [f64; 24],
    searched: Vec<f64>,
    cover: f64,
    sights: Sights,
}

/// A face in front of the cameras.
#[derive(Clone, Copy, Debug)]
pub struct Face<'a> {
    /// Visit.
    pub visit: u64,
    /// Member of the visit.
    pub member: u16,
    /// Group cell.
    pub cell: usize,
    /// The person's key.
    pub person: u64,
    /// The sought person, if it is one.
    pub sought: Option<&'a SoughtPerson>,
    /// Whether the face is covered.
    pub covered: bool,
    /// Free walking speed, m/s.
    pub speed_m_s: f64,
}

/// A look at a person in view.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Whether a usable face was captured and searched.
    pub searched: bool,
    /// Its hash.
    pub hash: u64,
    words: Block,
    lane: Lane,
    looks: f64,
    camera: usize,
}

/// Hash of a look: its own random words say who, where and when; a search counts them threefold.
#[inline]
pub fn look_hash(word2: u32, word3: u32, searched: bool) -> u64 {
    let words = (u64::from(word2) << 32) | u64::from(word3);
    words.wrapping_add(if searched { words << 1 } else { 0 })
}

impl Look {
    /// Index of the camera.
    pub fn camera(&self) -> usize {
        self.camera
    }

    /// One search in how many is shadowed: fewer where every walk is alike and searches are cheap.
    pub fn every(&self, timeless: bool) -> u32 {
        if timeless { EVERY.1 } else { EVERY.0 }
    }

    /// Whether this search is one of those, by the low bits of a word whose high bits are a quality.
    #[inline]
    pub fn in_sample(&self, timeless: bool) -> bool {
        in_sample(self.words.0[3], timeless)
    }
}

/// One search in so many is shadowed, ordinarily and where every walk is alike; powers of two.
const EVERY: (u32, u32) = (256, 1024);

/// Whether a search with this last word is shadowed.
#[inline]
pub fn in_sample(word3: u32, timeless: bool) -> bool {
    word3 & (if timeless { EVERY.1 } else { EVERY.0 } - 1) == 0
}

/// A search that reached the threshold.
#[derive(Clone, Copy, Debug)]
pub struct Hit {
    /// Score.
    pub score: f64,
    /// Whether it is the person it says.
    pub truth: Truth,
    /// Quality of the look.
    pub quality: f64,
    /// Cell of the matched entry.
    pub matched_cell: usize,
    /// Matched entry.
    pub entry: u64,
    /// Index of the reason why the matched entry is on the list.
    pub reason: usize,
    /// Whether the matched entry is of a close relative.
    pub kin: bool,
}

impl<'a> Eyes<'a> {
    /// The cameras and the matcher of a strategy in one world.
    pub fn new(scene: &'a Scene<'a>, day: &'a Day<'a>, numbers: &Numbers) -> Self {
        let plan = scene.plan;
        let get = |id| numbers.get(id);
        let fixed = (numbers.choice(param::CAPTURE_MODEL) == 1).then(|| get(param::CAPTURE_PROBABILITY));
        let views = match fixed {
            Some(_) => PathViews::level_with(&scene.streets.network, &plan.place, &scene.cameras),
            None => PathViews::new(
                &scene.streets.network,
                &plan.place,
                &scene.cameras,
                &ViewSettings::read(get),
            ),
        };
        let hour_light = |hour: usize| {
            let noon_of_hour = 3600.0 * (hour as f64 + 0.5);
            light(
                day.conditions.when.date,
                noon_of_hour,
                &plan.place.timezone,
                plan.place.origin,
                get(param::NIGHT_LIGHT),
            )
            .unwrap_or(1.0)
        };
        Eyes {
            matcher: Matcher::new(
                plan,
                scene.strategy,
                numbers,
                &day.sought.list_shares,
                day.sought.list_size,
            ),
            open: Micros::from_seconds(day.conditions.when.open_s),
            close: if numbers.flag(param::RUN_ON) {
                Micros::NEVER
            } else {
                Micros::from_seconds(day.conditions.when.close_s)
            },
            fixed,
            plain: numbers.choice(param::MATCHER_KIND) == 1,
            looks: LookSettings::read(get),
            view: ViewSettings::read(get),
            light: std::array::from_fn(hour_light),
            searched: plan.crowd.searched.clone(),
            cover: get(param::COVER_FACTOR),
            sights: Sights::new(views.count()),
            views,
            scene,
            day,
        }
    }

    /// Whether every pass is seen, whenever it is: the clock of an ordinary visit need not be known.
    pub fn timeless(&self) -> bool {
        self.fixed.is_some() && self.close == Micros::NEVER
    }

    /// The chance of capture, where it is one fixed number.
    pub fn fixed_capture(&self) -> Option<f64> {
        self.fixed
    }

    /// Whether some people are never searched.
    pub fn anyone_unsearched(&self) -> bool {
        self.searched.iter().any(|s| *s < 1.0)
    }

    /// The camera's look at a person on a leg, or none if the person walks outside the view.
    #[inline(always)] // a look is large: it stays in registers
    pub fn look(&self, face: &Face, index: usize, hour: u8, view: &PassView) -> Option<Look> {
        let camera = &self.scene.cameras[usize::from(view.camera)];
        let sub = face.member | ((index as u16) << 4);
        let words = self
            .day
            .draws
            .conduct
            .block(Purpose::Look as u16, sub, camera.id, face.visit);
        let stratum = (words.0[2] >> 29) as usize;
        let lane = view.lanes[stratum];
        let mut looks = 1.0;
        let captured = match self.fixed {
            Some(p) => words.unit(0) < p,
            None => {
                if lane.chord_m <= 0.0 {
                    return None;
                }
                if f64::from(lane.yaw_deg) >= YAW_LOST_DEG {
                    false
                } else {
                    let (edge, hour) = (view.edge as usize, usize::from(hour));
                    let speed = face.speed_m_s * self.day.travel.factor(edge, hour);
                    looks = effective_looks(
                        f64::from(lane.chord_m),
                        speed,
                        self.looks.look_decorrelation_s,
                        self.looks.max_looks,
                    );
                    let one = |cover: f64| self.one_look(camera.height_m, edge, hour, lane, cover);
                    if face.covered {
                        words.unit(0) < detection(one(self.cover), looks)
                    } else {
                        let one = self.sights.one_look(view.number, hour, stratum, || one(0.0));
                        detected(words.unit(0), one, looks)
                    }
                }
            }
        };
        let searched = captured && self.old_enough(face);
        let hash = look_hash(words.0[2], words.0[3], searched);
        Some(Look {
            searched,
            hash,
            words,
            lane,
            looks,
            camera: usize::from(view.camera),
        })
    }

    /// Chance that one look along a lane gives a usable face.
    #[inline]
    fn one_look(&self, height_m: f64, edge: usize, hour: usize, lane: Lane, cover: f64) -> f64 {
        look_probability(
            &self.looks,
            self.day.travel.density(edge, hour),
            f64::from(lane.range_m),
            height_m,
            f64::from(lane.yaw_deg),
            cover,
        )
    }

    /// Children under the force's minimum age walk past and are never searched.
    #[inline]
    fn old_enough(&self, face: &Face) -> bool {
        let share = self.searched[face.cell];
        share >= 1.0 || self.person_words(face.person).unit(2) < share
    }

    #[inline]
    fn person_words(&self, person: u64) -> Block {
        self.day.draws.person.block(Purpose::Person as u16, 0, 0, person)
    }

    /// The search of a captured face. Called only for looks that were searched.
    #[inline(always)]
    pub fn search(&self, face: &Face, index: usize, hour: u8, look: &Look) -> Option<Hit> {
        match face.sought {
            None => {
                let person = if self.matcher.has_person_effect() {
                    self.person_words(self.day.conditions.luck(face.person)).0
                } else {
                    [0, u32::MAX, 0, 0]
                };
                if self
                    .matcher
                    .excluded(face.cell, look.words.0[1], [person[0], person[1]])
                {
                    return self.relative(face, index, hour, look);
                }
                self.impostor(face, index, hour, look)
            }
            Some(sought) if sought.listed => {
                let quality = self.quality(face, index, hour, look);
                let noise = dist::normal_quantile(self.more(face, index, look).unit(1));
                let genuine = self.matcher.genuine_score(sought, quality, noise);
                let hit = (genuine >= self.matcher.thresholds[face.cell]).then_some(Hit {
                    score: genuine,
                    truth: Truth::True {
                        reason: sought.reason,
                        stale: sought.stale,
                    },
                    quality,
                    matched_cell: sought.cell,
                    reason: sought.reason,
                    kin: false,
                    entry: mix(face.person ^ 0x6c69_7374_6564_0000),
                });
                let other = if self.plain {
                    None
                } else {
                    self.impostor(face, index, hour, look)
                };
                match (hit, other) {
                    (Some(h), Some(o)) if o.score > h.score => Some(o),
                    (Some(h), _) => Some(h),
                    (None, other) => other,
                }
            }
            Some(_) => self.impostor(face, index, hour, look),
        }
    }

    /// Weight of a search among those of one person in one visit.
    #[inline]
    pub fn weight(&self, face: &Face, index: usize, hour: u8, look: &Look) -> f64 {
        if self.matcher.uses_quality() {
            self.matcher.weight(self.quality(face, index, hour, look))
        } else {
            1.0
        }
    }

    /// Expected false alerts, in fixed point, that this person's last search adds.
    #[inline]
    pub fn expected_false(&self, face: &Face, searches: &Searches) -> u64 {
        let shielded = self.plain && face.sought.is_some_and(|s| s.listed);
        if shielded {
            0
        } else {
            self.matcher.expected_of_last(face.cell, searches)
        }
    }

    /// Whom the person is taken for by mistake: by chance, or for a relative, whichever scores higher.
    fn impostor(&self, face: &Face, index: usize, hour: u8, look: &Look) -> Option<Hit> {
        let words = [look.words.0[1], self.more(face, index, look).0[2]];
        let (people, luck) = (self.day.draws.person, self.day.conditions.luck(face.person));
        let chance = if self.matcher.uses_quality() {
            let quality = self.quality(face, index, hour, look);
            self.matcher.false_match_at(people, face.cell, luck, words, quality)
        } else {
            self.matcher.false_match(people, face.cell, luck, words[0], words[1])
        };
        let kin = self.matcher.kin_match(people, face.cell, luck);
        let found = match (chance, kin) {
            (Some(c), Some(k)) if k.score > c.score => k,
            (Some(c), _) => c,
            (None, kin) => kin?,
        };
        Some(self.false_hit(face, index, hour, look, found))
    }

    /// The relative whom the person is taken for.
    #[inline]
    fn relative(&self, face: &Face, index: usize, hour: u8, look: &Look) -> Option<Hit> {
        if !self.matcher.has_kin() {
            return None;
        }
        let found = self
            .matcher
            .kin_match(self.day.draws.person, face.cell, self.day.conditions.luck(face.person))?;
        Some(self.false_hit(face, index, hour, look, found))
    }

    fn false_hit(&self, face: &Face, index: usize, hour: u8, look: &Look, found: FalseMatch) -> Hit {
        Hit {
            score: found.score,
            truth: Truth::False,
            quality: self.quality(face, index, hour, look),
            matched_cell: found.cell,
            entry: found.entry,
            reason: self.day.sought.entry_reason(&self.day.draws, found.entry),
            kin: found.kin,
        }
    }

    fn more(&self, face: &Face, index: usize, look: &Look) -> Block {
        let sub = face.member | ((index as u16) << 4);
        self.day.draws.conduct.block(
            Purpose::LookMore as u16,
            sub,
            self.scene.cameras[look.camera].id,
            face.visit,
        )
    }

    /// Quality of the best of the looks of one pass.
    pub fn quality(&self, face: &Face, index: usize, hour: u8, look: &Look) -> f64 {
        if self.fixed.is_some() {
            return FIXED_QUALITY;
        }
        let camera = &self.scene.cameras[look.camera];
        let z_pass = dist::normal_quantile(look.words.unit(3));
        let z_look = dist::normal_quantile(libm::pow(self.more(face, index, look).unit(0), 1.0 / look.looks));
        let (range_m, yaw_deg) = (f64::from(look.lane.range_m), f64::from(look.lane.yaw_deg));
        let base = self.looks.quality.base(
            iod_px(range_m, self.view.pixels, self.view.hfov_deg),
            pitch_deg(range_m, camera.height_m),
            yaw_deg,
            self.light[usize::from(hour)],
            if face.covered { self.cover } else { 0.0 },
        );
        self.looks.quality.quality(base, z_pass, z_look)
    }

    /// Everything that decides a look, whether or not a face is captured. Time and counts are the caller's to add.
    pub(super) fn tell(&self, face: &Face, index: usize, hour: u8, view: &PassView, look: Option<&Look>) -> Sight {
        let camera = usize::from(view.camera);
        let nobody = Look {
            searched: false,
            hash: 0,
            words: self.day.draws.conduct.block(
                Purpose::Look as u16,
                face.member | ((index as u16) << 4),
                self.scene.cameras[camera].id,
                face.visit,
            ),
            lane: Lane::default(),
            looks: 1.0,
            camera,
        };
        let at = look.unwrap_or(&nobody);
        let more = self.more(face, index, at);
        let quality = look.map_or(0.0, |l| self.quality(face, index, hour, l));
        let listed = face.sought.filter(|s| s.listed);
        let luck = self.day.conditions.luck(face.person);
        Sight {
            at: Micros(0),
            camera,
            edge: view.edge as usize,
            leg: index,
            party: 1,
            on: true,
            in_view: look.is_some(),
            searched: at.searched,
            searches: 0,
            covered: face.covered,
            range_m: f64::from(at.lane.range_m),
            yaw_deg: f64::from(at.lane.yaw_deg),
            density: self.day.travel.density(view.edge as usize, usize::from(hour)),
            capture: look.map_or(0.0, |l| self.capture(face, hour, view, l)),
            quality,
            threshold: self.matcher.thresholds[face.cell],
            look_alike: self.matcher.look_alike(
                self.day.draws.person,
                face.cell,
                luck,
                [at.words.0[1], more.0[2]],
                quality,
            ),
            genuine: listed.map(|s| {
                let noise = dist::normal_quantile(more.unit(1));
                self.matcher.genuine_parts(s, quality, noise)
            }),
        }
    }

    /// Chance that a look at a person in view gives a usable face.
    fn capture(&self, face: &Face, hour: u8, view: &PassView, look: &Look) -> f64 {
        if let Some(p) = self.fixed {
            return p;
        }
        if f64::from(look.lane.yaw_deg) >= YAW_LOST_DEG {
            return 0.0;
        }
        let height_m = self.scene.cameras[look.camera].height_m;
        let cover = if face.covered { self.cover } else { 0.0 };
        let one = self.one_look(height_m, view.edge as usize, usize::from(hour), look.lane, cover);
        detection(one, look.looks)
    }

    /// When the middle of a view is reached on a leg.
    pub fn look_at(&self, leg: &Leg, view: &PassView, speed_m_s: f64) -> Micros {
        let to_view = || self.day.effective_to_m(leg, view.along_m);
        let effective = self.sights.effective_m(view.number, leg.hour, to_view);
        leg.depart + Micros::from_seconds(effective / speed_m_s)
    }
}

/// Whether one of `looks` looks (at least one) is usable: `u < detection(one, looks)`, without computing it where one look
/// is enough for certain.
#[inline]
fn detected(u: f64, [one, ln_other]: [f64; 2], looks: f64) -> bool {
    u < one - 1e-9 || u < -libm::expm1(looks * ln_other)
}
