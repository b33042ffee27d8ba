//! Pictures of evidence: intervals against what was published, histograms of transforms.

use super::sheet;
use crate::report::Error;
use crate::report::canvas::{Anchor, INK, Scale, color, draw, faint, fit, stroke};
use crate::report::charts::{Chart, WIDTH, frame};
use plotters::style::Color;

const LEFT: i32 = 56;

/// One predicted deployment.
pub(super) struct Predicted {
    /// Day and site.
    pub label: String,
    /// 5, 25, 50, 75 and 95 % quantiles.
    pub quantiles: [f64; 5],
    /// What was published.
    pub observed: Option<f64>,
    /// Whether it rests on priors in some respect.
    pub flagged: bool,
}

/// Predicted intervals in order of date, with what was published on top.
pub(super) fn intervals(
    name: &'static str,
    title: &str,
    unit: &str,
    rows: &[Predicted],
    stamp: &str,
) -> Result<Chart, Error> {
    let most = rows
        .iter()
        .map(|r| r.quantiles[4].max(r.observed.unwrap_or(0.0)))
        .fold(1.0, f64::max);
    let (top, bottom) = (66, 330);
    let across = Scale::new((-0.5, rows.len() as f64 - 0.5), (LEFT, WIDTH - 12));
    let up = Scale::new((0.0, most * 1.05), (bottom, top));
    let inside = rows
        .iter()
        .filter(|r| r.observed.is_some_and(|y| r.quantiles[0] <= y && y <= r.quantiles[4]))
        .count();
    let published = rows.iter().filter(|r| r.observed.is_some()).count();
    let alternative = format!(
        "{} deployments in order of date. Of {published} published figures, {inside} lie within the predicted 90 % interval. \
         Thin lines: 90 %; thick: 50 %; dots: published; hollow dots: rows that rest on priors in some respect.",
        rows.len()
    );
    let drawing = draw((WIDTH, 392), name, title, &alternative, |c| {
        frame(c, title, stamp);
        c.text(
            "thin: 90 %, thick: 50 % of what was predicted; dots: published (hollow: predicted from priors in some respect)",
            (12, 44),
            12,
            Anchor::Left,
            faint(0.8),
        );
        let (ticks, decimals) = up.ticks(5);
        for tick in ticks {
            let y = up.at(tick);
            c.line(&[(LEFT, y), (WIDTH - 12, y)], stroke(faint(0.14), 1));
            c.text(
                &format!("{tick:.decimals$}"),
                (LEFT - 30, y),
                11,
                Anchor::Left,
                faint(0.8),
            );
        }
        for (i, row) in rows.iter().enumerate() {
            let x = across.at(i as f64);
            let y = row.quantiles.map(|q| up.at(q));
            c.line(&[(x, y[0]), (x, y[4])], stroke(color(0).mix(0.45), 1));
            c.line(&[(x, y[1]), (x, y[3])], stroke(color(0).mix(0.45), 4));
            if let Some(observed) = row.observed {
                c.mark(if row.flagged { 5 } else { 0 }, (x, up.at(observed)), 3);
            }
        }
        for i in spread(rows.len(), 7) {
            let label = rows[i].label.split(' ').next().unwrap_or_default();
            c.text(
                label,
                (across.at(i as f64).clamp(LEFT + 24, WIDTH - 40), bottom + 14),
                11,
                Anchor::Middle,
                faint(0.8),
            );
        }
        c.text(unit, (LEFT, bottom + 32), 11, Anchor::Left, faint(0.8));
    })?;
    let data = rows.iter().map(|r| {
        let shown = |x: f64| format!("{x:.0}");
        let mut cells: Vec<String> = r.quantiles.iter().copied().map(shown).collect();
        cells.push(r.observed.map_or_else(|| "–".to_owned(), shown));
        (r.label.clone(), cells)
    });
    Ok(Chart {
        name,
        title: title.to_owned(),
        alternative,
        drawing,
        series: Vec::new(),
        data: sheet(
            title,
            &["5 %", "25 %", "50 %", "75 %", "95 %", "published"],
            data.collect(),
        ),
    })
}

/// About `count` indices spread over `0..n`.
fn spread(n: usize, count: usize) -> Vec<usize> {
    let step = n.div_ceil(count).max(1);
    (0..n).step_by(step).collect()
}

/// Histograms of ten bins side by side, with the even height that a right forecast would have.
pub(super) fn histograms(
    name: &'static str,
    title: &str,
    panels: &[(String, [u32; 10])],
    stamp: &str,
) -> Result<Chart, Error> {
    let most = panels.iter().flat_map(|p| p.1).max().unwrap_or(1).max(1);
    let count = i32::try_from(panels.len().max(1)).unwrap_or(1);
    let wide = (WIDTH - 24) / count;
    let up = Scale::new((0.0, f64::from(most) * 1.1), (210, 70));
    let alternative = panels
        .iter()
        .map(|(name, bins)| format!("{name}: {bins:?}."))
        .collect::<Vec<_>>()
        .join(" ");
    let drawing = draw((WIDTH, 268), name, title, &alternative, |c| {
        frame(c, title, stamp);
        for (i, (name, bins)) in panels.iter().enumerate() {
            let left = 12 + wide * i32::try_from(i).unwrap_or(0);
            c.text(&fit(name, 12, wide - 10), (left, 50), 12, Anchor::Left, INK);
            let across = Scale::new((0.0, 10.0), (left, left + wide - 20));
            for (b, n) in bins.iter().enumerate() {
                let corners = [
                    (across.at(b as f64) + 1, up.at(f64::from(*n))),
                    (across.at(b as f64 + 1.0) - 1, up.at(0.0)),
                ];
                c.block(corners, color(0).mix(0.6));
            }
            let even = up.at(f64::from(bins.iter().sum::<u32>()) / 10.0);
            c.line(&[(left, even), (left + wide - 20, even)], stroke(INK, 1));
            c.text("0", (left, 224), 11, Anchor::Middle, faint(0.8));
            c.text("1", (left + wide - 20, 224), 11, Anchor::Middle, faint(0.8));
        }
    })?;
    let rows = panels
        .iter()
        .map(|(name, bins)| (name.clone(), bins.iter().map(u32::to_string).collect()));
    let columns = ["0–.1", "–.2", "–.3", "–.4", "–.5", "–.6", "–.7", "–.8", "–.9", "–1"];
    Ok(Chart {
        name,
        title: title.to_owned(),
        alternative: alternative.clone(),
        drawing,
        series: Vec::new(),
        data: sheet(title, &columns, rows.collect()),
    })
}

/// A row of intervals: up to two series (low, middle, high) and a tick to compare them with.
pub(super) struct Range {
    pub label: String,
    pub series: [Option<[f64; 3]>; 2],
    pub tick: Option<f64>,
}

/// Intervals side by side, one row for each label.
pub(super) fn ranges(
    name: &'static str,
    title: &str,
    names: [&str; 2],
    rows: &[Range],
    stamp: &str,
) -> Result<Chart, Error> {
    let values = || {
        let drawn = rows
            .iter()
            .flat_map(|r| r.series.iter().flatten().flatten().chain(&r.tick));
        drawn.copied().filter(|v| v.is_finite())
    };
    let (low, high) = (
        values().fold(f64::INFINITY, f64::min),
        values().fold(f64::NEG_INFINITY, f64::max),
    );
    let (low, high) = if low < high { (low, high) } else { (0.0, 1.0) };
    let margin = 0.04 * (high - low);
    let (left, step) = (320, 24);
    let count = i32::try_from(rows.len()).unwrap_or(1).max(1);
    let (top, bottom) = (66, 66 + step * count);
    let across = Scale::new((low - margin, high + margin), (left, WIDTH - 16));
    let shown = |v: f64| format!("{v:.3}");
    let words = rows.iter().map(|r| {
        let parts =
            r.series.iter().zip(names).filter_map(|(s, name)| {
                s.map(|[a, b, c]| format!("{name} {} ({} to {})", shown(b), shown(a), shown(c)))
            });
        format!("{}: {}.", r.label, parts.collect::<Vec<_>>().join(", "))
    });
    let alternative = words.collect::<Vec<_>>().join(" ");
    let drawing = draw((WIDTH, bottom + 52), name, title, &alternative, |c| {
        frame(c, title, stamp);
        let legend: Vec<(usize, &str)> = names
            .iter()
            .enumerate()
            .filter(|n| !n.1.is_empty())
            .map(|(i, n)| (i, *n))
            .collect();
        c.legend(&legend, (12, 46));
        let (ticks, decimals) = across.ticks(6);
        for tick in ticks {
            let x = across.at(tick);
            c.line(&[(x, top), (x, bottom)], stroke(faint(0.14), 1));
            c.text(
                &format!("{tick:.decimals$}"),
                (x, bottom + 12),
                11,
                Anchor::Middle,
                faint(0.8),
            );
        }
        for (i, row) in rows.iter().enumerate() {
            let y = top + step * i32::try_from(i).unwrap_or(0) + step / 2;
            c.text(&fit(&row.label, 12, left - 28), (12, y), 12, Anchor::Left, INK);
            if let Some(tick) = row.tick {
                let x = across.at(tick);
                c.line(&[(x, y - 9), (x, y + 9)], stroke(INK, 1));
            }
            for (s, series) in row.series.iter().enumerate() {
                let Some([a, b, d]) = *series else { continue };
                let y = y + if s == 0 { -4 } else { 4 };
                c.line(&[(across.at(a), y), (across.at(d), y)], stroke(color(s).mix(0.8), 2));
                c.mark(s, (across.at(b), y), 3);
            }
        }
    })?;
    let data = rows.iter().map(|r| {
        let cells = r.series.iter().map(|s| {
            s.map_or_else(
                || "–".to_owned(),
                |[a, b, c]| format!("{} ({} to {})", shown(b), shown(a), shown(c)),
            )
        });
        (r.label.clone(), cells.collect())
    });
    Ok(Chart {
        name,
        title: title.to_owned(),
        alternative: alternative.clone(),
        drawing,
        series: Vec::new(),
        data: sheet(title, &names, data.collect()),
    })
}
