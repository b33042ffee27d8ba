//! How many plausible worlds say more, and how many say fewer, for each comparison.

use super::{Chart, LEFT, WIDTH, frame, place_of};
use crate::experiment::summary::{Comparison, Difference};
use crate::report::canvas::{Anchor, Canvas, INK, Scale, color, draw, faint, fit, stroke};
use crate::report::rows::{Cell, Row, Sheet};
use crate::report::{Error, Facts, sure, words};
use plotters::style::Color;

const STEP: i32 = 30;
/// Where the bars begin and end, px.
const BAR: (i32, i32) = (300, 590);

/// The picture; none where worlds were not drawn.
pub fn chart(facts: &Facts) -> Result<Option<Chart>, Error> {
    let all = &facts.summary.comparisons;
    let ids = sure::shown(facts);
    let known = |d: &Difference| d.share_of_plausible_worlds_higher.is_some();
    if ids.is_empty() || !all.iter().any(|c| c.metrics.values().any(known)) {
        return Ok(None);
    }
    let title = format!(
        "In how many plausible worlds is it more, or fewer, than {}?",
        facts.summary.baseline
    );
    let alternative = alternative(facts, &ids);
    let (count, rows) = (all.len() as i32, ids.len() as i32);
    let height = 84 + count * (34 + rows * STEP) + 40;
    let drawing = draw((WIDTH, height), "verdicts", &title, &alternative, |c| {
        frame(c, &title, &facts.stamp());
        let key = "pale: fewer · strong: more · between: no difference that matters, or exactly equal · mark: half of the worlds";
        c.text(key, (LEFT, 44), 12, Anchor::Left, faint(0.85));
        let mut y = 66;
        for comparison in all {
            let which = place_of(facts, &comparison.strategy);
            c.mark(which, (LEFT + 6, y + 8), 5);
            let name = format!("{} instead of {}", comparison.strategy, comparison.baseline);
            c.text(&name, (LEFT + 18, y + 8), 14, Anchor::Left, INK);
            y += 34;
            for id in &ids {
                bar(c, facts, comparison, id, which, y);
                y += STEP;
            }
        }
    })?;
    let cell = |c: &Comparison, id: &String| Cell {
        figure: c.metrics.get(id).map_or(words::NONE.to_owned(), sure::sentence),
        ..Cell::default()
    };
    let data = Sheet {
        title: title.clone(),
        columns: all.iter().map(|c| c.strategy.clone()).collect(),
        rows: ids
            .iter()
            .map(|id| Row {
                section: None,
                label: facts.title(id),
                unit: String::new(),
                definition: String::new(),
                cells: all.iter().map(|c| cell(c, id)).collect(),
            })
            .collect(),
    };
    Ok(Some(Chart {
        name: "verdicts",
        title,
        alternative,
        drawing,
        data,
        series: Vec::new(),
    }))
}

fn bar(c: &Canvas, facts: &Facts, comparison: &Comparison, id: &str, which: usize, y: i32) {
    let Some(d) = comparison.metrics.get(id) else { return };
    c.text(
        &fit(&facts.title(id), 13, BAR.0 - LEFT - 30),
        (LEFT + 18, y),
        13,
        Anchor::Left,
        INK,
    );
    let (lower, higher) = (
        d.share_of_plausible_worlds_lower.unwrap_or(0.0),
        d.share_of_plausible_worlds_higher.unwrap_or(0.0),
    );
    let x = Scale::new((0.0, 1.0), BAR);
    c.series(which, |c| {
        c.block([(x.at(0.0), y - 8), (x.at(1.0), y + 8)], faint(0.07));
        c.block([(x.at(0.0), y - 8), (x.at(lower), y + 8)], color(which).mix(0.35));
        c.block([(x.at(1.0 - higher), y - 8), (x.at(1.0), y + 8)], color(which));
        let said = sure::sentence(d);
        c.tip((x.at(0.5), y), 14, &format!("{}: {said}", facts.title(id)));
        c.text(
            &fit(&sure::short(d), 12, WIDTH - BAR.1 - 24),
            (BAR.1 + 12, y),
            12,
            Anchor::Left,
            INK,
        );
    });
    c.line(&[(x.at(0.5), y - 11), (x.at(0.5), y + 11)], stroke(faint(0.6), 1));
}

fn alternative(facts: &Facts, ids: &[String]) -> String {
    let mut text = "For each comparison, the share of plausible worlds with fewer and with more.".to_owned();
    for c in &facts.summary.comparisons {
        let each: Vec<String> = ids
            .iter()
            .filter_map(|id| Some(format!("{}: {}", facts.title(id), sure::sentence(c.metrics.get(id)?))))
            .collect();
        text += &format!(" {} instead of {}: {}.", c.strategy, c.baseline, each.join("; "));
    }
    text
}
