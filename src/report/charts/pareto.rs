//! What is gained against what it costs others: every strategy as a point, ordinary patrol always among them.

use super::{Chart, LEFT, WIDTH, figure_cell, frame, legend_rows, overlap};
use crate::experiment::summary::{Estimate, StrategySummary};
use crate::report::canvas::{Anchor, Canvas, INK, Scale, color, draw, faint, stroke, text_width};
use crate::report::rows::{Row, Sheet};
use crate::report::{Error, Facts, words};

/// What the two axes show, best estimator first.
const GAINED: [&str; 1] = ["net_arrests"];
const COST: [&str; 2] = ["wrongful_stops_expected", "wrongful_stops"];
/// Name of the point that stands for ordinary patrol where no strategy is one.
const PATROL: &str = "no-lfr (the same officers on patrol)";

/// A strategy's place in the picture.
struct Spot<'f> {
    which: usize,
    name: &'f str,
    gained: [f64; 3],
    cost: [f64; 3],
}

/// The picture; none where no strategy has both figures.
pub fn chart(facts: &Facts) -> Result<Option<Chart>, Error> {
    let all = &facts.summary.strategies;
    let first = |ids: &[&'static str]| {
        ids.iter()
            .copied()
            .find(|id| all.iter().any(|s| s.metrics.contains_key(*id)))
    };
    let (Some(gained), Some(cost)) = (first(&GAINED), first(&COST)) else {
        return Ok(None);
    };
    let mut spots: Vec<Spot> = all
        .iter()
        .enumerate()
        .filter_map(|(which, s)| spot(which, s, gained, cost))
        .collect();
    if spots.is_empty() {
        return Ok(None);
    }
    if !spots.iter().any(|s| s.cost == [0.0; 3]) {
        // Net of patrol, patrol itself gains nothing and stops nobody by mistake of a camera.
        spots.push(Spot {
            which: 5,
            name: PATROL,
            gained: [0.0; 3],
            cost: [0.0; 3],
        });
    }
    let per = format!("in each {}", facts.summary.per);
    let title = format!("Arrests gained over ordinary patrol, and people stopped by mistake, {per}");
    let alternative = alternative(&spots, &per);
    let names: Vec<(usize, &str)> = spots.iter().map(|s| (s.which, s.name)).collect();
    let top = 70 + 20 * legend_rows(&names);
    let height = top + 400;
    let drawing = draw((WIDTH, height), "pareto", &title, &alternative, |c| {
        frame(c, &title, &facts.stamp());
        c.legend(&names, (LEFT, 48));
        let field = [90, top, WIDTH - 150, height - 74];
        let (x, y) = axes(c, &spots, field, &per);
        let marks = spots.iter().map(|s| (x.at(s.cost[0]), y.at(s.gained[0])));
        let mut taken: Vec<[i32; 4]> = marks.map(|(x, y)| [x - 8, y - 8, x + 8, y + 8]).collect();
        for s in &spots {
            point(c, s, &x, &y, &mut taken);
        }
    })?;
    let rows = [gained, cost].map(|id| Row {
        section: None,
        label: facts.title(id),
        unit: words::scale(&facts.unit(id)).unit,
        definition: String::new(),
        cells: all.iter().map(|s| figure_cell(s.metrics.get(id))).collect(),
    });
    let data = Sheet {
        title: title.clone(),
        columns: all.iter().map(|s| s.name.clone()).collect(),
        rows: rows.to_vec(),
    };
    Ok(Some(Chart {
        name: "pareto",
        title,
        alternative,
        drawing,
        data,
        series: Vec::new(),
    }))
}

fn spot<'f>(which: usize, s: &'f StrategySummary, gained: &str, cost: &str) -> Option<Spot<'f>> {
    let of = |e: &Estimate| {
        let mean = e.mean?;
        let [low, high] = e.simulation_interval.unwrap_or([mean; 2]);
        Some([mean, low, high].map(|v| if v.is_finite() { v } else { mean }))
    };
    Some(Spot {
        which,
        name: &s.name,
        gained: of(s.metrics.get(gained)?)?,
        cost: of(s.metrics.get(cost)?)?,
    })
}

/// Both axes with grid and words; returns their scales.
fn axes(c: &Canvas, spots: &[Spot], field: [i32; 4], per: &str) -> (Scale, Scale) {
    let [left, top, right, bottom] = field;
    let span = |of: &dyn Fn(&Spot) -> [f64; 3]| {
        let ends = spots.iter().flat_map(of);
        let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(a, b), v| (a.min(v), b.max(v)));
        let margin = 0.06 * if high > low { high - low } else { 1.0 };
        (if low < 0.0 { low - margin } else { -margin }, high + margin)
    };
    let x = Scale::new(span(&|s| s.cost), (left, right));
    let y = Scale::new(span(&|s| s.gained), (bottom, top));
    let (ticks, decimals) = x.ticks(6);
    for t in ticks.into_iter().filter(|t| *t >= 0.0) {
        let at = x.at(t);
        c.line(
            &[(at, top), (at, bottom)],
            stroke(faint(if t == 0.0 { 0.5 } else { 0.14 }), 1),
        );
        c.text(
            &words::number(t, decimals),
            (at, bottom + 14),
            11,
            Anchor::Middle,
            faint(0.8),
        );
    }
    let (ticks, decimals) = y.ticks(5);
    for t in ticks {
        let at = y.at(t);
        c.line(
            &[(left, at), (right, at)],
            stroke(faint(if t == 0.0 { 0.5 } else { 0.14 }), 1),
        );
        c.text(
            &words::number(t, decimals),
            (left - 8, at),
            11,
            Anchor::Right,
            faint(0.8),
        );
    }
    let under = format!("people stopped by mistake {per} (a stop after a false alert; not a legal finding)");
    c.text(&under, ((left + right) / 2, bottom + 32), 12, Anchor::Middle, INK);
    c.text("arrests more than patrol", (LEFT, top - 12), 12, Anchor::Left, INK);
    (x, y)
}

fn point(c: &Canvas, s: &Spot, x: &Scale, y: &Scale, taken: &mut Vec<[i32; 4]>) {
    let at = (x.at(s.cost[0]), y.at(s.gained[0]));
    let label = free_spot(at, s.name, taken);
    c.series(s.which, |c| {
        let thin = stroke(color(s.which), 2);
        c.line(&[(x.at(s.cost[1]), at.1), (x.at(s.cost[2]), at.1)], thin);
        c.line(&[(at.0, y.at(s.gained[1])), (at.0, y.at(s.gained[2]))], thin);
        c.mark(s.which, at, 7);
        c.text(s.name, label, 13, Anchor::Left, INK);
        c.tip(at, 12, &say(s));
    });
}

/// Where a name can stand near its mark without covering another name or mark.
fn free_spot(at: (i32, i32), name: &str, taken: &mut Vec<[i32; 4]>) -> (i32, i32) {
    let wide = text_width(name, 13);
    let sides = [12, -12, 28, -28, 44, -44, 60, -60];
    let spots = sides.into_iter().flat_map(|dy| [(14, dy), (-14 - wide, dy)]);
    let place = |(dx, dy): (i32, i32)| [at.0 + dx, at.1 - dy - 8, at.0 + dx + wide, at.1 - dy + 8];
    let free = spots
        .map(place)
        .find(|p| p[0] >= LEFT && p[2] <= WIDTH - LEFT && !taken.iter().any(|t| overlap(*t, *p)));
    let place = free.unwrap_or_else(|| place((14, 12)));
    taken.push(place);
    (place[0], place[1] + 8)
}

fn say(s: &Spot) -> String {
    let show = |v: [f64; 3]| {
        let d = words::decimals(v[0], Some([v[1], v[2]]));
        format!(
            "{} [{}, {}]",
            words::number(v[0], d),
            words::number(v[1], d),
            words::number(v[2], d)
        )
    };
    format!(
        "{}: {} arrests more than patrol, {} people stopped by mistake",
        s.name,
        show(s.gained),
        show(s.cost)
    )
}

fn alternative(spots: &[Spot], per: &str) -> String {
    let each: Vec<String> = spots.iter().map(say).collect();
    format!(
        "Each strategy as a point {per}, with simulation intervals: higher means more arrests than ordinary patrol, further to the right more people stopped by mistake. {}.",
        each.join(". ")
    )
}
