//! What it would mean to have more of a metric: a gain, a harm, a cost, or neither.

/// What a metric is to those who choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// More is better for those who police.
    Gain,
    /// Borne by people in the street: less is better.
    Harm,
    /// Paid or waited for: less is better, but nobody in the street bears it.
    Cost,
    /// Neither: it can be limited, not pursued.
    Neither,
}

const GAINS: [&str; 10] = [
    "arrests",
    "net_arrests",
    "charged_or_cautioned",
    "true_alerts",
    "hit_yield",
    "tpir",
    "tpir_zone",
    "precision",
    "wider_arrests",
    "arrests_per_deployment",
];

const HARMS: [&str; 46] = [
    "faces_seen",
    "people_scanned",
    "searches",
    "false_alerts",
    "false_alerts_expected",
    "false_alerts_passed",
    "false_alerts_passed_expected",
    "false_alerts_recorded",
    "false_alerts_kin",
    "stops_without_arrest",
    "stops_no_action",
    "stops_other_action",
    "wrongful_stops",
    "wrongful_stops_expected",
    "stale_stops",
    "stale_arrests",
    "children_scanned",
    "children_alerted",
    "children_stopped",
    "children_arrested",
    "cover_stops",
    "fines",
    "fines_gbp",
    "cover_name_checks",
    "wrongful_arrests",
    "wrongful_arrests_expected",
    "took_another_route",
    "turned_back",
    "covered",
    "false_alerts_per_face",
    "false_share_of_alerts",
    "alerts_not_arrested_share",
    "searches_per_arrest",
    "wrongful_stops_per_arrest",
    "not_sought_minutes_lost",
    "image_days_not_sought",
    "share_scanned_once",
    "share_scanned_ten_times",
    "searches_per_person",
    "exposure_gini",
    "stayed_away",
    "retro_wrongful_arrests",
    "retro_custody_hours",
    "custody_images_no_action",
    "custody_images_mistaken",
    "custody_image_days_no_action",
];

const COSTS: [&str; 6] = [
    "cost_gbp",
    "cost_per_arrest_gbp",
    "minutes_per_arrest",
    "operator_wait_s",
    "officer_utilisation",
    "arrays_moved_gbp",
];

impl Worth {
    /// What a metric is.
    pub fn of(id: &str) -> Worth {
        match id {
            id if GAINS.contains(&id) => Worth::Gain,
            id if HARMS.contains(&id) => Worth::Harm,
            id if COSTS.contains(&id) => Worth::Cost,
            _ => Worth::Neither,
        }
    }

    /// Every metric that counts as a harm.
    pub fn harms() -> &'static [&'static str] {
        &HARMS
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::metric;

    #[test]
    fn every_name_is_a_metric_and_stands_once() {
        let all: Vec<&str> = GAINS.iter().chain(&HARMS).chain(&COSTS).copied().collect();
        for (i, id) in all.iter().enumerate() {
            assert!(metric(id).is_some(), "{id}");
            assert!(!all[..i].contains(id), "{id} stands twice");
        }
        assert_eq!(Worth::of("alerts"), Worth::Neither);
    }
}
