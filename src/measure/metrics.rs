//! The one table of metrics: what `summary.json`, `runs.parquet`, the docs and the report are made from.

use super::tally::{Counter, Expected, GroupRow, RunSummary};
use super::year::{Exposure, Year};
use crate::response::{Prices, Retention};
use Counter as C;

/// How a metric is computed from a run's counts.
#[derive(Clone, Copy, Debug)]
pub enum MetricKind {
    /// A sum of counters.
    Count(&'static [Counter]),
    /// Faces seen, under the scenario's counting.
    Faces,
    /// An expectation.
    Expected(Expected),
    /// False alerts times the share that the force records.
    RecordedFalse,
    /// A sum of counters over another, a rate.
    Rate(&'static [Counter], &'static [Counter]),
    /// A sum of counters over faces seen.
    PerFace(&'static [Counter]),
    /// Minutes that people not sought lost.
    MinutesLost,
    /// All arrests less those that the same officers would be expected to make on patrol. Not by group.
    NetArrests,
    /// Mean wait of an alert before its review, s. Not by group.
    OperatorWait,
    /// Share of the pairs' time away from their posts. Not by group.
    Utilisation,
    /// Minutes open per arrest. Not by group.
    MinutesPerArrest,
    /// Something of a programme as a whole: numerator and, for a rate, denominator. Only programmes have it.
    Whole(fn(&RunSummary, &Year, usize) -> (f64, Option<f64>)),
    /// Hours in custody after an alert.
    CustodyHours,
    /// Days for which images of people not on the list are kept, summed over images.
    ImageDays,
    /// Fines, GBP.
    Fines,
    /// What everything costs, GBP. Not by group.
    Cost,
    /// That over arrests. Not by group.
    CostPerArrest,
}

/// One metric.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// Stable id.
    pub id: &'static str,
    /// Title for readers.
    pub title: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// What is divided by what.
    pub kind: MetricKind,
    /// Definition in a sentence.
    pub definition: &'static str,
    /// Whether it exists for groups.
    pub by_group: bool,
}

/// A figure of a whole programme.
const fn whole(
    id: &'static str,
    title: &'static str,
    unit: &'static str,
    by_group: bool,
    of: fn(&RunSummary, &Year, usize) -> (f64, Option<f64>),
    definition: &'static str,
) -> Metric {
    Metric {
        id,
        title,
        unit,
        kind: MetricKind::Whole(of),
        definition,
        by_group,
    }
}

/// The exposure of a group.
fn exposed(year: &Year, group: usize, of: fn(&Exposure) -> u64) -> (f64, Option<f64>) {
    match year.exposure.get(group) {
        Some(e) => (of(e) as f64, Some(e.count() as f64)),
        None => (0.0, Some(0.0)),
    }
}

fn arrests(run: &RunSummary) -> f64 {
    ARRESTS.iter().map(|c| run.groups[0].get(*c)).sum::<u64>() as f64
}

const PROGRAMME: &str = "per programme";

const PER: &str = "per deployment";

const fn count(id: &'static str, title: &'static str, of: &'static [Counter], definition: &'static str) -> Metric {
    Metric {
        id,
        title,
        unit: PER,
        kind: MetricKind::Count(of),
        definition,
        by_group: true,
    }
}
const fn rate(
    id: &'static str,
    title: &'static str,
    unit: &'static str,
    of: &'static [Counter],
    per: &'static [Counter],
    definition: &'static str,
) -> Metric {
    Metric {
        id,
        title,
        unit,
        kind: MetricKind::Rate(of, per),
        definition,
        by_group: true,
    }
}

const fn expected(id: &'static str, title: &'static str, what: Expected, definition: &'static str) -> Metric {
    Metric {
        id,
        title,
        unit: PER,
        kind: MetricKind::Expected(what),
        definition,
        by_group: true,
    }
}

const ALERTS: &[Counter] = &[C::TrueAlerts, C::FalseAlerts];
const STOPS: &[Counter] = &[
    C::TrueStops,
    C::StaleStops,
    C::WrongfulStops,
    C::PatrolArrests,
    C::PatrolOther,
    C::PatrolNothing,
];
const NOT_ARRESTED: &[Counter] = &[
    C::OtherActions,
    C::NoActions,
    C::WrongfulLetGo,
    C::PatrolOther,
    C::PatrolNothing,
];
const ARRESTS: &[Counter] = &[C::Arrests, C::StaleArrests, C::PatrolArrests];

/// All metrics, in the order of the funnel.
pub static METRICS: &[Metric] = &[
    count(
        "passes",
        "Passes through a view",
        &[C::Passes],
        "Walks of one person through one camera's view.",
    ),
    Metric {
        id: "faces_seen",
        title: "Faces seen",
        unit: PER,
        kind: MetricKind::Faces,
        by_group: true,
        definition: "Faces counted as seen, under measure.faces_mode (by default: searches).",
    },
    count(
        "people_scanned",
        "People scanned",
        &[C::PeopleScanned],
        "Different people searched at least once.",
    ),
    count(
        "searches",
        "Searches",
        &[C::Searches],
        "Captured faces compared with the watchlist.",
    ),
    count(
        "alerts",
        "Alerts",
        ALERTS,
        "Searches that reached the threshold, at most one per visit and matched entry.",
    ),
    count(
        "true_alerts",
        "True alerts",
        &[C::TrueAlerts],
        "Alerts about the person they name.",
    ),
    count(
        "false_alerts",
        "False alerts (counted)",
        &[C::FalseAlerts],
        "Alerts about a person taken for somebody else.",
    ),
    Metric {
        id: "false_alerts_expected",
        title: "False alerts (expected)",
        unit: PER,
        kind: MetricKind::Expected(Expected::FalseAlerts),
        by_group: true,
        definition: "Their expectation given who was searched: the same quantity, with far less noise.",
    },
    count(
        "false_alerts_passed",
        "False alerts passed on (counted)",
        &[C::FalsePassed],
        "False alerts that the operator judged right.",
    ),
    expected(
        "false_alerts_passed_expected",
        "False alerts passed on (expected)",
        Expected::FalsePassed,
        "Their expectation, from a sample of all searches followed through review as if they had raised a false alert.",
    ),
    Metric {
        id: "false_alerts_recorded",
        title: "False alerts that the force would record",
        unit: PER,
        kind: MetricKind::RecordedFalse,
        by_group: true,
        definition: "False alerts times measure.recorded_false: what to hold against a published record.",
    },
    count(
        "false_alerts_kin",
        "False alerts about relatives",
        &[C::KinAlerts],
        "False alerts about close relatives of people on the list; counted only where matcher.kin is on.",
    ),
    count(
        "alerts_dismissed",
        "Alerts dismissed",
        &[C::DismissedTrue, C::DismissedFalse],
        "Alerts that the operator judged wrong.",
    ),
    count(
        "alerts_dropped",
        "Alerts dropped",
        &[
            C::DroppedTrue,
            C::DroppedFalse,
            C::TooLateTrue,
            C::TooLateFalse,
            C::AutoClosed,
            C::NotPursued,
        ],
        "Alerts that no operator or no pair took up in time, whose entry had already been engaged, or that officers do not pursue.",
    ),
    count(
        "alerts_followed",
        "Alerts followed in plain clothes",
        &[C::Followed],
        "Alerts whose person a plain-clothes pair reached and followed.",
    ),
    count(
        "lost_in_crowd",
        "Lost in the crowd",
        &[C::LostTrue, C::LostFalse, C::BusyOrFled],
        "People whom officers were sent after and did not stop.",
    ),
    count(
        "stops",
        "Stops",
        STOPS,
        "People stopped: after an alert, or by patrol where there is no facial recognition.",
    ),
    count(
        "stops_without_arrest",
        "Stops without arrest",
        NOT_ARRESTED,
        "Stops that end without an arrest, for whatever reason.",
    ),
    count(
        "stops_no_action",
        "Stops without any action",
        &[C::NoActions, C::WrongfulLetGo, C::PatrolNothing],
        "Stops that end without arrest or other action.",
    ),
    count(
        "stops_other_action",
        "Stops with another action",
        &[C::OtherActions, C::PatrolOther],
        "Stops that end in an action other than arrest.",
    ),
    count(
        "wrongful_stops",
        "Wrongful stops",
        &[C::WrongfulStops],
        "Stops after a false alert; not a legal finding.",
    ),
    expected(
        "wrongful_stops_expected",
        "Wrongful stops (expected)",
        Expected::WrongfulStops,
        "Their expectation, from a sample of all searches followed through review and pursuit as if they had raised a false alert.",
    ),
    count(
        "stale_stops",
        "Stale stops",
        &[C::StaleStops],
        "Stops of the right person on an entry that is out of date.",
    ),
    count(
        "stale_arrests",
        "Arrests on entries out of date",
        &[C::StaleArrests],
        "Arrests of the right person on an entry that is out of date, who is later released without further action.",
    ),
    count(
        "children_scanned",
        "Children scanned",
        &[C::ChildrenScanned],
        "Different people under 18 searched at least once.",
    ),
    count(
        "children_alerted",
        "Alerts about children",
        &[C::ChildrenAlerted],
        "Alerts about people under 18, true or false.",
    ),
    count(
        "children_stopped",
        "Children stopped",
        &[C::ChildrenStopped],
        "Stops after an alert of people under 18.",
    ),
    count(
        "children_arrested",
        "Children arrested",
        &[C::ChildrenArrested],
        "Arrests after an alert of people under 18, rightly or wrongly; they wait for an appropriate adult.",
    ),
    count(
        "cover_stops",
        "Stops for a covered face",
        &[C::CoverStops],
        "Stops of people for nothing but covering the face in front of cameras; not among the stops after an alert.",
    ),
    expected(
        "cover_stops_expected",
        "Stops for a covered face (expected)",
        Expected::CoverStops,
        "Their expectation, given who came into view with the face covered while a pair was free near by.",
    ),
    count("fines", "Fines", &[C::Fines], "Fines after a stop for a covered face."),
    expected(
        "fines_expected",
        "Fines (expected)",
        Expected::CoverFines,
        "Their expectation: expected stops for a covered face times the chance of a fine.",
    ),
    count(
        "cover_name_checks",
        "Names checked",
        &[C::CoverNameChecks],
        "Stops for a covered face in which the person's name is checked.",
    ),
    expected(
        "cover_name_checks_expected",
        "Names checked (expected)",
        Expected::CoverNameChecks,
        "Their expectation: expected stops for a covered face times the chance of a name check.",
    ),
    count(
        "arrests",
        "Arrests",
        ARRESTS,
        "Arrests after an alert about the right person, or by patrol where there is no facial recognition.",
    ),
    count(
        "wider_arrests",
        "Arrests of the wider operation",
        &[C::WiderArrests],
        "Arrests that no alert led to, by the officers around the cameras.",
    ),
    Metric {
        id: "net_arrests",
        title: "Arrests net of patrol",
        unit: PER,
        kind: MetricKind::NetArrests,
        by_group: false,
        definition: "All arrests, the wider operation's included, less those that the same officer-hours would be expected to bring on ordinary patrol.",
    },
    count(
        "charged_or_cautioned",
        "Charged or cautioned",
        &[C::Charged],
        "Arrests after an alert that lead to a charge or caution.",
    ),
    count(
        "wrongful_arrests",
        "Wrongful arrests",
        &[C::WrongfulArrests],
        "Arrests of people taken for somebody else.",
    ),
    expected(
        "wrongful_arrests_expected",
        "Wrongful arrests (expected)",
        Expected::WrongfulArrests,
        "Their expectation: expected wrongful stops times the chance that one becomes an arrest.",
    ),
    count(
        "sought_present",
        "Sought people present",
        &[C::SoughtPresent],
        "People on the list whose visit overlaps opening hours.",
    ),
    count(
        "sought_missed",
        "Sought people missed",
        &[C::SoughtMissed],
        "People on the list who were present and raised no alert about themselves.",
    ),
    count(
        "took_another_route",
        "Took another route",
        &[C::Detours],
        "People who noticed and walked round the cameras.",
    ),
    count(
        "turned_back",
        "Turned back",
        &[C::TurnedBack],
        "People who noticed and left.",
    ),
    count(
        "covered",
        "Covered the face",
        &[C::Covered],
        "People who noticed and covered the face.",
    ),
    Metric {
        id: "false_alerts_per_face",
        title: "False alerts per face seen (the Met's rate)",
        unit: "per face",
        kind: MetricKind::PerFace(&[C::FalseAlerts]),
        by_group: true,
        definition: "False alerts over faces seen.",
    },
    rate(
        "false_share_of_alerts",
        "False share of alerts (Big Brother Watch's rate)",
        "of alerts",
        &[C::FalseAlerts],
        ALERTS,
        "False alerts over all alerts.",
    ),
    rate(
        "precision",
        "Precision",
        "of alerts",
        &[C::TrueAlerts],
        ALERTS,
        "True alerts over all alerts.",
    ),
    rate(
        "tpir",
        "TPIR per search",
        "of searches of listed people",
        &[C::SoughtAlerted],
        &[C::ListedSearches],
        "Listed people alerted over searches of listed people.",
    ),
    rate(
        "tpir_zone",
        "Listed people alerted, of those who pass",
        "of listed people who pass a camera",
        &[C::SoughtAlerted],
        &[C::SoughtPassed],
        "Listed people who raised a true alert over those who crossed a view.",
    ),
    rate(
        "hit_yield",
        "Listed people stopped, of those present",
        "of listed people present",
        &[C::TrueStops, C::StaleStops],
        &[C::SoughtPresent],
        "Stops of listed people over listed people in the place that day.",
    ),
    rate(
        "alerts_not_arrested_share",
        "Alerts that lead to no arrest",
        "of alerts",
        &[C::TrueAlerts, C::FalseAlerts],
        ALERTS,
        "Alerts less arrests after an alert, over alerts.",
    ),
    rate(
        "searches_per_arrest",
        "Searches per arrest",
        "searches",
        &[C::Searches],
        &[C::Arrests, C::StaleArrests],
        "Searches over arrests after an alert.",
    ),
    rate(
        "wrongful_stops_per_arrest",
        "Wrongful stops per arrest",
        "stops",
        &[C::WrongfulStops],
        ARRESTS,
        "Wrongful stops over arrests.",
    ),
    Metric {
        id: "minutes_per_arrest",
        title: "Minutes per arrest",
        unit: "min",
        kind: MetricKind::MinutesPerArrest,
        by_group: false,
        definition: "Minutes open over arrests.",
    },
    Metric {
        id: "not_sought_minutes_lost",
        title: "Minutes lost by people not sought",
        unit: "min per deployment",
        kind: MetricKind::MinutesLost,
        by_group: true,
        definition: "Time that people stopped by mistake, on an entry out of date, or for a covered face, spent in stops and custody.",
    },
    Metric {
        id: "custody_hours",
        title: "Hours in custody",
        unit: "h per deployment",
        kind: MetricKind::CustodyHours,
        by_group: true,
        definition: "Time in custody of everybody arrested after an alert, rightly or wrongly.",
    },
    Metric {
        id: "image_days_not_sought",
        title: "Image-days of people not sought",
        unit: "image-days per deployment",
        kind: MetricKind::ImageDays,
        by_group: true,
        definition: "Days for which images of people not on the list are kept, summed over images: templates, images of false alerts, footage of each pass.",
    },
    Metric {
        id: "fines_gbp",
        title: "Fines paid",
        unit: "GBP per deployment",
        kind: MetricKind::Fines,
        by_group: true,
        definition: "Fines after a stop for a covered face, in money; not counted against the cost.",
    },
    Metric {
        id: "cost_gbp",
        title: "Cost",
        unit: "GBP per deployment",
        kind: MetricKind::Cost,
        by_group: false,
        definition: "Staff, vans, the share of fixed cameras in use, notice, custody, and compensation; software and back office left out.",
    },
    Metric {
        id: "cost_per_arrest_gbp",
        title: "Cost per arrest",
        unit: "GBP per arrest",
        kind: MetricKind::CostPerArrest,
        by_group: false,
        definition: "Cost over arrests of the right person, those of the wider operation or of patrol included.",
    },
    Metric {
        id: "operator_wait_s",
        title: "Wait for review",
        unit: "s per alert reviewed",
        kind: MetricKind::OperatorWait,
        by_group: false,
        definition: "Mean wait before its review of an alert that was reviewed.",
    },
    Metric {
        id: "officer_utilisation",
        title: "Officer utilisation",
        unit: "of pair time",
        kind: MetricKind::Utilisation,
        by_group: false,
        definition: "Share of the pairs' opening time spent away from their posts.",
    },
    whole(
        "deployments",
        "Deployments",
        PROGRAMME,
        false,
        |_, y, _| (y.deployments as f64, None),
        "Deployments held.",
    ),
    whole(
        "deployments_fixed",
        "Deployments with fixed cameras",
        PROGRAMME,
        false,
        |_, y, _| (y.fixed as f64, None),
        "Deployments held with a fixed array.",
    ),
    whole(
        "deployments_called_off",
        "Deployments called off",
        PROGRAMME,
        false,
        |_, y, _| (y.called_off as f64, None),
        "Deployments planned and called off: weather, faults, other reasons.",
    ),
    whole(
        "deployments_faults",
        "Deployments called off by a fault",
        PROGRAMME,
        false,
        |_, y, _| (y.faults as f64, None),
        "Deployments called off because the equipment failed.",
    ),
    whole(
        "deployments_made_up",
        "Deployments made up",
        PROGRAMME,
        false,
        |_, y, _| (y.made_up as f64, None),
        "Deployments called off and held later.",
    ),
    whole(
        "hours_open",
        "Hours open",
        "h per programme",
        false,
        |_, y, _| (y.open.seconds() / 3600.0, None),
        "Time open, all deployments together.",
    ),
    whole(
        "boroughs_visited",
        "Boroughs with a deployment",
        PROGRAMME,
        false,
        |_, y, _| (y.boroughs_visited as f64, None),
        "Boroughs in which at least one deployment was held.",
    ),
    whole(
        "arrests_per_deployment",
        "Arrests per deployment",
        "per deployment held",
        false,
        |r, y, _| (arrests(r), Some(y.deployments as f64)),
        "Arrests over deployments held.",
    ),
    whole(
        "share_scanned_once",
        "People scanned at least once",
        "of people who use the sites",
        true,
        |_, y, g| exposed(y, g, |e| e.at_least(1)),
        "Members of the sites' pools searched at least once over members of the pools.",
    ),
    whole(
        "share_scanned_ten_times",
        "People scanned ten times or more",
        "of people who use the sites",
        true,
        |_, y, g| exposed(y, g, |e| e.at_least(10)),
        "Members of the sites' pools searched ten times or more over members of the pools.",
    ),
    whole(
        "searches_per_person",
        "Searches per person",
        "per person who uses the sites",
        true,
        |_, y, g| exposed(y, g, Exposure::searches),
        "Searches of members of the sites' pools over members of the pools.",
    ),
    whole(
        "exposure_gini",
        "Concentration of searches (Gini)",
        "0 alike, 1 on few",
        true,
        |_, y, g| match y.exposure.get(g).and_then(Exposure::gini) {
            Some(gini) => (gini, Some(1.0)),
            None => (0.0, Some(0.0)),
        },
        "Gini coefficient of searches over the members of the pools, those never searched among them.",
    ),
    count(
        "stayed_away",
        "Stayed away",
        &[C::StayedAway],
        "People who had heard of a deployment and did not come.",
    ),
    whole(
        "sought_on_roll",
        "Sought people at the end",
        PROGRAMME,
        false,
        |_, y, _| (y.roll_end as f64, None),
        "People on the roll on the last day who have not been arrested.",
    ),
    whole(
        "roll_depleted",
        "Sought people removed by arrests",
        "of the roll on the last day",
        false,
        |_, y, _| {
            let untouched = y.roll_end_untouched as f64;
            (untouched - y.roll_end as f64, Some(untouched))
        },
        "People who would still be on the roll on the last day without arrests, over all who would be.",
    ),
    whole(
        "arrays_moved",
        "Fixed arrays moved",
        PROGRAMME,
        false,
        |_, y, _| (y.moves as f64, None),
        "Moves of fixed arrays to another site.",
    ),
    whole(
        "arrays_moved_gbp",
        "Cost of moving fixed arrays",
        "GBP per programme",
        false,
        |_, y, _| (y.moves_gbp, None),
        "Moves of fixed arrays at their price.",
    ),
];

/// The metrics that a plan of one day, or a programme, has.
pub fn metrics_of(programme: bool) -> impl Iterator<Item = &'static Metric> {
    METRICS.iter().filter(move |m| programme || !m.only_of_programmes())
}

/// The metric with this id.
pub fn metric(id: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|m| m.id == id)
}

impl Metric {
    /// Numerator and, for a rate, denominator in one run for group row `group`.
    pub fn parts(&self, run: &RunSummary, group: usize, faces: Faces) -> (f64, Option<f64>) {
        let row = &run.groups[group];
        let sum = |list: &[Counter]| list.iter().map(|c| row.get(*c)).sum::<u64>() as f64;
        let minutes = |micros: i64| micros as f64 / 60e6;
        match self.kind {
            MetricKind::Count(of) => (sum(of), None),
            MetricKind::Faces => (faces.of(sum(&[C::Searches]), sum(&[C::Passes])), None),
            MetricKind::Expected(what) => (row.expected(what), None),
            MetricKind::RecordedFalse => (sum(&[C::FalseAlerts]) * run.shift.recorded_false, None),
            MetricKind::Rate(of, per) if self.id == "alerts_not_arrested_share" => {
                (sum(of) - sum(&[C::Arrests, C::StaleArrests]), Some(sum(per)))
            }
            MetricKind::Rate(of, per) => (sum(of), Some(sum(per))),
            MetricKind::PerFace(of) => (sum(of), Some(faces.of(sum(&[C::Searches]), sum(&[C::Passes])))),
            MetricKind::MinutesLost => (sum(&[C::LostMicros]) / 60e6, None),
            MetricKind::NetArrests => (
                sum(ARRESTS) + sum(&[C::WiderArrests]) - run.shift.expected_patrol_arrests,
                None,
            ),
            MetricKind::OperatorWait => {
                let unseen = sum(&[C::DroppedTrue, C::DroppedFalse, C::AutoClosed]);
                (run.shift.operator_waited.seconds(), Some(sum(ALERTS) - unseen))
            }
            MetricKind::Utilisation => {
                let of_day = || run.shift.open.seconds() * run.shift.pairs as f64;
                let time = run.year.as_ref().map_or_else(of_day, |y| y.duty.seconds());
                (run.shift.pair_busy.seconds(), Some(time))
            }
            MetricKind::CustodyHours => (sum(&[C::CustodyMicros]) / 3600e6, None),
            MetricKind::ImageDays => (image_days(row, &run.shift.retention), None),
            MetricKind::Fines => (run.shift.prices.fine * sum(&[C::Fines]), None),
            MetricKind::Cost => (cost(row, &run.shift.prices), None),
            MetricKind::CostPerArrest => (
                cost(row, &run.shift.prices),
                Some(sum(ARRESTS) + sum(&[C::WiderArrests])),
            ),
            MetricKind::MinutesPerArrest => (minutes(run.shift.open.0), Some(sum(ARRESTS))),
            MetricKind::Whole(of) => match &run.year {
                Some(year) => of(run, year, group),
                None => (0.0, Some(0.0)),
            },
        }
    }

    /// Whether only programmes have it.
    pub fn only_of_programmes(&self) -> bool {
        matches!(self.kind, MetricKind::Whole(_)) || matches!(self.kind, MetricKind::Count(&[C::StayedAway]))
    }

    /// Its unit in the figures of a plan: a count of a programme is per programme.
    pub fn unit_of(&self, programme: bool) -> String {
        match self.unit.strip_suffix(PER) {
            Some(of) if programme => format!("{of}{PROGRAMME}"),
            _ => self.unit.to_string(),
        }
    }

    /// Whether it has a denominator.
    pub fn is_rate(&self) -> bool {
        matches!(
            self.kind,
            MetricKind::Rate(..)
                | MetricKind::PerFace(_)
                | MetricKind::OperatorWait
                | MetricKind::Utilisation
                | MetricKind::MinutesPerArrest
        )
    }

    /// Whether it is a sum of whole events.
    pub fn is_count(&self) -> bool {
        matches!(self.kind, MetricKind::Count(_))
    }
}

/// Days for which images of people not on the list are kept.
fn image_days(row: &GroupRow, kept: &Retention) -> f64 {
    let of = |c: Counter| row.get(c) as f64;
    let (alerts, cases) = (of(C::FalseAlerts), of(C::WrongfulArrests));
    let templates = (of(C::Searches) - of(C::ListedSearches) - alerts).max(0.0);
    kept.template * templates
        + kept.alert * (alerts - cases)
        + kept.case * cases
        + kept.cctv * (of(C::Passes) - of(C::ListedPasses))
}

/// What everything costs.
fn cost(row: &GroupRow, prices: &Prices) -> f64 {
    let of = |c: Counter| row.get(c) as f64;
    prices.fixed
        + prices.custody_h * of(C::CustodyMicros) / 3600e6
        + prices.custody_per_arrest * (of(C::PatrolArrests) + of(C::WiderArrests))
        + prices.wrongful_stop * of(C::WrongfulStops)
        + prices.wrongful_arrest * of(C::WrongfulArrests)
}

/// What counts as a face seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Faces {
    /// Searches.
    Searches,
    /// Searches over this factor: the counting before August 2024.
    Divided(f64),
    /// Passes.
    Passes,
}

impl Faces {
    /// Faces seen.
    pub fn of(self, searches: f64, passes: f64) -> f64 {
        match self {
            Faces::Searches => searches,
            Faces::Divided(by) => searches / by,
            Faces::Passes => passes,
        }
    }
}
