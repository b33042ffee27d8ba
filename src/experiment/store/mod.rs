//! The store of a sweep: an append-only folder of shards, each a Parquet file of many runs that is whole or absent.
//!
//! A shard is addressed by its number; which runs it holds follows from the study alone. Its file's name says how many
//! replications of a point it holds at most, and ends in the checksum of its bytes; where the study has more replications since,
//! a longer shard begins with the rows of the shorter one. Files are written under another name, synced and renamed, so that a process killed at any moment
//! leaves nothing but whole shards and temporary files, which the next process removes.

mod collect;
mod files;
mod guard;
mod known;
mod layout;
mod points;
mod rows;
mod survey;

pub use collect::Collected;
pub(crate) use files::{Hashing, Temporary};
pub use guard::{Access, Guard};
pub(crate) use known::KnownRuns;
pub use layout::Layout;
pub(crate) use rows::{Rows, RunRow, column_names, stored};
pub use survey::{State, Survey};

use super::folder::refused;
use crate::measure::{METRICS, Metric};
use files::TEMPORARY;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// `study.json`: what a store holds. Equal on every machine that works on the study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contents {
    /// Always `lamplight.study/1`.
    pub format: String,
    /// Version of Lamplight.
    pub version: String,
    /// Name of the study.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The stamp every figure carries.
    pub label: String,
    /// Hash of everything the runs depend on.
    pub study_hash: String,
    /// Hash of the base scenario's plan.
    pub plan_hash: String,
    /// The base scenario resolved: every value that no point sets.
    pub resolved: String,
    /// Text of the study file.
    pub study: String,
    /// Kind of design.
    pub design: String,
    /// Keys that the design sets.
    pub keys: Vec<String>,
    /// Names of the strategies.
    pub strategies: Vec<String>,
    /// Master seed of the runs.
    pub seed: u64,
    /// Ids of the metrics that runs have.
    pub metrics: Vec<String>,
    /// The rule of stopping in words; empty if every point has the same number of replications.
    pub precision: String,
    /// Which runs lie in which shard.
    pub layout: Layout,
}

impl Contents {
    /// The metrics that its rows have.
    pub fn metrics(&self) -> impl Iterator<Item = &'static Metric> {
        METRICS.iter().filter(|m| self.metrics.iter().any(|id| id == m.id))
    }
}

/// An open store.
pub struct Store {
    path: PathBuf,
    contents: Contents,
    /// Replications of the study when it was last worked on, if these were fewer.
    before: Option<usize>,
}

impl Store {
    /// Opens the store of a study in a folder, and makes it if it is not there. A store of the same study with fewer
    /// replications is opened as it is, until [`Store::begin`].
    ///
    /// # Errors
    /// A text for the user: the folder holds something else, or cannot be made or written.
    pub fn open(path: &Path, contents: Contents) -> Result<Store, String> {
        let mut store = Store {
            path: path.to_path_buf(),
            contents,
            before: None,
        };
        if let Some(replications) = store.check_identity()? {
            store.before = Some(replications).filter(|n| *n < store.contents.layout.replications);
            return Ok(store);
        }
        let other = path.is_file() || fs::read_dir(path).is_ok_and(|mut d| d.next().is_some());
        if other && !store.only_beginnings() {
            return Err(format!(
                "{} holds something else than a study; name another folder with -o",
                path.display()
            ));
        }
        fs::create_dir_all(path.join("shards")).map_err(|e| refused(path, &e))?;
        store.write_contents()?;
        Ok(store)
    }

    /// Makes a store of fewer replications one of as many as the study has now: tables that were collected from fewer go, and
    /// what the store holds is said anew. To be called by whoever is about to run shards.
    ///
    /// # Errors
    /// A text for the user.
    pub fn begin(&mut self, _: &Guard) -> Result<(), String> {
        if self.before.take().is_none() {
            return Ok(());
        }
        for name in ["points.parquet", "runs.parquet"] {
            self.discard(&self.path.join(name))?;
        }
        self.write_contents()
    }

    /// Replications of the study when its store was last worked on, if it has more now.
    pub fn before(&self) -> Option<usize> {
        self.before
    }

    fn write_contents(&self) -> Result<(), String> {
        let text = serde_json::to_vec_pretty(&self.contents).map_err(|e| e.to_string())?;
        let temporary = Temporary::new(&self.path).map_err(|e| refused(&self.path, &e))?;
        temporary
            .keep(&self.path.join("study.json"), |out| out.write_all(&text))
            .map_err(|e| refused(&self.path, &e))
    }

    /// Makes sure that the folder is the store of this study, and says with how many replications; none if it is not a store.
    fn check_identity(&self) -> Result<Option<usize>, String> {
        let file = self.path.join("study.json");
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(None),
            Err(e) => return Err(format!("cannot read {}: {e}", file.display())),
        };
        let old: Contents = serde_json::from_str(&text).map_err(|e| {
            format!(
                "{} is not a Lamplight study: {e}; name another folder with -o",
                file.display()
            )
        })?;
        let (before, now) = (&old.layout, &self.contents.layout);
        if old.study_hash == self.contents.study_hash && before.grows_into(now) {
            return Ok(Some(before.replications));
        }
        if old.study_hash == self.contents.study_hash && now.grows_into(before) {
            return Err(format!(
                "{} holds {} replications of each point of this study, which asks for {} only; nothing is ever taken out of a store: ask for \
                 {} again or more, or name another folder with -o",
                self.path.display(),
                before.replications,
                now.replications,
                before.replications
            ));
        }
        Err(format!(
            "{} holds another study, or this one before its file, its scenario or the program changed; name another folder with -o, or \
             move that one away",
            self.path.display()
        ))
    }

    /// Whether the folder holds nothing but what a process leaves that was stopped while it made the store.
    fn only_beginnings(&self) -> bool {
        let Ok(entries) = fs::read_dir(&self.path) else {
            return false;
        };
        entries.flatten().all(|e| {
            let name = e.file_name().to_string_lossy().into_owned();
            name == "lock" || name == "shards" || name.starts_with(TEMPORARY)
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it holds.
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// Removes what killed processes have left. Only for the one process that has the store alone.
    ///
    /// # Errors
    /// A text for the user.
    pub fn sweep_up(&self, alone: &Guard) -> Result<(), String> {
        if alone.unlocked {
            // Nobody can be sure to be alone: what looks left behind may be in use.
            return Ok(());
        }
        for folder in [self.path.clone(), self.path.join("shards")] {
            let Ok(entries) = fs::read_dir(&folder) else { continue };
            for entry in entries.flatten() {
                if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
                    self.discard(&entry.path())?;
                }
            }
        }
        Ok(())
    }

    /// Writes a shard whole: temporary name, sync, rename to a name with its checksum. `Ok(false)`: `fill` gave up, and
    /// nothing is left.
    ///
    /// # Errors
    /// A text for the user.
    pub(crate) fn write_shard(
        &self,
        shard: usize,
        fill: impl FnOnce(BufWriter<Hashing>) -> Result<Option<BufWriter<Hashing>>, String>,
    ) -> Result<bool, String> {
        let folder = self.path.join("shards");
        let say = |e: io::Error| format!("cannot write shard {shard} in {}: {e}", folder.display());
        let mut temporary = Temporary::new(&folder).map_err(say)?;
        let hashing = Hashing::new(temporary.take().map_err(say)?);
        let Some(out) = fill(BufWriter::new(hashing))? else {
            return Ok(false);
        };
        let hashing = out.into_inner().map_err(|e| say(e.into_error()))?;
        let name = survey::shard_name(&self.contents.layout, shard, &hashing.finish().map_err(say)?);
        temporary.rename(&folder.join(name)).map_err(say)?;
        Ok(true)
    }
}
