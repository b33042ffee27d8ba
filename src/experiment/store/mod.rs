//! The store of a sweep: an append-only folder of shards, each a Parquet file of many runs that is whole or absent.
//!
//! A shard is addressed by its number; which runs it holds follows from the study alone. Its file's name ends in the
//! checksum of its bytes. Files are written under another name, synced and renamed, so that a process killed at any moment
//! leaves nothing but whole shards and temporary files, which the next process removes.

mod collect;
mod files;
mod guard;
mod layout;
mod rows;

pub use collect::Collected;
pub(crate) use files::{Hashing, Temporary};
pub use guard::{Access, Guard};
pub use layout::Layout;
pub(crate) use rows::{Rows, RunRow};

use super::folder::refused;
use files::{DIGITS, TEMPORARY, checksum};
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
    /// Which runs lie in which shard.
    pub layout: Layout,
}

/// What is known of a shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Finished, and its checksum fits.
    Whole(PathBuf),
    /// Not there.
    Missing,
    /// There, but not as it was written.
    Damaged(PathBuf),
}

/// An open store.
pub struct Store {
    path: PathBuf,
    contents: Contents,
}

impl Store {
    /// Opens the store of a study in a folder, and makes it if it is not there.
    ///
    /// # Errors
    /// A text for the user: the folder holds something else, or cannot be made or written.
    pub fn open(path: &Path, contents: Contents) -> Result<Store, String> {
        let store = Store {
            path: path.to_path_buf(),
            contents,
        };
        if store.check_identity()? {
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
        let text = serde_json::to_vec_pretty(&store.contents).map_err(|e| e.to_string())?;
        let temporary = Temporary::new(path).map_err(|e| refused(path, &e))?;
        temporary
            .keep(&path.join("study.json"), |out| out.write_all(&text))
            .map_err(|e| refused(path, &e))?;
        Ok(store)
    }

    /// Whether the folder is already the store of this study.
    fn check_identity(&self) -> Result<bool, String> {
        let file = self.path.join("study.json");
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(false),
            Err(e) => return Err(format!("cannot read {}: {e}", file.display())),
        };
        let old: Contents = serde_json::from_str(&text).map_err(|e| {
            format!(
                "{} is not a Lamplight study: {e}; name another folder with -o",
                file.display()
            )
        })?;
        if old.study_hash != self.contents.study_hash || old.layout != self.contents.layout {
            return Err(format!(
                "{} holds another study, or this one before its file, its scenario or the program changed; name another folder with -o, or \
                 move that one away",
                self.path.display()
            ));
        }
        Ok(true)
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

    /// The state of every shard that is `wanted`, each checksum recomputed; others are not looked at and count as missing.
    ///
    /// # Errors
    /// A text for the user: the folder cannot be read.
    pub fn survey(&self, wanted: impl Fn(usize) -> bool) -> Result<Vec<State>, String> {
        let folder = self.path.join("shards");
        let say = |e: io::Error| format!("cannot read {}: {e}", folder.display());
        let mut states = vec![State::Missing; self.contents.layout.shards];
        let mut names: Vec<PathBuf> = Vec::new();
        for entry in fs::read_dir(&folder).map_err(say)? {
            names.push(entry.map_err(say)?.path());
        }
        names.sort();
        for path in names {
            let Some((shard, digest)) = parse_name(&path).filter(|(shard, _)| wanted(*shard)) else {
                continue;
            };
            let Some(state) = states.get_mut(shard) else { continue };
            let found = checksum(&path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
            match state {
                State::Whole(_) if found == digest => {
                    return Err(format!(
                        "{} holds two different results of shard {shard}, both undamaged: the machines that made them do not compute \
                         alike; run lamplight verify on each, and remove one of the two files",
                        folder.display()
                    ));
                }
                State::Whole(_) => {}
                _ if found == digest => *state = State::Whole(path),
                _ => *state = State::Damaged(path),
            }
        }
        Ok(states)
    }

    /// The files of all shards in their order.
    ///
    /// # Errors
    /// A text for the user: a shard is missing or damaged.
    pub(crate) fn whole(&self) -> Result<Vec<PathBuf>, String> {
        let states = self.survey(|_| true)?;
        let all = states.len();
        let of = |state| match state {
            State::Whole(path) => Some(path),
            _ => None,
        };
        let files: Vec<PathBuf> = states.into_iter().filter_map(of).collect();
        if files.len() == all {
            return Ok(files);
        }
        Err(format!(
            "{} of {all} shards of {} are missing or damaged; run lamplight sweep with the same study and -o {} to make up for them",
            all - files.len(),
            self.path.display(),
            self.path.display()
        ))
    }

    /// Removes a damaged shard, so that it is run again.
    ///
    /// # Errors
    /// A text for the user.
    pub fn discard(&self, path: &Path) -> Result<(), String> {
        fs::remove_file(path).map_err(|e| format!("cannot remove {}: {e}", path.display()))
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
        let name = format!("{shard:05}-{}.parquet", hashing.finish().map_err(say)?);
        temporary.rename(&folder.join(name)).map_err(say)?;
        Ok(true)
    }
}

/// Number and checksum in a shard's name.
fn parse_name(path: &Path) -> Option<(usize, String)> {
    let name = path.file_name()?.to_str()?.strip_suffix(".parquet")?;
    let (number, digest) = name.split_once('-')?;
    let sound = digest.len() == DIGITS && digest.bytes().all(|b| b.is_ascii_hexdigit());
    let number = number.parse().ok().filter(|_| number.len() >= 5)?;
    sound.then(|| (number, digest.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_number_and_checksum_is_no_shard() {
        let good = "00012-0123456789abcdef0123456789abcdef.parquet";
        assert_eq!(parse_name(Path::new(good)).map(|n| n.0), Some(12));
        for name in [
            "x.parquet",
            "00012.parquet",
            "00012-01.parquet",
            ".tmp-1-0",
            "12-0123456789abcdef0123456789abcdef.parquet",
        ] {
            assert_eq!(parse_name(Path::new(name)), None, "{name}");
        }
    }
}
