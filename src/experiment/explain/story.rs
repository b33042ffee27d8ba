//! The story of one alert, or of one sought person who was missed: plain figures and names, ready to be told.

use serde::Serialize;

/// One simulated person and what became of an alert, or of its absence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Story {
    /// Always `lamplight.story/1`.
    pub format: String,
    /// The stamp every figure carries.
    pub label: String,
    /// Scenario.
    pub scenario: String,
    /// Strategy.
    pub strategy: String,
    /// Replication, from 0.
    pub replication: u32,
    /// Which deployment of a programme it was; none of a plan of one day.
    pub held: Option<HeldStory>,
    /// Identity of the alert; none for a missed person.
    pub alert: Option<String>,
    /// What it is, in a word of [`super::KINDS`] where there is one.
    pub ending: String,
    /// Whether the alert is about the person it names.
    pub truth: String,
    /// Group of the simulated person.
    pub group: String,
    /// People who walked together, this one included.
    pub party: usize,
    /// What is known of a sought person.
    pub sought: Option<SoughtStory>,
    /// The look behind the alert; of a missed person, the look that came closest.
    pub look: Option<LookStory>,
    /// Why it fired.
    pub why: Option<Why>,
    /// The operator.
    pub review: Option<ReviewStory>,
    /// The officers.
    pub officers: Option<OfficerStory>,
    /// The stop.
    pub stop: Option<StopStory>,
    /// How rare it is; none for a missed person.
    pub rarity: Option<Rarity>,
    /// Why this sought person was missed.
    pub missed: Option<Missed>,
    /// The threshold that decides: above this score the alert would not have fired; a missed person would have raised one
    /// at or below it.
    pub score_that_decides: Option<f64>,
    /// Entries of the list in this run, and the fewest with which this alert fires.
    pub list: Option<ListStory>,
    /// The same person under every other strategy.
    pub elsewhere: Vec<Elsewhere>,
}

/// One deployment of a programme.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HeldStory {
    /// Number in its replication, from 1.
    pub number: u64,
    /// Date, as yyyy-mm-dd.
    pub date: String,
    /// Title of the site.
    pub site: String,
    /// Borough.
    pub borough: String,
    /// Whether the site's streets are a sketch.
    pub sketch: bool,
    /// "van" or "lamp post".
    pub mount: String,
    /// Opening, as hh:mm:ss.
    pub open: String,
    /// Closing.
    pub close: String,
    /// Threshold of that day.
    pub threshold: f64,
    /// Entries of the list drawn up for it.
    pub list_size: u64,
}

/// What is known of a sought person.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SoughtStory {
    /// Reason for being on the list.
    pub reason: String,
    /// Whether the person is on this day's list.
    pub listed: bool,
    /// Whether the entry is out of date.
    pub stale: bool,
    /// Age of the photograph on the list, years.
    pub photo_age_y: f64,
}

/// A look at the person.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LookStory {
    /// Local time, as hh:mm:ss.
    pub time: String,
    /// Street, or an empty text.
    pub street: String,
    /// Mount of the camera.
    pub camera: String,
    /// "van" or "lamp post".
    pub mount: String,
    /// Distance over the ground, m.
    pub range_m: f64,
    /// Angle between the person's way and the direction to the camera, degrees.
    pub yaw_deg: f64,
    /// Quality, 0 to 1.
    pub quality: f64,
    /// Chance of a usable face.
    pub capture: f64,
    /// Whether the face was covered.
    pub covered: bool,
    /// Searches of this person up to this one.
    pub searches: u32,
    /// Score.
    pub score: f64,
    /// Threshold.
    pub threshold: f64,
}

/// Why an alert fired.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The face looked like somebody else's on the list.
    LookAlike {
        /// Group of the entry.
        matched_group: String,
        /// Whether that is a close relative.
        relative: bool,
        /// Chance that a search of this face does so.
        own_chance: f64,
        /// The same for the average face of the group.
        mean_chance: f64,
    },
    /// The face looked like the person's own photograph: named parts that add up to the score.
    Genuine {
        /// Parts of the score.
        parts: Vec<(String, f64)>,
    },
}

/// The review.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReviewStory {
    /// Wait for an operator, s; none if nobody began.
    pub waited_s: Option<f64>,
    /// Length, s.
    pub took_s: Option<f64>,
    /// Evidence that it was the same person, and the criterion it had to exceed.
    pub evidence: Option<[f64; 2]>,
    /// What a second person made of it, under the two-person rule.
    pub second: Option<SecondStory>,
    /// Chance that this operator passes on an alert like this one.
    pub chance: Option<f64>,
    /// Whether it was passed on.
    pub passed_on: bool,
}

/// The second person of the two-person rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SecondStory {
    /// Whether that person found it credible too, or would have.
    pub passes: bool,
    /// Evidence and criterion, as of the operator.
    pub evidence: Option<[f64; 2]>,
}

/// Dispatch and pursuit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OfficerStory {
    /// Wait for a free pair after the review, s.
    pub waited_s: f64,
    /// Way from the pair's post to the person, m.
    pub distance_m: Option<f64>,
    /// Time from being sent to reaching the person, s.
    pub reached_s: Option<f64>,
}

/// The stop.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StopStory {
    /// Outcome.
    pub outcome: String,
    /// Minutes in the street.
    pub minutes: f64,
    /// Hours in custody afterwards, where they are simulated.
    pub custody_h: f64,
    /// Minutes lost, stop and custody together.
    pub minutes_lost: f64,
    /// Whether an arrest led to a charge or caution.
    pub charged: bool,
    /// Whether the person was handcuffed.
    pub handcuffed: bool,
}

/// How rare such an alert is under its strategy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rarity {
    /// Alerts with the same truth and end, this one included.
    pub like_it: u64,
    /// Simulated deployments.
    pub deployments: u64,
    /// In natural frequencies.
    pub per_deployment: String,
    /// Faces seen for each, or none.
    pub faces_for_each: Option<f64>,
}

/// Why a sought person was missed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Missed {
    /// The reason, in words.
    pub reason: String,
    /// Every reason with the number of sought people missed for it, over the deployments looked at.
    pub reasons: Vec<(String, u64)>,
    /// Deployments looked at.
    pub deployments: u64,
    /// Sought people present in them.
    pub present: u64,
}

/// The list and this alert.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListStory {
    /// Entries.
    pub size: f64,
    /// Fewest entries, chosen the same way, with which it fires.
    pub least: f64,
}

/// The same person under another strategy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Elsewhere {
    /// Strategy.
    pub strategy: String,
    /// Whether this strategy had cameras or officers at that place at that time, so that its outcome can be set beside the
    /// one told.
    pub compared: bool,
    /// Searches of the person.
    pub searches: u32,
    /// Highest score of them.
    pub score: Option<f64>,
    /// Threshold there.
    pub threshold: Option<f64>,
    /// What happened, in words.
    pub what: String,
    /// Minutes lost.
    pub minutes_lost: f64,
}
