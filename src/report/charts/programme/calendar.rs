//! Where each strategy sent its vans.

use super::super::{Chart, LEFT, WIDTH, frame, legend_rows};
use super::{names, picture, sent};
use crate::experiment::summary::{ProgrammeStrategy, ProgrammeSummary};
use crate::report::canvas::{Anchor, INK, Scale, draw, faint, fit, stroke};
use crate::report::ledger::{cell, row};
use crate::report::rows::Sheet;
use crate::report::{Error, Facts, words};

/// Sites listed.
const MOST_SITES: usize = 24;

/// Where each strategy sent its vans.
pub(super) fn chart(facts: &Facts, programme: &ProgrammeSummary) -> Result<Chart, Error> {
    let of = sent(programme);
    let title = "Where each strategy sent its teams: deployments at each site".to_owned();
    let most = |site: &usize| of.iter().map(|(_, s)| s.sites[*site].deployments).fold(0.0, f64::max);
    let mut order: Vec<usize> = (0..programme.sites.len()).filter(|s| most(s) > 0.0).collect();
    order.sort_by(|a, b| most(b).total_cmp(&most(a)));
    let left_out = order.len().saturating_sub(MOST_SITES);
    order.truncate(MOST_SITES);
    let names = names(&of);
    let top = 62 + 20 * legend_rows(&names);
    let height = top + 22 * order.len() as i32 + 70;
    let more = if left_out > 0 {
        format!(" {left_out} sites with fewer are in no row.")
    } else {
        String::new()
    };
    let busiest = order.iter().take(3).map(|site| {
        let counts = of
            .iter()
            .map(|(_, s)| format!("{} {}", words::number(s.sites[*site].deployments, 1), s.name));
        format!(
            "{}: {}",
            programme.sites[*site].title,
            counts.collect::<Vec<_>>().join(", ")
        )
    });
    let busiest: Vec<String> = busiest.collect();
    let alternative = format!(
        "Mean deployments at each of {} sites under each strategy.{more} {}.",
        order.len(),
        busiest.join("; ")
    );
    let scale = Scale::new(
        (0.0, order.first().map_or(1.0, most).max(1e-9) * 1.05),
        (260, WIDTH - 40),
    );
    let drawing = draw((WIDTH, height), "calendar", &title, &alternative, |c| {
        frame(c, &title, &facts.stamp());
        c.text(
            &format!("mean number over the programme.{more}"),
            (LEFT, 42),
            12,
            Anchor::Left,
            faint(0.85),
        );
        c.legend(&names, (LEFT, 62));
        let bottom = top + 22 * order.len() as i32;
        let (ticks, decimals) = scale.ticks(6);
        for t in ticks {
            c.line(&[(scale.at(t), top), (scale.at(t), bottom)], stroke(faint(0.14), 1));
            c.text(
                &words::number(t, decimals),
                (scale.at(t), bottom + 12),
                11,
                Anchor::Middle,
                faint(0.8),
            );
        }
        for (i, site) in order.iter().enumerate() {
            let y = top + 11 + 22 * i as i32;
            let place = &programme.sites[*site];
            let sketch = if place.sketch { " (sketch)" } else { "" };
            c.text(
                &fit(&format!("{}{sketch}", place.title), 12, 236),
                (LEFT, y),
                12,
                Anchor::Left,
                INK,
            );
            for (which, s) in &of {
                let count = s.sites[*site].deployments;
                let at = (scale.at(count), y);
                let said = words::number(count, words::decimals(count, None).min(1));
                c.series(*which, |c| {
                    c.mark(*which, at, 4);
                    c.tip(at, 7, &format!("{}: {said} deployments at {}", s.name, place.title));
                });
            }
        }
    })?;
    let data_rows = order.iter().map(|site| {
        let count = |s: &ProgrammeStrategy| words::number(s.sites[*site].deployments, 1);
        row(
            &*programme.sites[*site].title,
            of.iter().map(|(_, s)| cell(count(s), "")).collect(),
        )
    });
    let data = Sheet {
        title: title.clone(),
        columns: of.iter().map(|(_, s)| s.name.clone()).collect(),
        rows: data_rows.collect(),
    };
    Ok(picture("calendar", title, alternative, drawing, data))
}
