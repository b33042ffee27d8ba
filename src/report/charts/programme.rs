//! A programme of many deployments: where vans went, exposure by borough, stops and arrests over time, who was scanned by then.

use super::{Chart, LEFT, WIDTH, frame, legend_rows};
use crate::experiment::summary::{BoroughSummary, ProgrammeStrategy, ProgrammeSummary, WeekTotals};
use crate::report::canvas::{Anchor, Canvas, INK, Scale, color, draw, faint, fit, px, stroke};
use crate::report::ledger::{cell, row};
use crate::report::rows::Sheet;
use crate::report::{Error, Facts, words};
use plotters::style::Color;

/// Sites listed in the picture of where vans went.
const MOST_SITES: usize = 24;
const PANEL: i32 = 210;

/// What is counted of a week.
type Count = fn(&WeekTotals) -> f64;

/// Every picture of a programme.
pub fn charts(facts: &Facts, programme: &ProgrammeSummary) -> Result<Vec<Chart>, Error> {
    Ok(vec![
        boroughs(facts, programme)?,
        calendar(facts, programme)?,
        time(facts, programme)?,
        exposure(facts, programme)?,
    ])
}

/// Strategies that sent anybody anywhere, with their place in the file.
fn sent(programme: &ProgrammeSummary) -> Vec<(usize, &ProgrammeStrategy)> {
    let all = programme.strategies.iter().enumerate();
    all.filter(|(_, s)| s.sites.iter().any(|t| t.deployments > 0.0))
        .collect()
}

fn names<'p>(of: &[(usize, &'p ProgrammeStrategy)]) -> Vec<(usize, &'p str)> {
    of.iter().map(|(i, s)| (*i, s.name.as_str())).collect()
}

fn percent(x: f64) -> String {
    words::number(100.0 * x, words::decimals(100.0 * x, None).min(2))
}

/// Residents scanned at least once, by borough, at the middle of the borough's sites.
fn boroughs(facts: &Facts, programme: &ProgrammeSummary) -> Result<Chart, Error> {
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
    let height = 76 + rows * 360 + 40;
    let view = View::of(programme);
    let drawing = draw((WIDTH, height), "boroughs", &title, &alternative, |c| {
        frame(c, &title, &facts.stamp());
        let key = "a circle stands at the middle of a borough's sites; its area is the share of residents scanned at least once";
        c.text(key, (LEFT, 44), 12, Anchor::Left, faint(0.85));
        for (i, (which, s)) in of.iter().enumerate() {
            let (x0, y0) = ((i as i32 % 2) * (WIDTH / 2), 66 + (i as i32 / 2) * 360);
            c.mark(*which, (x0 + LEFT + 6, y0 + 8), 5);
            c.text(&s.name, (x0 + LEFT + 18, y0 + 8), 14, Anchor::Left, INK);
            for b in &s.boroughs {
                if let Some(at) = view.borough(programme, &b.name, (x0, y0 + 24)) {
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
    Ok(chart("boroughs", title, alternative, drawing, data))
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

    /// The middle of a borough's sites, in a panel that begins at `corner`.
    fn borough(&self, programme: &ProgrammeSummary, name: &str, corner: (i32, i32)) -> Option<(i32, i32)> {
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
        (n > 0.0).then(|| (corner.0 + WIDTH / 4 + at.0, corner.1 + 160 + at.1))
    }
}

/// Where each strategy sent its vans.
fn calendar(facts: &Facts, programme: &ProgrammeSummary) -> Result<Chart, Error> {
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
    Ok(chart("calendar", title, alternative, drawing, data))
}

/// Stops and arrests in each week.
fn time(facts: &Facts, programme: &ProgrammeSummary) -> Result<Chart, Error> {
    let all: Vec<(usize, &ProgrammeStrategy)> = programme.strategies.iter().enumerate().collect();
    let title = "Stops and arrests in each week".to_owned();
    let weeks = all.iter().map(|(_, s)| s.weeks.len()).max().unwrap_or(0);
    let alternative =
        format!("Mean numbers of stops and of arrests in each of {weeks} weeks, a line for each strategy.");
    let names = names(&all);
    let top = 56 + 20 * legend_rows(&names);
    let height = top + 2 * (PANEL + 20) + 50;
    let what: [(&str, Count); 2] = [("stops", |w| w.stops), ("arrests", |w| w.totals.arrests)];
    let drawing = draw((WIDTH, height), "time", &title, &alternative, |c| {
        frame(c, &title, &facts.stamp());
        c.legend(&names, (LEFT, 48));
        for (i, (head, of)) in what.into_iter().enumerate() {
            let y0 = top + i as i32 * (PANEL + 20);
            let lines: Vec<(usize, &str, Vec<f64>)> = (all.iter())
                .map(|(which, s)| (*which, s.name.as_str(), s.weeks.iter().map(of).collect()))
                .collect();
            panel(c, &format!("{head} a week"), &lines, [60, y0, WIDTH - 30, y0 + PANEL]);
        }
    })?;
    let data_rows = (0..weeks).map(|w| {
        let label = all
            .iter()
            .find_map(|(_, s)| Some(s.weeks.get(w)?.from.clone()))
            .unwrap_or_default();
        let figures = all.iter().map(|(_, s)| {
            let week = s.weeks.get(w);
            cell(
                week.map_or(words::NONE.to_owned(), |w| {
                    format!("{} / {}", words::number(w.stops, 1), words::number(w.totals.arrests, 1))
                }),
                "",
            )
        });
        row(label, figures.collect())
    });
    let data = Sheet {
        title: format!("{title} (stops / arrests)"),
        columns: all.iter().map(|(_, s)| s.name.clone()).collect(),
        rows: data_rows.collect(),
    };
    Ok(chart("time", title, alternative, drawing, data))
}

/// Lines over weeks in a rectangle: left, top, right, bottom.
fn panel(c: &Canvas, head: &str, lines: &[(usize, &str, Vec<f64>)], [left, top, right, bottom]: [i32; 4]) {
    c.text(head, (left, top + 6), 13, Anchor::Left, INK);
    let most = lines.iter().flat_map(|(_, _, v)| v).fold(1e-9_f64, |m, v| m.max(*v));
    let weeks = lines.iter().map(|(_, _, v)| v.len()).max().unwrap_or(1);
    let x = Scale::new((1.0, weeks.max(2) as f64), (left, right));
    let y = Scale::new((0.0, most * 1.08), (bottom - 24, top + 20));
    let (ticks, decimals) = y.ticks(4);
    for t in ticks {
        c.line(&[(left, y.at(t)), (right, y.at(t))], stroke(faint(0.14), 1));
        c.text(
            &words::number(t, decimals),
            (left - 6, y.at(t)),
            11,
            Anchor::Right,
            faint(0.8),
        );
    }
    let (ticks, _) = x.ticks(8);
    for t in ticks.into_iter().filter(|t| t.fract() == 0.0) {
        c.text(
            &format!("week {}", words::number(t, 0)),
            (x.at(t), bottom - 10),
            10,
            Anchor::Middle,
            faint(0.8),
        );
    }
    for (which, name, values) in lines {
        let points: Vec<(i32, i32)> = values
            .iter()
            .enumerate()
            .map(|(i, v)| (x.at(i as f64 + 1.0), y.at(*v)))
            .collect();
        c.series(*which, |c| {
            if points.len() > 1 {
                c.line(&points, stroke(color(*which), 2));
            }
            if let (Some(last), Some(value)) = (points.last(), values.last()) {
                c.mark(*which, *last, 4);
                let said = words::number(*value, words::decimals(*value, None).min(3));
                c.tip(*last, 8, &format!("{name}: {said} in the last week shown"));
            }
        });
    }
}

/// The share of each group scanned at least once by the end of each week: a panel for each strategy.
fn exposure(facts: &Facts, programme: &ProgrammeSummary) -> Result<Chart, Error> {
    let of = sent(programme);
    let axis = programme
        .groups
        .iter()
        .find(|g| g[0] != "all")
        .map_or("all", |g| g[0].as_str());
    let shown: Vec<usize> = (0..programme.groups.len())
        .filter(|g| programme.groups[*g][0] == axis)
        .collect();
    let levels: Vec<String> = shown.iter().map(|g| programme.groups[*g][1].clone()).collect();
    let title = "Share scanned at least once by the end of each week, by group".to_owned();
    let last = |s: &ProgrammeStrategy, g: usize| {
        s.weeks
            .last()
            .and_then(|w| w.scanned_by_then.get(g).copied())
            .unwrap_or(0.0)
    };
    let said = of.iter().map(|(_, s)| {
        let each: Vec<String> = shown
            .iter()
            .zip(&levels)
            .map(|(g, l)| format!("{l} {} %", percent(last(s, *g))))
            .collect();
        format!("{}: {}", s.name, each.join(", "))
    });
    let alternative = format!(
        "Of 100 people of each group who use the sites, those scanned at least once by the end. {}.",
        said.collect::<Vec<_>>().join(". ")
    );
    let names: Vec<(usize, &str)> = levels.iter().map(String::as_str).enumerate().collect();
    let top = 56 + 20 * legend_rows(&names);
    let height = top + of.len().max(1) as i32 * (PANEL + 20) + 50;
    let drawing = draw((WIDTH, height), "exposure", &title, &alternative, |c| {
        frame(c, &title, &facts.stamp());
        c.legend(&names, (LEFT, 48));
        for (i, (_, s)) in of.iter().enumerate() {
            let y0 = top + i as i32 * (PANEL + 20);
            let line = |(n, g): (usize, &usize)| {
                let values = s
                    .weeks
                    .iter()
                    .map(|w| 100.0 * w.scanned_by_then.get(*g).copied().unwrap_or(0.0));
                (n, levels[n].as_str(), values.collect())
            };
            let lines: Vec<(usize, &str, Vec<f64>)> = shown.iter().enumerate().map(line).collect();
            panel(
                c,
                &format!("{}: of 100 people", s.name),
                &lines,
                [60, y0, WIDTH - 30, y0 + PANEL],
            );
        }
    })?;
    let data_rows = shown.iter().zip(&levels).map(|(g, level)| {
        row(
            &**level,
            of.iter()
                .map(|(_, s)| cell(format!("{} %", percent(last(s, *g))), ""))
                .collect(),
        )
    });
    let data = Sheet {
        title: format!("{title}: at the end"),
        columns: of.iter().map(|(_, s)| s.name.clone()).collect(),
        rows: data_rows.collect(),
    };
    Ok(Chart {
        series: levels,
        ..chart("exposure", title, alternative, drawing, data)
    })
}

fn chart(
    name: &'static str,
    title: String,
    alternative: String,
    drawing: crate::report::canvas::Drawing,
    data: Sheet,
) -> Chart {
    Chart {
        name,
        title,
        alternative,
        drawing,
        data,
        series: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::summary::{PlaceTotals, SiteSummary};
    use crate::report::sample::facts;

    fn programme() -> ProgrammeSummary {
        let site = |name: &str, borough: &str, at| SiteSummary {
            name: name.into(),
            title: name.into(),
            borough: borough.into(),
            at,
            sketch: true,
        };
        let strategy = |name: &str, k: f64| ProgrammeStrategy {
            name: name.into(),
            sites: vec![
                PlaceTotals {
                    deployments: 3.0 * k,
                    ..PlaceTotals::default()
                };
                2
            ],
            weeks: (0..6)
                .map(|w| WeekTotals {
                    from: format!("2026-01-{:02}", 1 + 7 * (w % 4)),
                    stops: k * f64::from(w),
                    scanned_by_then: vec![0.02 * k, 0.01 * k * f64::from(w), 0.03 * k],
                    ..WeekTotals::default()
                })
                .collect(),
            boroughs: vec![BoroughSummary {
                name: "Newham".into(),
                residents: vec![350_000.0],
                scanned_once: vec![0.12 * k],
                scanned_once_interval: None,
                scanned_ten_times: vec![0.01 * k],
                searches_per_resident: vec![0.4 * k],
            }],
        };
        ProgrammeSummary {
            from: "2026-01-01".into(),
            until: "2026-02-11".into(),
            days: 42,
            title: "Two streets".into(),
            sites: vec![
                site("north", "Newham", [0.0, 51.55]),
                site("south", "Croydon", [-0.1, 51.37]),
            ],
            groups: [["all", "all"], ["ethnicity", "White"], ["ethnicity", "Black"]]
                .map(|g| g.map(str::to_owned))
                .to_vec(),
            strategies: vec![
                strategy("rotation", 1.0),
                strategy("hotspot", 1.5),
                strategy("no-lfr", 0.0),
            ],
        }
    }

    #[test]
    fn a_programme_has_four_pictures_with_words_and_tables() {
        let mut facts = facts();
        facts.summary.programme = Some(programme());
        let all = charts(&facts, &programme()).unwrap();
        assert_eq!(
            all.iter().map(|c| c.name).collect::<Vec<_>>(),
            ["boroughs", "calendar", "time", "exposure"]
        );
        for c in &all {
            assert!(
                c.alternative.len() > 60 && !c.data.rows.is_empty() && !c.drawing.svg.contains("NaN"),
                "{}",
                c.name
            );
            assert!(
                c.drawing.svg.contains("not evidence of actual performance"),
                "{}",
                c.name
            );
        }
        assert!(all[0].alternative.contains("Newham 12 %"), "{}", all[0].alternative);
        assert!(
            all[3]
                .data
                .rows
                .iter()
                .any(|r| r.label == "Black" && r.cells[0].figure == "3 %")
        );
        let page = crate::report::html(&facts).unwrap();
        assert!(page.contains("picture-calendar") && page.contains("Over the whole programme"));
        let mut nothing = programme();
        nothing.strategies.clear();
        nothing.sites.clear();
        assert!(
            charts(&facts, &nothing)
                .unwrap()
                .iter()
                .all(|c| !c.drawing.svg.contains("NaN"))
        );
    }
}
