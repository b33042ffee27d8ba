//! The operators' desk: alerts wait first in, first out, and are dropped when nobody starts them in time.

use crate::kernel::Micros;
use std::collections::VecDeque;

/// The desk.
#[derive(Clone, Debug)]
pub struct Desk {
    free: Vec<bool>,
    waiting: VecDeque<(u32, Micros)>,
    patience: Micros,
    /// Sum of the time alerts waited before their review began.
    pub waited: Micros,
    /// Sum of review times.
    pub busy: Micros,
}

/// An alert that an operator takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The alert.
    pub alert: u32,
    /// The operator.
    pub operator: usize,
}

impl Desk {
    /// A desk with this many operators.
    pub fn new(operators: usize, patience: Micros) -> Self {
        Desk {
            free: vec![true; operators],
            waiting: VecDeque::new(),
            patience,
            waited: Micros(0),
            busy: Micros(0),
        }
    }

    /// An alert arrives: taken at once by the first free operator, or waits.
    pub fn arrive(&mut self, alert: u32, now: Micros) -> Option<Taken> {
        match self.first_free() {
            Some(operator) => {
                self.free[operator] = false;
                Some(Taken { alert, operator })
            }
            None => {
                self.waiting.push_back((alert, now));
                None
            }
        }
    }

    /// An operator is done: takes the next alert still worth starting; those dropped are handed to `dropped`.
    pub fn done(&mut self, operator: usize, now: Micros, mut dropped: impl FnMut(u32)) -> Option<Taken> {
        while let Some((alert, since)) = self.waiting.pop_front() {
            if self.gave_up(since, now) {
                dropped(alert);
                continue;
            }
            self.waited += now - since;
            return Some(Taken { alert, operator });
        }
        self.free[operator] = true;
        None
    }

    /// The first free operator.
    pub fn first_free(&self) -> Option<usize> {
        self.free.iter().position(|f| *f)
    }

    /// Since when the first alert has waited that is still worth starting.
    pub fn first_waiting_since(&self, now: Micros) -> Option<Micros> {
        self.waiting
            .iter()
            .map(|w| w.1)
            .find(|since| !self.gave_up(*since, now))
    }

    /// Whether what has waited since then is no longer worth starting.
    pub fn gave_up(&self, since: Micros, now: Micros) -> bool {
        now - since > self.patience
    }

    /// Alerts still waiting when everything is over.
    pub fn left(&mut self) -> impl Iterator<Item = u32> + '_ {
        self.waiting.drain(..).map(|(alert, _)| alert)
    }
}
