//! Rates of the groups of one axis, with intervals, and how unequal they are.

use super::burden::FEW;
use super::summary::{GroupRates, Measured, Scalar};
use crate::stats::{self, Resamples, inequality};

/// Rates are per this many scans.
const PER: f64 = 1e5;

/// Figures of one group by replication.
pub(crate) struct Columns {
    pub scans: Vec<f64>,
    pub false_alerts: Vec<f64>,
    /// Expected false alerts of the followed sample, and of them the wrongful stops.
    pub sampled: Vec<f64>,
    pub wrongful: Vec<f64>,
    /// False alerts and wrongful stops.
    pub counted: [Vec<f64>; 2],
    pub true_alerts: Vec<f64>,
    /// Alerted, and passed a camera.
    pub listed: [Vec<f64>; 2],
    pub stops: Vec<f64>,
    pub arrests: Vec<f64>,
    pub minutes: Vec<f64>,
}

/// All groups of an axis.
pub(crate) struct Table<'a> {
    pub level: f64,
    /// Whether the figures are those of the run, and not re-weighted.
    pub own: bool,
    pub people: Vec<f64>,
    pub columns: Vec<Columns>,
    pub reference: usize,
    pub resamples: &'a Resamples,
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

    /// The rates of one group.
    pub fn group(&self, g: usize, name: &str) -> GroupRates {
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
            fpir_ratio: self.ratio(c, reference, few, &fpir_columns, &fpir_rate),
            fpir_difference: self.gap(c, reference, few),
            fpir_ratio_counted: self.counted(c, reference),
            wrongful_stops: self.rate(&c.wrongful, &c.scans, PER),
            wrongful_stops_ratio: self.ratio(c, reference, few_stops, &stop_columns, &stop_rate),
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

    /// Ratio of two rates, each a function of the sums of some columns, with a bootstrap over replications.
    fn ratio(
        &self,
        c: &Columns,
        reference: &Columns,
        few: bool,
        of: &dyn Fn(&Columns) -> Vec<Vec<f64>>,
        rate: &dyn Fn(&[f64]) -> Option<f64>,
    ) -> Measured {
        if few {
            return too_few();
        }
        let columns = [of(c), of(reference)].concat();
        let ratio = |s: &[f64]| {
            let (own, other) = s.split_at(s.len() / 2);
            Some(rate(own)? / rate(other).filter(|r| *r > 0.0)?)
        };
        let sums: Vec<f64> = columns.iter().map(|x| stats::sum(x)).collect();
        let value = ratio(&sums);
        Measured {
            value,
            interval: self
                .resamples
                .percentile(&columns, self.level, ratio)
                .map(|i| rounded(i, value)),
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

    /// Figures over all groups.
    pub fn scalars(&self) -> Vec<Scalar> {
        let all: Vec<usize> = (0..self.columns.len()).collect();
        let enough = |of: &dyn Fn(&Columns) -> &Vec<f64>| -> Vec<usize> {
            all.iter()
                .copied()
                .filter(|g| stats::sum(of(&self.columns[*g])) >= FEW)
                .collect()
        };
        let (fpir, wrongful) = (fpir_columns, stop_columns);
        let stop_rates = |rows: &[&[f64]]| rows.iter().map(|r| stop_rate(r)).collect::<Option<Vec<f64>>>();
        let rates = |rows: &[&[f64]]| -> Vec<f64> { rows.iter().map(|r| r[0] / r[1]).collect() };
        let with_false = enough(&|c| &c.false_alerts);
        let with_stops = enough(&|c| &c.wrongful);
        let mut found = vec![
            self.scalar("fpir_max_min", "Largest over smallest rate of expected false alerts per scan, of groups with five or more.", &with_false, &fpir, &|r| inequality::max_over_min(&rates(r))),
            self.scalar("fpir_max_geomean", "Largest over the geometric mean of those rates.", &with_false, &fpir, &|r| inequality::max_over_geomean(&rates(r))),
            self.scalar("adverse_ratio", "Largest over smallest rate of expected wrongful stops per scan, of groups with five or more; no pass mark.", &with_stops, &wrongful, &|r| inequality::max_over_min(&stop_rates(r)?)),
            self.scalar("excess_burden", "Expected wrongful stops that groups bear beyond their share of scans, all groups and replications together.", &all, &wrongful, &|r| {
                let scans: Vec<f64> = r.iter().map(|x| x[1]).collect();
                let events: Vec<f64> = stop_rates(r)?.iter().zip(&scans).map(|(rate, s)| rate * s).collect();
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

/// Expected false alerts and scans.
fn fpir_columns(c: &Columns) -> Vec<Vec<f64>> {
    vec![c.false_alerts.clone(), c.scans.clone()]
}

/// Expected false alerts per scan, of their sums.
fn fpir_rate(s: &[f64]) -> Option<f64> {
    (s[1] > 0.0).then(|| s[0] / s[1])
}

/// Expected false alerts, scans, and the followed sample's false alerts and wrongful stops.
fn stop_columns(c: &Columns) -> Vec<Vec<f64>> {
    vec![
        c.false_alerts.clone(),
        c.scans.clone(),
        c.sampled.clone(),
        c.wrongful.clone(),
    ]
}

/// Expected wrongful stops per scan, of their sums: false alerts per scan, times the share of the sample's that are stopped.
/// How many happened to be in the sample then makes no noise.
fn stop_rate(s: &[f64]) -> Option<f64> {
    match s {
        [false_alerts, scans, sampled, stopped] if *scans > 0.0 => Some(if *sampled > 0.0 {
            false_alerts / scans * (stopped / sampled)
        } else {
            0.0
        }),
        _ => None,
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
