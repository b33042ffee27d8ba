//! Who bears it: rates by group, how unequal they are, and under which ideas of the matcher.

use super::Runs;
use super::decompose;
use super::group_rates::{Columns, Table};
use super::reweigh::{Hypothesis, Idea, PRESETS};
use super::summary::{Borne, Decomposition, Disparity};
use crate::measure::{Counter, Expected, GroupRow};
use crate::scenario::Plan;
use crate::stats::{self, RESAMPLES, Resamples};

/// Expected events, all replications together, below which no ratio is shown.
pub const FEW: f64 = 5.0;
/// Followed searches below which a share of them tells too little.
pub(crate) const FEW_FOLLOWED: f64 = 50.0;

/// Figures of every cell by replication.
pub(crate) struct Cells {
    /// `[cell][replication]`.
    pub scans: Vec<Vec<f64>>,
    /// Searches followed as if each had raised a false alert.
    pub followed: Vec<Vec<f64>>,
    /// Expected false alerts; those of the followed sample, of them passed on, of them stopped.
    pub expected: [Vec<Vec<f64>>; 4],
}

/// A strategy with cameras and its runs.
pub(crate) struct Borneby<'a> {
    pub plan: &'a Plan,
    pub strategy: usize,
    pub cells: Cells,
    runs: &'a [crate::measure::RunSummary],
}

/// Everything about who bears it.
pub(crate) struct Burden<'a> {
    strategies: Vec<Borneby<'a>>,
    resamples: Resamples,
}

/// Groups along an axis or a crossing of two: name, and the cells of each.
struct Groups {
    by: String,
    names: Vec<String>,
    cells: Vec<Vec<usize>>,
}

impl<'a> Burden<'a> {
    /// The runs of all strategies with cameras.
    pub fn new(plan: &'a Plan, strategies: &[usize], runs: &'a Runs) -> Self {
        let with_cameras = strategies
            .iter()
            .enumerate()
            .filter(|(_, s)| !plan.strategies[**s].is_patrol());
        Burden {
            strategies: with_cameras
                .map(|(place, s)| Borneby::new(plan, *s, &runs.by_strategy[place]))
                .collect(),
            resamples: Resamples::new(runs.replications(), RESAMPLES),
        }
    }

    /// Group rates: as run for all axes and crossings of two, and by axis under each table and hypothesis.
    pub fn disparities(&self) -> Vec<Disparity> {
        self.strategies
            .iter()
            .flat_map(|s| s.disparities(&self.resamples))
            .collect()
    }

    /// Where differences between groups come from.
    pub fn decompositions(&self) -> Vec<Decomposition> {
        self.strategies.iter().flat_map(decompose::decompose).collect()
    }
}

impl<'a> Borneby<'a> {
    fn new(plan: &'a Plan, strategy: usize, runs: &'a [crate::measure::RunSummary]) -> Self {
        let by_cell = |read: &dyn Fn(&GroupRow) -> f64| -> Vec<Vec<f64>> {
            (0..plan.axes.cells())
                .map(|c| runs.iter().map(|r| read(&r.cells[c])).collect())
                .collect()
        };
        Borneby {
            plan,
            strategy,
            cells: Cells {
                scans: by_cell(&|row| row.get(Counter::Searches) as f64),
                followed: by_cell(&|row| row.get(Counter::Sampled) as f64),
                expected: [
                    Expected::FalseAlerts,
                    Expected::FalseSampled,
                    Expected::FalsePassed,
                    Expected::WrongfulStops,
                ]
                .map(|what| by_cell(&|row| row.expected(what))),
            },
            runs,
        }
    }

    /// Name of the strategy.
    pub fn name(&self) -> &str {
        &self.plan.strategies[self.strategy].name
    }

    /// Replications.
    pub fn replications(&self) -> usize {
        self.runs.len()
    }

    /// Λ of another idea over that of the run, by cell and replication.
    pub fn ratios(&self, other: &Idea) -> Vec<Vec<f64>> {
        let own = Idea::as_run(&self.plan.strategies[self.strategy]);
        let mut ratios = vec![Vec::with_capacity(self.replications()); self.plan.axes.cells()];
        for r in 0..self.replications() as u32 {
            let (own, other) = (own.expected_matches(self.plan, r), other.expected_matches(self.plan, r));
            for (c, (x, y)) in own.iter().zip(&other).enumerate() {
                ratios[c].push(if *x > 0.0 { y / x } else { 0.0 });
            }
        }
        ratios
    }

    fn disparities(&self, resamples: &Resamples) -> Vec<Disparity> {
        let axes = axis_groups(self.plan);
        let crossed = crossings(self.plan);
        let as_run = axes
            .iter()
            .chain(&crossed)
            .map(|g| self.borne(g, None, resamples))
            .collect();
        let mut all = vec![Disparity {
            strategy: self.name().to_owned(),
            matcher: "as run".to_owned(),
            hypothesis: "as run".to_owned(),
            how: "run".to_owned(),
            axes: as_run,
        }];
        let plain = self.plan.strategies[self.strategy]
            .values
            .word(crate::scenario::registry::param::MATCHER_KIND)
            == "plain";
        for name in PRESETS.iter().filter(|_| !plain) {
            for hypothesis in [Hypothesis::Constant, Hypothesis::Shrinks] {
                let strategy = &self.plan.strategies[self.strategy];
                let Some(idea) = Idea::shipped(self.plan, strategy, name, hypothesis) else {
                    continue;
                };
                let ratios = self.ratios(&idea);
                all.push(Disparity {
                    strategy: self.name().to_owned(),
                    matcher: (*name).to_owned(),
                    hypothesis: hypothesis.word().to_owned(),
                    how: "re-weighted".to_owned(),
                    axes: axes.iter().map(|g| self.borne(g, Some(&ratios), resamples)).collect(),
                });
            }
        }
        all
    }

    /// The rates of groups; re-weighted ones have only what follows from expected false alerts.
    fn borne(&self, groups: &Groups, ratios: Option<&Vec<Vec<f64>>>, resamples: &Resamples) -> Borne {
        let columns: Vec<Columns> = groups.cells.iter().map(|cells| self.columns(cells, ratios)).collect();
        let scanned = |c: &Columns| stats::sum(&c.scans);
        let reference = (0..columns.len())
            .max_by(|a, b| scanned(&columns[*a]).total_cmp(&scanned(&columns[*b])).then(b.cmp(a)))
            .unwrap_or(0);
        let table = Table {
            level: self.plan.level,
            own: ratios.is_none(),
            people: groups
                .cells
                .iter()
                .map(|cells| {
                    cells
                        .iter()
                        .map(|c| self.plan.axes.joint(&self.plan.crowd.shares)[*c])
                        .sum()
                })
                .collect(),
            columns,
            reference,
            resamples,
        };
        Borne {
            by: groups.by.clone(),
            reference: groups.names.get(reference).cloned().unwrap_or_default(),
            groups: groups
                .names
                .iter()
                .enumerate()
                .map(|(g, name)| table.group(g, name))
                .collect(),
            scalars: table.scalars(),
        }
    }

    fn columns(&self, cells: &[usize], ratios: Option<&Vec<Vec<f64>>>) -> Columns {
        let n = self.replications();
        let sum = |of: &Vec<Vec<f64>>, weigh: bool| -> Vec<f64> {
            let at = |r: usize| {
                let one = |c: &usize| of[*c][r] * ratios.filter(|_| weigh).map_or(1.0, |w| w[*c][r]);
                cells.iter().map(one).sum()
            };
            (0..n).map(at).collect()
        };
        let count = |counters: &[Counter]| -> Vec<f64> {
            let one = |r: &crate::measure::RunSummary| {
                let of = |c: &usize| counters.iter().map(|k| r.cells[*c].get(*k)).sum::<u64>();
                cells.iter().map(of).sum::<u64>() as f64
            };
            self.runs.iter().map(one).collect()
        };
        use Counter as C;
        Columns {
            scans: sum(&self.cells.scans, false),
            followed: sum(&self.cells.followed, false),
            false_alerts: sum(&self.cells.expected[0], true),
            sampled: sum(&self.cells.expected[1], true),
            wrongful: sum(&self.cells.expected[3], true),
            counted: [count(&[C::FalseAlerts]), count(&[C::WrongfulStops])],
            true_alerts: count(&[C::TrueAlerts]),
            listed: [count(&[C::SoughtAlerted]), count(&[C::SoughtPassed])],
            stops: count(&[C::TrueStops, C::StaleStops, C::WrongfulStops]),
            arrests: count(&[C::Arrests, C::StaleArrests, C::WrongfulArrests]),
            minutes: count(&[C::LostMicros]).iter().map(|x| x / 60e6).collect(),
        }
    }
}

/// The levels of each axis.
fn axis_groups(plan: &Plan) -> Vec<Groups> {
    let axes = &plan.axes;
    let of = |a: usize| Groups {
        by: axes.0[a].name.clone(),
        names: axes.0[a].levels.clone(),
        cells: (0..axes.0[a].levels.len())
            .map(|l| (0..axes.cells()).filter(|c| axes.level(*c, a) == l).collect())
            .collect(),
    };
    (0..axes.0.len()).map(of).collect()
}

/// The crossings of two axes.
fn crossings(plan: &Plan) -> Vec<Groups> {
    let axes = &plan.axes;
    let mut all = Vec::new();
    for a in 0..axes.0.len() {
        for b in a + 1..axes.0.len() {
            let (mut names, mut cells) = (Vec::new(), Vec::new());
            for (i, x) in axes.0[a].levels.iter().enumerate() {
                for (j, y) in axes.0[b].levels.iter().enumerate() {
                    names.push(format!("{x}, {y}"));
                    let both = |c: &usize| axes.level(*c, a) == i && axes.level(*c, b) == j;
                    cells.push((0..axes.cells()).filter(both).collect());
                }
            }
            all.push(Groups {
                by: format!("{} x {}", axes.0[a].name, axes.0[b].name),
                names,
                cells,
            });
        }
    }
    all
}
