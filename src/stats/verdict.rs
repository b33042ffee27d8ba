//! Whether a difference is settled, and if not, what stands in the way: knowledge, chance, or too few runs.

use super::dist::student_t_quantile;
use super::split::{plausible_means, split};
use super::{clopper_pearson, mean, variance};

/// Share of plausible worlds that must agree.
pub const AGREEMENT: f64 = 0.95;
/// More replications than these are not asked for: beyond them a difference is lost in chance.
pub const MOST_REPLICATIONS: u64 = 10_000;

/// What stands in the way of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Plausible worlds disagree: only knowing more about the world would help.
    Knowledge,
    /// The difference, if any, is so small beside luck that no reasonable number of runs would show it.
    Chance,
    /// More runs would settle it.
    Replications,
}

impl Limit {
    /// The word in `summary.json`.
    pub fn word(self) -> &'static str {
        match self {
            Limit::Knowledge => "knowledge",
            Limit::Chance => "chance",
            Limit::Replications => "replications",
        }
    }
}

/// What may be said of a difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// Shares of plausible worlds in which the difference is below and above zero; none when nothing told worlds from chance.
    pub shares: Option<[f64; 2]>,
    /// Share of the variance of the difference that comes from not knowing.
    pub from_not_knowing: Option<f64>,
    /// Whether worlds agree and the difference is larger than the smallest that matters.
    pub settled: bool,
    /// Whether worlds agree that it is smaller than that.
    pub immaterial: bool,
    /// What limits an answer that is neither.
    pub limit: Option<Limit>,
    /// About how many replications would do.
    pub needed: Option<u64>,
}

/// Judges a difference from `worlds[world][run]`. `uncertain` says whether worlds differ in what is not known; if they do
/// not, there is one world and nothing to agree on. `matters` is the smallest difference that matters.
///
/// Every statement is one-sided at 95 %: worlds "agree" only if the lower bound of their share reaches [`AGREEMENT`], even
/// if chance is as small as the data allow; knowledge is the limit only if the upper bound does not, even if chance is as
/// large as they allow. What lies between asks for more replications. So more of them can turn "replications" into
/// anything, but not "knowledge" into "settled", save by the errors that 95 % leaves.
pub fn judge(worlds: &[Vec<f64>], uncertain: bool, matters: f64) -> Judgement {
    let means: Vec<f64> = worlds.iter().filter(|w| !w.is_empty()).map(|w| mean(w)).collect();
    let nothing = Judgement {
        shares: None,
        from_not_knowing: None,
        settled: false,
        immaterial: false,
        limit: Some(Limit::Replications),
        needed: None,
    };
    if means.len() < 2 {
        return nothing;
    }
    let point = mean(&means);
    if means.iter().all(|m| *m == 0.0) {
        return Judgement {
            shares: uncertain.then_some([0.0, 0.0]),
            immaterial: true,
            limit: None,
            ..nothing
        };
    }
    let reach = reach(&means);
    let size = Size { point, reach, matters };
    let Some(split) = split(worlds).filter(|_| uncertain) else {
        return if uncertain {
            nothing
        } else {
            size.alone(nothing, means.len())
        };
    };
    let [least, most] = split.chance_between();
    let shares = shares(&plausible_means(worlds, &split), point, matters);
    let wide = self::shares(&plausible_means(worlds, &split.given(least)), point, matters);
    let narrow = self::shares(&plausible_means(worlds, &split.given(most)), point, matters);
    let n = means.len() as u64;
    let agree = |share: f64| clopper_pearson(libm::round(share * n as f64) as u64, n, 0.90);
    let settled = size.clear() && agree(wide.same).low >= AGREEMENT;
    let immaterial = size.small() && agree(wide.small).low >= AGREEMENT;
    let knowledge = agree(narrow.same).high < AGREEMENT && agree(narrow.small).high < AGREEMENT;
    let judgement = Judgement {
        shares: Some([shares.below, shares.above]),
        from_not_knowing: split.share_from_not_knowing(),
        settled,
        immaterial,
        ..nothing
    };
    if settled || immaterial {
        return Judgement {
            limit: None,
            ..judgement
        };
    }
    if knowledge {
        return Judgement {
            limit: Some(Limit::Knowledge),
            ..judgement
        };
    }
    let share = if size.small() { shares.small } else { shares.same };
    let for_agreement = 2.71 * AGREEMENT * (1.0 - AGREEMENT) / ((share - AGREEMENT) * (share - AGREEMENT)).max(1e-9);
    size.limited(judgement, means.len(), for_agreement.max(59.0))
}

/// A mean difference, how far it may be off, and what matters.
struct Size {
    point: f64,
    reach: f64,
    matters: f64,
}

impl Size {
    /// Larger than what matters, at 95 % one-sided.
    fn clear(&self) -> bool {
        self.point.abs() - self.reach > self.matters
    }
    /// Smaller than what matters, either way.
    fn small(&self) -> bool {
        self.point.abs() + self.reach < self.matters
    }
    /// One world: only the size of the difference counts.
    fn alone(&self, nothing: Judgement, n: usize) -> Judgement {
        let judgement = Judgement {
            from_not_knowing: Some(0.0),
            settled: self.clear(),
            immaterial: self.small(),
            ..nothing
        };
        if self.clear() || self.small() {
            return Judgement {
                limit: None,
                ..judgement
            };
        }
        self.limited(judgement, n, 0.0)
    }
    /// How many replications it would take, and whether that is within reason.
    fn limited(&self, judgement: Judgement, n: usize, for_agreement: f64) -> Judgement {
        let gap = (self.point.abs() - self.matters).abs();
        let for_size = if self.clear() || self.small() || gap == 0.0 {
            0.0
        } else {
            n as f64 * (self.reach / gap) * (self.reach / gap)
        };
        let needed = libm::ceil(for_size.max(for_agreement).max(n as f64 + 1.0));
        let within = needed.is_finite() && needed <= MOST_REPLICATIONS as f64 && gap > 0.0;
        Judgement {
            limit: Some(if within { Limit::Replications } else { Limit::Chance }),
            needed: within.then_some(needed as u64),
            ..judgement
        }
    }
}

/// One-sided 95 % reach of the mean of worlds.
fn reach(means: &[f64]) -> f64 {
    let n = means.len();
    student_t_quantile(0.95, (n - 1) as f64) * libm::sqrt(variance(means) / n as f64)
}

/// Shares of plausible worlds: below zero, above it, on the side of the mean, and too near zero to matter.
struct Shares {
    below: f64,
    above: f64,
    same: f64,
    small: f64,
}

fn shares(plausible: &[f64], point: f64, matters: f64) -> Shares {
    let n = plausible.len().max(1) as f64;
    let share = |f: &dyn Fn(f64) -> bool| plausible.iter().filter(|x| f(**x)).count() as f64 / n;
    let (below, above) = (share(&|x| x < 0.0), share(&|x| x > 0.0));
    Shares {
        below,
        above,
        same: if point < 0.0 { below } else { above },
        small: share(&|x| x.abs() <= matters),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Stream;
    use super::*;

    /// Worlds whose true difference is normal, the first `twice` of them run twice.
    fn worlds(seed: u64, n: usize, twice: usize, centre: f64, knowledge_sd: f64, chance_sd: f64) -> Vec<Vec<f64>> {
        let mut s = Stream::new(seed);
        (0..n)
            .map(|w| {
                let own = centre + knowledge_sd * s.normal();
                let runs = if w < twice { 2 } else { 1 };
                (0..runs).map(|_| own + chance_sd * s.normal()).collect()
            })
            .collect()
    }

    #[test]
    fn more_replications_never_turn_knowledge_into_settled() {
        // Eight worlds in ten agree, or nine, or fourteen in fifteen: no number of runs will make it nineteen in twenty.
        let sizes = [30, 50, 100, 200, 400, 800, 1600];
        let mut naive_turned = 0;
        for (centre, least) in [(0.84, 55), (1.28, 55), (1.5, 15)] {
            let mut limited = 0;
            for seed in 1..=60 {
                let all = worlds(seed, 1600, 400, centre, 1.0, 1.0);
                let (mut said_knowledge, mut naive_said) = (false, false);
                for n in sizes {
                    let j = judge(&all[..n], true, 0.1);
                    assert!(!(said_knowledge && j.settled), "{centre}: seed {seed}, {n} worlds");
                    said_knowledge |= j.limit == Some(Limit::Knowledge);
                    // What a rule without bounds would say of the same worlds.
                    let agree = j.shares.map_or(0.0, |s| s[1]) >= AGREEMENT;
                    naive_turned += u32::from(naive_said && agree);
                    naive_said |= !agree;
                }
                let end = judge(&all, true, 0.1);
                assert!(!end.settled, "{centre}: seed {seed}: {end:?}");
                limited += u32::from(end.limit == Some(Limit::Knowledge));
            }
            assert!(limited >= least, "{centre}: {limited} of 60");
        }
        assert!(
            naive_turned > 0,
            "a rule that takes shares at their face value would have turned"
        );
    }

    #[test]
    fn chance_is_not_mistaken_for_disagreement() {
        // All worlds agree on +1, and one run in four says otherwise by luck.
        for seed in 1..=40 {
            let j = judge(&worlds(seed, 400, 100, 1.0, 0.0, 1.5), true, 0.1);
            assert_ne!(j.limit, Some(Limit::Knowledge), "seed {seed}: {j:?}");
        }
        let j = judge(&worlds(1, 400, 400, 1.0, 0.1, 1.5), true, 0.1);
        assert!(j.settled && j.from_not_knowing.unwrap() < 0.2, "{j:?}");
    }

    #[test]
    fn worlds_that_agree_settle_it_and_small_differences_do_not_matter() {
        let j = judge(&worlds(3, 200, 40, 5.0, 1.0, 1.0), true, 0.5);
        assert!(j.settled && j.limit.is_none() && j.shares.unwrap()[1] > 0.99, "{j:?}");
        let j = judge(&worlds(3, 200, 40, 0.1, 0.05, 0.05), true, 1.0);
        assert!(j.immaterial && !j.settled, "{j:?}");
        let j = judge(&vec![vec![0.0]; 50], true, 1.0);
        assert!(j.immaterial, "{j:?}");
    }

    #[test]
    fn too_few_runs_ask_for_more_and_what_luck_drowns_is_called_chance() {
        let j = judge(&worlds(5, 20, 20, 1.0, 0.0, 4.0), true, 0.1);
        assert!(
            j.limit == Some(Limit::Replications) && j.needed.is_some_and(|n| n > 20),
            "{j:?}"
        );
        // Exactly as large as what matters: no number of runs would tell on which side.
        let j = judge(&worlds(6, 100, 0, 0.100_1, 0.0, 10.0), false, 0.1);
        assert!(j.limit.is_some(), "{j:?}");
        assert_eq!(judge(&[vec![1.0]], true, 0.1).limit, Some(Limit::Replications));
        // Nothing told chance from not knowing.
        assert_eq!(judge(&worlds(7, 50, 0, 5.0, 1.0, 1.0), true, 0.1).shares, None);
        // One world: no shares, and the size alone decides.
        let j = judge(&worlds(8, 50, 0, 5.0, 0.0, 1.0), false, 0.1);
        assert!(j.settled && j.shares.is_none(), "{j:?}");
    }
}
