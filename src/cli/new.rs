//! `new`: a runnable scenario of one's own street.

use super::Failure;
use super::args::New;
use super::output::say;
use crate::experiment::{Wish, own_street};
use std::path::{Path, PathBuf};

/// Writes the files of a scenario; never over existing ones.
pub(crate) fn new(job: &New) -> Result<(), Failure> {
    let target = PathBuf::from(&job.name);
    let folder = target.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let name = name.trim_end_matches(".toml");
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if name.is_empty() || !name.chars().all(plain) {
        return Err(Failure::input(
            format!("\"{}\" cannot be the name of a scenario", job.name),
            "use letters, digits and hyphens, as in my-street",
        ));
    }
    let wish = Wish {
        name,
        borough: &job.borough,
        people_per_hour: job.people_per_hour,
        streets: job.streets.as_deref(),
    };
    let files = own_street(&wish)?;
    let there: Vec<String> = files
        .iter()
        .map(|(file, _)| folder.join(file))
        .filter(|p| p.exists())
        .map(|p| p.display().to_string())
        .collect();
    if !there.is_empty() {
        return Err(Failure::input(
            format!("{} already exists; nothing was written", there.join(", ")),
            "choose another name, or move it away",
        ));
    }
    let failed = |what: &Path, e: std::io::Error| Failure::Job(format!("cannot write {}: {e}", what.display()));
    if !folder.as_os_str().is_empty() {
        std::fs::create_dir_all(&folder).map_err(|e| failed(&folder, e))?;
    }
    // The scenario last, so that one that is there has everything it names.
    for (file, text) in files.iter().rev() {
        let path = folder.join(file);
        std::fs::write(&path, text).map_err(|e| failed(&path, e))?;
    }
    let scenario = folder.join(&files[0].0);
    let all: Vec<&str> = files.iter().map(|(f, _)| f.as_str()).collect();
    say(&format!("lamplight: wrote {}", all.join(", ")));
    say(&format!("lamplight: next, lamplight compare {}", scenario.display()));
    Ok(())
}
