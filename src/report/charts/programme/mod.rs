//! A programme of many deployments: where vans went, exposure by borough, stops and arrests over time, who was scanned by then.

mod boroughs;
mod calendar;
mod weeks;

use super::Chart;
use crate::experiment::summary::{ProgrammeStrategy, ProgrammeSummary};
use crate::report::canvas::Drawing;
use crate::report::rows::Sheet;
use crate::report::{Error, Facts, words};

/// Every picture of a programme.
pub fn charts(facts: &Facts, programme: &ProgrammeSummary) -> Result<Vec<Chart>, Error> {
    Ok(vec![
        boroughs::chart(facts, programme)?,
        calendar::chart(facts, programme)?,
        weeks::time(facts, programme)?,
        weeks::exposure(facts, programme)?,
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

fn picture(name: &'static str, title: String, alternative: String, drawing: Drawing, data: Sheet) -> Chart {
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
    use crate::experiment::summary::{BoroughSummary, PlaceTotals, SiteSummary, WeekTotals};
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
