//! A sweep: every point of a study, every strategy, every replication, into a store.

use super::store::{Access, Collected, Contents, Layout, Rows, RunRow, State, Store};
use super::summarise::{LABEL, faces};
use super::{Progress, one};
use crate::deployment::{Scene, Schedule};
use crate::measure::metric;
use crate::people::Streets;
use crate::scenario::diagnose::{Diagnostic, Diagnostics, nearest};
use crate::scenario::registry::{PARAMETERS, find};
use crate::scenario::{Plan, Study};
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Prepared places that are kept at a time; points that differ in nothing but cameras and matching share one.
const STREETS_KEPT: usize = 4;
/// Keys whose value names a file, so that a point may read other files than the base scenario.
const FILE_KEYS: [&str; 5] = [
    "place.file",
    "people.population",
    "watchlist.composition",
    "matcher.preset",
    "retrospective.preset",
];

/// A study that is ready to run.
pub struct Sweep {
    /// The study.
    pub study: Study,
    /// The plan of its base scenario.
    pub base: Plan,
    /// What its store holds.
    pub contents: Contents,
    /// Whether the values of each key are numbers.
    pub numeric: Vec<bool>,
    unmoved: Vec<Vec<String>>,
    streets: Mutex<Vec<(String, Arc<Streets>)>>,
}

/// A point with its plan prepared.
struct Point {
    plan: Plan,
    streets: Arc<Streets>,
    groups: Arc<Vec<(String, String)>>,
}

impl Sweep {
    /// Loads the base scenario, and the scenario at the study's first point as a trial.
    ///
    /// # Errors
    /// Every problem of the study and the scenario.
    pub fn new(study: Study) -> Result<Sweep, Diagnostics> {
        let mut problems = unknown_metrics(&study);
        let base = match study.base() {
            Ok(base) => base,
            Err(found) => {
                problems.extend(found);
                return Err(problems);
            }
        };
        let ends = [0, study.len() - 1].map(|i| study.plan(i));
        // A point may fail and be a row that says so; if the first does, the study itself is wrong.
        let ends = match ends {
            [Err(found), _] => {
                problems.extend(found);
                return Err(problems);
            }
            [Ok(first), last] => [first.clone(), last.unwrap_or(first)],
        };
        let unmoved = unmoved(&study, &ends);
        for (key, names) in study.keys.iter().zip(&unmoved) {
            if names.len() == base.strategies.len() {
                let message = format!(
                    "{}: every strategy sets {key} itself, so that the study would not vary it",
                    study.name
                );
                let help = "choose strategies with `strategies = [..]`, or remove the key from their `set`";
                problems.push(Diagnostic::general(message, help));
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let layout = Layout::new(
            study.len(),
            base.replications as usize,
            base.strategies.len(),
            study.shards,
        );
        let contents = Contents {
            format: "lamplight.study/1".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            name: study.name.clone(),
            title: study.title.clone(),
            label: LABEL.into(),
            study_hash: study.hash(&base),
            plan_hash: base.plan_hash.clone(),
            resolved: base.resolved.clone(),
            study: study.text.clone(),
            design: study.kind.clone(),
            keys: study.keys.clone(),
            strategies: base.strategies.iter().map(|s| s.name.clone()).collect(),
            seed: base.seed,
            layout,
        };
        Ok(Sweep {
            numeric: (0..study.keys.len()).map(|i| study.is_number(i)).collect(),
            study,
            base,
            contents,
            unmoved,
            streets: Mutex::default(),
        })
    }

    /// Strategies that set a key themselves which the design varies: the design does not move it there.
    pub fn notes(&self) -> Vec<String> {
        let named = self
            .study
            .keys
            .iter()
            .zip(&self.unmoved)
            .filter(|(_, names)| !names.is_empty());
        let text = |(key, names): (&String, &Vec<String>)| {
            format!(
                "strategy {} sets {key} itself: the design does not move it there",
                names.join(", ")
            )
        };
        named.map(text).collect()
    }

    /// Opens the study's store.
    ///
    /// # Errors
    /// A text for the user.
    pub fn store(&self, path: &Path) -> Result<Store, String> {
        Store::open(path, self.contents.clone())
    }

    /// Runs these shards on `jobs` workers (0: one per core) and writes each as soon as it is finished.
    ///
    /// # Errors
    /// A text for the user: a shard could not be written. Finished shards are kept.
    pub fn run(&self, store: &Store, shards: &[usize], jobs: usize, progress: &impl Progress) -> Result<(), String> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
        let pool = pool.map_err(|e| format!("cannot start workers: {e}"))?;
        let failed = AtomicBool::new(false);
        let errors: Vec<String> = pool.install(|| {
            let run = |shard: &usize| {
                if failed.load(Ordering::Relaxed) || progress.stopped() {
                    return None;
                }
                let error = self.run_shard(store, *shard, progress).err()?;
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

    fn run_shard(&self, store: &Store, shard: usize, progress: &impl Progress) -> Result<(), String> {
        let say = |e: parquet::errors::ParquetError| format!("cannot write shard {shard}: {e}");
        let fill = |out| {
            let mut rows = Rows::new(out, &self.contents, &self.numeric).map_err(say)?;
            let replications = self.contents.layout.replications;
            let tasks = self.contents.layout.tasks(shard);
            let mut next = tasks.start;
            while next < tasks.end {
                let point = next / replications;
                let end = tasks.end.min((point + 1) * replications);
                rows.point(point, self.study.point(point));
                let mut write = |row| rows.push(row).map_err(say);
                if !self.run_point(
                    point,
                    next - point * replications..end - point * replications,
                    progress,
                    &mut write,
                )? {
                    return Ok(None);
                }
                next = end;
            }
            rows.finish().map(Some).map_err(say)
        };
        store.write_shard(shard, fill).map(drop)
    }

    /// Runs replications of a point; `false` when the user stopped it.
    fn run_point(
        &self,
        point: usize,
        replications: std::ops::Range<usize>,
        progress: &impl Progress,
        write: &mut impl FnMut(RunRow) -> Result<(), String>,
    ) -> Result<bool, String> {
        let prepared = caught(|| self.prepare(point)).and_then(|p| p);
        let scenes = match &prepared {
            Ok(p) => caught(|| {
                p.plan
                    .strategies
                    .iter()
                    .map(|s| Scene::prepare(&p.plan, s, &p.streets))
                    .collect::<Vec<_>>()
            }),
            Err(e) => Err(e.clone()),
        };
        let all = || Arc::new(vec![("all".to_owned(), "all".to_owned())]);
        let groups = prepared.as_ref().map_or_else(|_| all(), |p| p.groups.clone());
        for replication in replications {
            for strategy in 0..self.contents.layout.strategies {
                if progress.stopped() {
                    return Ok(false);
                }
                let run = match &scenes {
                    Ok(scenes) => caught(|| one(&scenes[strategy], replication as u32, Schedule::Lazy)),
                    Err(e) => Err(e.clone()),
                };
                let plan = prepared.as_ref().map_or(&self.base, |p| &p.plan);
                write(RunRow {
                    point,
                    strategy,
                    replication,
                    seed: plan.seed,
                    faces: faces(&plan.strategies[strategy].values),
                    groups: groups.clone(),
                    run,
                })?;
                progress.finished();
            }
        }
        Ok(true)
    }

    /// Loads and prepares a point; the text says why it cannot be run.
    fn prepare(&self, point: usize) -> Result<Point, String> {
        let plan = self.study.plan(point).map_err(|problems| {
            let lines: Vec<String> = problems.into_iter().map(|p| p.message).collect();
            lines.join("; ")
        })?;
        let files = |plan: &Plan| -> Vec<String> {
            plan.resolved
                .lines()
                .filter(|l| l.starts_with("sha256 = "))
                .map(str::to_owned)
                .collect()
        };
        let same_files = !self.study.keys.iter().any(|k| FILE_KEYS.contains(&k.as_str()));
        if same_files && files(&plan) != files(&self.base) {
            return Err("a file of the scenario changed while the study was running".into());
        }
        let levels = plan
            .axes
            .0
            .iter()
            .flat_map(|a| a.levels.iter().map(|l| (a.name.clone(), l.clone())));
        let groups = std::iter::once(("all".to_owned(), "all".to_owned()))
            .chain(levels)
            .collect();
        Ok(Point {
            streets: self.streets(&plan),
            groups: Arc::new(groups),
            plan,
        })
    }

    /// The prepared streets of a plan, shared with other points on the same streets.
    fn streets(&self, plan: &Plan) -> Arc<Streets> {
        let key = streets_key(plan);
        let kept = || self.streets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, streets)) = kept().iter().find(|(k, _)| *k == key) {
            return streets.clone();
        }
        let streets = Arc::new(Streets::prepare(plan));
        let mut kept = kept();
        if kept.len() >= STREETS_KEPT {
            kept.remove(0);
        }
        kept.push((key, streets.clone()));
        streets
    }

    /// Rows of one replication of the middle point, for an estimate of time and disk: the number of runs done.
    ///
    /// # Errors
    /// A text for the user: the point cannot be run.
    pub fn sample(&self, replications: usize) -> Result<usize, String> {
        let middle = self.study.len() / 2;
        let mut done = 0;
        let mut count = |row: RunRow| {
            done += 1;
            row.run.map(drop)
        };
        self.run_point(middle, 0..replications, &AtomicBool::new(false), &mut count)?;
        Ok(done)
    }

    /// Collects the store.
    ///
    /// # Errors
    /// A text for the user.
    pub fn collect(&self, store: &Store) -> Result<Collected, String> {
        store.collect(&self.numeric)
    }

    /// Runs what part `part` of `parts` lacks (all of it, with `None`), and says which shards were damaged.
    ///
    /// # Errors
    /// A text for the user.
    pub fn pending(&self, store: &Store, part: Option<(usize, usize)>) -> Result<Pending, String> {
        let mut pending = Pending::default();
        let mine = |shard: usize| part.is_none_or(|(k, n)| shard % n == k);
        for (shard, state) in store.survey(mine)?.into_iter().enumerate().filter(|(s, _)| mine(*s)) {
            match state {
                State::Whole(_) => {
                    pending.whole += 1;
                    continue;
                }
                State::Missing => {}
                State::Damaged(path) => pending.damaged.push((shard, path)),
            }
            pending.shards.push(shard);
        }
        Ok(pending)
    }
}

/// What is left to do.
#[derive(Clone, Debug, Default)]
pub struct Pending {
    /// Shards to run.
    pub shards: Vec<usize>,
    /// Finished shards.
    pub whole: usize,
    /// Shards whose checksum does not fit, with their files.
    pub damaged: Vec<(usize, std::path::PathBuf)>,
}

/// Which access a part needs.
pub fn access(part: Option<(usize, usize)>) -> Access {
    if part.is_some() { Access::Part } else { Access::Alone }
}

/// What the preparation of streets depends on: the plan's people, times, place and crowd.
pub(super) fn streets_key(plan: &Plan) -> String {
    let until = plan.resolved.find("\n[watchlist]").unwrap_or(plan.resolved.len());
    let before = plan.resolved[..until].lines();
    let other = |l: &str| {
        PARAMETERS
            .iter()
            .any(|p| l.split(" = ").next() == Some(p.key) && !is_of_streets(p.key))
    };
    let kept = before.filter(|l| !l.starts_with("seed = ") && !l.starts_with("baseline = ") && !other(l));
    kept.collect::<Vec<_>>().join("\n")
}

fn is_of_streets(key: &str) -> bool {
    key.starts_with("people.") || key.starts_with("time.")
}

/// The value of `f`, or the text of its panic.
pub(super) fn caught<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(f)).map_err(|panic| {
        let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        format!(
            "the run broke off: {}",
            text.unwrap_or_else(|| "no reason given".into())
        )
    })
}

fn unknown_metrics(study: &Study) -> Diagnostics {
    let ids = || crate::measure::METRICS.iter().map(|m| m.id);
    let unknown = study.metrics.iter().filter(|id| metric(id).is_none());
    unknown
        .map(|id| {
            let help = match nearest(id, ids()) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => "lamplight schema outputs lists all metrics".to_owned(),
            };
            Diagnostic::general(format!("{}: there is no metric \"{id}\"", study.name), help)
        })
        .collect()
}

/// For each key, the strategies that set it themselves, so that the design does not move it there.
fn unmoved(study: &Study, ends: &[Plan; 2]) -> Vec<Vec<String>> {
    let [first, last] = ends;
    let stands = |key: &str, s: usize| match find(key) {
        Some(id) => ends.iter().any(|p| p.strategies[s].values.get(id) != p.values.get(id)),
        None => {
            let differs = study.point(0) != study.point(study.len() - 1);
            let (a, b) = (&first.strategies[s], &last.strategies[s]);
            let same = match key {
                "matcher.preset" => a.matcher == b.matcher,
                "retrospective.preset" => a.rates == b.rates && a.rates.is_some(),
                _ => false,
            };
            same && differs
        }
    };
    let names = |key: &String| {
        let of = |s: &usize| stands(key, *s);
        let all = 0..first.strategies.len();
        all.filter(of).map(|s| first.strategies[s].name.clone()).collect()
    };
    study.keys.iter().map(names).collect()
}
