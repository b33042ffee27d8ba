//! A finished store's points summed up: the rows of `points.parquet`.

use super::super::columns::{Column, Data};
use super::super::stopping::{Judge, Part, Reach};
use super::Contents;
use super::rows::key_columns;
use crate::measure::Metric;

/// A row of a shard.
pub(super) struct Row<'d> {
    pub point: usize,
    pub strategy: usize,
    /// Number of the group in order of first use; 0 is everybody.
    pub group: usize,
    /// Axis and level of the group.
    pub names: (&'d str, &'d str),
    pub failed: bool,
    pub keys: &'d [Data],
    pub metrics: &'d [Data],
    pub at: usize,
}

/// A row of `points.parquet` being summed up.
pub(super) struct PointRow {
    point: usize,
    strategy: usize,
    group: (String, String),
    values: Vec<String>,
    runs: i64,
    failed: i64,
    moments: Vec<Moments>,
    /// Parts in the metric of a rule of stopping, of the row for everybody.
    pub parts: Vec<Part>,
    /// How precisely the point's strategy is known, if the study has a rule of stopping.
    pub reach: Option<Reach>,
}

impl PointRow {
    pub fn new(row: &Row, metrics: usize) -> PointRow {
        let value = |d: &Data| match d {
            Data::Real(v) => v[row.at].map_or(String::new(), |x| x.to_string()),
            Data::Text(v) => v[row.at].clone(),
            Data::Whole(v) => v[row.at].to_string(),
        };
        PointRow {
            point: row.point,
            strategy: row.strategy,
            group: (row.names.0.to_owned(), row.names.1.to_owned()),
            values: row.keys.iter().map(value).collect(),
            runs: 0,
            failed: 0,
            moments: vec![Moments::default(); metrics],
            parts: Vec::new(),
            reach: None,
        }
    }

    /// Takes in a run's row; `metrics` are those of the store.
    pub fn add(&mut self, row: &Row, metrics: &[&'static Metric], judge: Option<&Judge>) {
        self.failed += i64::from(row.failed);
        self.runs += i64::from(!row.failed);
        if row.failed {
            return;
        }
        let mut columns = row.metrics.iter();
        let mut next = || match columns.next() {
            Some(Data::Real(v)) => v[row.at],
            _ => None,
        };
        for (metric, moments) in metrics.iter().zip(&mut self.moments) {
            let value = next();
            let per = if metric.is_rate() { next() } else { None };
            let weight = if metric.is_rate() { per } else { value.map(|_| 1.0) };
            if let Some(weight) = weight {
                moments.add(value.unwrap_or(0.0) * weight, weight);
            }
            if let Some(judge) = judge.filter(|j| row.group == 0 && j.metric().id == metric.id) {
                self.parts.extend(judge.part(value, per));
            }
        }
    }
}

/// The columns of `points.parquet` for these rows.
pub(super) fn point_columns(
    contents: &Contents,
    numeric: &[bool],
    rows: &[PointRow],
    judge: Option<&Judge>,
) -> Vec<Column> {
    let value = |key: usize| rows.iter().map(|r| r.values[key].as_str()).collect::<Vec<&str>>();
    let whole = |f: fn(&PointRow) -> i64| rows.iter().map(f).collect();
    let text = |f: &dyn Fn(&PointRow) -> String| rows.iter().map(f).collect();
    let mut columns = vec![Column::whole(
        "point",
        "number of the point, from 0",
        whole(|r| r.point as i64),
    )];
    columns.extend(key_columns(contents, numeric, &value));
    columns.extend([
        Column::text(
            "strategy",
            "name of the placement strategy",
            text(&|r| contents.strategies[r.strategy].clone()),
        ),
        Column::text("group_by", "axis of the group, or all", text(&|r| r.group.0.clone())),
        Column::text("group", "level of the group, or all", text(&|r| r.group.1.clone())),
        Column::whole("runs", "runs that ended", whole(|r| r.runs)),
        Column::whole("failed", "runs that failed", whole(|r| r.failed)),
    ]);
    if let Some(judge) = judge {
        columns.extend(precision_columns(rows, judge.metric()));
    }
    for (m, metric) in contents.metrics().enumerate() {
        let how = if metric.is_rate() { "ratio of sums" } else { "mean" };
        let doc = format!(
            "{}, {how} over the point's runs: {} [{}]",
            metric.title, metric.definition, metric.unit
        );
        let means = rows.iter().map(|r| r.moments[m].mean()).collect();
        columns.push(Column::real(metric.id, &doc, means));
        let doc = format!("standard error of {} over the point's runs", metric.id);
        let errors = rows.iter().map(|r| r.moments[m].standard_error()).collect();
        columns.push(Column::real(&format!("{}_se", metric.id), &doc, errors));
    }
    columns
}

/// What a rule of stopping has come to at each point.
fn precision_columns(rows: &[PointRow], metric: &Metric) -> [Column; 2] {
    let width = |r: &PointRow| match r.reach {
        Some(Reach::HalfWidth { width, .. }) => Some(width).filter(|w| w.is_finite()),
        _ => None,
    };
    let word = |r: &PointRow| match r.reach {
        Some(Reach::HalfWidth { reached: true, .. }) => "yes",
        Some(Reach::HalfWidth { .. }) => "no",
        _ => "none",
    };
    let doc = format!(
        "half-width of the interval of {} under the strategy, as the study asked for it: a share of the mean, or in its unit",
        metric.id
    );
    let reached = "whether that half-width is as small as the study asked: yes, no, or none where the strategy has none of the metric";
    [
        Column::real("precision_half_width", &doc, rows.iter().map(width).collect()),
        Column::text(
            "precision_reached",
            reached,
            rows.iter().map(|r| word(r).to_owned()).collect(),
        ),
    ]
}

/// Sums from which a ratio of sums and its standard error follow.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    n: f64,
    x: f64,
    w: f64,
    xx: f64,
    xw: f64,
    ww: f64,
}

impl Moments {
    fn add(&mut self, x: f64, w: f64) {
        self.n += 1.0;
        self.x += x;
        self.w += w;
        self.xx += x * x;
        self.xw += x * w;
        self.ww += w * w;
    }

    fn mean(&self) -> Option<f64> {
        (self.w > 0.0).then(|| self.x / self.w)
    }

    /// By linearisation: the spread of x - mean w over the mean of w.
    fn standard_error(&self) -> Option<f64> {
        let mean = self.mean().filter(|_| self.n > 1.0)?;
        let squares = self.xx - 2.0 * mean * self.xw + mean * mean * self.ww;
        // What rounding leaves of equal values is nothing.
        let squares = if squares < 1e-12 * self.xx { 0.0 } else { squares };
        Some(libm::sqrt(squares / (self.n - 1.0) / self.n) / (self.w / self.n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_give_the_mean_and_the_error_of_the_textbook() {
        let mut plain = Moments::default();
        [1.0, 2.0, 3.0, 4.0].iter().for_each(|x| plain.add(*x, 1.0));
        assert_eq!(plain.mean(), Some(2.5));
        let expected = libm::sqrt(5.0 / 3.0 / 4.0);
        assert!((plain.standard_error().unwrap() - expected).abs() < 1e-12);
        let mut rate = Moments::default();
        [(1.0, 10.0), (3.0, 30.0), (2.0, 20.0)]
            .iter()
            .for_each(|(x, w)| rate.add(*x, *w));
        assert!((rate.mean().unwrap() - 0.1).abs() < 1e-15);
        assert!(rate.standard_error().unwrap() < 1e-6);
        assert_eq!(Moments::default().mean(), None);
    }
}
