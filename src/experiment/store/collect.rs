//! A finished store as two tables: `runs.parquet`, every run, and `points.parquet`, every point's means.

use super::super::columns::{Column, Data, Groups, TableFile, read_groups};
use super::super::stopping::Judge;
use super::super::summarise::LABEL;
use super::points::{PointRow, Row, point_columns};
use super::rows::column_name;
use super::{Store, Temporary};
use crate::measure::Metric;
use parquet::errors::ParquetError;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

/// Rows that are kept in memory before they are written as a group.
const ROWS_PER_GROUP: usize = 8192;

/// What was collected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Runs that ended.
    pub runs: u64,
    /// Runs that failed.
    pub failed: u64,
    /// Points that a rule of stopping left less precise than asked.
    pub imprecise: u64,
}

/// Rows of several shards on their way into one group of rows: a file keeps something of each group in memory until it is
/// written, so that small groups would cost more the more shards there are.
#[derive(Default)]
struct Gathered(Vec<Column>);

impl Gathered {
    fn rows(&self) -> usize {
        self.0.first().map_or(0, |c| c.data.len())
    }

    fn add(&mut self, data: Vec<Data>) -> Result<(), ParquetError> {
        if self.0.is_empty() {
            let column = |data| Column {
                name: String::new(),
                doc: String::new(),
                data,
            };
            self.0 = data.into_iter().map(column).collect();
            return Ok(());
        }
        let mut both = self.0.iter_mut().zip(&data);
        both.try_for_each(|(own, more)| own.data.extend(more, 0..more.len()))
    }

    fn take(&mut self) -> Vec<Column> {
        std::mem::take(&mut self.0)
    }
}

impl Store {
    /// Puts the shards together, in their order, so that the result is the same whoever made them.
    ///
    /// # Errors
    /// A text for the user: a shard is missing or damaged, or the files cannot be written.
    pub(crate) fn collect(&self, numeric: &[bool], judge: Option<&Judge>) -> Result<Collected, String> {
        let files = self.whole()?;
        // Somebody may have asked for more replications since this process began.
        self.check_identity()?;
        self.write_runs(files.iter().flatten())?;
        self.write_points(&files, numeric, judge)
    }

    fn write_runs<'f>(&self, files: impl Iterator<Item = &'f PathBuf>) -> Result<(), String> {
        let target = self.path.join("runs.parquet");
        let say = |e: &dyn std::fmt::Display| format!("cannot write {}: {e}", target.display());
        let mut temporary = Temporary::new(&self.path).map_err(|e| say(&e))?;
        let out = BufWriter::new(temporary.take().map_err(|e| say(&e))?);
        let mut table: Option<TableFile<BufWriter<File>>> = None;
        let mut out = Some(out);
        let mut gathered = Gathered::default();
        for path in files {
            let read = |e: &dyn std::fmt::Display| format!("cannot read {}: {e}", path.display());
            let file = File::open(path).map_err(|e| read(&e))?;
            let table = match (&mut table, out.take()) {
                (Some(table), _) => table,
                (none, Some(out)) => none.insert(TableFile::like(out, &file).map_err(|e| read(&e))?),
                (None, None) => return Err(say(&"its file is gone")),
            };
            let mut groups = Groups::open_whole(file).map_err(|e| read(&e))?;
            while let Some(data) = groups.next().map_err(|e| read(&e))? {
                gathered.add(data).map_err(|e| read(&e))?;
                if gathered.rows() >= ROWS_PER_GROUP {
                    table.group(&gathered.take()).map_err(|e| say(&e))?;
                }
            }
        }
        let Some(mut table) = table else {
            return Err(say(&"there are no shards"));
        };
        if gathered.rows() > 0 {
            table.group(&gathered.take()).map_err(|e| say(&e))?;
        }
        let out = table.finish().map_err(|e| say(&e))?;
        let file = out.into_inner().map_err(|e| say(&e.into_error()))?;
        file.sync_all().map_err(|e| say(&e))?;
        temporary.rename(&target).map_err(|e| say(&e))
    }

    fn write_points(
        &self,
        files: &[Vec<PathBuf>],
        numeric: &[bool],
        judge: Option<&Judge>,
    ) -> Result<Collected, String> {
        let target = self.path.join("points.parquet");
        let say = |e: &dyn std::fmt::Display| format!("cannot write {}: {e}", target.display());
        let mut temporary = Temporary::new(&self.path).map_err(|e| say(&e))?;
        let out = BufWriter::new(temporary.take().map_err(|e| say(&e))?);
        let notes = [
            ("study_hash", self.contents.study_hash.clone()),
            ("label", LABEL.to_owned()),
        ];
        let columns = |rows: &[PointRow]| point_columns(&self.contents, numeric, rows, judge);
        let mut table = TableFile::new(out, &columns(&[]), &notes).map_err(|e| say(&e))?;
        let (mut done, mut count) = (Vec::new(), Collected::default());
        for shards in files {
            self.sum_up(shards, judge, &mut done, &mut count)?;
            if done.len() >= ROWS_PER_GROUP {
                table.group(&columns(&done)).map_err(|e| say(&e))?;
                done.clear();
            }
        }
        if !done.is_empty() {
            table.group(&columns(&done)).map_err(|e| say(&e))?;
        }
        let out = table.finish().map_err(|e| say(&e))?;
        let file = out.into_inner().map_err(|e| say(&e.into_error()))?;
        file.sync_all().map_err(|e| say(&e))?;
        temporary.rename(&target).map_err(|e| say(&e))?;
        Ok(count)
    }

    /// Appends the rows of the points that share these shards, by point, strategy and group.
    fn sum_up(
        &self,
        shards: &[PathBuf],
        judge: Option<&Judge>,
        done: &mut Vec<PointRow>,
        count: &mut Collected,
    ) -> Result<(), String> {
        let metrics: Vec<&Metric> = self.contents.metrics().collect();
        let mut open: BTreeMap<(usize, usize, usize), PointRow> = BTreeMap::new();
        for path in shards {
            let read = |e: &dyn std::fmt::Display| format!("cannot read {}: {e}", path.display());
            let file = File::open(path).map_err(|e| read(&e))?;
            self.each_row(file, &metrics, |row| {
                let all = u64::from(row.group == 0);
                count.runs += all * u64::from(!row.failed);
                count.failed += all * u64::from(row.failed);
                open.entry((row.point, row.strategy, row.group))
                    .or_insert_with(|| PointRow::new(&row, metrics.len()))
                    .add(&row, &metrics, judge);
            })
            .map_err(|e| read(&e))?;
        }
        if let Some(judge) = judge {
            count.imprecise += state_precision(&mut open, judge);
        }
        done.extend(open.into_values());
        Ok(())
    }

    /// Every row of a shard.
    fn each_row(&self, file: File, metrics: &[&Metric], mut each: impl FnMut(Row<'_>)) -> Result<(), String> {
        let mut names: Vec<String> = ["point", "strategy", "group_by", "group", "error"]
            .map(String::from)
            .to_vec();
        let keys = self.contents.keys.len();
        names.extend(self.contents.keys.iter().map(|k| column_name(k)));
        for m in metrics {
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
                });
            }
            Ok(())
        })
    }
}

/// Writes into all rows of a point and a strategy how precisely it is known; the number of points that are not precise enough.
fn state_precision(open: &mut BTreeMap<(usize, usize, usize), PointRow>, judge: &Judge) -> u64 {
    let reaches: BTreeMap<(usize, usize), _> = open
        .iter()
        .filter(|((_, _, group), _)| *group == 0)
        .map(|((point, strategy, _), row)| ((*point, *strategy), (judge.reach(&row.parts), row.parts.clone())))
        .collect();
    for ((point, strategy, _), row) in open.iter_mut() {
        row.reach = reaches.get(&(*point, *strategy)).map(|(reach, _)| *reach);
    }
    let points: BTreeSet<usize> = reaches.keys().map(|(point, _)| *point).collect();
    let imprecise = |point: &&usize| {
        let of = reaches.range((**point, 0)..(**point + 1, 0));
        !judge.reached(&of.map(|(_, (_, parts))| parts.clone()).collect::<Vec<_>>())
    };
    points.iter().filter(imprecise).count() as u64
}
