//! The store of a sweep: an append-only folder of shards, each a Parquet file of many runs that is whole or absent.
//!
//! A shard is addressed by its number; which runs it holds follows from the study alone. Its file's name ends in the
//! checksum of its bytes. Files are written under another name, synced and renamed, so that a process killed at any moment
//! leaves nothing but whole shards and temporary files, which the next process removes.

mod collect;
mod guard;
mod rows;

pub use collect::Collected;
pub use guard::{Access, Guard};
pub(crate) use rows::{Rows, RunRow};

use super::folder::refused;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Shards of a study that does not say how many it wants.
const MOST_SHARDS: usize = 512;
/// Runs in a shard, at least, unless the study says how many shards it wants.
const FEWEST_RUNS: usize = 64;
/// Hexadecimal digits of a checksum in a file's name.
const DIGITS: usize = 32;

/// Which runs lie in which shard. A task is one replication of one point, under all strategies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// Points.
    pub points: usize,
    /// Replications of each point.
    pub replications: usize,
    /// Strategies.
    pub strategies: usize,
    /// Tasks in a shard.
    pub tasks_per_shard: usize,
    /// Shards.
    pub shards: usize,
}

impl Layout {
    /// Cuts a study into shards: whole points where a shard can hold one.
    pub fn new(points: usize, replications: usize, strategies: usize, wanted: Option<u32>) -> Layout {
        let tasks = points * replications;
        let mut size = match wanted {
            Some(n) => tasks.div_ceil(n as usize),
            None => tasks.div_ceil(MOST_SHARDS).max(FEWEST_RUNS.div_ceil(strategies.max(1))),
        };
        if size > replications {
            size = size.div_ceil(replications) * replications;
        }
        let size = size.clamp(1, tasks.max(1));
        Layout {
            points,
            replications,
            strategies,
            tasks_per_shard: size,
            shards: tasks.div_ceil(size),
        }
    }

    /// The tasks of a shard; task `t` is replication `t % replications` of point `t / replications`.
    pub fn tasks(&self, shard: usize) -> Range<usize> {
        let start = shard * self.tasks_per_shard;
        start..(start + self.tasks_per_shard).min(self.points * self.replications)
    }

    /// All runs.
    pub fn runs(&self) -> usize {
        self.points * self.replications * self.strategies
    }
}

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

    /// The state of every shard, each checksum recomputed.
    ///
    /// # Errors
    /// A text for the user: the folder cannot be read.
    pub fn survey(&self) -> Result<Vec<State>, String> {
        let folder = self.path.join("shards");
        let say = |e: io::Error| format!("cannot read {}: {e}", folder.display());
        let mut states = vec![State::Missing; self.contents.layout.shards];
        let mut names: Vec<PathBuf> = Vec::new();
        for entry in fs::read_dir(&folder).map_err(say)? {
            names.push(entry.map_err(say)?.path());
        }
        names.sort();
        for path in names {
            let Some((shard, digest)) = parse_name(&path) else {
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
    pub fn sweep_up(&self, _alone: &Guard) -> Result<(), String> {
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
        let file = temporary
            .file
            .take()
            .ok_or_else(|| "the shard's file is gone".to_owned())?;
        let hashing = Hashing {
            file,
            digest: Sha256::new(),
        };
        let Some(out) = fill(BufWriter::new(hashing))? else {
            return Ok(false);
        };
        let hashing = out.into_inner().map_err(|e| say(e.into_error()))?;
        hashing.file.sync_all().map_err(say)?;
        let name = format!("{shard:05}-{}.parquet", hex(hashing.digest));
        temporary.rename(&folder.join(name)).map_err(say)?;
        Ok(true)
    }
}

const TEMPORARY: &str = ".tmp-";

/// A file under a name that no other process has, removed unless it is renamed.
pub(crate) struct Temporary {
    path: PathBuf,
    file: Option<File>,
    kept: bool,
}

impl Temporary {
    /// A new file in `folder`.
    pub fn new(folder: &Path) -> io::Result<Temporary> {
        // Two machines may have processes of one number: whoever creates the file first has the name.
        for n in 0.. {
            let path = folder.join(format!("{TEMPORARY}{}-{n}", std::process::id()));
            match File::options().write(true).create_new(true).open(&path) {
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists && n < 1_000_000 => {}
                Err(e) => return Err(e),
                Ok(file) => {
                    return Ok(Temporary {
                        path,
                        file: Some(file),
                        kept: false,
                    });
                }
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Fills, syncs and renames the file.
    pub fn keep(mut self, target: &Path, fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
        let file = self.file.take().ok_or(io::ErrorKind::NotFound)?;
        let mut out = BufWriter::new(file);
        fill(&mut out)?;
        out.into_inner().map_err(|e| e.into_error())?.sync_all()?;
        self.rename(target)
    }

    /// The open file.
    pub fn take(&mut self) -> io::Result<File> {
        self.file.take().ok_or(io::ErrorKind::NotFound.into())
    }

    /// Gives the synced file its name, and makes the name last.
    pub fn rename(mut self, target: &Path) -> io::Result<()> {
        fs::rename(&self.path, target)?;
        self.kept = true;
        // Not every file system can sync a folder; the file itself is safe.
        if let Some(folder) = target.parent().and_then(|f| File::open(f).ok()) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A file that is hashed while it is written.
pub(crate) struct Hashing {
    file: File,
    digest: Sha256,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.file.write(bytes)?;
        self.digest.update(&bytes[..n]);
        Ok(n)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn hex(digest: Sha256) -> String {
    let bytes = digest.finalize();
    bytes.iter().take(DIGITS / 2).map(|b| format!("{b:02x}")).collect()
}

/// Checksum of a file's bytes, as in a shard's name.
pub(crate) fn checksum(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            return Ok(hex(digest));
        }
        digest.update(&buffer[..n]);
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
    fn every_task_lies_in_one_shard_and_a_point_is_not_split_where_it_fits() {
        for (points, replications, strategies, wanted) in [
            (1, 2, 1, None),
            (1000, 20, 3, None),
            (7, 5, 2, Some(3)),
            (1, 100_000, 4, None),
            (3, 7, 1, Some(10_000)),
        ] {
            let layout = Layout::new(points, replications, strategies, wanted);
            let mut next = 0;
            for shard in 0..layout.shards {
                let tasks = layout.tasks(shard);
                assert!(tasks.start == next && !tasks.is_empty(), "{layout:?}");
                next = tasks.end;
                if layout.tasks_per_shard > replications {
                    assert_eq!(tasks.start % replications, 0);
                }
            }
            assert_eq!(next, points * replications);
            assert!(
                layout.shards <= wanted.map_or(MOST_SHARDS, |n| n as usize),
                "{layout:?}"
            );
        }
    }

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
