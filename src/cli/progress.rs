//! Progress on stderr, and stopping on request.

use crate::experiment::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

/// Least and most time between two lines of progress where there is no terminal, s.
const BETWEEN_LINES_S: (u64, u64) = (2, 30);

/// Set when the user interrupts.
static STOP: AtomicBool = AtomicBool::new(false);

/// A bar in a terminal, a line now and then elsewhere, nothing when quiet.
pub(crate) struct Bar {
    bar: ProgressBar,
    lines: bool,
    total: u64,
    done: AtomicU64,
    start: Instant,
    /// Second at which the last line was said, and the tenth of the job that it told of.
    last_line_s: AtomicU64,
    last_tenth: AtomicU64,
}

impl Bar {
    /// Progress over this many runs.
    pub(crate) fn new(runs: u64, quiet: bool) -> Self {
        // The handler can be set only once a process; a second job of the same process keeps the first.
        let _ = ctrlc::set_handler(|| {
            if STOP.swap(true, Ordering::Relaxed) {
                // Asked twice: do not wait for the runs in hand.
                std::process::exit(130);
            }
        });
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
            last_line_s: AtomicU64::new(0),
            last_tenth: AtomicU64::new(0),
        }
    }
    /// Wall time so far, s.
    pub(crate) fn seconds(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }
    /// Says how far the job is, at every tenth of it but not too often, and never after too long a silence.
    fn line(&self, done: u64) {
        let now_s = self.start.elapsed().as_secs();
        let before_s = self.last_line_s.load(Ordering::Relaxed);
        let tenth = 10 * done / self.total.max(1);
        let silent_s = now_s.saturating_sub(before_s);
        let news = before_s == 0 || tenth > self.last_tenth.load(Ordering::Relaxed);
        let due = silent_s >= BETWEEN_LINES_S.1 || silent_s >= BETWEEN_LINES_S.0 && news;
        let claim = |now| {
            let same = self
                .last_line_s
                .compare_exchange(before_s, now, Ordering::Relaxed, Ordering::Relaxed);
            same.is_ok()
        };
        if done == self.total || due && claim(now_s) {
            self.last_tenth.store(tenth, Ordering::Relaxed);
            let (total, seconds) = (self.total, self.seconds());
            let left = seconds * (total - done) as f64 / done as f64;
            let left = if done < total {
                format!(", about {left:.0} s left")
            } else {
                String::new()
            };
            super::output::say(&format!("lamplight: {done} of {total} runs, {seconds:.1} s{left}"));
        }
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
        if self.lines {
            self.line(done);
        }
    }
    /// They count as done, so that what is left is told rightly.
    fn spared(&self, runs: u64) {
        self.bar.inc(runs);
        let done = self.done.fetch_add(runs, Ordering::Relaxed) + runs;
        if self.lines && runs > 0 {
            self.line(done);
        }
    }
    fn stopped(&self) -> bool {
        STOP.load(Ordering::Relaxed)
    }
}
