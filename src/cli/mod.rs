//! Words, flags, help, progress and exit codes. No science.

// The one room that looks at the clock and the environment: for progress, colour, and the date in a manifest.
#![allow(clippy::disallowed_methods)]

mod args;
mod backtest;
mod bench;
mod calibrate;
mod check;
mod compare;
mod describe;
pub mod diagnostics;
mod engines;
mod estimate;
mod evidence;
mod explain;
mod import;
mod new;
mod optimise;
mod output;
mod pack;
mod progress;
mod sensitivity;
mod sweep;
mod validate;
mod verify;

use args::{Cli, Command};
use clap::Parser;
use std::process::ExitCode;

/// How a command ends.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The user's input is wrong; everything wrong with it is listed. Nothing was written.
    Input(crate::scenario::diagnose::Diagnostics),
    /// The job ran and something in it failed or did not verify.
    Job(String),
    /// The user stopped it; what was finished is kept.
    Interrupted,
}

impl From<crate::scenario::diagnose::Diagnostics> for Failure {
    fn from(list: crate::scenario::diagnose::Diagnostics) -> Self {
        Failure::Input(list)
    }
}

impl Failure {
    /// A wrong input that has no place in a file.
    pub(crate) fn input(message: impl Into<String>, help: impl Into<String>) -> Self {
        Failure::Input(vec![crate::scenario::diagnose::Diagnostic::general(message, help)])
    }
}

/// Runs the command line. Exit codes: 0 done; 1 something failed or did not verify; 2 wrong input; 130 interrupted.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            let _ = e.print();
            return ExitCode::from(if e.use_stderr() { 2 } else { 0 });
        }
    };
    let result = match &cli.command {
        Command::Compare(job) => compare::compare(job, &cli.look),
        Command::Run(run) => compare::run(run, &cli.look),
        Command::Sweep(job) => sweep::sweep(job, &cli.look),
        Command::Sensitivity(job) => sensitivity::sensitivity(job, &cli.look),
        Command::Optimise(job) => optimise::optimise(job, &cli.look),
        Command::Check { files } => check::check(files),
        Command::Schema { kind } => check::schema(*kind),
        Command::Import(import) => import::import(import),
        Command::Calibrate(job) => calibrate::calibrate(job, &cli.look),
        Command::Backtest(job) => backtest::backtest(job, &cli.look),
        Command::Validate(job) => validate::validate(job, &cli.look),
        Command::Pack(job) => pack::pack(job, &cli.look),
        Command::Explain(job) => explain::explain(job, &cli.look),
        Command::New(job) => new::new(job),
        Command::Describe(job) => describe::describe(job),
        Command::Verify(verify) => verify::verify(verify, &cli.look),
        Command::Bench(bench) => bench::bench(bench),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Input(list)) => {
            let color = cli.look.color_on_stderr();
            let _ = diagnostics::print(&list, &mut std::io::stderr().lock(), color);
            ExitCode::from(2)
        }
        Err(Failure::Job(message)) => {
            output::say(&format!("lamplight: {message}"));
            ExitCode::from(1)
        }
        Err(Failure::Interrupted) => ExitCode::from(130),
    }
}
