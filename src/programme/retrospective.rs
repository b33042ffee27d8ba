//! The retrospective channel: custody images searched month by month for somebody, and who is taken for them by mistake.

pub use super::gallery::{CustodyImages, Source};
use super::gallery::{candidate, turn};
use crate::kernel::{Block, mix};
use crate::response::lognormal;
use crate::scenario::registry::{ParamId, param};
use crate::scenario::world::{Draws, Numbers, Purpose};
use crate::stats::dist;

/// The law of the channel in one plausible world.
#[derive(Clone, Debug)]
pub struct Retrospective {
    /// By group: chance that a search of somebody who is not in the gallery brings up a look-alike.
    fpir: Vec<f64>,
    /// By group: people in the gallery for which that chance holds.
    tested: Vec<f64>,
    /// By group: share of those searched for.
    searched_for: Vec<f64>,
    /// By group: people arrested in a month beside the model's own arrests.
    pub(super) arrested: Vec<f64>,
    pub(super) alpha: f64,
    numbers: Numbers,
}

/// What one month brought, by group of the person whom it befell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MonthOutcome {
    /// How much of the month the searches cover.
    pub part: f64,
    /// Searches.
    pub searches: u64,
    /// Searches that found the right person.
    pub found: u64,
    /// People taken for somebody else by the search.
    pub candidates: Vec<u64>,
    /// Those whom officers took for the person too.
    pub passed_check: Vec<u64>,
    /// Those arrested.
    pub wrongful_arrests: Vec<u64>,
    /// Those arrested who had been arrested without further action before: second misidentifications.
    pub second: Vec<u64>,
    /// Those of them who would not have been in the gallery without that image: prompt deletion would have prevented it.
    pub second_by_kept_image: Vec<u64>,
    /// Their expectation given the gallery of the month: the same quantity with far less noise.
    pub second_by_kept_image_expected: Vec<f64>,
    /// Hours in custody of those arrested.
    pub custody_h: Vec<f64>,
    /// Images from arrests without further action, at the end of the month.
    pub images_no_action: f64,
    /// All images in the gallery at the end of the month.
    pub images: f64,
    /// Images deleted in the month, at once or after a review.
    pub deleted: f64,
}

impl MonthOutcome {
    /// A number that changes with anything that happened to people in the month.
    pub(super) fn hash(&self) -> u64 {
        let people = [
            &self.candidates,
            &self.passed_check,
            &self.wrongful_arrests,
            &self.second,
        ];
        let all = [
            self.searches,
            self.found,
            self.images.to_bits(),
            self.images_no_action.to_bits(),
        ];
        let counts = all.iter().chain(people.into_iter().flatten());
        counts.fold(0, |hash, n| mix(hash ^ n))
    }
}

/// The gallery and the flows of the groups between which errors are told apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    /// Chance that a search of somebody not in the gallery brings up a look-alike (`CandidateRates` of the scenario room).
    pub fpir: Vec<f64>,
    /// People in the gallery for which that chance holds; it rises and falls with the gallery.
    pub tested: Vec<f64>,
    /// Share of those searched for; sums to 1.
    pub searched_for: Vec<f64>,
    /// People in the gallery at the start.
    pub gallery: Vec<f64>,
    /// People arrested in a month beside the model's own arrests.
    pub arrested: Vec<f64>,
}

impl Retrospective {
    /// The law for these groups. All lists have one entry a group.
    pub fn new(numbers: &Numbers, groups: &Groups) -> Self {
        Retrospective {
            fpir: groups.fpir.clone(),
            tested: groups.tested.clone(),
            searched_for: groups.searched_for.clone(),
            arrested: groups.arrested.clone(),
            alpha: numbers.get(param::PERSON_EFFECT),
            numbers: numbers.clone(),
        }
    }

    pub(super) fn get(&self, id: ParamId) -> f64 {
        self.numbers.get(id)
    }

    /// Mean months until the review of a kept image.
    pub(super) fn review_months(&self) -> f64 {
        12.0 * self.get(param::RETRO_REVIEW_Y)
    }

    /// Share of images deleted at once after no further action.
    pub(super) fn deleted_at_once(&self) -> f64 {
        let promised = self.get(param::RETRO_PROMISED);
        promised * self.get(param::RETRO_PROMISE_KEPT) + (1.0 - promised) * self.get(param::RETRO_DELETED_UNASKED)
    }

    /// Share of a gallery, in which this rule has always been in force, that stems from arrests without further action.
    pub fn no_action_share(&self) -> f64 {
        let [followed_up, cleared] = self.kept_of_arrests();
        if cleared > 0.0 {
            cleared / (cleared + followed_up)
        } else {
            0.0
        }
    }

    /// By group: chance that a search of somebody not in the gallery brings up a look-alike in the gallery of a month.
    fn rates(&self, state: &CustodyImages, now: f64) -> Vec<f64> {
        let people = state.people_in(now);
        let rate = |((fpir, tested), people): ((&f64, &f64), f64)| match *tested > 0.0 {
            true => (fpir * people / tested).min(1.0),
            false => 0.0,
        };
        self.fpir.iter().zip(&self.tested).zip(people).map(rate).collect()
    }

    /// Shares of arrests whose images stay: those followed up, and those without further action.
    pub(super) fn kept_of_arrests(&self) -> [f64; 2] {
        let share = self.get(param::RETRO_NO_ACTION);
        [1.0 - share, share * (1.0 - self.deleted_at_once())]
    }

    /// Until which month an image taken in `month` is kept.
    pub(super) fn kept_until(&self, source: Source, month: f64, words: Block) -> f64 {
        let gone = source != Source::Arrest && words.unit(0) < self.deleted_at_once();
        if gone {
            return month;
        }
        month - self.review_months() * libm::log1p(-words.unit(1))
    }
}

/// One month of searches, or its first `part` where a programme ends within it. The same draws give the same month.
pub fn month(state: &mut CustodyImages, law: &Retrospective, draws: &Draws, month: u32, part: f64) -> MonthOutcome {
    let groups = law.fpir.len();
    let now = f64::from(month);
    let mut outcome = MonthOutcome {
        candidates: vec![0; groups],
        passed_check: vec![0; groups],
        wrongful_arrests: vec![0; groups],
        second: vec![0; groups],
        second_by_kept_image: vec![0; groups],
        second_by_kept_image_expected: vec![0.0; groups],
        custody_h: vec![0.0; groups],
        part,
        ..MonthOutcome::default()
    };
    let block = |index: u32, entity: u64| {
        draws
            .conduct
            .block(Purpose::Retrospective as u16, month as u16, index, entity)
    };
    outcome.searches = dist::poisson_quantile(block(0, u64::MAX).fine(0), part * law.get(param::RETRO_SEARCHES));
    let rates = law.rates(state, now);
    expect_seconds(state, law, now, (part, &rates), &mut outcome);
    for search in 0..outcome.searches {
        let words = [0, 1, 2].map(|index| block(index, search));
        let fresh = mix(u64::from(month) << 32 ^ search ^ 0x7265_7472_6f00_0000);
        match search_for(state, law, now, &words, (&rates, fresh)) {
            Brought::Right => outcome.found += 1,
            Brought::Nobody => {}
            Brought::LookAlike { person, group } => {
                if follow_up(state, law, now, &words, (person, group), &mut outcome) {
                    state.arrest(law, draws, person, group, Source::Mistake, month);
                }
            }
        }
    }
    outcome.deleted = turn(state, law, now, part);
    (outcome.images, outcome.images_no_action) = state.held(now + part);
    outcome
}

/// What a search brings up.
enum Brought {
    /// The person searched for.
    Right,
    Nobody,
    LookAlike {
        person: u64,
        group: usize,
    },
}

/// One search; `fresh` is the key of somebody not known before.
fn search_for(
    state: &mut CustodyImages,
    law: &Retrospective,
    now: f64,
    [words, more, last]: &[Block; 3],
    (rates, fresh): (&[f64], u64),
) -> Brought {
    if words.unit(0) < law.get(param::RETRO_IN_GALLERY) {
        return Brought::Right;
    }
    let sought = pick(&law.searched_for, words.unit(1));
    if words.unit(2) >= rates[sought] {
        return Brought::Nobody;
    }
    let group = if words.unit(3) < law.get(param::RETRO_SAME_GROUP) {
        sought
    } else {
        let people: Vec<f64> = (0..law.fpir.len()).map(|g| state.unknown(g)).collect();
        pick(&people, more.unit(0))
    };
    match candidate(state, law, group, now, more.unit(1), (fresh, *last)) {
        Some(person) => Brought::LookAlike { person, group },
        None => Brought::Nobody,
    }
}

/// What officers make of a look-alike; whether the person is arrested.
fn follow_up(
    state: &CustodyImages,
    law: &Retrospective,
    now: f64,
    [_, more, last]: &[Block; 3],
    (person, group): (u64, usize),
    outcome: &mut MonthOutcome,
) -> bool {
    outcome.candidates[group] += 1;
    if more.unit(2) >= law.get(param::RETRO_CHECK_PASSES) {
        return false;
    }
    outcome.passed_check[group] += 1;
    if more.unit(3) >= law.get(param::RETRO_ARREST) {
        return false;
    }
    outcome.wrongful_arrests[group] += 1;
    let (median, log_sd) = (law.get(param::RETRO_CUSTODY_H), law.get(param::RETRO_CUSTODY_LOG_SD));
    outcome.custody_h[group] += lognormal(median, log_sd, last.unit(0));
    if let Some(known) = state.people.get(&person) {
        outcome.second[group] += u64::from(known.cleared_before());
        outcome.second_by_kept_image[group] += u64::from(known.only_cleared(now));
    }
    true
}

/// Expected second misidentifications by kept images, given the gallery as it stands.
fn expect_seconds(
    state: &CustodyImages,
    law: &Retrospective,
    now: f64,
    (part, rates): (f64, &[f64]),
    outcome: &mut MonthOutcome,
) {
    let everybody: f64 = state.others.iter().flatten().sum();
    let same = law.get(param::RETRO_SAME_GROUP);
    let wrong = part * law.get(param::RETRO_SEARCHES) * (1.0 - law.get(param::RETRO_IN_GALLERY));
    let to_arrest = law.get(param::RETRO_CHECK_PASSES) * law.get(param::RETRO_ARREST);
    let falsely: Vec<f64> = law.searched_for.iter().zip(rates).map(|(s, f)| wrong * s * f).collect();
    let all: f64 = falsely.iter().sum();
    for (group, own) in falsely.iter().enumerate() {
        let share = if everybody > 0.0 {
            state.unknown(group) / everybody
        } else {
            0.0
        };
        let candidates = same * own + (1.0 - same) * share * all;
        let (known, fresh) = state.weights(group, law.alpha, now);
        let total = fresh + known.iter().map(|(_, w)| w).sum::<f64>();
        let cleared = if fresh > 0.0 {
            fresh * state.others[group][1] / state.unknown(group)
        } else {
            0.0
        };
        let kept: f64 = known
            .iter()
            .filter(|(key, _)| state.people.get(key).is_some_and(|p| p.only_cleared(now)))
            .map(|(_, w)| w)
            .sum::<f64>()
            + cleared;
        if total > 0.0 {
            outcome.second_by_kept_image_expected[group] = candidates * to_arrest * kept / total;
        }
    }
}

fn pick(weights: &[f64], u: f64) -> usize {
    let mut rest = u * weights.iter().sum::<f64>();
    let found = weights.iter().position(|w| {
        rest -= w;
        rest < 0.0
    });
    found.unwrap_or(weights.len().saturating_sub(1))
}
