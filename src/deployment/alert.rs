//! One alert from its look to its end.

use crate::kernel::Micros;
use crate::response::{StopPlan, Truth};

/// How an alert ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Still being dealt with.
    Open,
    /// The entry had already been stopped today: closed without review.
    AlreadyEngaged,
    /// No operator started it in time.
    Dropped,
    /// The operator judged it wrong.
    Dismissed,
    /// No pair was free in time.
    TooLate,
    /// The person was lost: out of sight, too far, or gone.
    Lost,
    /// The person was already being stopped, or under arrest.
    Busy,
    /// The person ran and got away.
    Fled,
    /// The person was stopped.
    Stopped,
    /// Officers do not go after such alerts.
    NotPursued,
}

impl Ending {
    /// The word in `alerts.parquet` and in stories.
    pub fn word(self) -> &'static str {
        match self {
            Ending::Open => "open",
            Ending::AlreadyEngaged => "entry already engaged",
            Ending::Dropped => "dropped before review",
            Ending::Dismissed => "dismissed",
            Ending::TooLate => "no pair in time",
            Ending::Lost => "lost in the crowd",
            Ending::Busy => "already stopped",
            Ending::Fled => "fled",
            Ending::Stopped => "stopped",
            Ending::NotPursued => "not pursued",
        }
    }
}

/// An alert.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// Identity; the key of its draws.
    pub key: u64,
    /// When the look was.
    pub at: Micros,
    /// Visit.
    pub visit: u64,
    /// Member of the visit.
    pub member: u16,
    /// Key of the person.
    pub person: u64,
    /// Group cell of the person.
    pub cell: usize,
    /// Index of the camera in the scene.
    pub camera: usize,
    /// Leg of the visit.
    pub leg: usize,
    /// Score.
    pub score: f64,
    /// Threshold it reached.
    pub threshold: f64,
    /// Quality of the look, 0 to 1.
    pub quality: f64,
    /// Whether the person is who the alert says.
    pub truth: Truth,
    /// Group cell of the matched entry.
    pub matched_cell: usize,
    /// The matched entry.
    pub entry: u64,
    /// Index of the reason why the matched entry is on the list.
    pub reason: usize,
    /// Whether the matched entry is of a close relative.
    pub kin: bool,
    /// When the review began.
    pub review_start: Option<Micros>,
    /// When it ended.
    pub review_end: Option<Micros>,
    /// When a pair was sent.
    pub dispatched: Option<Micros>,
    /// When a plain-clothes pair reached the person to follow them.
    pub followed: Option<Micros>,
    /// When the pair reached the person.
    pub contact: Option<Micros>,
    /// How it ended.
    pub ending: Ending,
    /// The stop, if there was one.
    pub stop: Option<StopPlan>,
}

impl Alert {
    /// A hash of everything that happened to it.
    pub fn hash(&self) -> u64 {
        let time = |t: Option<Micros>| t.map_or(u64::MAX, |t| t.0 as u64);
        let stop = self
            .stop
            .map_or(0, |s| s.scene.0 as u64 ^ ((s.outcome as u64 + 1) << 56));
        let followed = self.followed.map_or(0, |t| crate::kernel::mix(t.0 as u64));
        [
            self.key ^ followed,
            self.at.0 as u64,
            self.score.to_bits(),
            self.entry,
            time(self.review_start),
            time(self.review_end),
            time(self.dispatched),
            time(self.contact),
            self.ending as u64,
            stop,
        ]
        .iter()
        .fold(0, |h, x| crate::kernel::mix(h ^ x).wrapping_add(0x9e37_79b9_7f4a_7c15))
    }
}
