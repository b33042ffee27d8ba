//! Runs as rows of a shard.

use super::super::columns::{Column, TableFile};
use super::super::summarise::LABEL;
use super::known::KnownRun;
use super::{Contents, Hashing};
use crate::measure::{Faces, Metric, RunSummary};
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

/// A metric of a run as it is stored: its value and, of a rate, what it was divided by.
pub(crate) fn stored(metric: &Metric, run: &RunSummary, group: usize, faces: Faces) -> (Option<f64>, Option<f64>) {
    match metric.parts(run, group, faces) {
        (n, None) => (Some(n), None),
        (n, Some(per)) => ((per > 0.0).then(|| n / per), Some(per)),
    }
}

/// What all rows of a store share.
pub(crate) struct Frame<'a> {
    contents: &'a Contents,
    /// Whether the values of each key are numbers.
    numeric: &'a [bool],
}

/// Runs that wait to be written: new ones, or rows of an earlier shard.
enum Waiting {
    New(Vec<RunRow>),
    Known(KnownRun),
}

/// The rows of a shard on their way into its file.
pub(crate) struct Rows<'a> {
    frame: Frame<'a>,
    /// Values of the points in hand, by point.
    values: Vec<(usize, Vec<String>)>,
    waiting: Vec<Waiting>,
    runs: usize,
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
            waiting: Vec::new(),
            runs: 0,
            file,
        })
    }

    /// Says which values the rows of a point have.
    pub fn point(&mut self, point: usize, values: Vec<String>) {
        self.values.push((point, values));
    }

    /// Adds a run.
    pub fn push(&mut self, row: RunRow) -> Result<(), ParquetError> {
        match self.waiting.last_mut() {
            Some(Waiting::New(rows)) => rows.push(row),
            _ => self.waiting.push(Waiting::New(vec![row])),
        }
        self.count()
    }

    /// Adds the rows of a run that an earlier shard holds.
    pub fn push_known(&mut self, run: KnownRun) -> Result<(), ParquetError> {
        match self.waiting.last_mut() {
            Some(Waiting::Known(last)) if Arc::ptr_eq(&last.data, &run.data) && last.rows.end == run.rows.start => {
                last.rows.end = run.rows.end;
            }
            _ => self.waiting.push(Waiting::Known(run)),
        }
        self.count()
    }

    /// Rows are written after the same number of runs, wherever these come from.
    fn count(&mut self) -> Result<(), ParquetError> {
        self.runs += 1;
        if self.runs >= RUNS_PER_GROUP {
            self.flush()
        } else {
            Ok(())
        }
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        if self.runs > 0 {
            let mut columns = self.frame.columns(&[], &[]);
            for part in self.waiting.drain(..) {
                let (data, rows) = match part {
                    Waiting::Known(run) => (run.data, run.rows),
                    Waiting::New(runs) => {
                        let new = self.frame.columns(&runs, &self.values);
                        let data: Vec<_> = new.into_iter().map(|c| c.data).collect();
                        let rows = 0..data.first().map_or(0, |d| d.len());
                        (Arc::new(data), rows)
                    }
                };
                for (column, data) in columns.iter_mut().zip(data.iter()) {
                    column.data.extend(data, rows.clone())?;
                }
            }
            self.file.group(&columns)?;
        }
        self.runs = 0;
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

/// The names of a shard's columns.
pub(crate) fn column_names(contents: &Contents, numeric: &[bool]) -> Vec<String> {
    let columns = Frame { contents, numeric }.columns(&[], &[]);
    columns.into_iter().map(|c| c.name).collect()
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
        for metric in self.contents.metrics() {
            let parts = |(r, g): &(&RunRow, usize)| match &r.run {
                Ok(run) if *g == 0 || metric.by_group => stored(metric, run, *g, r.faces),
                _ => (None, None),
            };
            let (values, weights) = rows.iter().map(parts).unzip();
            let doc = format!("{}: {} [{}]", metric.title, metric.definition, metric.unit);
            columns.push(Column::real(metric.id, &doc, values));
            if metric.is_rate() {
                let doc = format!(
                    "what {} was divided by in this run: the weight with which to pool it",
                    metric.id
                );
                columns.push(Column::real(&format!("{}_per", metric.id), &doc, weights));
            }
        }
        columns
    }
}
