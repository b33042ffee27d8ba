//! The result folder: every file is written to a temporary name and renamed, and a different plan's result is never overwritten.

use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// `manifest.json`: where a result comes from and how to make it again.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Manifest {
    /// Always `lamplight.manifest/1`.
    pub format: String,
    /// Version of Lamplight.
    pub version: String,
    /// Command that reproduces the result.
    pub command: String,
    /// Scenario file as it was named.
    pub scenario_file: String,
    /// `--set` overrides, in order.
    pub set: Vec<(String, String)>,
    /// Hash of the plan.
    pub plan_hash: String,
    /// The resolved scenario: every value the runs used.
    pub resolved: String,
    /// Master seed.
    pub seed: u64,
    /// Replications per strategy.
    pub replications: u32,
    /// "on" or "off".
    pub uncertainty: String,
    /// "lazy" or "events"; both give the same bytes.
    pub schedule: String,
    /// Strategies run, in order.
    pub strategies: Vec<String>,
    /// Strategy that others are compared with.
    pub baseline: String,
    /// Level of intervals.
    pub level: f64,
    /// Operating system and processor.
    pub platform: String,
    /// When the result was written, UTC.
    pub written: String,
    /// Wall time of the runs, s.
    pub wall_s: f64,
    /// Trace hashes of all runs.
    pub runs: Vec<RunHash>,
}

/// The trace hash of one run.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct RunHash {
    /// Strategy.
    pub strategy: String,
    /// Replication.
    pub replication: u32,
    /// Hash, in hex.
    pub hash: String,
}

/// What a user is told of a folder that cannot be written.
pub(crate) fn refused(path: &Path, e: &io::Error) -> String {
    format!("cannot write into {}: {e}; name another folder with -o", path.display())
}

/// Whether a folder has anything in it but what an interrupted job may have left: files being written, results without
/// their manifest.
fn holds_something(path: &Path) -> bool {
    let own = |name: &str| OWN.contains(&name) || name.contains(".tmp-") || name.ends_with(".part");
    fs::read_dir(path).is_ok_and(|entries| entries.flatten().any(|e| !own(&e.file_name().to_string_lossy())))
}

/// Names that a result folder is made of: left without a manifest, they are those of a job that did not end.
const OWN: [&str; 10] = [
    "runs.parquet",
    "alerts.parquet",
    "ledger.csv",
    "summary.json",
    "report.html",
    "charts",
    "evaluations.tsv",
    "optimise.json",
    "front.csv",
    "points.csv",
];

/// A result folder that may be written.
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Opens a folder for the result of a plan, and makes sure that it can be written before any work is done.
    ///
    /// # Errors
    /// A text for the user: the folder holds another plan's result, or something else, or cannot be made or written.
    pub fn open(path: &Path, plan_hash: &str) -> Result<Self, String> {
        let manifest = path.join("manifest.json");
        if manifest.exists() {
            let old = Self::manifest(path)?;
            if old.plan_hash != plan_hash {
                return Err(format!(
                    "{} holds the result of another plan; choose another folder with -o, or move that one away (it was made by: {})",
                    path.display(),
                    old.command
                ));
            }
        } else if holds_something(path) {
            return Err(format!(
                "{} holds files that are no result (there is no manifest.json among them); name an empty or a new folder with -o",
                path.display()
            ));
        } else if path.is_file() {
            return Err(format!("{} is a file; name a folder with -o", path.display()));
        }
        let refused = |e: io::Error| refused(path, &e);
        fs::create_dir_all(path).map_err(refused)?;
        let probe = path.join(format!("probe.tmp-{}", std::process::id()));
        File::create(&probe).map_err(refused)?;
        fs::remove_file(&probe).map_err(refused)?;
        Ok(Folder {
            path: path.to_path_buf(),
        })
    }

    /// A folder that is known to be there.
    pub fn at(path: &Path) -> Folder {
        Folder {
            path: path.to_path_buf(),
        }
    }

    /// Reads a result's manifest.
    ///
    /// # Errors
    /// A text for the user.
    pub fn manifest(path: &Path) -> Result<Manifest, String> {
        let file = path.join("manifest.json");
        let text = fs::read_to_string(&file).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => format!("{} holds no result: it has no manifest.json", path.display()),
            _ => format!("cannot read {}: {e}", file.display()),
        })?;
        serde_json::from_str(&text).map_err(|e| format!("{} is not a Lamplight manifest: {e}", file.display()))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes one file whole: temporary name, sync, rename.
    ///
    /// # Errors
    /// Whatever the file system says, with the file's name.
    pub fn write<E: std::fmt::Display>(
        &self,
        name: &str,
        fill: impl FnOnce(&mut BufWriter<File>) -> Result<(), E>,
    ) -> Result<(), String> {
        let target = self.path.join(name);
        let say = |e: io::Error| format!("cannot write {}: {e}", target.display());
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(say)?;
        }
        let temporary = target.with_extension(format!("tmp-{}", std::process::id()));
        let written = (|| {
            let mut out = BufWriter::new(File::create(&temporary).map_err(say)?);
            fill(&mut out).map_err(|e| format!("cannot write {}: {e}", target.display()))?;
            out.flush().map_err(say)?;
            out.get_ref().sync_all().map_err(say)?;
            fs::rename(&temporary, &target).map_err(say)
        })();
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    /// Writes a value as JSON, a line for each thing that fits on one.
    ///
    /// # Errors
    /// As [`Folder::write`].
    pub fn write_json(&self, name: &str, value: &impl Serialize) -> Result<(), String> {
        self.write(name, |out| {
            let text = super::json_text(value).map_err(io::Error::from)?;
            out.write_all(text.as_bytes())
        })
    }
}
