//! Progress on stderr, and stopping on request.

use crate::experiment::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

/// Set when the user interrupts.
static STOP: AtomicBool = AtomicBool::new(false);

/// A bar in a terminal, a line now and then elsewhere, nothing when quiet.
pub(crate) struct Bar {
    bar: ProgressBar,
    lines: bool,
    total: u64,
    done: AtomicU64,
    start: Instant,
}

impl Bar {
    /// Progress over this many runs.
    pub(crate) fn new(runs: u64, quiet: bool) -> Self {
        // The handler can be set only once a process; a second job of the same process keeps the first.
        let _ = ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed));
        let terminal = std::io::stderr().is_terminal();
        let target = if quiet || !terminal {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(Some(runs), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} runs, {elapsed} elapsed, {eta} left") {
            bar.set_style(style);
        }
        bar.tick();
        let lines = !quiet && !terminal;
        if lines {
            super::output::say(&format!("lamplight: 0 of {runs} runs"));
        }
        Bar {
            bar,
            lines,
            total: runs,
            done: AtomicU64::new(0),
            start: Instant::now(),
        }
    }
    /// Wall time so far, s.
    pub(crate) fn seconds(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }
    /// Clears the bar.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn finished(&self) {
        self.bar.inc(1);
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let tenth = (self.total / 10).max(1);
        if self.lines && done % tenth == 0 {
            super::output::say(&format!(
                "lamplight: {done} of {} runs, {:.0} s",
                self.total,
                self.seconds()
            ));
        }
    }
    fn stopped(&self) -> bool {
        STOP.load(Ordering::Relaxed)
    }
}
