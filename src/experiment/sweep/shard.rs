//! Running shards: points, their replications, and every strategy of each.

use super::point::{Point, caught};
use super::{Sweep, Todo};
use crate::deployment::Schedule;
use crate::experiment::stopping::{Judge, Part};
use crate::experiment::store::{KnownRuns, Rows, RunRow, Store, column_names, stored};
use crate::experiment::{Progress, Stage, faces};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How a point stands: what its runs have shown of the metric that decides whether it goes on, by strategy.
struct Course<'a> {
    judge: Option<Judge<'a>>,
    parts: Vec<Vec<Part>>,
}

impl Course<'_> {
    fn goes_on(&self, replications: usize) -> bool {
        self.judge.is_none_or(|j| j.goes_on(replications, &self.parts))
    }
}

impl Sweep {
    /// Runs these shards on `jobs` workers (0: one per core) and writes each as soon as it is finished.
    ///
    /// # Errors
    /// A text for the user: a shard could not be written. Finished shards are kept.
    pub fn run(&self, store: &Store, shards: &[Todo], jobs: usize, progress: &impl Progress) -> Result<(), String> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
        let pool = pool.map_err(|e| format!("cannot start workers: {e}"))?;
        let failed = AtomicBool::new(false);
        let errors: Vec<String> = pool.install(|| {
            let run = |todo: &Todo| {
                if failed.load(Ordering::Relaxed) || progress.stopped() {
                    return None;
                }
                let error = self.run_shard(store, todo, progress).err()?;
                failed.store(true, Ordering::Relaxed);
                Some(error)
            };
            shards.iter().par_bridge().filter_map(run).collect()
        });
        match errors.into_iter().min() {
            Some(error) => Err(format!(
                "{error}. What was finished is kept: make room or mend the folder, then run the same command again"
            )),
            None => Ok(()),
        }
    }

    fn run_shard(&self, store: &Store, todo: &Todo, progress: &impl Progress) -> Result<(), String> {
        let (layout, shard) = (self.contents.layout, todo.shard);
        let say = |e: parquet::errors::ParquetError| format!("cannot write shard {shard}: {e}");
        let names = column_names(&self.contents, &self.numeric);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let fill = |out| {
            let mut rows = Rows::new(out, &self.contents, &self.numeric).map_err(say)?;
            let mut known = match &todo.known {
                Some((path, _)) => KnownRuns::open(path, &names)?,
                None => None,
            };
            let at_most =
                layout.runs_of(shard, todo.known.as_ref().map_or(0, |k| k.1)) / layout.points_of(shard).len().max(1);
            for point in layout.points_of(shard) {
                rows.point(point, self.study.point(point));
                let mut course = self.course();
                let mut left = layout.replications_of(shard);
                if let Some(known) = &mut known {
                    left.start = self.copy(point, left.clone(), known, &mut course, &mut rows)?;
                }
                let mut write = |row| rows.push(row).map_err(say);
                let Some(runs) = self.run_point(point, left, &mut course, progress, &mut write)? else {
                    return Ok(None);
                };
                progress.spared(at_most.saturating_sub(runs) as u64);
            }
            rows.finish().map(Some).map_err(say)
        };
        if store.write_shard(shard, fill)? {
            // The shorter shard has done its service.
            todo.known.as_ref().map_or(Ok(()), |(path, _)| store.discard(path))?;
        }
        Ok(())
    }

    fn course(&self) -> Course<'_> {
        Course {
            judge: self.judge(),
            parts: vec![Vec::new(); self.contents.layout.strategies],
        }
    }

    /// Takes over what an earlier shard has of a point; the first replication that it does not have.
    fn copy(
        &self,
        point: usize,
        replications: Range<usize>,
        known: &mut KnownRuns,
        course: &mut Course,
        rows: &mut Rows,
    ) -> Result<usize, String> {
        for replication in replications.clone() {
            for (s, strategy) in self.contents.strategies.iter().enumerate() {
                let Some(run) = known.next_of(point, strategy, replication)? else {
                    return Ok(replication);
                };
                if let Some(judge) = &course.judge {
                    let (value, weight) = known.value(&run, judge.metric());
                    course.parts[s].extend(judge.part(value, weight));
                }
                rows.push_known(run).map_err(|e| e.to_string())?;
            }
        }
        Ok(replications.end)
    }

    /// Runs replications of a point, as many as its course asks for: the number of runs, or none when the user stopped it.
    fn run_point(
        &self,
        point: usize,
        replications: Range<usize>,
        course: &mut Course,
        progress: &impl Progress,
        write: &mut impl FnMut(RunRow) -> Result<(), String>,
    ) -> Result<Option<usize>, String> {
        if replications.is_empty() || !course.goes_on(replications.start) {
            return Ok(Some(0));
        }
        let prepared = caught(|| self.prepare(point)).and_then(|p| p);
        let stage = prepared.as_ref().map_err(Clone::clone).and_then(stage);
        let all = || Arc::new(vec![("all".to_owned(), "all".to_owned())]);
        let groups = prepared.as_ref().map_or_else(|_| all(), |p| p.groups.clone());
        let plan = prepared.as_ref().map_or(&self.base, |p| &p.plan);
        let mut runs = 0;
        for replication in replications {
            if !course.goes_on(replication) {
                break;
            }
            for strategy in 0..self.contents.layout.strategies {
                if progress.stopped() {
                    return Ok(None);
                }
                let counting = faces(&plan.strategies[strategy].values);
                let run = stage
                    .as_ref()
                    .map_err(Clone::clone)
                    .and_then(|stage| caught(|| stage.summary(strategy, replication as u32, Schedule::Lazy)));
                if let (Some(judge), Ok(run)) = (&course.judge, &run) {
                    let (value, weight) = stored(judge.metric(), run, 0, counting);
                    course.parts[strategy].extend(judge.part(value, weight));
                }
                write(RunRow {
                    point,
                    strategy,
                    replication,
                    seed: plan.seed,
                    faces: counting,
                    groups: groups.clone(),
                    run,
                })?;
                runs += 1;
                progress.finished();
            }
        }
        Ok(Some(runs))
    }

    /// Runs replications of the middle point, for an estimate of time and disk: the number of runs done.
    ///
    /// # Errors
    /// A text for the user: the point cannot be run.
    pub fn sample(&self, replications: usize) -> Result<usize, String> {
        let middle = self.study.len() / 2;
        let mut course = Course {
            judge: None,
            parts: Vec::new(),
        };
        let mut count = |row: RunRow| row.run.map(drop);
        let runs = self.run_point(
            middle,
            0..replications,
            &mut course,
            &AtomicBool::new(false),
            &mut count,
        )?;
        Ok(runs.unwrap_or(0))
    }
}

/// All strategies of a point on its places.
fn stage(point: &Point) -> Result<Stage<'_>, String> {
    let stage = caught(|| Stage::new(&point.plan, &point.ready))?;
    stage.ok_or_else(|| "the point's places are not those of its plan".to_owned())
}
