//! The front as a picture for each pair of objectives; ordinary patrol is always in it.

use super::{figure, front};
use crate::experiment::optimise::{Estimate, Kind, Outcome, Point, Status};
use crate::report::Error;
use crate::report::canvas::{Anchor, Canvas, INK, Scale, color, draw, faint, stroke};
use crate::report::charts::{Chart, WIDTH, frame};
use crate::report::words::{number, within_sentence};
use plotters::style::Color;

/// Names of the pictures' files; four objectives have six pairs.
const NAMES: [&str; 6] = ["front-1", "front-2", "front-3", "front-4", "front-5", "front-6"];
/// Most of the other candidates that are drawn.
const MOST_OTHERS: usize = 3000;
/// Points of the front beyond which their intervals are drawn faintly.
const FEW: usize = 12;
const HEIGHT: i32 = 560;
/// Left, top, right, bottom of the field.
const FIELD: [i32; 4] = [90, 104, WIDTH - 110, HEIGHT - 84];

/// Marks of what is drawn.
const MARKS: [(usize, &str); 4] = [
    (0, "not dominated"),
    (3, "selected"),
    (1, "as given in the scenario"),
    (5, "no-lfr: ordinary patrol"),
];

/// A picture for each pair of objectives; for a single objective none.
pub(super) fn charts(o: &Outcome, stamp: &str) -> Result<Vec<Chart>, Error> {
    let n = o.objectives.len();
    let pairs = (0..n).flat_map(|y| (y + 1..n).map(move |x| (y, x)));
    pairs
        .zip(NAMES)
        .map(|((y, x), name)| chart(o, (x, y), name, stamp))
        .collect()
}

fn estimate(p: &Point, objective: usize) -> Option<Estimate> {
    p.search
        .as_ref()
        .map(|f| f.objectives[objective])
        .filter(|e| e.value.is_some())
}

/// Position with both intervals.
fn place(p: &Point, (x, y): (usize, usize)) -> Option<[[f64; 3]; 2]> {
    let of = |i: usize| {
        let e = estimate(p, i)?;
        let v = e.value?;
        let [low, high] = e.interval.unwrap_or([v; 2]);
        Some([v, low, high])
    };
    Some([of(x)?, of(y)?])
}

fn chart(o: &Outcome, axes: (usize, usize), name: &'static str, stamp: &str) -> Result<Chart, Error> {
    let (x, y) = (&o.objectives[axes.0], &o.objectives[axes.1]);
    let title = format!("{} against {}", y.title, within_sentence(&x.title));
    let shown: Vec<(&Point, [[f64; 3]; 2])> = o.points.iter().filter_map(|p| Some((p, place(p, axes)?))).collect();
    let others: Vec<(&Point, [f64; 2])> = o
        .others
        .iter()
        .filter_map(|p| Some((p, place(p, axes)?.map(|e| e[0]))))
        .take(MOST_OTHERS)
        .collect();
    let alternative = alternative(o, axes, &shown);
    let [left, top, right, bottom] = FIELD;
    let span = |i: usize| {
        let near = shown.iter().flat_map(|(_, p)| p[i]);
        let rest = others
            .iter()
            .filter(|(p, _)| p.status == Status::Dominated)
            .map(|(_, p)| p[i]);
        let (low, high) = near
            .chain(rest)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        let margin = 0.05 * if high > low { high - low } else { 1.0 };
        if low.is_finite() {
            (low - margin, high + margin)
        } else {
            (0.0, 1.0)
        }
    };
    let (across, up) = (Scale::new(span(0), (left, right)), Scale::new(span(1), (bottom, top)));
    let drawing = draw((WIDTH, HEIGHT), name, &title, &alternative, |c| {
        frame(c, &title, stamp);
        c.legend(&MARKS, (12, 46));
        c.text(
            "lines: simulation intervals; small dots: other candidates; crosses: candidates that break a constraint",
            (12, 68),
            12,
            Anchor::Left,
            faint(0.8),
        );
        grid(c, &across, &up);
        let axis_text =
            |o: &crate::experiment::optimise::Objective| format!("{}, {} ({} is better)", o.title, o.unit, o.wanted);
        c.text(
            &axis_text(x),
            ((left + right) / 2, bottom + 34),
            12,
            Anchor::Middle,
            INK,
        );
        c.text(&axis_text(y), (12, top - 14), 12, Anchor::Left, INK);
        for (p, at) in &others {
            let at = (across.at(at[0]), up.at(at[1]));
            if (left..=right).contains(&at.0) && (top..=bottom).contains(&at.1) {
                speck(c, at, p.status);
            }
        }
        let many = shown.len() > FEW;
        // What is compared with, and what was selected, on top.
        let last = |p: &Point| p.kind != Kind::Candidate || is_selected(o, p);
        let (later, first): (Vec<_>, Vec<_>) = shown.iter().partition(|(p, _)| last(p));
        let mut labels: Vec<(i32, i32)> = Vec::new();
        for (p, at) in later.iter().chain(&first) {
            label(c, p, (across.at(at[0][0]), up.at(at[1][0])), &mut labels);
        }
        for (p, at) in first.into_iter().chain(later) {
            point(c, o, p, &at, (&across, &up), many);
        }
    })?;
    Ok(Chart {
        name,
        title,
        alternative,
        drawing,
        data: front(o),
        series: Vec::new(),
    })
}

fn grid(c: &Canvas, across: &Scale, up: &Scale) {
    let [left, top, right, bottom] = FIELD;
    let (ticks, digits) = across.ticks(6);
    for t in ticks {
        let x = across.at(t);
        c.line(
            &[(x, top), (x, bottom)],
            stroke(faint(if t == 0.0 { 0.5 } else { 0.14 }), 1),
        );
        c.text(&number(t, digits), (x, bottom + 14), 11, Anchor::Middle, faint(0.8));
    }
    let (ticks, digits) = up.ticks(5);
    for t in ticks {
        let y = up.at(t);
        c.line(
            &[(left, y), (right, y)],
            stroke(faint(if t == 0.0 { 0.5 } else { 0.14 }), 1),
        );
        c.text(&number(t, digits), (left - 8, y), 11, Anchor::Right, faint(0.8));
    }
}

/// Another candidate.
fn speck(c: &Canvas, (x, y): (i32, i32), status: Status) {
    if status == Status::Infeasible {
        let thin = stroke(faint(0.4), 1);
        c.line(&[(x - 3, y - 3), (x + 3, y + 3)], thin);
        c.line(&[(x - 3, y + 3), (x + 3, y - 3)], thin);
    } else {
        c.block([(x - 1, y - 1), (x + 1, y + 1)], faint(0.4));
    }
}

fn is_selected(o: &Outcome, p: &Point) -> bool {
    o.selection.as_ref().and_then(|s| s.selected.as_ref()) == Some(&p.name)
}

/// A point's name beside it, unless another name is there already.
fn label(c: &Canvas, p: &Point, (x, y): (i32, i32), taken: &mut Vec<(i32, i32)>) {
    let free = |t: &(i32, i32)| (t.0 - x).abs() > 18 || (t.1 - y).abs() > 13;
    if taken.iter().all(free) {
        c.text(&p.name, (x + 10, y - 10), 12, Anchor::Left, INK);
        taken.push((x, y));
    }
}

fn point(c: &Canvas, o: &Outcome, p: &Point, at: &[[f64; 3]; 2], (across, up): (&Scale, &Scale), many: bool) {
    let [x, y] = *at;
    let selected = is_selected(o, p);
    let (which, r) = match p.kind {
        Kind::NoLfr => (5, 6),
        _ if selected => (3, 8),
        Kind::AsGiven => (1, 6),
        Kind::Candidate => (0, if many { 4 } else { 6 }),
    };
    let spot = (across.at(x[0]), up.at(y[0]));
    if p.kind == Kind::Candidate && p.status != Status::Front {
        speck(c, spot, p.status);
        return;
    }
    let faded = if many && p.kind == Kind::Candidate && !selected {
        0.25
    } else {
        1.0
    };
    let thin = stroke(color(which).mix(faded), 1);
    c.line(&[(across.at(x[1]), spot.1), (across.at(x[2]), spot.1)], thin);
    c.line(&[(spot.0, up.at(y[1])), (spot.0, up.at(y[2]))], thin);
    c.mark(which, spot, r);
    let figures: Vec<String> = p.search.iter().flat_map(|f| f.objectives.iter().map(figure)).collect();
    c.tip(spot, 10, &format!("{}: {}. {}", p.name, p.words(), figures.join("; ")));
}

fn alternative(o: &Outcome, axes: (usize, usize), shown: &[(&Point, [[f64; 3]; 2])]) -> String {
    let (x, y) = (&o.objectives[axes.0], &o.objectives[axes.1]);
    let say = |p: &Point| {
        let of = |i: usize| estimate(p, i).map_or_else(String::new, |e| figure(&e));
        format!("{} ({}): {} and {}", p.name, p.status.word(), of(axes.1), of(axes.0))
    };
    let each: Vec<String> = shown.iter().map(|(p, _)| say(p)).collect();
    format!(
        "Up: {} ({} is better). To the right: {} ({} is better). {}. {}",
        y.title,
        y.wanted,
        x.title,
        x.wanted,
        each.join(". "),
        super::constraints(o)
    )
}
