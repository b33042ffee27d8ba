//! A finished store as two tables: `runs.parquet`, every run, and `points.parquet`, every point's means.

use super::super::columns::{Column, Data, TableFile, read_groups};
use super::super::summarise::LABEL;
use super::rows::{column_name, key_columns};
use super::{Store, Temporary};
use crate::measure::METRICS;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

/// Rows of `points.parquet` that are kept in memory before they are written.
const ROWS_PER_GROUP: usize = 4096;

/// What was collected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Runs that ended.
    pub runs: u64,
    /// Runs that failed.
    pub failed: u64,
}

impl Store {
    /// Puts the shards together, in their order, so that the result is the same whoever made them.
    ///
    /// # Errors
    /// A text for the user: a shard is missing or damaged, or the files cannot be written.
    pub fn collect(&self, numeric: &[bool]) -> Result<Collected, String> {
        let files = self.whole()?;
        self.write_runs(&files)?;
        self.write_points(&files, numeric)
    }

    fn write_runs(&self, files: &[PathBuf]) -> Result<(), String> {
        let target = self.path.join("runs.parquet");
        let say = |e: &dyn std::fmt::Display| format!("cannot write {}: {e}", target.display());
        let mut temporary = Temporary::new(&self.path).map_err(|e| say(&e))?;
        let out = BufWriter::new(temporary.take().map_err(|e| say(&e))?);
        let mut table: Option<TableFile<BufWriter<File>>> = None;
        let mut out = Some(out);
        for path in files {
            let read = |e: &dyn std::fmt::Display| format!("cannot read {}: {e}", path.display());
            let file = File::open(path).map_err(|e| read(&e))?;
            let table = match (&mut table, out.take()) {
                (Some(table), _) => table,
                (none, Some(out)) => none.insert(TableFile::like(out, &file).map_err(|e| read(&e))?),
                (None, None) => return Err(say(&"its file is gone")),
            };
            table.append(&file).map_err(|e| say(&e))?;
        }
        let Some(table) = table else {
            return Err(say(&"there are no shards"));
        };
        let out = table.finish().map_err(|e| say(&e))?;
        let file = out.into_inner().map_err(|e| say(&e.into_error()))?;
        file.sync_all().map_err(|e| say(&e))?;
        temporary.rename(&target).map_err(|e| say(&e))
    }

    fn write_points(&self, files: &[PathBuf], numeric: &[bool]) -> Result<Collected, String> {
        let target = self.path.join("points.parquet");
        let say = |e: &dyn std::fmt::Display| format!("cannot write {}: {e}", target.display());
        let mut temporary = Temporary::new(&self.path).map_err(|e| say(&e))?;
        let out = BufWriter::new(temporary.take().map_err(|e| say(&e))?);
        let notes = [
            ("study_hash", self.contents.study_hash.clone()),
            ("label", LABEL.to_owned()),
        ];
        let mut done: Vec<PointRow> = Vec::new();
        let columns = |rows: &[PointRow]| self.point_columns(rows, numeric);
        let mut table = TableFile::new(out, &columns(&[]), &notes).map_err(|e| say(&e))?;
        let mut count = Collected::default();
        let mut open: BTreeMap<(usize, usize), PointRow> = BTreeMap::new();
        let mut at = None;
        for path in files {
            let file = File::open(path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
            let read = |e: String| format!("cannot read {}: {e}", path.display());
            self.each_row(file, |row| {
                if at != Some(row.point) {
                    done.extend(std::mem::take(&mut open).into_values());
                    at = Some(row.point);
                }
                if done.len() >= ROWS_PER_GROUP {
                    table.group(&columns(&done)).map_err(|e| say(&e))?;
                    done.clear();
                }
                let all = row.group == 0;
                count.runs += u64::from(all && !row.failed);
                count.failed += u64::from(all && row.failed);
                open.entry((row.strategy, row.group))
                    .or_insert_with(|| PointRow::new(&row))
                    .add(&row);
                Ok(())
            })
            .map_err(read)?;
        }
        done.extend(open.into_values());
        if !done.is_empty() {
            table.group(&columns(&done)).map_err(|e| say(&e))?;
        }
        let out = table.finish().map_err(|e| say(&e))?;
        let file = out.into_inner().map_err(|e| say(&e.into_error()))?;
        file.sync_all().map_err(|e| say(&e))?;
        temporary.rename(&target).map_err(|e| say(&e))?;
        Ok(count)
    }

    /// Every row of a shard.
    fn each_row(&self, file: File, mut each: impl FnMut(Row<'_>) -> Result<(), String>) -> Result<(), String> {
        let mut names: Vec<String> = ["point", "strategy", "group_by", "group", "error"]
            .map(String::from)
            .to_vec();
        let keys = self.contents.keys.len();
        names.extend(self.contents.keys.iter().map(|k| column_name(k)));
        for m in METRICS {
            names.push(m.id.to_owned());
            if m.is_rate() {
                names.push(format!("{}_per", m.id));
            }
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut groups: Vec<(String, String)> = vec![("all".into(), "all".into())];
        read_groups(file, &names, |data| {
            let [
                Data::Whole(points),
                Data::Text(strategies),
                Data::Text(by),
                Data::Text(level),
                Data::Text(error),
                rest @ ..,
            ] = &data[..]
            else {
                return Err("its columns are of other types".into());
            };
            let (keys, metrics) = rest.split_at(keys.min(rest.len()));
            for i in 0..points.len() {
                let strategy = self.contents.strategies.iter().position(|s| *s == strategies[i]);
                let strategy = strategy.ok_or_else(|| format!("it names a strategy {}", strategies[i]))?;
                let place = groups.iter().position(|g| g.0 == by[i] && g.1 == level[i]);
                let group = place.unwrap_or_else(|| {
                    groups.push((by[i].clone(), level[i].clone()));
                    groups.len() - 1
                });
                each(Row {
                    point: points[i] as usize,
                    strategy,
                    group,
                    names: (&by[i], &level[i]),
                    failed: !error[i].is_empty(),
                    keys,
                    metrics,
                    at: i,
                })?;
            }
            Ok(())
        })
    }

    fn point_columns(&self, rows: &[PointRow], numeric: &[bool]) -> Vec<Column> {
        let value = |key: usize| rows.iter().map(|r| r.values[key].as_str()).collect::<Vec<&str>>();
        let whole = |f: fn(&PointRow) -> i64| rows.iter().map(f).collect();
        let mut columns = vec![Column::whole(
            "point",
            "number of the point, from 0",
            whole(|r| r.point as i64),
        )];
        columns.extend(key_columns(&self.contents, numeric, &value));
        let strategy = |r: &PointRow| self.contents.strategies[r.strategy].clone();
        columns.extend([
            Column::text(
                "strategy",
                "name of the placement strategy",
                rows.iter().map(strategy).collect(),
            ),
            Column::text(
                "group_by",
                "axis of the group, or all",
                rows.iter().map(|r| r.group.0.clone()).collect(),
            ),
            Column::text(
                "group",
                "level of the group, or all",
                rows.iter().map(|r| r.group.1.clone()).collect(),
            ),
            Column::whole("runs", "runs that ended", whole(|r| r.runs)),
            Column::whole("failed", "runs that failed", whole(|r| r.failed)),
        ]);
        for (m, metric) in METRICS.iter().enumerate() {
            let how = if metric.is_rate() { "ratio of sums" } else { "mean" };
            let doc = format!(
                "{}, {how} over the point's runs: {} [{}]",
                metric.title, metric.definition, metric.unit
            );
            columns.push(Column::real(
                metric.id,
                &doc,
                rows.iter().map(|r| r.moments[m].mean()).collect(),
            ));
            let doc = format!("standard error of {} over the point's runs", metric.id);
            let errors = rows.iter().map(|r| r.moments[m].standard_error()).collect();
            columns.push(Column::real(&format!("{}_se", metric.id), &doc, errors));
        }
        columns
    }
}

/// A row of a shard.
struct Row<'d> {
    point: usize,
    strategy: usize,
    group: usize,
    names: (&'d str, &'d str),
    failed: bool,
    keys: &'d [Data],
    metrics: &'d [Data],
    at: usize,
}

/// A row of `points.parquet` being summed up.
struct PointRow {
    point: usize,
    strategy: usize,
    group: (String, String),
    values: Vec<String>,
    runs: i64,
    failed: i64,
    moments: Vec<Moments>,
}

impl PointRow {
    fn new(row: &Row) -> PointRow {
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
            moments: vec![Moments::default(); METRICS.len()],
        }
    }

    fn add(&mut self, row: &Row) {
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
        for (metric, moments) in METRICS.iter().zip(&mut self.moments) {
            let value = next();
            let weight = if metric.is_rate() { next() } else { value.map(|_| 1.0) };
            if let Some(weight) = weight {
                moments.add(value.unwrap_or(0.0) * weight, weight);
            }
        }
    }
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
