//! An observer that counts by group cell. Every accumulator is an integer, so that no sum depends on order.

use crate::deployment::{Alert, Batch, Ending, Observer, Pass, Reacted, Shadowed, Shift, SoughtRecord};
use crate::matcher::FIXED_POINT;
use crate::record::TraceHash;
use crate::response::{Outcome, Patrol, Truth};
use crate::scenario::plan::{Axes, Crowd};

/// What is counted for each group cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
#[allow(missing_docs)]
pub enum Counter {
    Passes,
    Searches,
    PeopleScanned,
    ListedPasses,
    ListedSearches,
    TrueAlerts,
    FalseAlerts,
    DismissedTrue,
    DismissedFalse,
    FalsePassed,
    DroppedTrue,
    DroppedFalse,
    AutoClosed,
    TooLateTrue,
    TooLateFalse,
    LostTrue,
    LostFalse,
    BusyOrFled,
    TrueStops,
    StaleStops,
    WrongfulStops,
    Arrests,
    StaleArrests,
    OtherActions,
    NoActions,
    Charged,
    WrongfulArrests,
    /// Stops after a false alert that end without an arrest.
    WrongfulLetGo,
    Handcuffed,
    ChildrenStopped,
    SoughtPresent,
    SoughtPassed,
    SoughtAlerted,
    SoughtMissed,
    Detours,
    TurnedBack,
    Covered,
    PatrolArrests,
    PatrolOther,
    PatrolNothing,
    WiderArrests,
    /// Microseconds that people not sought lost in stops and custody.
    LostMicros,
}

/// Number of counters.
pub const COUNTERS: usize = Counter::LostMicros as usize + 1;

/// What is summed in expectation for each group cell, in units of 2^-64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Expected {
    /// False alerts, given who was searched.
    FalseAlerts,
    /// The same from the sample of searches that are followed: what the next three are shares of.
    FalseSampled,
    /// Of them, passed on by an operator.
    FalsePassed,
    /// Of them, stopped.
    WrongfulStops,
    /// Of them, arrested.
    WrongfulArrests,
}

/// Number of expectations.
pub const EXPECTATIONS: usize = Expected::WrongfulArrests as usize + 1;

/// Counts of one group in one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRow {
    counts: [u64; COUNTERS],
    expected: [u128; EXPECTATIONS],
}

impl Default for GroupRow {
    fn default() -> Self {
        GroupRow {
            counts: [0; COUNTERS],
            expected: [0; EXPECTATIONS],
        }
    }
}

impl GroupRow {
    /// A count.
    pub fn get(&self, counter: Counter) -> u64 {
        self.counts[counter as usize]
    }
    /// Expected false alerts given who was searched.
    pub fn expected_false(&self) -> f64 {
        self.expected(Expected::FalseAlerts)
    }
    /// An expectation.
    pub fn expected(&self, what: Expected) -> f64 {
        self.expected[what as usize] as f64 / FIXED_POINT
    }
    fn expect(&mut self, what: Expected, units: u128) {
        self.expected[what as usize] += units;
    }
    fn add(&mut self, counter: Counter, n: u64) {
        self.counts[counter as usize] += n;
    }
    fn sum(&mut self, other: &GroupRow) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(a, b)| *a += b);
        self.expected.iter_mut().zip(&other.expected).for_each(|(a, b)| *a += b);
    }
}

/// Everything kept of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSummary {
    /// "all" first, then every level of every axis in order.
    pub groups: Vec<GroupRow>,
    /// Every group cell.
    pub cells: Vec<GroupRow>,
    /// People on duty.
    pub shift: Shift,
    /// Trace hash.
    pub hash: u64,
    /// Visits evaluated (speed only; not a result).
    pub visits: u64,
}

/// Counts a run.
pub struct Tally<'a> {
    axes: &'a Axes,
    child: &'a [bool],
    cells: Vec<GroupRow>,
    shift: Shift,
    hash: TraceHash,
    visits: u64,
}

impl<'a> Tally<'a> {
    /// An empty tally.
    pub fn new(axes: &'a Axes, crowd: &'a Crowd) -> Self {
        Tally {
            axes,
            child: &crowd.child,
            cells: vec![GroupRow::default(); axes.cells()],
            shift: Shift::default(),
            hash: TraceHash::default(),
            visits: 0,
        }
    }

    /// The counts by group.
    pub fn summary(self) -> RunSummary {
        let levels: usize = self.axes.0.iter().map(|a| a.levels.len()).sum();
        let mut groups = vec![GroupRow::default(); 1 + levels];
        for (c, cell) in self.cells.iter().enumerate() {
            groups[0].sum(cell);
            let mut first = 1;
            for (a, axis) in self.axes.0.iter().enumerate() {
                groups[first + self.axes.level(c, a)].sum(cell);
                first += axis.levels.len();
            }
        }
        RunSummary {
            groups,
            cells: self.cells,
            shift: self.shift,
            hash: self.hash.value(),
            visits: self.visits,
        }
    }
}

impl Observer for Tally<'_> {
    #[inline]
    fn pass(&mut self, pass: &Pass) {
        let row = &mut self.cells[pass.cell];
        row.counts[Counter::Passes as usize] += 1;
        row.counts[Counter::ListedPasses as usize] += u64::from(pass.listed);
        if pass.searched {
            row.counts[Counter::Searches as usize] += 1;
            row.counts[Counter::PeopleScanned as usize] += u64::from(pass.first);
            row.counts[Counter::ListedSearches as usize] += u64::from(pass.listed);
            row.expect(Expected::FalseAlerts, u128::from(pass.expected_false));
        }
        self.hash.pass(pass);
    }

    fn batch(&mut self, batch: &Batch) {
        let row = &mut self.cells[batch.cell];
        let (mut people, mut expected) = (0, 0_u128);
        for (searches, count) in batch.people.iter().enumerate() {
            people += count;
            row.counts[Counter::Searches as usize] += searches as u64 * count;
            row.counts[Counter::PeopleScanned as usize] += u64::from(searches > 0) * count;
            row.expect(Expected::FalseAlerts, expected * u128::from(*count));
            expected += u128::from(batch.expected_false.get(searches).copied().unwrap_or(0));
        }
        row.counts[Counter::Passes as usize] += people * batch.passes_each;
        self.hash.batch(batch);
    }

    fn reaction(&mut self, cell: usize, reacted: Reacted) {
        let counter = match reacted {
            Reacted::Detour => Counter::Detours,
            Reacted::TurnedBack => Counter::TurnedBack,
            Reacted::Covered => Counter::Covered,
        };
        self.cells[cell].add(counter, 1);
    }

    fn visits(&mut self, visits: u64, _: u64) {
        self.visits += visits;
    }

    fn sought(&mut self, record: &SoughtRecord) {
        if !(record.listed && record.present) {
            return;
        }
        let row = &mut self.cells[record.cell];
        row.add(Counter::SoughtPresent, 1);
        row.add(Counter::SoughtPassed, u64::from(record.passed));
        row.add(Counter::SoughtAlerted, u64::from(record.alerted));
        row.add(Counter::SoughtMissed, u64::from(!record.alerted));
    }

    fn alert(&mut self, alert: &Alert) {
        self.hash.alert(alert);
        let row = &mut self.cells[alert.cell];
        let of = |t: Counter, f: Counter| if alert.truth.is_true() { t } else { f };
        row.add(of(Counter::TrueAlerts, Counter::FalseAlerts), 1);
        match alert.ending {
            Ending::Open => {}
            Ending::AlreadyEngaged => row.add(Counter::AutoClosed, 1),
            Ending::Dropped => row.add(of(Counter::DroppedTrue, Counter::DroppedFalse), 1),
            Ending::Dismissed => row.add(of(Counter::DismissedTrue, Counter::DismissedFalse), 1),
            Ending::TooLate => row.add(of(Counter::TooLateTrue, Counter::TooLateFalse), 1),
            Ending::Lost => row.add(of(Counter::LostTrue, Counter::LostFalse), 1),
            Ending::Busy | Ending::Fled => row.add(Counter::BusyOrFled, 1),
            Ending::Stopped => {}
        }
        let passed = alert.review_end.is_some() && alert.ending != Ending::Dismissed;
        row.add(Counter::FalsePassed, u64::from(passed && !alert.truth.is_true()));
        let Some(stop) = alert.stop else { return };
        let stale = matches!(alert.truth, Truth::True { stale: true, .. });
        let kind = match alert.truth {
            Truth::False => Counter::WrongfulStops,
            Truth::True { .. } if stale => Counter::StaleStops,
            Truth::True { .. } => Counter::TrueStops,
        };
        row.add(kind, 1);
        row.add(Counter::ChildrenStopped, u64::from(self.child[alert.cell]));
        row.add(Counter::Charged, u64::from(stop.charged));
        row.add(Counter::Handcuffed, u64::from(stop.handcuffed));
        match stop.outcome {
            Outcome::Arrest => row.add(Counter::Arrests, 1),
            Outcome::OtherAction => row.add(Counter::OtherActions, 1),
            Outcome::NoAction | Outcome::StaleNoAction => row.add(Counter::NoActions, 1),
            Outcome::StaleArrest => row.add(Counter::StaleArrests, 1),
            Outcome::Wrongful => row.add(Counter::WrongfulLetGo, 1),
            Outcome::WrongfulArrest => row.add(Counter::WrongfulArrests, 1),
        }
        if stale || !alert.truth.is_true() {
            row.add(Counter::LostMicros, (stop.scene + stop.custody).0.max(0) as u64);
        }
    }

    fn shadow(&mut self, shadow: &Shadowed) {
        let row = &mut self.cells[shadow.cell];
        row.expect(Expected::FalseSampled, shadow.raised);
        row.expect(Expected::FalsePassed, shadow.passed);
        row.expect(Expected::WrongfulStops, shadow.stopped);
        row.expect(Expected::WrongfulArrests, shadow.arrested);
    }

    fn patrol(&mut self, patrol: &[Patrol], wider: &[u64]) {
        for (row, p) in self.cells.iter_mut().zip(patrol) {
            row.add(Counter::PatrolArrests, p.arrests);
            row.add(Counter::PatrolOther, p.other);
            row.add(Counter::PatrolNothing, p.nothing);
        }
        for (row, w) in self.cells.iter_mut().zip(wider) {
            row.add(Counter::WiderArrests, *w);
        }
    }

    fn end(&mut self, shift: &Shift) {
        self.shift = *shift;
    }
}
