//! Residents scanned at least once, by borough.

use super::super::{Chart, LEFT, WIDTH, frame};
use super::{percent, picture, sent};
use crate::experiment::summary::{BoroughSummary, ProgrammeStrategy, ProgrammeSummary, SiteSummary};
use crate::report::canvas::{Anchor, Canvas, INK, color, draw, faint, fit, px};
use crate::report::ledger::{cell, row};
use crate::report::rows::Sheet;
use crate::report::{Error, Facts, words};
use plotters::style::Color;

/// Residents scanned at least once, by borough, at the middle of the borough's sites.
pub(super) fn chart(facts: &Facts, programme: &ProgrammeSummary) -> Result<Chart, Error> {
    let of = sent(programme);
    let title = "Residents scanned at least once, by borough".to_owned();
    let said = |s: &ProgrammeStrategy| {
        let each: Vec<String> = s
            .boroughs
            .iter()
            .map(|b| format!("{} {} %", b.name, percent(everybody(b))))
            .collect();
        format!("{}: {}", s.name, each.join(", "))
    };
    let list: Vec<String> = of.iter().map(|(_, s)| said(s)).collect();
    let alternative = format!(
        "Share of each borough's residents scanned at least once over the programme. {}.",
        list.join(". ")
    );
    let rows = (of.len() as i32 + 1) / 2;
    let view = View::of(programme);
    let panel = view.height(programme);
    let height = 76 + rows * panel + 40;
    let drawing = draw((WIDTH, height), "boroughs", &title, &alternative, |c| {
        frame(c, &title, &facts.stamp());
        let key = "a circle stands at the middle of a borough's sites; its area is the share of residents scanned at least once";
        c.text(key, (LEFT, 44), 12, Anchor::Left, faint(0.85));
        for (i, (which, s)) in of.iter().enumerate() {
            let (x0, y0) = ((i as i32 % 2) * (WIDTH / 2), 66 + (i as i32 / 2) * panel);
            c.mark(*which, (x0 + LEFT + 6, y0 + 8), 5);
            c.text(&s.name, (x0 + LEFT + 18, y0 + 8), 14, Anchor::Left, INK);
            for b in &s.boroughs {
                if let Some(at) = view.borough(programme, &b.name, [x0, y0 + 24, panel]) {
                    circle(c, b, *which, at);
                }
            }
        }
    })?;
    let columns = ["residents", "scanned once, %", "ten times, %", "searches per resident"];
    let data_rows = of.iter().flat_map(|(_, s)| {
        s.boroughs.iter().map(|b| {
            let first = |list: &[f64]| list.first().copied().unwrap_or(0.0);
            let searches = first(&b.searches_per_resident);
            let cells = [
                words::number(first(&b.residents), 0),
                percent(everybody(b)),
                percent(first(&b.scanned_ten_times)),
                words::number(searches, words::decimals(searches, None).min(3)),
            ];
            row(format!("{}: {}", s.name, b.name), cells.map(|f| cell(f, "")).to_vec())
        })
    });
    let data = Sheet {
        title: title.clone(),
        columns: columns.map(str::to_owned).to_vec(),
        rows: data_rows.collect(),
    };
    Ok(picture("boroughs", title, alternative, drawing, data))
}

fn everybody(b: &BoroughSummary) -> f64 {
    b.scanned_once.first().copied().unwrap_or(0.0)
}

fn circle(c: &Canvas, b: &BoroughSummary, which: usize, at: (i32, i32)) {
    let share = everybody(b).clamp(0.0, 1.0);
    let r = px(2.0 + 46.0 * libm::sqrt(share));
    let ring: Vec<(i32, i32)> = (0..36)
        .map(|i| f64::from(i) * core::f64::consts::PI / 18.0)
        .map(|a| {
            (
                at.0 + px(f64::from(r) * libm::cos(a)),
                at.1 + px(f64::from(r) * libm::sin(a)),
            )
        })
        .collect();
    c.series(which, |c| {
        c.area(&ring, color(which).mix(0.45));
        c.text(&fit(&b.name, 10, 90), (at.0, at.1 + r + 8), 10, Anchor::Middle, INK);
        c.tip(
            at,
            r.max(8),
            &format!("{}: {} % of residents scanned at least once", b.name, percent(share)),
        );
    });
}

/// Longitude and latitude to a panel of the picture.
struct View {
    centre: [f64; 2],
    px_per_degree: f64,
    stretch: f64,
}

impl View {
    fn of(programme: &ProgrammeSummary) -> View {
        let ends = |axis: usize| {
            let all = programme.sites.iter().map(|s| s.at[axis]);
            all.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)))
        };
        let ((west, east), (south, north)) = (ends(0), ends(1));
        let centre = [0.5 * (west + east), 0.5 * (south + north)];
        let stretch = libm::cos(centre[1].to_radians());
        let fits = |span: f64, pixels: f64| pixels / span.max(0.02);
        View {
            centre,
            px_per_degree: fits((east - west) * stretch, 340.0).min(fits(north - south, 230.0)),
            stretch,
        }
    }

    /// Height of a panel that holds every circle with its name, px.
    fn height(&self, programme: &ProgrammeSummary) -> i32 {
        let at = |s: &SiteSummary| self.borough(programme, &s.borough, [0, 0, 0]);
        let ys = || programme.sites.iter().filter_map(at).map(|(_, y)| y);
        let spread = ys().max().unwrap_or(0) - ys().min().unwrap_or(0);
        spread + 150
    }

    /// The middle of a borough's sites, in a panel that begins at `x0`, `y0` and is so high.
    fn borough(&self, programme: &ProgrammeSummary, name: &str, [x0, y0, high]: [i32; 3]) -> Option<(i32, i32)> {
        let own: Vec<[f64; 2]> = programme
            .sites
            .iter()
            .filter(|s| s.borough == name)
            .map(|s| s.at)
            .collect();
        let n = own.len() as f64;
        let mean = |axis: usize| own.iter().map(|a| a[axis]).sum::<f64>() / n;
        let (dx, dy) = ((mean(0) - self.centre[0]) * self.stretch, mean(1) - self.centre[1]);
        let at = (px(dx * self.px_per_degree), px(-dy * self.px_per_degree));
        (n > 0.0).then(|| (x0 + WIDTH / 4 + at.0, y0 + high / 2 - 12 + at.1))
    }
}
