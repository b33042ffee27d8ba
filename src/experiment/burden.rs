//! Who bears it: rates by group, how unequal they are, and under which ideas of the matcher.

use super::Runs;
use super::decompose;
use super::reweigh::{Hypothesis, Idea, PRESETS};
use super::summary::{Borne, Decomposition, Disparity, GroupRates, Measured, Scalar};
use crate::measure::{Counter, Expected, GroupRow};
use crate::scenario::Plan;
use crate::stats::{self, RESAMPLES, Resamples, inequality};

/// Expected events, all replications together, below which no ratio is shown.
pub(crate) const FEW: f64 = 5.0;
/// Rates are per this many scans.
const PER: f64 = 1e5;

/// Figures of every cell by replication.
pub(crate) struct Cells {
    /// `[cell][replication]`.
    pub scans: Vec<Vec<f64>>,
    /// Expected false alerts, of them passed on, of them stopped.
    pub expected: [Vec<Vec<f64>>; 3],
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
                expected: [Expected::FalseAlerts, Expected::FalsePassed, Expected::WrongfulStops]
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
            false_alerts: sum(&self.cells.expected[0], true),
            wrongful: sum(&self.cells.expected[2], true),
            counted: [count(&[C::FalseAlerts]), count(&[C::WrongfulStops])],
            true_alerts: count(&[C::TrueAlerts]),
            listed: [count(&[C::SoughtAlerted]), count(&[C::SoughtPassed])],
            stops: count(&[C::TrueStops, C::StaleStops, C::WrongfulStops]),
            arrests: count(&[C::Arrests, C::StaleArrests, C::WrongfulArrests]),
            minutes: count(&[C::LostMicros]).iter().map(|x| x / 60e6).collect(),
        }
    }
}

/// Figures of one group by replication.
struct Columns {
    scans: Vec<f64>,
    false_alerts: Vec<f64>,
    wrongful: Vec<f64>,
    /// False alerts and wrongful stops.
    counted: [Vec<f64>; 2],
    true_alerts: Vec<f64>,
    /// Alerted, and passed a camera.
    listed: [Vec<f64>; 2],
    stops: Vec<f64>,
    arrests: Vec<f64>,
    minutes: Vec<f64>,
}

/// All groups of an axis.
struct Table<'a> {
    level: f64,
    /// Whether the figures are those of the run, and not re-weighted.
    own: bool,
    people: Vec<f64>,
    columns: Vec<Columns>,
    reference: usize,
    resamples: &'a Resamples,
}

impl Table<'_> {
    fn total(&self, of: impl Fn(&Columns) -> &Vec<f64>) -> f64 {
        self.columns.iter().map(|c| stats::sum(of(c))).sum()
    }

    fn few(&self, of: impl Fn(&Columns) -> &Vec<f64>, group: usize) -> bool {
        stats::sum(of(&self.columns[group])) < FEW
    }

    fn rate(&self, num: &[f64], den: &[f64], per: f64) -> Measured {
        match stats::ratio_of_sums(num, den, self.level) {
            Some(i) => Measured {
                value: Some(i.point * per),
                interval: i.bounds().map(|b| b.map(|x| (x * per).max(0.0))),
                method: i.method.to_owned(),
            },
            None => Measured::default(),
        }
    }

    fn when_own(&self, num: &[f64], den: &[f64], per: f64) -> Measured {
        if self.own {
            self.rate(num, den, per)
        } else {
            Measured::default()
        }
    }

    fn group(&self, g: usize, name: &str) -> GroupRates {
        let (c, reference) = (&self.columns[g], &self.columns[self.reference]);
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let few = self.few(|c| &c.false_alerts, g) || self.few(|c| &c.false_alerts, self.reference);
        let few_stops = self.few(|c| &c.wrongful, g) || self.few(|c| &c.wrongful, self.reference);
        let counted = |which: usize| stats::sum(&c.counted[which]) as u64;
        GroupRates {
            name: name.to_owned(),
            share_of_scans: share(stats::sum(&c.scans), self.total(|c| &c.scans)),
            share_of_wrongful_stops: share(stats::sum(&c.wrongful), self.total(|c| &c.wrongful)),
            false_alerts_counted: if self.own { counted(0) } else { 0 },
            wrongful_stops_counted: if self.own { counted(1) } else { 0 },
            false_alerts_expected: stats::sum(&c.false_alerts),
            too_few_events: self.few(|c| &c.false_alerts, g),
            fpir: self.rate(&c.false_alerts, &c.scans, PER),
            fpir_ratio: self.ratio(
                &c.false_alerts,
                &c.scans,
                &reference.false_alerts,
                &reference.scans,
                few,
            ),
            fpir_difference: self.gap(c, reference, few),
            fpir_ratio_counted: self.counted(c, reference),
            wrongful_stops: self.rate(&c.wrongful, &c.scans, PER),
            wrongful_stops_ratio: self.ratio(&c.wrongful, &c.scans, &reference.wrongful, &reference.scans, few_stops),
            tpir_zone: self.when_own(&c.listed[0], &c.listed[1], 1.0),
            precision: self.when_own(&c.true_alerts, &self.alerts(c), 1.0),
            stops: self.when_own(&c.stops, &c.scans, PER),
            arrests: self.when_own(&c.arrests, &c.scans, PER),
            minutes_lost: self.when_own(&c.minutes, &c.scans, PER),
        }
    }

    fn alerts(&self, c: &Columns) -> Vec<f64> {
        c.true_alerts.iter().zip(&c.counted[0]).map(|(t, f)| t + f).collect()
    }

    /// Ratio of two rates, with a bootstrap over replications.
    fn ratio(&self, num: &[f64], den: &[f64], over: &[f64], over_den: &[f64], few: bool) -> Measured {
        if few {
            return too_few();
        }
        let ratio = |s: &[f64]| (s[1] > 0.0 && s[2] > 0.0).then(|| s[0] / s[1] / (s[2] / s[3]));
        let columns = [num, den, over, over_den].map(<[f64]>::to_vec);
        let sums = [num, den, over, over_den].map(stats::sum);
        Measured {
            value: ratio(&sums),
            interval: self
                .resamples
                .percentile(&columns, self.level, ratio)
                .map(|i| rounded(i, ratio(&sums))),
            method: "bootstrap".to_owned(),
        }
    }

    fn gap(&self, c: &Columns, reference: &Columns, few: bool) -> Measured {
        if few {
            return too_few();
        }
        match stats::paired_ratio(
            &c.false_alerts,
            &c.scans,
            &reference.false_alerts,
            &reference.scans,
            self.level,
        ) {
            Some(p) => Measured {
                value: Some(p.difference.point * PER),
                interval: p.difference.bounds().map(|b| b.map(|x| x * PER)),
                method: p.difference.method.to_owned(),
            },
            None => Measured::default(),
        }
    }

    /// Ratio of counted rates, exact; none where fewer than five were counted on either side.
    fn counted(&self, c: &Columns, reference: &Columns) -> Measured {
        let of = |c: &Columns| (stats::sum(&c.counted[0]) as u64, stats::sum(&c.scans));
        let ((k1, e1), (k2, e2)) = (of(c), of(reference));
        if !self.own || (k1.min(k2) as f64) < FEW {
            return if self.own { too_few() } else { Measured::default() };
        }
        let ratio = stats::poisson_ratio(k1, e1, k2, e2, self.level);
        Measured {
            value: ratio.point,
            interval: ratio.bounds(),
            method: "conditional-clopper-pearson".to_owned(),
        }
    }

    /// A figure over all groups from sums: `figure` sees for each group the sums of the columns that `of` picks.
    fn scalar(
        &self,
        id: &str,
        what: &str,
        groups: &[usize],
        of: &dyn Fn(&Columns) -> Vec<Vec<f64>>,
        figure: &dyn Fn(&[&[f64]]) -> Option<f64>,
    ) -> Scalar {
        let columns: Vec<Vec<f64>> = groups.iter().flat_map(|g| of(&self.columns[*g])).collect();
        let width = columns.len() / groups.len().max(1);
        let of_sums = |s: &[f64]| {
            let rows: Vec<&[f64]> = s.chunks(width.max(1)).collect();
            if groups.len() < 2 { None } else { figure(&rows) }
        };
        let sums: Vec<f64> = columns.iter().map(|c| stats::sum(c)).collect();
        let value = of_sums(&sums);
        let interval = value.and_then(|_| self.resamples.percentile(&columns, self.level, of_sums));
        Scalar {
            id: id.to_owned(),
            what: what.to_owned(),
            measured: Measured {
                value,
                interval: interval.map(|i| rounded(i, value)),
                method: if value.is_some() { "bootstrap" } else { "too few events" }.to_owned(),
            },
        }
    }

    fn scalars(&self) -> Vec<Scalar> {
        let all: Vec<usize> = (0..self.columns.len()).collect();
        let enough = |of: &dyn Fn(&Columns) -> &Vec<f64>| -> Vec<usize> {
            all.iter()
                .copied()
                .filter(|g| stats::sum(of(&self.columns[*g])) >= FEW)
                .collect()
        };
        let fpir = |c: &Columns| vec![c.false_alerts.clone(), c.scans.clone()];
        let wrongful = |c: &Columns| vec![c.wrongful.clone(), c.scans.clone()];
        let rates = |rows: &[&[f64]]| -> Vec<f64> { rows.iter().map(|r| r[0] / r[1]).collect() };
        let with_false = enough(&|c| &c.false_alerts);
        let with_stops = enough(&|c| &c.wrongful);
        let mut found = vec![
            self.scalar("fpir_max_min", "Largest over smallest rate of expected false alerts per scan, of groups with five or more.", &with_false, &fpir, &|r| inequality::max_over_min(&rates(r))),
            self.scalar("fpir_max_geomean", "Largest over the geometric mean of those rates.", &with_false, &fpir, &|r| inequality::max_over_geomean(&rates(r))),
            self.scalar("adverse_ratio", "Largest over smallest rate of expected wrongful stops per scan, of groups with five or more; no pass mark.", &with_stops, &wrongful, &|r| inequality::max_over_min(&rates(r))),
            self.scalar("excess_burden", "Expected wrongful stops that groups bear beyond their share of scans, all groups and replications together.", &all, &wrongful, &|r| {
                let (events, scans): (Vec<f64>, Vec<f64>) = r.iter().map(|x| (x[0], x[1])).unzip();
                inequality::excess_burden(&events, &scans)
            }),
            self.scalar("exposure_gini", "Gini index of scans over passers-by, by group.", &all, &|c| vec![c.scans.clone()], &|r| {
                let scans: Vec<f64> = r.iter().map(|x| x[0]).collect();
                inequality::exposure_gini(&scans, &self.people)
            }),
        ];
        if self.own {
            let listed = enough(&|c| &c.listed[1]);
            let tpir = |c: &Columns| vec![c.listed[0].clone(), c.listed[1].clone()];
            let both: Vec<usize> = with_false.iter().copied().filter(|g| listed.contains(g)).collect();
            let four = |c: &Columns| [fpir(c), tpir(c)].concat();
            let precise = enough(&|c| &c.true_alerts);
            let ppv = |c: &Columns| vec![c.true_alerts.clone(), self.alerts(c)];
            found.extend([
                self.scalar(
                    "garbe",
                    "Mean of the Gini indices of false positives and false negatives between groups (GARBE).",
                    &both,
                    &four,
                    &|r| {
                        let (fp, fnr): (Vec<f64>, Vec<f64>) =
                            r.iter().map(|x| (x[0] / x[1], 1.0 - x[2] / x[3])).unzip();
                        inequality::garbe(&fp, &fnr, 0.5)
                    },
                ),
                self.scalar(
                    "equal_opportunity_gap",
                    "Largest difference between groups in the share of listed people alerted, of those who pass.",
                    &listed,
                    &tpir,
                    &|r| inequality::widest_gap(&rates(r)),
                ),
                self.scalar(
                    "predictive_parity_gap",
                    "Largest difference between groups in the share of alerts that are true.",
                    &precise,
                    &ppv,
                    &|r| inequality::widest_gap(&rates(r)),
                ),
            ]);
        }
        found
    }
}

/// A resampled figure may differ from itself in the last bit: an end that does is the figure.
fn rounded(interval: [f64; 2], value: Option<f64>) -> [f64; 2] {
    let Some(value) = value else { return interval };
    let near = |x: f64| {
        if (x - value).abs() <= 1e-12 * value.abs() {
            value
        } else {
            x
        }
    };
    [near(interval[0]), near(interval[1])]
}

fn too_few() -> Measured {
    Measured {
        method: "too few events".to_owned(),
        ..Measured::default()
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
