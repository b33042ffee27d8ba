//! An observer that counts by group cell. Every accumulator is an integer, so that no sum depends on order.

use super::Year;
use crate::deployment::{
    Alert, Batch, CoverChance, CoverStop, Ending, Observer, Pass, Reacted, Shadowed, Shift, SoughtRecord,
};
use crate::kernel::mix;
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
    NotPursued,
    Followed,
    KinAlerts,
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
    ChildrenScanned,
    ChildrenAlerted,
    ChildrenStopped,
    ChildrenArrested,
    SoughtPresent,
    SoughtPassed,
    SoughtAlerted,
    SoughtMissed,
    Detours,
    TurnedBack,
    Covered,
    CoverStops,
    Fines,
    CoverNameChecks,
    PatrolArrests,
    PatrolOther,
    PatrolNothing,
    WiderArrests,
    /// Microseconds in custody of people arrested after an alert.
    CustodyMicros,
    /// Searches of the sample that is followed as if each had raised a false alert.
    Sampled,
    /// Microseconds that people not sought lost in stops and custody.
    LostMicros,
    StayedAway,
}

/// Number of counters.
pub const COUNTERS: usize = Counter::StayedAway as usize + 1;

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
    /// Stops for a covered face, given who came into view with one and who was free near by.
    CoverStops,
    /// Of them, with a fine.
    CoverFines,
    /// Of them, with the name checked.
    CoverNameChecks,
}

/// Number of expectations.
pub const EXPECTATIONS: usize = Expected::CoverNameChecks as usize + 1;

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
    /// What is counted of a programme as a whole, if the run is one.
    pub year: Option<Box<Year>>,
}

impl RunSummary {
    /// Nothing counted yet, for so many group rows.
    pub fn nothing(groups: usize) -> Self {
        RunSummary {
            groups: vec![GroupRow::default(); groups],
            cells: Vec::new(),
            shift: Shift::default(),
            hash: 0,
            visits: 0,
            year: None,
        }
    }

    /// Takes in another deployment. Counts and times add up; its hash is chained on.
    pub fn add(&mut self, other: &RunSummary) {
        self.cells.resize(other.cells.len(), GroupRow::default());
        self.groups.iter_mut().zip(&other.groups).for_each(|(a, b)| a.sum(b));
        self.cells.iter_mut().zip(&other.cells).for_each(|(a, b)| a.sum(b));
        let (a, b) = (&mut self.shift, &other.shift);
        a.operator_busy += b.operator_busy;
        a.operator_waited += b.operator_waited;
        a.pair_busy += b.pair_busy;
        a.pairs = a.pairs.max(b.pairs);
        a.open += b.open;
        a.officer_hours += b.officer_hours;
        a.expected_patrol_arrests += b.expected_patrol_arrests;
        a.recorded_false = b.recorded_false;
        self.hash = mix(self.hash ^ other.hash);
        self.visits += other.visits;
    }
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
            let mut cell = cell.clone();
            if self.child[c] {
                cell.add(Counter::ChildrenScanned, cell.get(Counter::PeopleScanned));
            }
            let cell = &cell;
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
            year: None,
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
            Reacted::StayedAway => Counter::StayedAway,
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
            Ending::NotPursued => row.add(Counter::NotPursued, 1),
            Ending::Stopped => {}
        }
        let passed = alert.review_end.is_some() && alert.ending != Ending::Dismissed;
        row.add(Counter::FalsePassed, u64::from(passed && !alert.truth.is_true()));
        let child = self.child[alert.cell];
        row.add(Counter::ChildrenAlerted, u64::from(child));
        row.add(Counter::KinAlerts, u64::from(alert.kin));
        row.add(Counter::Followed, u64::from(alert.followed.is_some()));
        let Some(stop) = alert.stop else { return };
        let stale = matches!(alert.truth, Truth::True { stale: true, .. });
        let kind = match alert.truth {
            Truth::False => Counter::WrongfulStops,
            Truth::True { .. } if stale => Counter::StaleStops,
            Truth::True { .. } => Counter::TrueStops,
        };
        row.add(kind, 1);
        row.add(Counter::ChildrenStopped, u64::from(child));
        row.add(Counter::ChildrenArrested, u64::from(child && stop.outcome.is_arrest()));
        row.add(Counter::CustodyMicros, stop.custody.0.max(0) as u64);
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
        row.add(Counter::Sampled, u64::from(shadow.raised > 0));
        row.expect(Expected::FalseSampled, shadow.raised);
        row.expect(Expected::FalsePassed, shadow.passed);
        row.expect(Expected::WrongfulStops, shadow.stopped);
        row.expect(Expected::WrongfulArrests, shadow.arrested);
    }

    fn cover_chance(&mut self, chance: &CoverChance) {
        let row = &mut self.cells[chance.cell];
        row.expect(Expected::CoverStops, chance.stopped);
        row.expect(Expected::CoverFines, chance.fined);
        row.expect(Expected::CoverNameChecks, chance.name_checked);
    }

    fn cover_stop(&mut self, stop: &CoverStop) {
        self.hash.cover_stop(stop);
        let row = &mut self.cells[stop.cell];
        row.add(Counter::CoverStops, 1);
        row.add(Counter::Fines, u64::from(stop.plan.fined));
        row.add(Counter::CoverNameChecks, u64::from(stop.plan.name_checked));
        if !stop.listed {
            row.add(Counter::LostMicros, stop.plan.scene.0.max(0) as u64);
        }
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
