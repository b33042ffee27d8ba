//! The first screen: what each strategy would do, to whom, and how sure that is, on about a page.

use super::grid::{Grid, Piece};
use super::lines::Page;
use super::rows;
use super::words::{self, WRONGFUL_STOP};
use super::{Facts, sure};
use crate::experiment::summary::{Borne, Difference, Disparity, StrategySummary};

/// Rows of the table, in the order of the funnel; those a result does not have are left out.
const ROWS: [&str; 16] = [
    "deployments",
    "faces_seen",
    "people_scanned",
    "share_scanned_once",
    "alerts",
    "true_alerts",
    "false_alerts",
    "false_alerts_expected",
    "stops",
    "stops_without_arrest",
    "wrongful_stops",
    "wrongful_stops_expected",
    "cover_stops",
    "arrests",
    "sought_missed",
    "false_alerts_per_face",
];
/// The rate that stands under the last of them.
const SHARE: &str = "false_share_of_alerts";

/// Rows of the differences.
const DIFFERENCES: [&str; 8] = [
    "people_scanned",
    "alerts",
    "false_alerts_expected",
    "stops",
    "stops_without_arrest",
    "wrongful_stops_expected",
    "arrests",
    "sought_missed",
];

/// What is shown by group: the first that a result has.
const BY_GROUP: [&str; 3] = ["wrongful_stops_expected", "wrongful_stops", "stops_without_arrest"];

/// Counts from here on are shown in thousands.
const MANY: f64 = 20_000.0;
/// Tipping points and questions shown, each.
const MOST: usize = 2;

/// Title, question, answers, the table, differences with verdicts, who bears it, and where the rest is: at most `width`
/// columns wide; `color` only adds bold and faint.
pub fn table(facts: &Facts, width: usize, color: bool) -> String {
    let mut out = Page::new(width, color);
    super::terminal::opening(&mut out, facts);
    comparison(facts).print(&mut out);
    reading(&mut out, facts);
    if !facts.summary.comparisons.is_empty() {
        out.blank();
        differences(facts).print(&mut out);
        verdicts(&mut out, facts);
    }
    bears(&mut out, facts);
    groups(&mut out, facts);
    closing(&mut out, facts);
    out.text
}

/// Every strategy side by side.
fn comparison(facts: &Facts) -> Grid {
    let all = &facts.summary.strategies;
    let ids = ROWS.into_iter().chain([SHARE]).filter(|id| occurs(facts, id));
    let row = |id: &str| {
        let times = thousandth(all.iter().filter_map(|s| s.metrics.get(id)?.mean));
        let cells = all.iter().map(|s| cell(s, id, times)).collect();
        (label(facts, id, times), cells)
    };
    Grid {
        title: format!(
            "Every strategy on the same simulated people, in each {}",
            facts.summary.per
        ),
        columns: all.iter().map(|s| s.name.clone()).collect(),
        rows: ids.map(row).collect(),
    }
}

/// Whether a row is worth its line: stops for a covered face only where there are any.
fn occurs(facts: &Facts, id: &str) -> bool {
    let mut means = facts.summary.strategies.iter().filter_map(|s| s.metrics.get(id));
    match id {
        "cover_stops" => means.any(|e| e.mean.is_some_and(|m| m > 0.0)),
        _ => means.next().is_some(),
    }
}

fn cell(s: &StrategySummary, id: &str, times: f64) -> Piece {
    match s.metrics.get(id) {
        None => Piece::bare(words::NONE),
        Some(e) if e.mean == Some(0.0) && (rows::is_patrol(s) || e.simulation_interval == Some([0.0; 2])) => {
            Piece::bare("0")
        }
        Some(e) => Piece::split(&words::estimate_in(e, times)),
    }
}

/// One thousandth where any of these is large, else one.
fn thousandth(mut figures: impl Iterator<Item = f64>) -> f64 {
    if figures.any(|x| libm::fabs(x) >= MANY) {
        1e-3
    } else {
        1.0
    }
}

/// What a row is called where there is little space.
fn label(facts: &Facts, id: &str, times: f64) -> String {
    let title = match id {
        "false_alerts_per_face" => return "False alerts per 100,000 faces".to_owned(),
        SHARE => return "False alerts, % of alerts".to_owned(),
        "wrongful_stops" => "Wrongful stops, counted".to_owned(),
        "cover_stops" => "Stops for a covered face".to_owned(),
        _ => facts
            .title(id)
            .replace(" (expected)", ", expected")
            .replace(" (counted)", ", counted"),
    };
    let unit = words::scale(&facts.unit(id)).unit;
    match unit.starts_with('%') {
        true => format!("{title}, %"),
        false if times < 1.0 => format!("{title}, thousands"),
        false => title,
    }
}

/// How the figures are to be read.
fn reading(out: &mut Page, facts: &Facts) {
    let s = &facts.summary;
    out.faint(&format!(
        "Means over {} simulated {}s; in [brackets] the {} % simulation interval: {}. What one {} may bring is wider: --full. \
         Expected: not counted but computed from the same runs, which is steadier. A wrongful stop is {WRONGFUL_STOP}.{}",
        s.replications,
        s.per,
        words::number(s.level * 100.0, 0),
        words::SIMULATION_INTERVAL,
        s.per,
        if occurs(facts, "cover_stops") {
            " Stops for a covered face are not among the stops."
        } else {
            ""
        },
    ));
}

/// Each strategy minus the baseline, with its verdict.
fn differences(facts: &Facts) -> Grid {
    let all = &facts.summary.comparisons;
    let ids = DIFFERENCES
        .into_iter()
        .filter(|id| all.iter().any(|c| c.metrics.contains_key(*id)));
    let row = |id: &str| {
        let unit = facts.unit(id);
        let times = thousandth(all.iter().filter_map(|c| c.metrics.get(id)?.difference));
        let cells = all.iter().map(|c| match c.metrics.get(id) {
            None => Piece::bare(words::NONE),
            Some(d) if words::verdict(d) == words::EQUAL => Piece::bare("0 (equal)"),
            Some(d) => {
                let Piece { figure, interval } = Piece::split(&words::difference_in(d, &unit, times));
                Piece {
                    figure: format!("{figure}{}", verdict(d)),
                    interval,
                }
            }
        });
        (label(facts, id, times), cells.collect())
    };
    Grid {
        title: format!(
            "Differences to {}, in each {}",
            facts.summary.baseline, facts.summary.per
        ),
        columns: all.iter().map(|c| c.strategy.clone()).collect(),
        rows: ids.map(row).collect(),
    }
}

/// A verdict in a word or two; the legend explains them.
fn verdict(d: &Difference) -> &'static str {
    match (d.verdict.as_str(), d.limited_by.as_deref()) {
        ("settled", _) => " (settled)",
        ("no difference that matters", _) => " (too small)",
        (_, Some("knowledge")) => " (unknown)",
        (_, Some("chance")) => " (chance)",
        (_, Some("replications")) => " (runs)",
        _ if d.distinguishable => "",
        _ => " (unclear)",
    }
}

/// What the words beside the differences mean, what would turn an answer round, and what to ask.
fn verdicts(out: &mut Page, facts: &Facts) {
    let all = &facts.summary.comparisons;
    out.faint(if all.iter().any(sure::judged) {
        "Settled: 95 % of plausible worlds agree, and it matters. Too small: no difference that matters. Not settled: unknown \
         (only knowing more would help), chance (luck outweighs it), runs (too few: raise -n). Equal: in every run."
    } else {
        "Unclear: these runs cannot tell the two apart. Equal: in every run."
    });
    let mut points: Vec<_> = all.iter().flat_map(|c| &c.tipping_points).collect();
    points.sort_by_key(|t| !t.confirmed);
    for t in first_of_each(points, |t| &t.parameter) {
        out.item(&format!("Flips: {}", t.sentence));
    }
    let mut questions: Vec<_> = all.iter().flat_map(|c| &c.questions).collect();
    questions.sort_by(|a, b| b.settles.total_cmp(&a.settles));
    for q in first_of_each(questions, |q| &q.parameter) {
        out.item(&format!("Ask: {}", q.question));
    }
}

/// The first few of a list that differ in what they are about.
fn first_of_each<T>(list: Vec<&T>, about: impl Fn(&T) -> &str) -> Vec<&T> {
    let mut kept: Vec<&T> = Vec::new();
    for x in list {
        if kept.len() < MOST && !kept.iter().any(|k| about(k) == about(x)) {
            kept.push(x);
        }
    }
    kept
}

/// Who bears it: on each axis, the group with most false alerts for each scan.
fn bears(out: &mut Page, facts: &Facts) {
    let own: Vec<&Disparity> = facts.summary.disparities.iter().filter(|d| d.how == "run").collect();
    let axes = facts.axes();
    let row = |axis: &String| {
        let along = |d: &&Disparity| d.axes.iter().find(|b| b.by == *axis).map(worst);
        let reference = own.iter().find_map(|d| d.axes.iter().find(|b| b.by == *axis))?;
        let cells = own.iter().map(|d| along(d).unwrap_or_else(|| Piece::bare(words::NONE)));
        Some((format!("{axis}, times {}", reference.reference), cells.collect()))
    };
    let grid = Grid {
        title: "Who bears it: the group with most false alerts (expected) for each scan".to_owned(),
        columns: own.iter().map(|d| d.strategy.clone()).collect(),
        rows: axes.iter().filter_map(row).collect(),
    };
    if !grid.rows.is_empty() {
        out.blank();
        grid.print(out);
        out.faint(&format!(
            "Too few: a group with fewer than {} expected false alerts in all runs together gets no ratio. Whom a matcher confuses is not known: \
             report.html has the same under other matchers.",
            words::number(crate::experiment::FEW, 0)
        ));
    }
}

/// The group with the highest ratio to the group compared with.
fn worst(b: &Borne) -> Piece {
    let others = b.groups.iter().filter(|g| g.name != b.reference);
    let ratio = |v: Option<f64>| v.unwrap_or(f64::NEG_INFINITY);
    let most = others.max_by(|x, y| ratio(x.fpir_ratio.value).total_cmp(&ratio(y.fpir_ratio.value)));
    match most.filter(|g| g.fpir_ratio.value.is_some()) {
        Some(g) => {
            let Piece { figure, interval } = Piece::split(&super::burdens::figure(&g.fpir_ratio));
            Piece {
                figure: format!("{} {figure}", g.name),
                interval,
            }
        }
        None => Piece::bare("too few"),
    }
}

/// One figure for each group, under the strategies that have any of it.
fn groups(out: &mut Page, facts: &Facts) {
    let all = &facts.summary.strategies;
    let any = |s: &StrategySummary, id: &str| {
        let mut groups = s.groups.iter().filter_map(|g| g.metrics.get(id));
        groups.any(|e| e.mean.is_some_and(|m| m > 0.0))
    };
    let Some(id) = BY_GROUP.into_iter().find(|id| all.iter().any(|s| any(s, id))) else {
        return;
    };
    let which: Vec<usize> = (0..all.len()).filter(|i| any(&all[*i], id)).collect();
    let mut rows = Vec::new();
    for axis in facts.axes() {
        for level in rows::levels(facts, &axis) {
            let of = |i: &usize| rows::group_estimate(facts, *i, &axis, &level, id);
            let times = thousandth(which.iter().filter_map(|i| of(i)?.mean));
            let cells = which.iter().map(|i| match of(i) {
                Some(e) => Piece::split(&words::estimate_in(e, times)),
                None => Piece::bare(words::NONE),
            });
            rows.push((level.clone(), cells.collect()));
        }
    }
    out.blank();
    let others = if which.len() < all.len() {
        "; none under the others"
    } else {
        ""
    };
    let what = words::within_sentence(&facts.title(id));
    Grid {
        title: format!("By group: {what}, in each {}{others}", facts.summary.per),
        columns: which.iter().map(|i| all[*i].name.clone()).collect(),
        rows,
    }
    .print(out);
}

/// What to know before quoting any of it, and where the rest is.
fn closing(out: &mut Page, facts: &Facts) {
    out.blank();
    let sketch = if facts.sketch {
        " The streets are a sketch, not surveyed."
    } else {
        ""
    };
    out.item(&format!(
        "Before quoting: the composition of a watchlist is secret, here it is assumed; camera positions are hypothetical; crime \
         prevented, deterrence and legitimacy are not modelled.{sketch}"
    ));
    facts
        .summary
        .warnings
        .iter()
        .chain(&facts.attribution)
        .for_each(|w| out.item(w));
    out.item(
        "The rest: report.html has pictures, every group, the ledger, assumptions and sources; --full prints every table here, \
         --ledger everyone alerted or stopped.",
    );
}

#[cfg(test)]
mod tests {
    use super::super::sample::facts;
    use super::super::sample_answers::answered;
    use super::*;

    #[test]
    fn a_page_holds_answer_table_differences_and_groups_within_any_width() {
        for facts in [facts(), answered()] {
            for width in [60, 80, 100, 120] {
                let text = table(&facts, width, false);
                for line in text.lines() {
                    assert!(line.chars().count() <= width, "{width}: {line}");
                }
                assert!(width < 100 || text.lines().count() <= 100, "{}", text.lines().count());
            }
        }
    }

    #[test]
    fn colour_changes_nothing_but_the_look() {
        let plain = table(&answered(), 100, false);
        let mut colourful = table(&answered(), 100, true);
        for code in ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[4m"] {
            colourful = colourful.replace(code, "");
        }
        assert_eq!(plain, colourful);
    }

    #[test]
    fn a_stranger_is_told_what_it_says_and_how_to_read_it() {
        let text = table(&answered(), 120, false);
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for phrase in [
            "simulated projection, not evidence of actual performance",
            "a stop after a false alert; not a legal finding",
            "instead of two-vans, in each deployment:",
            "faces seen and about one in",
            "False alerts per 100,000",
            "False alerts, % of alerts",
            "Differences to two-vans",
            "Who bears it",
            "By group:",
            "--full",
            "report.html",
        ] {
            assert!(flat.contains(phrase), "{phrase}\n{text}");
        }
    }
}
