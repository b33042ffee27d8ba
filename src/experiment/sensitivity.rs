//! Sensitivity of a study's outputs to its parameters, from a finished store.

use super::columns::{Data, read_groups};
use super::store::Store;
use super::summarise::LABEL;
use super::sweep::Sweep;
use crate::measure::{METRICS, Metric, metric};
use crate::scenario::study::Points;
use crate::stats::design::{Design, Trajectory};
use crate::stats::sensitivity::{Index, SaltelliOutputs, bootstrap_mean, morris_indices, sobol_indices};
use crate::stats::{mean, sum_of, variance};
use serde::Serialize;
use std::collections::BTreeMap;
use std::f64::consts::PI;
use std::fs::File;
use std::path::PathBuf;

/// Metrics that are analysed when neither study nor command names any.
const USUAL: [&str; 5] = [
    "alerts",
    "false_alerts_expected",
    "stops_without_arrest",
    "arrests",
    "net_arrests",
];
/// Seed of the bootstrap: intervals belong to the store, not to a mood.
const SEED: u64 = 1;

/// `sensitivity.json`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sensitivity {
    /// Always `lamplight.sensitivity/1`.
    pub format: String,
    /// Name of the study.
    pub study: String,
    /// Title.
    pub title: String,
    /// Hash of the study.
    pub study_hash: String,
    /// The stamp every figure carries.
    pub label: String,
    /// "sobol" or "morris".
    pub method: String,
    /// Level of the intervals.
    pub level: f64,
    /// Fewest and most replications of a point.
    pub replications: [usize; 2],
    /// One for each strategy and metric.
    pub outputs: Vec<Output>,
}

/// What one output depends on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Output {
    /// Strategy.
    pub strategy: String,
    /// Metric.
    pub metric: String,
    /// Title of the metric.
    pub title: String,
    /// Unit of the metric.
    pub unit: String,
    /// Base points or trajectories that entered.
    pub used: usize,
    /// Those left out, because a run failed or a rate had no denominator.
    pub left_out: usize,
    /// Mean over points.
    pub mean: f64,
    /// Sd over points.
    pub sd: f64,
    /// Share of the variance over points that is noise of finite replications and not of parameters.
    pub noise_share: f64,
    /// One for each parameter, in the order of the study.
    pub parameters: Vec<Sensitive>,
}

/// How much an output depends on one parameter.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Sensitive {
    /// Key.
    pub key: String,
    /// First-order Sobol' index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<Estimated>,
    /// Total Sobol' index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Estimated>,
    /// Mean elementary effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mu: Option<f64>,
    /// Mean size of an elementary effect, in units of the metric over the whole range of the parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mu_star: Option<Estimated>,
    /// Sd of elementary effects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sigma: Option<f64>,
    /// What noise of finite replications alone would give for the total index or mu*.
    pub noise: f64,
    /// Whether the total index or mu* exceeds what noise alone would give, by a bootstrap of the excess.
    pub distinguishable: bool,
}

/// An index and its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimated {
    /// Estimate.
    pub estimate: f64,
    /// Bootstrap interval over base points or trajectories.
    pub interval: [f64; 2],
}

impl From<Index> for Estimated {
    fn from(i: Index) -> Self {
        Estimated {
            estimate: i.point,
            interval: [i.low, i.high],
        }
    }
}

/// The design of a study, if indices can be had from it.
///
/// # Errors
/// A text for the user.
pub fn analysable(sweep: &Sweep) -> Result<&Design, String> {
    match &sweep.study.points {
        Points::Designed(design @ (Design::Saltelli { .. } | Design::Morris { .. })) => Ok(design),
        _ => Err(format!(
            "a study of kind \"{}\" has no sensitivity indices",
            sweep.study.kind
        )),
    }
}

/// Analyses a finished store for these metrics (the study's, or the usual ones, when none is named).
///
/// # Errors
/// A text for the user: the store is not complete, or the design has no indices.
pub fn sensitivity(sweep: &Sweep, store: &Store, metrics: &[String], level: f64) -> Result<Sensitivity, String> {
    let design = analysable(sweep)?;
    let named = if metrics.is_empty() {
        &sweep.study.metrics
    } else {
        metrics
    };
    let chosen: Vec<&Metric> = match named.is_empty() {
        true => USUAL.iter().filter_map(|id| metric(id)).collect(),
        false => METRICS.iter().filter(|m| named.iter().any(|id| id == m.id)).collect(),
    };
    let files = store.whole()?;
    let mut outputs = Vec::new();
    let mut replications = [usize::MAX, 0];
    for metric in chosen {
        for (strategy, samples) in read(sweep, &files, metric)?.iter().enumerate() {
            let name = &sweep.contents.strategies[strategy];
            for n in samples.iter().map(|s| s.deviations.len()).filter(|n| *n > 0) {
                replications = [replications[0].min(n), replications[1].max(n)];
            }
            outputs.push(analyse(sweep, design, samples, (name, metric), level));
        }
    }
    Ok(Sensitivity {
        format: "lamplight.sensitivity/1".into(),
        study: sweep.study.name.clone(),
        title: sweep.study.title.clone(),
        study_hash: sweep.contents.study_hash.clone(),
        label: LABEL.into(),
        method: if matches!(design, Design::Morris { .. }) {
            "morris"
        } else {
            "sobol"
        }
        .into(),
        level,
        replications: [replications[0].min(replications[1]), replications[1]],
        outputs,
    })
}

/// One point's runs of one metric.
#[derive(Clone, Debug, Default)]
struct Sample {
    mean: f64,
    /// Deviation of each replication from the mean (of a rate: its influence on the ratio of sums); empty if there is no mean.
    deviations: Vec<f64>,
}

impl Sample {
    fn new(runs: &[(f64, f64)]) -> Sample {
        let (x, w): (Vec<f64>, Vec<f64>) = runs.iter().copied().unzip();
        let weight = mean(&w);
        if weight <= 0.0 {
            return Sample::default();
        }
        let ratio = mean(&x) / weight;
        Sample {
            mean: ratio,
            deviations: runs.iter().map(|(x, w)| (x - ratio * w) / weight).collect(),
        }
    }
    fn exists(&self) -> bool {
        !self.deviations.is_empty()
    }
    /// Variance of the mean.
    fn noise(&self) -> f64 {
        variance(&self.deviations) / self.deviations.len().max(1) as f64
    }
    /// Variance of the difference of two means. Replications that both have share their draws; where a rule of stopping gave
    /// one of the two more, those have a variance of their own.
    fn noise_of_difference(&self, other: &Sample) -> f64 {
        let (n, m) = (self.deviations.len(), other.deviations.len());
        let pairs = self.deviations.iter().zip(&other.deviations);
        if n == m {
            let d: Vec<f64> = pairs.map(|(a, b)| a - b).collect();
            return variance(&d) / d.len().max(1) as f64;
        }
        let shared = n.min(m) as f64;
        let covariance = sum_of(pairs.map(|(a, b)| a * b)) / (shared - 1.0).max(1.0);
        (self.noise() + other.noise() - 2.0 * shared * covariance / (n * m) as f64).max(0.0)
    }
}

/// The runs of a metric, by strategy and point; a point with a failed run has no sample.
fn read(sweep: &Sweep, files: &[Vec<PathBuf>], metric: &Metric) -> Result<Vec<Vec<Sample>>, String> {
    let layout = sweep.contents.layout;
    let mut samples = vec![vec![Sample::default(); layout.points]; layout.strategies];
    for shards in files {
        for ((point, strategy), runs) in read_points(sweep, shards, metric)? {
            if let (Some(sample), Some(runs)) = (samples.get_mut(strategy).and_then(|s| s.get_mut(point)), runs) {
                *sample = Sample::new(&runs);
            }
        }
    }
    Ok(samples)
}

/// The runs of a point under a strategy, in the order of replications; none if one of them failed.
type PointRuns = Option<Vec<(f64, f64)>>;

/// The runs of the points that share these shards, by point and strategy.
fn read_points(
    sweep: &Sweep,
    shards: &[PathBuf],
    metric: &Metric,
) -> Result<BTreeMap<(usize, usize), PointRuns>, String> {
    let mut found: BTreeMap<(usize, usize), PointRuns> = BTreeMap::new();
    let weight = if metric.is_rate() {
        format!("{}_per", metric.id)
    } else {
        metric.id.to_owned()
    };
    let names = ["point", "strategy", "group_by", "error", metric.id, &weight];
    for path in shards {
        let say = |e: &dyn std::fmt::Display| format!("cannot read {}: {e}", path.display());
        let file = File::open(path).map_err(|e| say(&e))?;
        read_groups(file, &names, |data| {
            let [
                Data::Whole(points),
                Data::Text(strategies),
                Data::Text(by),
                Data::Text(error),
                Data::Real(x),
                Data::Real(w),
            ] = &data[..]
            else {
                return Err("its columns are of other types".into());
            };
            for i in (0..points.len()).filter(|i| by[*i] == "all") {
                let Some(strategy) = sweep.contents.strategies.iter().position(|s| *s == strategies[i]) else {
                    continue;
                };
                let runs = found
                    .entry((points[i] as usize, strategy))
                    .or_insert_with(|| Some(Vec::new()));
                let weight = if metric.is_rate() { w[i].unwrap_or(0.0) } else { 1.0 };
                match runs {
                    Some(runs) if error[i].is_empty() => runs.push((x[i].unwrap_or(0.0) * weight, weight)),
                    _ => *runs = None,
                }
            }
            Ok(())
        })
        .map_err(|e| say(&e))?;
    }
    Ok(found)
}

fn analyse(
    sweep: &Sweep,
    design: &Design,
    samples: &[Sample],
    (strategy, metric): (&str, &Metric),
    level: f64,
) -> Output {
    let keys = &sweep.study.keys;
    let block = match design {
        Design::Saltelli { .. } => keys.len() + 2,
        _ => keys.len() + 1,
    };
    let blocks: Vec<(usize, &[Sample])> = samples.chunks(block).enumerate().collect();
    let used: Vec<(usize, &[Sample])> = blocks
        .iter()
        .filter(|(_, b)| b.iter().all(Sample::exists))
        .copied()
        .collect();
    let parameters = match design {
        Design::Morris { levels, seed, .. } => morris(keys, &used, *levels, *seed, level),
        _ => sobol(keys, &used, level),
    };
    let counted: Vec<&Sample> = used.iter().flat_map(|(_, b)| b.iter()).collect();
    let means: Vec<f64> = counted.iter().map(|s| s.mean).collect();
    let noise = mean(&counted.iter().map(|s| s.noise()).collect::<Vec<_>>());
    let spread = variance(&means);
    Output {
        strategy: strategy.to_owned(),
        metric: metric.id.into(),
        title: metric.title.into(),
        unit: metric.unit.into(),
        used: used.len(),
        left_out: blocks.len() - used.len(),
        mean: mean(&means),
        sd: libm::sqrt(spread),
        noise_share: if spread > 0.0 { (noise / spread).min(1.0) } else { 0.0 },
        parameters,
    }
}

fn sobol(keys: &[String], blocks: &[(usize, &[Sample])], level: f64) -> Vec<Sensitive> {
    let k = keys.len();
    let at = |which: usize| blocks.iter().map(|(_, b)| b[which].mean).collect::<Vec<f64>>();
    let y = SaltelliOutputs {
        a: at(0),
        b: at(k + 1),
        ab: (1..=k).map(at).collect(),
    };
    let v = y.variance();
    let indices = sobol_indices(&y, level, SEED);
    let sensitive = |(i, key): (usize, &String)| {
        let Some(index) = indices.as_ref().map(|all| all[i]) else {
            return Sensitive {
                key: key.clone(),
                ..Sensitive::default()
            };
        };
        // The estimator of the total index adds the noise of its differences to what it estimates.
        let noise: Vec<f64> = blocks
            .iter()
            .map(|(_, b)| b[0].noise_of_difference(&b[i + 1]))
            .collect();
        let square = |j: usize| (y.a[j] - y.ab[i][j]) * (y.a[j] - y.ab[i][j]);
        let excess: Vec<f64> = noise.iter().enumerate().map(|(j, noise)| square(j) - noise).collect();
        Sensitive {
            key: key.clone(),
            first: Some(index.first.into()),
            total: Some(index.total.into()),
            noise: mean(&noise) / (2.0 * v),
            distinguishable: bootstrap_mean(&excess, level, SEED).low > 0.0,
            ..Sensitive::default()
        }
    };
    keys.iter().enumerate().map(sensitive).collect()
}

fn morris(keys: &[String], blocks: &[(usize, &[Sample])], levels: u32, seed: u64, level: f64) -> Vec<Sensitive> {
    let k = keys.len();
    let mut effects = vec![Vec::new(); k];
    let mut noise = vec![Vec::new(); k];
    for (t, block) in blocks {
        let path = Trajectory::new(*t, k, levels, seed);
        for (step, d) in path.order.iter().enumerate() {
            let (from, to) = (&block[step], &block[step + 1]);
            effects[*d].push((to.mean - from.mean) / path.step(*d));
            // Mean size of a normal variate of this sd.
            let sd = libm::sqrt(from.noise_of_difference(to));
            noise[*d].push(sd * libm::sqrt(2.0 / PI) / path.step(*d).abs());
        }
    }
    let sensitive = |(d, key): (usize, &String)| {
        let index = morris_indices(&effects[d], level, SEED);
        let excess: Vec<f64> = effects[d]
            .iter()
            .zip(&noise[d])
            .map(|(e, noise)| e.abs() - noise)
            .collect();
        Sensitive {
            key: key.clone(),
            mu: Some(index.mu),
            mu_star: Some(index.mu_star.into()),
            sigma: Some(index.sigma),
            noise: mean(&noise[d]),
            distinguishable: bootstrap_mean(&excess, level, SEED).low > 0.0,
            ..Sensitive::default()
        }
    };
    keys.iter().enumerate().map(sensitive).collect()
}
