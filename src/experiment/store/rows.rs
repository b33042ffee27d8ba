//! Runs as rows of a shard.

use super::super::columns::{Column, TableFile};
use super::super::summarise::LABEL;
use super::{Contents, Hashing};
use crate::measure::{Faces, METRICS, RunSummary};
use parquet::errors::ParquetError;
use std::io::BufWriter;
use std::sync::Arc;

/// Runs that are kept in memory before they are written.
const RUNS_PER_GROUP: usize = 1000;

/// One run of a sweep.
pub(crate) struct RunRow {
    pub point: usize,
    pub strategy: usize,
    pub replication: usize,
    pub seed: u64,
    pub faces: Faces,
    /// Axis and level of every group of the run, "all" first.
    pub groups: Arc<Vec<(String, String)>>,
    /// The run, or why there is none.
    pub run: Result<RunSummary, String>,
}

/// What all rows of a store share.
pub(crate) struct Frame<'a> {
    contents: &'a Contents,
    /// Whether the values of each key are numbers.
    numeric: &'a [bool],
}

/// The rows of a shard on their way into its file.
pub(crate) struct Rows<'a> {
    frame: Frame<'a>,
    /// Values of the points in hand, by point.
    values: Vec<(usize, Vec<String>)>,
    rows: Vec<RunRow>,
    file: TableFile<BufWriter<Hashing>>,
}

impl<'a> Rows<'a> {
    /// Begins a shard.
    pub fn new(out: BufWriter<Hashing>, contents: &'a Contents, numeric: &'a [bool]) -> Result<Self, ParquetError> {
        let frame = Frame { contents, numeric };
        let notes = [("study_hash", contents.study_hash.clone()), ("label", LABEL.to_owned())];
        let file = TableFile::new(out, &frame.columns(&[], &[]), &notes)?;
        Ok(Rows {
            frame,
            values: Vec::new(),
            rows: Vec::new(),
            file,
        })
    }

    /// Says which values the rows of a point have.
    pub fn point(&mut self, point: usize, values: Vec<String>) {
        self.values.push((point, values));
    }

    /// Adds a run.
    pub fn push(&mut self, row: RunRow) -> Result<(), ParquetError> {
        self.rows.push(row);
        if self.rows.len() >= RUNS_PER_GROUP {
            self.flush()
        } else {
            Ok(())
        }
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        if !self.rows.is_empty() {
            self.file.group(&self.frame.columns(&self.rows, &self.values))?;
        }
        self.rows.clear();
        let keep = self.values.len().saturating_sub(1);
        self.values.drain(..keep);
        Ok(())
    }

    /// Writes what is left, and the end of the file.
    pub fn finish(mut self) -> Result<BufWriter<Hashing>, ParquetError> {
        self.flush()?;
        self.file.finish()
    }
}

/// A key as the name of a column.
pub(crate) fn column_name(key: &str) -> String {
    key.replace('.', "_")
}

/// The column of each key's values.
pub(crate) fn key_columns<'v>(
    contents: &Contents,
    numeric: &[bool],
    values: &(dyn Fn(usize) -> Vec<&'v str> + '_),
) -> Vec<Column> {
    let column = |(i, key): (usize, &String)| {
        let (name, doc) = (column_name(key), format!("value of {key} at the point"));
        if numeric[i] {
            Column::real(&name, &doc, values(i).iter().map(|v| v.parse().ok()).collect())
        } else {
            Column::text(&name, &doc, values(i).iter().map(|v| (*v).to_owned()).collect())
        }
    };
    contents.keys.iter().enumerate().map(column).collect()
}

impl Frame<'_> {
    /// The columns of these runs: a row for each group of a run, one row for a run that failed.
    fn columns(&self, runs: &[RunRow], points: &[(usize, Vec<String>)]) -> Vec<Column> {
        let mut rows: Vec<(&RunRow, usize)> = Vec::new();
        for run in runs {
            let groups = if run.run.is_ok() { run.groups.len() } else { 1 };
            rows.extend((0..groups).map(|g| (run, g)));
        }
        let whole = |f: fn(&RunRow) -> i64| rows.iter().map(|(r, _)| f(r)).collect();
        let text = |f: &dyn Fn(&RunRow, usize) -> String| rows.iter().map(|(r, g)| f(r, *g)).collect();
        let value = |key: usize| {
            let of = |point: usize| {
                points
                    .iter()
                    .rfind(|(p, _)| *p == point)
                    .map_or("", |(_, v)| v[key].as_str())
            };
            rows.iter().map(|(r, _)| of(r.point)).collect::<Vec<&str>>()
        };
        let hash = |r: &RunRow, _: usize| r.run.as_ref().map_or(String::new(), |run| format!("{:016x}", run.hash));
        let error = |r: &RunRow, _: usize| r.run.as_ref().err().cloned().unwrap_or_default();
        let mut columns = vec![Column::whole(
            "point",
            "number of the point, from 0",
            whole(|r| r.point as i64),
        )];
        columns.extend(key_columns(self.contents, self.numeric, &value));
        columns.extend([
            Column::text(
                "strategy",
                "name of the placement strategy",
                text(&|r, _| self.contents.strategies[r.strategy].clone()),
            ),
            Column::whole(
                "replication",
                "number of the replication, from 0",
                whole(|r| r.replication as i64),
            ),
            Column::text(
                "group_by",
                "axis of the group, or all",
                text(&|r, g| r.groups[g].0.clone()),
            ),
            Column::text(
                "group",
                "level of the group, or all",
                text(&|r, g| r.groups[g].1.clone()),
            ),
            Column::whole("seed", "master seed", whole(|r| r.seed as i64)),
            Column::text(
                "trace_hash",
                "hash of everything observed in the run, empty if it failed",
                text(&hash),
            ),
            Column::text("error", "why the run failed, empty if it did not", text(&error)),
        ]);
        for metric in METRICS {
            let parts = |(r, g): &(&RunRow, usize)| {
                let run = r.run.as_ref().ok().filter(|_| *g == 0 || metric.by_group)?;
                Some(metric.parts(run, *g, r.faces))
            };
            let parts: Vec<Option<(f64, Option<f64>)>> = rows.iter().map(parts).collect();
            let value = |p: &Option<(f64, Option<f64>)>| match p {
                Some((n, None)) => Some(*n),
                Some((n, Some(d))) => (*d > 0.0).then(|| n / d),
                None => None,
            };
            let doc = format!("{}: {} [{}]", metric.title, metric.definition, metric.unit);
            columns.push(Column::real(metric.id, &doc, parts.iter().map(value).collect()));
            if metric.is_rate() {
                let doc = format!(
                    "what {} was divided by in this run: the weight with which to pool it",
                    metric.id
                );
                let weight = parts.iter().map(|p| p.and_then(|p| p.1)).collect();
                columns.push(Column::real(&format!("{}_per", metric.id), &doc, weight));
            }
        }
        columns
    }
}
