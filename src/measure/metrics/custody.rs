//! Figures of the monthly searches of custody images: only programmes in which a strategy has them.

use super::rows::PROGRAMME;
use super::{Metric, MetricKind};
use crate::measure::custody::{CustodyRow, CustodyYear};

const fn whole(
    id: &'static str,
    title: &'static str,
    unit: &'static str,
    of: fn(&CustodyYear) -> f64,
    definition: &'static str,
) -> Metric {
    Metric {
        id,
        title,
        unit,
        kind: MetricKind::Custody(of),
        definition,
        by_group: false,
    }
}

const fn befalls(
    id: &'static str,
    title: &'static str,
    unit: &'static str,
    of: fn(&CustodyRow) -> f64,
    definition: &'static str,
) -> Metric {
    Metric {
        id,
        title,
        unit,
        kind: MetricKind::CustodyGroup(of),
        definition,
        by_group: true,
    }
}

/// The rows, in the order of the table.
pub(super) const METRICS: &[Metric] = &[
    whole(
        "retro_searches",
        "Retrospective searches",
        PROGRAMME,
        |c| c.searches as f64,
        "Searches of kept custody images.",
    ),
    whole(
        "retro_found",
        "Retrospective searches that found the person",
        PROGRAMME,
        |c| c.found as f64,
        "Searches for somebody who is in the gallery.",
    ),
    befalls(
        "retro_candidates",
        "False candidates of retrospective searches",
        PROGRAMME,
        |r| r.candidates as f64,
        "People whom a search of custody images brought up for somebody else.",
    ),
    befalls(
        "retro_candidates_passed",
        "False candidates that officers passed on",
        PROGRAMME,
        |r| r.passed as f64,
        "False candidates whom officers took for the person too.",
    ),
    befalls(
        "retro_wrongful_arrests",
        "Wrongful arrests through custody images",
        PROGRAMME,
        |r| r.wrongful_arrests as f64,
        "Arrests of people whom a search of custody images brought up for somebody else; not among the arrests after an alert.",
    ),
    befalls(
        "retro_second_arrests",
        "Wrongful arrests of people cleared before",
        PROGRAMME,
        |r| r.second as f64,
        "Of those arrests, those of people who had been arrested without further action before: second misidentifications among them.",
    ),
    befalls(
        "retro_second_kept",
        "Wrongful arrests by a kept image (counted)",
        PROGRAMME,
        |r| r.second_by_kept as f64,
        "Of those, people whom only images from arrests without further action kept in the gallery: prompt deletion would have prevented them.",
    ),
    befalls(
        "retro_second_kept_expected",
        "Wrongful arrests by a kept image (expected)",
        PROGRAMME,
        |r| r.second_by_kept_expected,
        "Their expectation given the gallery of each month: the same quantity, with far less noise.",
    ),
    befalls(
        "retro_custody_hours",
        "Hours in custody through custody images",
        "h per programme",
        |r| r.custody_h,
        "Time in custody of people arrested because a search brought them up for somebody else.",
    ),
    whole(
        "custody_images",
        "Custody images held",
        PROGRAMME,
        |c| c.images,
        "Images in the gallery at the end of the programme.",
    ),
    whole(
        "custody_images_no_action",
        "Custody images of people cleared",
        PROGRAMME,
        |c| c.images_no_action,
        "Of them, images from arrests without further action.",
    ),
    befalls(
        "custody_images_mistaken",
        "Custody images of people arrested by mistake",
        PROGRAMME,
        |r| r.mistaken_images as f64,
        "Of them, images of people arrested by mistake in the programme, by a live alert or a search.",
    ),
    whole(
        "custody_images_deleted",
        "Custody images deleted",
        PROGRAMME,
        |c| c.deleted,
        "Images deleted during the programme, at once or after a review.",
    ),
    whole(
        "custody_image_days_no_action",
        "Image-days of people cleared",
        "image-days per programme",
        |c| c.image_days_no_action,
        "Days for which images from arrests without further action were kept during the programme, summed over images.",
    ),
];
