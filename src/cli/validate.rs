//! `validate`: published findings against what the model says.

use super::Failure;
use super::args::{Look, Validate};
use super::output::{data, say};
use crate::experiment::Folder;
use crate::experiment::evidence;
use crate::report::evidence as pages;
use crate::scenario::record_file::open_record;
use std::io::Write as _;
use std::path::PathBuf;

/// Compares every published finding with the model and writes the table.
pub(crate) fn validate(job: &Validate, look: &Look) -> Result<(), Failure> {
    let record = open_record(&job.record)?;
    let out = job.out.clone().unwrap_or_else(|| PathBuf::from("out/validation"));
    let usual = || Some(PathBuf::from("scenarios")).filter(|p| p.is_dir());
    let scenarios = job.scenarios.clone().or_else(usual);
    let identity = format!("validate {} {}", record.hash, job.seed);
    let folder = Folder::open(&out, &super::evidence::identity(&identity)).map_err(|e| Failure::input(e, ""))?;
    let clock = std::time::Instant::now();
    let done = super::evidence::with_workers(job.jobs, || evidence::validate(&record, scenarios.as_deref(), job.seed))?
        .map_err(Failure::Job)?;
    let wall_s = clock.elapsed().as_secs_f64();
    let shown = scenarios.map_or_else(String::new, |s| format!(" --scenarios {}", s.display()));
    let command = format!(
        "lamplight validate {}{shown} --seed {} -o {}",
        job.record.display(),
        job.seed,
        out.display()
    );
    let manifest = super::evidence::manifest(&identity, &job.record, job.seed, &command, wall_s);
    let text = pages::validation_markdown(&done);
    let write = || -> Result<(), String> {
        folder.write("validation.md", |out| out.write_all(text.as_bytes()))?;
        folder.write_json("validation.json", &done)?;
        folder.write_json("manifest.json", &manifest)
    };
    write().map_err(Failure::Job)?;
    data(&text)?;
    if !look.quiet {
        say(&format!(
            "lamplight: wrote {} (validation.md, validation.json) in {wall_s:.0} s",
            folder.path().display()
        ));
    }
    Ok(())
}
