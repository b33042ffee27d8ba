//! Which doubtful parameters an answer hangs on: what to ask the force, and where an answer would flip.
//!
//! Both are read off the runs at hand, in which every doubtful parameter was drawn: a first-order look, one parameter at a
//! time. `tipping.rs` searches and confirms.

use super::series::Series;
use super::summary::{Difference, Question, TippingPoint};
use super::verdicts::{NOT_SETTLED, verdict_from, world_differences};
use crate::kernel::Stream;
use crate::measure::metric;
use crate::scenario::Plan;
use crate::scenario::plan::Value;
use crate::scenario::prior::Prior;
use crate::scenario::registry::{PARAMETERS, ParamId};
use crate::scenario::world::{Draws, Numbers};
use crate::stats::{self, dist};
use std::collections::BTreeMap;

/// Metrics that answers are about.
pub(crate) const HEADLINES: [&str; 6] = [
    "stops_without_arrest",
    "wrongful_stops",
    "false_alerts",
    "arrests",
    "net_arrests",
    "sought_missed",
];
/// Classes that worlds are sorted into by a parameter.
const CLASSES: usize = 5;
/// Shufflings that tell what luck alone would show, and how many of them may do as well as a parameter that is named: with
/// sixty parameters to try, one in twenty would be too many.
const SHUFFLES: usize = 400;
const AS_GOOD: usize = 1;
/// Questions and tipping points shown for each metric.
const MOST: usize = 3;

/// One doubtful parameter and its draws.
pub(crate) struct Doubt {
    /// Key.
    pub key: String,
    /// What it is.
    pub what: String,
    /// Unit.
    pub unit: &'static str,
    /// Registry row, where it is one.
    pub id: Option<ParamId>,
    prior: Option<Prior>,
    /// Where in its prior each world drew it, 0 to 1.
    places: Vec<f64>,
}

impl Doubt {
    /// The value at a place of the prior; the place itself where there is no prior of its own.
    pub fn value(&self, place: f64) -> f64 {
        self.prior.map_or(place, |p| p.quantile(place))
    }
}

/// Key, what it is, unit, row of the registry and prior of a doubtful parameter.
type Row = (String, String, &'static str, Option<ParamId>, Option<Prior>);
/// From where a line is straight back to the parameter's value.
type Back = fn(&Doubt, f64) -> f64;

/// All doubtful parameters of a comparison.
pub(crate) struct Doubts<'a> {
    names: [&'a str; 2],
    pub all: Vec<Doubt>,
}

impl<'a> Doubts<'a> {
    /// Those that strategies `a` and `b` draw, in the first `worlds` worlds.
    pub fn of(plan: &'a Plan, a: usize, b: usize, worlds: usize) -> Self {
        let (a, b) = (&plan.strategies[a], &plan.strategies[b]);
        let mut list: Vec<Row> = Vec::new();
        for (i, row) in PARAMETERS.iter().enumerate().filter(|(_, p)| concerns(plan, p.key)) {
            let id = ParamId(i as u16);
            if let Some(prior) = a.values.value(id).prior.or(b.values.value(id).prior) {
                list.push((row.key.to_owned(), row.doc.to_owned(), row.unit, Some(id), Some(prior)));
            }
        }
        let mut table = |key: String, what: String, value: Value| {
            if value.prior.is_some() && list.iter().all(|l| l.0 != key) {
                list.push((key, what, "", None, value.prior));
            }
        };
        let axes = &plan.axes.0;
        for matcher in [a, b].iter().filter(|s| !s.is_patrol()).map(|s| &s.matcher) {
            for (axis, (unlike, multipliers)) in axes.iter().zip(matcher.unlike.iter().zip(&matcher.multiplier)) {
                let what = format!("How much less often people of different {} are confused.", axis.name);
                table(format!("matcher.unlike.{}", axis.name), what, *unlike);
                for (level, value) in axis.levels.iter().zip(multipliers) {
                    let what = format!("How much more often people of the group \"{level}\" are confused.");
                    table(format!("matcher.multiplier.{}.{level}", axis.name), what, *value);
                }
            }
        }
        for reason in &plan.watchlist.reasons {
            let what = format!(
                "Share of entries out of date among those sought for \"{}\".",
                reason.name
            );
            table(format!("watchlist.stale.{}", reason.name), what, reason.stale);
        }
        for (axis, concentration) in axes.iter().zip(&plan.watchlist.concentration) {
            for level in axis.levels.iter().filter(|_| concentration.is_some()) {
                let what =
                    format!("Share of the group \"{level}\" on the watchlist (as a place between few and many).");
                list.push((format!("watchlist.share.{}.{level}", axis.name), what, "", None, None));
            }
        }
        let drawn: Vec<Numbers> = (0..worlds as u32)
            .map(|r| Numbers::draw(&a.values, Some(Draws::new(plan.seed, r).world)))
            .collect();
        let all = list
            .into_iter()
            .map(|(key, what, unit, id, prior)| Doubt {
                places: drawn.iter().map(|n| n.uniform(&key).unwrap_or(0.5)).collect(),
                key,
                what,
                unit,
                id,
                prior,
            })
            .collect();
        Doubts {
            names: [&a.name, &b.name],
            all: if plan.uncertainty { all } else { Vec::new() },
        }
    }

    /// What to ask: for each headline that is not settled, the parameters whose knowledge would do most against the
    /// disagreement of plausible worlds: the chance that two of them disagree on the sign. Worlds are sorted into five classes
    /// by what they drew; if the parameter were known, one would be in one of them. What shuffled worlds show is subtracted,
    /// and nothing is named that shufflings do as well as.
    pub fn questions(&self, a: &Series, b: &Series, differences: &BTreeMap<String, Difference>) -> Vec<Question> {
        let mut questions = Vec::new();
        for id in HEADLINES {
            let open = differences.get(id).is_some_and(|d| d.verdict == NOT_SETTLED);
            let from = verdict_from(id);
            let worlds = a.of(from).zip(b.of(from)).and_then(|(x, y)| world_differences(x, y));
            let (true, Some(worlds)) = (open, worlds) else { continue };
            let Some(split) = stats::split(&worlds) else { continue };
            let sides: Vec<bool> = stats::plausible_means(&worlds, &split)
                .iter()
                .map(|m| *m > 0.0)
                .collect();
            let now = disagreement(&sides);
            if now < 0.02 || sides.len() < 4 * CLASSES {
                continue;
            }
            let mut shuffled: Vec<f64> = (0..SHUFFLES).map(|i| known(&sides, &shuffle(sides.len(), i))).collect();
            shuffled.sort_by(f64::total_cmp);
            let (luck, floor) = (stats::mean(&shuffled), shuffled[AS_GOOD]);
            let mut found: Vec<Question> = self
                .all
                .iter()
                .filter_map(|d| {
                    let when_known = known(&sides, &d.places);
                    (when_known < floor).then(|| Question {
                        metric: id.to_owned(),
                        parameter: d.key.clone(),
                        question: question(d),
                        disagreement: now,
                        disagreement_when_known: (now - (luck - when_known)).max(0.0),
                        settles: luck - when_known,
                    })
                })
                .collect();
            found.sort_by(|x, y| y.settles.total_cmp(&x.settles));
            questions.extend(found.into_iter().take(MOST));
        }
        questions.sort_by(|x, y| y.settles.total_cmp(&x.settles));
        questions
    }

    /// Where the runs at hand say that a headline's difference changes its sign, by a straight line through the worlds.
    pub fn fitted(&self, a: &Series, b: &Series, level: f64) -> Vec<TippingPoint> {
        let mut all = Vec::new();
        for id in HEADLINES {
            let from = verdict_from(id);
            let worlds = a.of(from).zip(b.of(from)).and_then(|(x, y)| world_differences(x, y));
            let Some(worlds) = worlds else { continue };
            let y: Vec<f64> = worlds.iter().map(|w| stats::mean(w)).collect();
            let mut lines: Vec<(f64, TippingPoint)> =
                self.all.iter().filter_map(|d| self.line(d, id, &y, level)).collect();
            lines.sort_by(|x, y| y.0.total_cmp(&x.0));
            all.extend(lines.into_iter().take(MOST).map(|l| l.1));
        }
        all
    }

    /// Parameters by how much of a metric's difference a straight line in their place explains, most first; none that
    /// explains what luck would.
    pub fn by_weight(&self, a: &Series, b: &Series, metric: &str) -> Vec<&Doubt> {
        let from = verdict_from(metric);
        let worlds = a.of(from).zip(b.of(from)).and_then(|(x, y)| world_differences(x, y));
        let y: Vec<f64> = worlds.unwrap_or_default().iter().map(|w| stats::mean(w)).collect();
        let mut found: Vec<(f64, &Doubt)> = self
            .all
            .iter()
            .filter(|d| d.id.is_some())
            .filter_map(|d| Some((Line::through(&d.places, &y)?, d)))
            .filter(|(line, _)| line.slope.abs() > 2.0 * line.slope_error)
            .map(|(line, d)| (line.explains, d))
            .collect();
        found.sort_by(|x, y| y.0.total_cmp(&x.0));
        found.into_iter().map(|f| f.1).collect()
    }

    /// The best of three straight lines (in the place, the value, or its logarithm), if it explains something and crosses
    /// zero where the parameter plausibly is; with the share that it explains.
    fn line(&self, doubt: &Doubt, metric: &str, y: &[f64], level: f64) -> Option<(f64, TippingPoint)> {
        doubt.prior?;
        let values: Vec<f64> = doubt.places.iter().map(|u| doubt.value(*u)).collect();
        let logs: Vec<f64> = values
            .iter()
            .map(|v| if *v > 0.0 { libm::log(*v) } else { f64::NAN })
            .collect();
        let forms: [(&[f64], Back); 3] = [
            (&doubt.places, |d, x| d.value(x.clamp(0.0, 1.0))),
            (&values, |_, x| x),
            (&logs, |_, x| libm::exp(x)),
        ];
        let best = forms
            .iter()
            .filter_map(|(x, back)| Some((Line::through(x, y)?, *back)))
            .max_by(|p, q| p.0.explains.total_cmp(&q.0.explains))?;
        let (line, back) = best;
        // Four standard errors: of a hundred parameters none should look like this by luck.
        if line.slope.abs() < 4.0 * line.slope_error {
            return None;
        }
        let value = back(doubt, line.root());
        let interval = line.root_interval(level).map(|i| i.map(|x| back(doubt, x)));
        let (low, high) = (doubt.value(0.025), doubt.value(0.975));
        if !(low..=high).contains(&value) {
            return None;
        }
        let above = values.iter().filter(|v| **v > value).count() as f64 / values.len() as f64;
        let mut point = TippingPoint {
            metric: metric.to_owned(),
            parameter: doubt.key.clone(),
            what: doubt.what.clone(),
            unit: doubt.unit.to_owned(),
            value,
            interval,
            plausible_above: above,
            how: "fitted to the runs at hand".to_owned(),
            ..TippingPoint::default()
        };
        point.sentence = sentence(&point, self.names, line.slope > 0.0);
        Some((line.explains, point))
    }
}

/// The finding in a sentence; `rises` says whether the difference grows with the parameter.
pub(crate) fn sentence(point: &TippingPoint, [strategy, baseline]: [&str; 2], rises: bool) -> String {
    let title = metric(&point.metric).map_or(point.metric.clone(), |m| m.title.to_lowercase());
    let (below, above) = if rises { ("less", "more") } else { ("more", "less") };
    format!(
        "{title}: {strategy} has {below} than {baseline} while {} is below {}{}{}, and {above} if it is above; {:.0} % of its \
         plausible values are above.",
        point.parameter,
        short(point.value),
        if point.unit.is_empty() { "" } else { " " },
        point.unit,
        100.0 * point.plausible_above,
    )
}

/// Whether a parameter can move a headline at all: prices cannot, nor can what only programmes or searches of images read where
/// there are none.
fn concerns(plan: &Plan, key: &str) -> bool {
    match key.split('.').next() {
        Some("cost") => false,
        Some("programme") => plan.programme.is_some(),
        Some("retrospective") => plan.strategies.iter().any(|s| s.rates.is_some()),
        _ => true,
    }
}

/// Two significant figures.
fn short(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return format!("{x}");
    }
    let decimals = (1.0 - libm::floor(libm::log10(x.abs()))).clamp(0.0, 12.0);
    format!("{x:.*}", decimals as usize)
}

fn question(d: &Doubt) -> String {
    let what = d.what.trim_end_matches('.');
    let mut letters = what.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
    format!("What does the force know of {}: {first}{}?", d.key, letters.as_str())
}

/// Chance that two worlds disagree.
fn disagreement(sides: &[bool]) -> f64 {
    let above = sides.iter().filter(|s| **s).count() as f64 / sides.len().max(1) as f64;
    2.0 * above * (1.0 - above)
}

/// The same within classes of worlds by a parameter, on average.
fn known(sides: &[bool], places: &[f64]) -> f64 {
    let mut order: Vec<usize> = (0..sides.len()).collect();
    order.sort_by(|a, b| places[*a].total_cmp(&places[*b]));
    let n = sides.len();
    (0..CLASSES)
        .map(|c| {
            let class: Vec<bool> = order[n * c / CLASSES..n * (c + 1) / CLASSES]
                .iter()
                .map(|i| sides[*i])
                .collect();
            disagreement(&class) * class.len() as f64 / n as f64
        })
        .sum()
}

/// Places that have nothing to do with anything: one shuffling.
fn shuffle(n: usize, number: usize) -> Vec<f64> {
    let stream = Stream::new(0x7368_7566, number as u32, 65);
    (0..n).map(|i| stream.block(1, 0, 0, i as u64).fine(0)).collect()
}

/// A least-squares line.
struct Line {
    intercept: f64,
    slope: f64,
    slope_error: f64,
    explains: f64,
    n: f64,
    mean_x: f64,
    spread_x: f64,
    residual: f64,
}

impl Line {
    fn through(x: &[f64], y: &[f64]) -> Option<Line> {
        let n = x.len();
        if n < 10 || x.iter().any(|v| !v.is_finite()) {
            return None;
        }
        let (vx, vy, cov) = (stats::variance(x), stats::variance(y), stats::fieller::covariance(x, y));
        if vx <= 0.0 || vy <= 0.0 {
            return None;
        }
        let slope = cov / vx;
        let residual = (vy - slope * cov).max(0.0) * (n - 1) as f64 / (n - 2) as f64;
        let spread_x = vx * (n - 1) as f64;
        Some(Line {
            intercept: stats::mean(y) - slope * stats::mean(x),
            slope,
            slope_error: libm::sqrt(residual / spread_x),
            explains: slope * cov / vy,
            n: n as f64,
            mean_x: stats::mean(x),
            spread_x,
            residual,
        })
    }

    fn root(&self) -> f64 {
        -self.intercept / self.slope
    }

    /// Fieller's interval of the root: where zero lies within the band around the line.
    fn root_interval(&self, level: f64) -> Option<[f64; 2]> {
        let t = dist::student_t_quantile(0.5 + 0.5 * level, self.n - 2.0);
        let scale = t * t * self.residual;
        let at_mean = self.intercept + self.slope * self.mean_x;
        // With z = x - mean: (at_mean + slope z)² = scale (1/n + z² / spread).
        let a = self.slope * self.slope - scale / self.spread_x;
        let b = at_mean * self.slope;
        let c = at_mean * at_mean - scale / self.n;
        if a <= 0.0 {
            return None;
        }
        let root = libm::sqrt((b * b - a * c).max(0.0));
        Some([self.mean_x + (-b - root) / a, self.mean_x + (-b + root) / a])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knowing_what_decides_settles_and_knowing_anything_else_does_not() {
        let n = 200;
        let decides = shuffle(n, 901);
        let other = shuffle(n, 902);
        let sides: Vec<bool> = decides.iter().map(|u| *u > 0.4).collect();
        assert!((disagreement(&sides) - 0.48).abs() < 0.04);
        assert!(known(&sides, &decides) < 0.1);
        assert!(known(&sides, &other) > 0.4);
    }

    #[test]
    fn what_cannot_move_an_answer_is_not_asked_about() {
        let path = std::path::Path::new("scenarios/reference/high-street-1-base.toml");
        let plan = crate::scenario::load(path, &Default::default()).unwrap();
        assert!(concerns(&plan, "sought.prevalence") && concerns(&plan, "operator.criterion"));
        assert!(!concerns(&plan, "cost.staff_gbp_h") && !concerns(&plan, "programme.displaced"));
    }

    #[test]
    fn a_line_finds_its_root_and_covers_it() {
        let x = shuffle(300, 903);
        let noise = shuffle(300, 904);
        let y: Vec<f64> = x.iter().zip(&noise).map(|(x, e)| 3.0 * (x - 0.7) + e - 0.5).collect();
        let line = Line::through(&x, &y).unwrap();
        assert!((line.root() - 0.7).abs() < 0.05);
        let [low, high] = line.root_interval(0.95).unwrap();
        assert!(low < 0.7 && 0.7 < high && high - low < 0.1, "{low} {high}");
        assert!(Line::through(&[1.0; 20], &[1.0; 20]).is_none());
    }
}
