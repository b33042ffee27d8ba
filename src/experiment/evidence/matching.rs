//! History matching (Craig et al. 1997; Vernon et al. 2010): which settings of the simulator bring about the record?
//!
//! Parameters that follow in closed form are drawn from their posterior. Those that act only through the simulated chain from
//! alert to arrest are spread widely, simulated, and kept where no more than one aim is missed by three standard deviations.

use super::closed::{
    ALERTS_PER_1000, ARRESTS_PER_ALERT, Aim, Closed, FALSE_PASSED_ON, FALSE_PER_HOUR, Fitted, SLOPE, UNCONFIRMED,
    VARIANCE_RATIO,
};
use super::draws::{Purpose, stream, uniform};
use crate::deployment::{Scene, Schedule};
use crate::experiment::one;
use crate::measure::{Counter, METRICS};
use crate::people::Streets;
use crate::scenario::Plan;
use crate::scenario::plan::Value;
use crate::scenario::registry::{find, param};
use crate::stats::dist::normal_cdf;
use crate::stats::linear::Cholesky;
use crate::stats::{mean, variance};
use rayon::prelude::*;

/// A parameter that is spread over a range.
struct Knob {
    key: &'static str,
    low: f64,
    high: f64,
    log: bool,
}

/// What the simulated chain decides: presence relative to the closed form, the operator, and the pursuit.
const KNOBS: [Knob; 5] = [
    Knob {
        key: "sought.prevalence",
        low: 0.25,
        high: 6.0,
        log: true,
    },
    Knob {
        key: "operator.sensitivity",
        low: 1.0,
        high: 2.8,
        log: false,
    },
    Knob {
        key: "operator.criterion",
        low: -2.2,
        high: -0.4,
        log: false,
    },
    Knob {
        key: "officers.pursuit_radius_m",
        low: 80.0,
        high: 2000.0,
        log: true,
    },
    Knob {
        key: "officers.lost_hazard",
        low: 0.00005,
        high: 0.002,
        log: true,
    },
];

/// How much work the matching may do.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Settings tried in each of two waves.
    pub settings: usize,
    /// Simulated deployments of each.
    pub replications: u32,
}

/// An aim, and what simulations make of it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Matched {
    /// The aim.
    pub aim: Aim,
    /// Simulated under the shipped defaults.
    pub before: f64,
    /// Implausibility of the shipped defaults.
    pub implausibility_before: f64,
    /// Simulated under settings drawn from the posterior: 5, 50, 95 %.
    pub after: [f64; 3],
    /// Implausibility of the posterior's centre.
    pub implausibility_after: f64,
}

/// What came of the matching.
#[derive(Clone, Debug)]
pub struct Matching {
    /// Scenario that was simulated.
    pub scenario: String,
    /// Aims.
    pub aims: Vec<Matched>,
    /// Share of the whole range of settings that is not ruled out.
    pub not_ruled_out: f64,
    /// Parameters fitted by simulation.
    pub parameters: Vec<Fitted>,
    /// Simulated deployments.
    pub deployments: usize,
}

/// Relative model discrepancy of every aim.
const DISCREPANCY: f64 = 0.1;
/// Candidates of which the posterior is made.
const CANDIDATES: usize = 20_000;
/// Settings of the posterior, and repetitions of the defaults, that are simulated at the end.
const CHECKED: usize = 40;
/// Streams of settings and candidates.
const SETTINGS: u32 = 14;

/// Confirms closed forms by simulating `plan`'s strategy `strategy`, and fits what only a simulation can fit.
pub fn match_history(plan: &Plan, strategy: usize, closed: &Closed, effort: Effort, seed: u64) -> Matching {
    let streets = Streets::prepare(plan);
    let site = Site {
        plan,
        strategy,
        streets: &streets,
        closed,
        replications: effort.replications,
    };
    let names: Vec<&str> = closed.aims.iter().map(|a| a.name).collect();
    let settings = |wave: u32, list: &[usize]| -> Vec<Setting> {
        list.iter().map(|i| Setting::drawn(closed, seed, wave, *i)).collect()
    };
    let first = settings(0, &(0..effort.settings).collect::<Vec<_>>());
    let mut tried: Vec<(Setting, Vec<f64>)> = simulate(&site, &names, first);
    let candidates: Vec<Setting> = settings(1, &(0..CANDIDATES).collect::<Vec<_>>());
    let emulators = Emulators::fit(&tried, &closed.aims);
    let open: Vec<usize> = (0..CANDIDATES).filter(|i| emulators.open(&candidates[*i])).collect();
    let step = (open.len() / effort.settings.max(1)).max(1);
    let second = open
        .iter()
        .step_by(step)
        .take(effort.settings)
        .map(|i| candidates[*i].clone());
    tried.extend(simulate(&site, &names, second.collect()));
    let emulators = Emulators::fit(&tried, &closed.aims);
    let not_ruled_out = candidates.iter().filter(|c| emulators.open(c)).count() as f64 / CANDIDATES as f64;
    let posterior = resample(&candidates, &emulators, seed);
    let before = simulate(&site, &names, vec![Setting::shipped(plan, strategy); CHECKED]);
    let step = (posterior.len() / CHECKED).max(1);
    let some: Vec<Setting> = posterior.iter().step_by(step).map(|i| candidates[*i].clone()).collect();
    let after = simulate(&site, &names, some);
    let aims = closed.aims.iter().enumerate().map(|(j, aim)| {
        let values: Vec<f64> = after.iter().map(|a| a.1[j]).collect();
        let shipped: Vec<f64> = before.iter().map(|b| b.1[j]).collect();
        let noise = libm::sqrt(variance(&shipped) / shipped.len() as f64);
        Matched {
            aim: aim.clone(),
            before: mean(&shipped),
            implausibility_before: implausibility(aim, mean(&shipped), noise),
            implausibility_after: implausibility(aim, super::closed::interval(values.clone())[1], 0.0),
            after: super::closed::interval(values),
        }
    });
    let parameter = |(k, knob): (usize, &Knob)| Fitted {
        key: knob.key,
        draws: posterior.iter().map(|i| candidates[*i].knobs[k]).collect(),
        how: "simulated: settings weighted by how well they bring about alerts per face, arrests per alert, unconfirmed alerts and false alerts passed on",
    };
    Matching {
        scenario: plan.title.clone(),
        aims: aims.collect(),
        not_ruled_out,
        parameters: KNOBS.iter().enumerate().map(parameter).collect(),
        deployments: (tried.len() + after.len() + before.len()) * effort.replications as usize,
    }
}

/// Distance of a simulated figure from its aim in standard deviations: of the record, of the simulation, and of the model.
fn implausibility(aim: &Aim, simulated: f64, noise: f64) -> f64 {
    let model = DISCREPANCY * aim.observed.abs();
    (simulated - aim.observed).abs() / libm::sqrt(aim.error * aim.error + noise * noise + model * model)
}

/// One setting of the simulator.
#[derive(Clone, Debug)]
struct Setting {
    /// Values of [`KNOBS`].
    knobs: Vec<f64>,
    /// Values of the closed-form parameters, by key (prevalence is a knob).
    closed: Vec<(&'static str, f64)>,
    /// What emulators see: standardised knobs, then logs of the closed-form parameters.
    scores: Vec<f64>,
}

impl Setting {
    fn drawn(closed: &Closed, seed: u64, wave: u32, index: usize) -> Self {
        let stream = stream(seed, SETTINGS);
        let u = |k: usize| uniform(stream, Purpose::Extra, index, 100 * wave + k as u32, 3);
        let centre = closed
            .parameters
            .iter()
            .find(|p| p.key == KNOBS[0].key)
            .map_or(1e-3, |p| mean(&p.draws));
        let mut scores: Vec<f64> = (0..KNOBS.len()).map(|k| 2.0 * u(k) - 1.0).collect();
        let knobs = KNOBS.iter().enumerate().map(|(k, knob)| {
            let share = 0.5 * (scores[k] + 1.0);
            let value = match knob.log {
                true => knob.low * libm::pow(knob.high / knob.low, share),
                false => knob.low + share * (knob.high - knob.low),
            };
            if k == 0 { value * centre } else { value }
        });
        let knobs: Vec<f64> = knobs.collect();
        let draw = |p: &Fitted| ((u(50) * p.draws.len() as f64) as usize).min(p.draws.len().saturating_sub(1));
        let closed: Vec<(&'static str, f64)> = closed
            .parameters
            .iter()
            .filter(|p| p.key != KNOBS[0].key && !p.draws.is_empty())
            .map(|p| (p.key, p.draws[draw(p)]))
            .collect();
        scores.extend(closed.iter().map(|(_, v)| libm::log(v.max(1e-30))));
        Setting { knobs, closed, scores }
    }

    /// The values the plan already has.
    fn shipped(plan: &Plan, strategy: usize) -> Self {
        let value = |key: &str| find(key).map_or(0.0, |id| plan.strategies[strategy].values.get(id));
        Setting {
            knobs: KNOBS.iter().map(|k| value(k.key)).collect(),
            closed: Vec::new(),
            scores: Vec::new(),
        }
    }

    /// The plan with these values, certain.
    fn apply(&self, plan: &Plan, strategy: usize) -> Plan {
        let mut plan = plan.clone();
        plan.uncertainty = false;
        let knobs = KNOBS.iter().zip(&self.knobs).map(|(k, v)| (k.key, *v));
        for (key, central) in knobs.chain(self.closed.iter().copied()) {
            if let Some(id) = find(key) {
                let value = Value { central, prior: None };
                plan.values.set(id, value);
                plan.strategies[strategy].values.set(id, value);
            }
        }
        plan
    }
}

/// What is simulated.
struct Site<'a> {
    plan: &'a Plan,
    strategy: usize,
    streets: &'a Streets,
    closed: &'a Closed,
    replications: u32,
}

/// Simulates settings and reads the aims off each.
fn simulate(site: &Site, names: &[&str], settings: Vec<Setting>) -> Vec<(Setting, Vec<f64>)> {
    settings
        .into_par_iter()
        .enumerate()
        .map(|(i, setting)| {
            // Each setting meets other days, so that no chance of one set of days is taken for an effect.
            let first = i as u32 * site.replications;
            let plan = setting.apply(site.plan, site.strategy);
            let scene = Scene::prepare(&plan, &plan.strategies[site.strategy], site.streets);
            let runs: Vec<Figures> = (first..first + site.replications)
                .map(|r| Figures::of(&one(&scene, r, Schedule::Lazy)))
                .collect();
            let values = names.iter().map(|name| read(name, &runs, &plan, site)).collect();
            (setting, values)
        })
        .collect()
}

/// What is counted in a simulated deployment.
#[derive(Clone, Copy, Default)]
struct Figures {
    searches: f64,
    alerts: f64,
    arrests: f64,
    unconfirmed: f64,
    expected_false: f64,
}

impl Figures {
    fn of(run: &crate::measure::RunSummary) -> Self {
        let metric = |id: &str| {
            let found = METRICS.iter().find(|m| m.id == id);
            found.map_or(0.0, |m| m.parts(run, 0, crate::measure::Faces::Searches).0)
        };
        Figures {
            searches: run.groups[0].get(Counter::Searches) as f64,
            alerts: metric("alerts"),
            arrests: metric("arrests"),
            unconfirmed: metric("alerts_dismissed") + metric("alerts_dropped") + metric("lost_in_crowd"),
            expected_false: metric("false_alerts_expected"),
        }
    }
}

/// An aim's figure in simulated deployments.
fn read(name: &str, runs: &[Figures], plan: &Plan, site: &Site) -> f64 {
    let sum = |f: fn(&Figures) -> f64| runs.iter().map(f).sum::<f64>();
    let ratio = |a: f64, b: f64| if b > 0.0 { a / b } else { 0.0 };
    let values = &plan.strategies[site.strategy].values;
    match name {
        ALERTS_PER_1000 => 1000.0 * ratio(sum(|r| r.alerts), sum(|r| r.searches)),
        ARRESTS_PER_ALERT => ratio(sum(|r| r.arrests), sum(|r| r.alerts)),
        UNCONFIRMED => (sum(|r| r.unconfirmed) + 0.5) / (sum(|r| r.alerts) + 1.0),
        FALSE_PASSED_ON => {
            let (sensitivity, criterion) = (values.get(param::SENSITIVITY), values.get(param::CRITERION));
            normal_cdf(-0.5 * sensitivity - criterion)
        }
        VARIANCE_RATIO => {
            let alerts: Vec<f64> = runs.iter().map(|r| r.alerts).collect();
            ratio(variance(&alerts), mean(&alerts))
        }
        SLOPE => {
            let x: Vec<f64> = runs.iter().map(|r| libm::log(r.searches.max(1.0))).collect();
            let y: Vec<f64> = runs.iter().map(|r| libm::log(r.alerts + 0.5)).collect();
            let (mx, my) = (mean(&x), mean(&y));
            let product = |a: &[f64], ma: f64| a.iter().zip(&x).map(|(a, x)| (a - ma) * (x - mx)).sum::<f64>();
            ratio(product(&y, my), product(&x, mx))
        }
        _ => {
            // Expected false alerts at the plan's own threshold, carried to the aim's threshold and to the record's faces an hour.
            let aim = FALSE_PER_HOUR.iter().find(|f| f.0 == name).map_or(0.64, |f| f.1);
            let fall = libm::exp(values.get(param::SCORE_SLOPE) * (values.get(param::THRESHOLD) - aim));
            ratio(sum(|r| r.expected_false), sum(|r| r.searches))
                * fall
                * site.closed.faces_per_hour
                * values.get(param::RECORDED_FALSE)
        }
    }
}

/// Quadratic emulators of the aims, without products of different parameters.
struct Emulators {
    aims: Vec<Aim>,
    centre: Vec<f64>,
    scale: Vec<f64>,
    /// Coefficients of each aim, and the standard error of what they predict.
    fits: Vec<(Vec<f64>, f64)>,
}

impl Emulators {
    fn fit(tried: &[(Setting, Vec<f64>)], aims: &[Aim]) -> Self {
        let d = tried.first().map_or(0, |t| t.0.scores.len());
        let column = |i: usize| -> Vec<f64> { tried.iter().map(|t| t.0.scores[i]).collect() };
        let centre: Vec<f64> = (0..d).map(|i| mean(&column(i))).collect();
        let scale: Vec<f64> = (0..d).map(|i| libm::sqrt(variance(&column(i))).max(1e-9)).collect();
        let mut emulators = Emulators {
            aims: aims.to_vec(),
            centre,
            scale,
            fits: Vec::new(),
        };
        let rows: Vec<Vec<f64>> = tried.iter().map(|t| emulators.row(&t.0)).collect();
        let p = 2 * d + 1;
        let mut gram = vec![0.0; p * p];
        for row in &rows {
            for i in 0..p {
                for j in 0..=i {
                    gram[i * p + j] += row[i] * row[j];
                }
            }
        }
        (0..p).for_each(|i| gram[i * p + i] += 1e-3);
        let factor = Cholesky::new(gram, p);
        for j in 0..aims.len() {
            let y: Vec<f64> = tried.iter().map(|t| scaled(&aims[j], t.1[j])).collect();
            let mut beta = vec![0.0; p];
            for (row, y) in rows.iter().zip(&y) {
                (0..p).for_each(|i| beta[i] += row[i] * y);
            }
            if let Some(factor) = &factor {
                factor.solve(&mut beta);
            }
            let residual: Vec<f64> = rows.iter().zip(&y).map(|(row, y)| y - dot(row, &beta)).collect();
            let degrees = (residual.len() as f64 - p as f64).max(1.0);
            let spread = libm::sqrt(residual.iter().map(|r| r * r).sum::<f64>() / degrees);
            // Most of the residuals is the chance of few deployments; the emulator's own error is that of its coefficients.
            emulators
                .fits
                .push((beta, spread * libm::sqrt(p as f64 / residual.len().max(1) as f64)));
        }
        emulators
    }

    fn row(&self, setting: &Setting) -> Vec<f64> {
        let z: Vec<f64> = (0..self.centre.len())
            .map(|i| (setting.scores[i] - self.centre[i]) / self.scale[i])
            .collect();
        std::iter::once(1.0)
            .chain(z.iter().copied())
            .chain(z.iter().map(|z| z * z))
            .collect()
    }

    /// Implausibility of each aim.
    fn implausibilities(&self, setting: &Setting) -> Vec<f64> {
        let row = self.row(setting);
        let one = |(aim, (beta, spread)): (&Aim, &(Vec<f64>, f64))| {
            let wanted = scaled(aim, aim.observed);
            // On the scale of logs an error is relative.
            let unit = if aim.name == SLOPE { 1.0 } else { aim.observed };
            let record = aim.error / unit;
            let model = if aim.name == SLOPE {
                DISCREPANCY
            } else {
                DISCREPANCY * aim.observed / unit
            };
            (dot(&row, beta) - wanted).abs() / libm::sqrt(record * record + spread * spread + model * model)
        };
        self.aims.iter().zip(&self.fits).map(one).collect()
    }

    /// Whether at most one aim is missed by more than three standard deviations.
    fn open(&self, setting: &Setting) -> bool {
        self.implausibilities(setting).iter().filter(|i| **i > 3.0).count() <= 1
    }
}

/// Logs, but for the slope, which may have any sign.
fn scaled(aim: &Aim, value: f64) -> f64 {
    if aim.name == SLOPE {
        value
    } else {
        libm::log(value.max(1e-4 * aim.observed))
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Candidates in proportion to how well they bring about the aims that closed forms do not use: each figure counts once.
fn resample(candidates: &[Setting], emulators: &Emulators, seed: u64) -> Vec<usize> {
    const DRAWS: usize = 1000;
    let counted = [ALERTS_PER_1000, ARRESTS_PER_ALERT, UNCONFIRMED, FALSE_PASSED_ON];
    let weights: Vec<f64> = candidates
        .iter()
        .map(|c| {
            let all = emulators.implausibilities(c);
            let used = all
                .iter()
                .zip(&emulators.aims)
                .filter(|(_, a)| counted.contains(&a.name));
            libm::exp(-0.5 * used.map(|(i, _)| i * i).sum::<f64>())
        })
        .collect();
    let total: f64 = weights.iter().sum();
    let start = uniform(stream(seed, SETTINGS), Purpose::Extra, 0, 9999, 7);
    let (mut chosen, mut below, mut next) = (Vec::with_capacity(DRAWS), 0.0, start);
    for (i, weight) in weights.iter().enumerate() {
        below += weight / total * DRAWS as f64;
        while next < below && chosen.len() < DRAWS {
            chosen.push(i);
            next += 1.0;
        }
    }
    chosen
}
