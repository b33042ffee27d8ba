//! Scores of people who are on the list.

use crate::people::SoughtPerson;
use crate::scenario::Plan;
use crate::scenario::plan::StrategyPlan;
use crate::scenario::registry::param;
use crate::scenario::world::Numbers;

/// The law of genuine scores in one plausible world.
#[derive(Clone, Debug)]
pub enum Genuine {
    /// A normal distribution.
    Plain {
        /// Mean.
        mean: f64,
        /// Sd.
        sd: f64,
    },
    /// From the quality of the look, the photograph, the group and the person.
    Quality {
        /// Score at quality 0.
        base: f64,
        /// Gain from quality 0 to 1.
        quality: f64,
        /// Sd between people.
        person_sd: f64,
        /// Sd between searches of one person.
        look_sd: f64,
        /// Loss per year of photograph age.
        photo_age: f64,
        /// Gain with photograph quality about its mean of 0.8.
        photo_quality: f64,
        /// Shift by group cell.
        shift: Vec<f64>,
    },
}

/// What a genuine score is made of; the parts add up to the score.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GenuineParts {
    /// The score.
    pub score: f64,
    /// What everybody gets.
    pub base: f64,
    /// Quality of the look.
    pub look: f64,
    /// Shift of the group.
    pub group: f64,
    /// Age of the photograph on the list.
    pub photo_age: f64,
    /// Quality of the photograph on the list, about its mean.
    pub photo_quality: f64,
    /// How well this face matches itself.
    pub person: f64,
    /// Chance of the look.
    pub chance: f64,
}

impl Genuine {
    /// Genuine scores of a strategy.
    pub fn new(plan: &Plan, strategy: &StrategyPlan, numbers: &Numbers) -> Self {
        if numbers.choice(param::MATCHER_KIND) == 1 {
            return Genuine::Plain {
                mean: numbers.get(param::PLAIN_GENUINE_MEAN),
                sd: numbers.get(param::PLAIN_GENUINE_SD),
            };
        }
        let axes = &plan.axes;
        Genuine::Quality {
            base: numbers.get(param::GENUINE_BASE),
            quality: numbers.get(param::GENUINE_QUALITY),
            person_sd: numbers.get(param::GENUINE_PERSON_SD),
            look_sd: numbers.get(param::GENUINE_LOOK_SD),
            photo_age: numbers.get(param::GENUINE_PHOTO_AGE),
            photo_quality: numbers.get(param::GENUINE_PHOTO_QUALITY),
            shift: (0..axes.cells())
                .map(|c| {
                    (0..axes.0.len())
                        .map(|a| strategy.matcher.genuine_shift[a][axes.level(c, a)])
                        .sum()
                })
                .collect(),
        }
    }

    /// The same score, part by part.
    pub fn parts(&self, person: &SoughtPerson, quality: f64, noise: f64) -> GenuineParts {
        let score = self.score(person, quality, noise);
        let mut parts = GenuineParts {
            score,
            ..GenuineParts::default()
        };
        match self {
            Genuine::Plain { mean, sd } => {
                parts.base = *mean;
                parts.chance = sd * noise;
            }
            Genuine::Quality {
                base,
                quality: gain,
                person_sd,
                look_sd,
                photo_age,
                photo_quality,
                shift,
            } => {
                parts.base = *base;
                parts.look = gain * quality;
                parts.group = shift[person.cell];
                parts.photo_age = -photo_age * person.photo_age_y;
                parts.photo_quality = photo_quality * (person.photo_quality - 0.8);
                parts.person = person_sd * person.goodness;
                parts.chance = look_sd * noise;
            }
        }
        parts
    }

    /// The score of a listed person's search at `quality` with standard normal `noise`.
    pub fn score(&self, person: &SoughtPerson, quality: f64, noise: f64) -> f64 {
        match self {
            Genuine::Plain { mean, sd } => mean + sd * noise,
            Genuine::Quality {
                base,
                quality: gain,
                person_sd,
                look_sd,
                photo_age,
                photo_quality,
                shift,
            } => {
                base + gain * quality + shift[person.cell] - photo_age * person.photo_age_y
                    + photo_quality * (person.photo_quality - 0.8)
                    + person_sd * person.goodness
                    + look_sd * noise
            }
        }
    }
}
