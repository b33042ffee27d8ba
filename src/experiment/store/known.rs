//! The rows of a finished shard, run by run, so that a longer one can begin with them.

use super::super::columns::{Data, Groups};
use crate::measure::Metric;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// The rows of a run: a part of a group of rows that was read.
#[derive(Clone)]
pub(crate) struct KnownRun {
    /// Every column of the group, in the order of the file.
    pub data: Arc<Vec<Data>>,
    /// Rows of the run.
    pub rows: Range<usize>,
}

/// The runs of a shard in their order.
pub(crate) struct KnownRuns {
    groups: Groups,
    names: Vec<String>,
    /// The group of rows in hand, and the first of its rows that was not given out.
    open: Option<(Arc<Vec<Data>>, usize)>,
}

impl KnownRuns {
    /// Opens a shard with these columns; none, if it is gone.
    pub fn open(path: &Path, names: &[&str]) -> Result<Option<KnownRuns>, String> {
        let say = |e: &dyn std::fmt::Display| format!("cannot read {}: {e}", path.display());
        let file = match File::open(path) {
            Ok(file) => file,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(say(&e)),
        };
        Ok(Some(KnownRuns {
            groups: Groups::open(file, names).map_err(|e| say(&e))?,
            names: names.iter().map(|n| (*n).to_owned()).collect(),
            open: None,
        }))
    }

    /// The next run, if it is this one.
    pub fn next_of(&mut self, point: usize, strategy: &str, replication: usize) -> Result<Option<KnownRun>, String> {
        if self.open.as_ref().is_none_or(|(data, at)| *at >= length(data)) {
            self.open = self.groups.next()?.map(|data| (Arc::new(data), 0));
        }
        let places = ["point", "strategy", "replication"].map(|name| self.place(name));
        let Some((data, at)) = &mut self.open else {
            return Ok(None);
        };
        let is_it = |row: &usize| {
            let [Some(p), Some(s), Some(r)] = places.map(|i| i.and_then(|i| data.get(i))) else {
                return false;
            };
            match (p, s, r) {
                (Data::Whole(p), Data::Text(s), Data::Whole(r)) => {
                    p[*row] == point as i64 && s[*row] == strategy && r[*row] == replication as i64
                }
                _ => false,
            }
        };
        let start = *at;
        let rows = (start..length(data)).take_while(is_it).count();
        *at += rows;
        Ok((rows > 0).then(|| KnownRun {
            data: data.clone(),
            rows: start..start + rows,
        }))
    }

    /// A metric of a run as it is stored, for everybody; neither value nor weight if the run failed.
    pub fn value(&self, run: &KnownRun, metric: &Metric) -> (Option<f64>, Option<f64>) {
        let real = |name: &str| match self.place(name).and_then(|i| run.data.get(i)) {
            Some(Data::Real(values)) => values[run.rows.start],
            _ => None,
        };
        let weight = if metric.is_rate() {
            real(&format!("{}_per", metric.id))
        } else {
            None
        };
        (real(metric.id), weight)
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|n| n == name)
    }
}

fn length(data: &[Data]) -> usize {
    data.first().map_or(0, Data::len)
}
