//! What a search found: the front with ordinary patrol beside it, the constraints, what was selected and how sure that is.

mod chart;

use super::Error;
use super::evidence::{Page, Section, plain_table, sheet};
use super::rows::Sheet;
use super::words::{NONE, REQUIRED, SIMULATION_INTERVAL, decimals, number};
use crate::experiment::optimise::{Estimate, Figures, Kind, Objective, Outcome, Point, Status};

/// Most candidates that a terminal shows.
const MOST_ROWS: usize = 40;

/// The outcome as a page.
///
/// # Errors
/// When a chart fails, which is a fault of this room.
pub fn page(outcome: &Outcome, command: &str) -> Result<Page, Error> {
    let stamp = stamp(outcome);
    let mut sections = vec![Section {
        id: "front",
        title: "The front",
        text: vec![objectives(outcome), constraints(outcome)],
        tables: vec![front(outcome)],
        charts: chart::charts(outcome, &stamp)?,
    }];
    if outcome.points.iter().any(|p| p.fresh.is_some()) {
        sections.push(Section {
            id: "finalists",
            title: "Finalists on fresh replications",
            text: outcome
                .selection
                .iter()
                .map(|s| s.sentence.clone())
                .chain(["The search chose its points by figures that chance made look a little better than they are; these figures are of \
                     plausible worlds and people that it had not seen."
                    .to_owned()])
                .collect(),
            tables: vec![finalists(outcome)],
            charts: Vec::new(),
        });
    }
    sections.push(Section {
        id: "decided",
        title: "What was decided, and how",
        text: how(outcome),
        tables: Vec::new(),
        charts: Vec::new(),
    });
    sections.push(Section {
        id: "limits",
        title: "How to read it",
        text: limits(outcome),
        tables: Vec::new(),
        charts: Vec::new(),
    });
    Ok(Page {
        title: outcome.title.clone(),
        question: outcome.question.clone(),
        stamp,
        answer: answer(outcome),
        sections,
        command: command.to_owned(),
    })
}

/// The outcome for a terminal.
pub fn text(outcome: &Outcome) -> String {
    let mut out = format!("{}\n{}\n\n", outcome.title, stamp(outcome));
    let candidates: Vec<&Point> = outcome.points.iter().filter(|p| p.kind == Kind::Candidate).collect();
    out += &plain_table(&short_front(outcome));
    if candidates.len() > MOST_ROWS {
        out += &format!("  and {} more in front.csv\n", candidates.len() - MOST_ROWS);
    }
    out += "\n";
    for p in candidates.into_iter().take(MOST_ROWS) {
        out += &format!("  {}: {}\n", p.name, p.words());
    }
    if outcome.points.iter().any(|p| p.fresh.is_some()) {
        out += "\n";
        out += &plain_table(&finalists(outcome));
    }
    out += "\n";
    for sentence in answer(outcome) {
        out += &super::lines::wrap(&sentence, 100).join("\n");
        out += "\n";
    }
    out
}

/// The words under every picture.
fn stamp(o: &Outcome) -> String {
    let own = if o.stamp.is_empty() {
        String::new()
    } else {
        format!("{} · ", o.stamp)
    };
    format!(
        "{own}{} · {} · {} replications · seed {} · uncertainty {} · lamplight {}",
        o.label, o.study, o.replications, o.seed, o.uncertainty, o.version
    )
}

fn whole(x: f64) -> String {
    if x < 1e15 { number(x, 0) } else { format!("{x:.1e}") }
}

/// What was found, in sentences.
fn answer(o: &Outcome) -> Vec<String> {
    let on_front = o
        .points
        .iter()
        .filter(|p| p.kind == Kind::Candidate && p.status == Status::Front)
        .count();
    let mut all = vec![format!(
        "Of {} candidates {} were tried. {} keep to all constraints, and {on_front} of them are not dominated: whoever wants more of one \
         objective there pays in another.",
        whole(o.candidates),
        whole(o.evaluated as f64),
        whole(o.feasible as f64)
    )];
    if o.feasible == 0 {
        let kept = o
            .constraints
            .iter()
            .zip(&o.kept)
            .map(|(text, n)| format!("{n} keep to \"{text}\""));
        all[0] = format!(
            "None of the {} candidates tried (of {}) keeps to all constraints: {}. Those that come nearest are shown; nothing is selected.",
            whole(o.evaluated as f64),
            whole(o.candidates),
            kept.collect::<Vec<_>>().join(", ")
        );
    }
    all.push(constraints(o));
    let patrol = o.points.iter().find(|p| p.kind == Kind::NoLfr);
    all.extend(patrol.map(|p| match p.status {
        Status::Front => "Ordinary patrol by the same officers (no-lfr) is not dominated by any candidate.".to_owned(),
        Status::Infeasible => {
            "Ordinary patrol by the same officers (no-lfr) breaks a constraint; it is shown all the same.".to_owned()
        }
        _ => "Ordinary patrol by the same officers (no-lfr) is dominated.".to_owned(),
    }));
    all.extend(o.selection.as_ref().map(|s| s.sentence.clone()));
    if o.ended == "interrupted" {
        all.push("PARTIAL: the search was interrupted. What it would have found later is missing.".to_owned());
    }
    all
}

fn objectives(o: &Outcome) -> String {
    let one = |x: &Objective| format!("{} of {} ({})", x.wanted, x.title.to_lowercase(), x.unit);
    format!(
        "Objectives: {}.",
        o.objectives.iter().map(one).collect::<Vec<_>>().join("; ")
    )
}

fn constraints(o: &Outcome) -> String {
    if o.constraints.is_empty() {
        "There is no constraint.".to_owned()
    } else {
        format!("Constraints: {}.", o.constraints.join("; "))
    }
}

fn how(o: &Outcome) -> Vec<String> {
    let search = match (o.ended, o.search) {
        ("everything", _) => "every candidate was tried".to_owned(),
        (_, "random") => "candidates were drawn at random".to_owned(),
        _ => "greedy with swaps under several weights, then the neighbours of what is not dominated (Pareto local search), with restarts".to_owned(),
    };
    vec![
        format!("To decide: {}.", o.decides.join("; ")),
        format!(
            "Search: {search}. {} runs in all, {} allowed to the search; search seed {}. Every candidate was run on the same {} replications: \
             the same plausible worlds and the same people.",
            whole(o.runs as f64),
            whole(o.budget as f64),
            o.search_seed,
            o.replications
        ),
    ]
}

fn limits(o: &Outcome) -> Vec<String> {
    let mut all = Vec::new();
    all.extend((!o.reading.is_empty()).then(|| o.reading.clone()));
    all.push(
        "No point is good or bad by itself: the front says what one objective costs in another under these constraints, and constraints, \
         objectives and what may be decided are choices of whoever wrote the study. A search that is cut off by its budget may have missed \
         better points."
            .to_owned(),
    );
    all.push(format!(
        "Intervals: {SIMULATION_INTERVAL}. They are of each point alone; all points share their plausible worlds and people, so that \
         differences between points are known better than the intervals suggest."
    ));
    all.extend(REQUIRED.iter().map(|t| (*t).to_owned()));
    all
}

/// A figure with its interval, rounded to what is known.
fn figure(e: &Estimate) -> String {
    let Some(value) = e.value else {
        return NONE.to_owned();
    };
    let digits = decimals(value, e.interval);
    match e.interval {
        Some([low, high]) => format!(
            "{} [{}, {}]",
            number(value, digits),
            number(low, digits),
            number(high, digits)
        ),
        None => number(value, digits),
    }
}

fn columns(o: &Outcome) -> Vec<String> {
    let mut names: Vec<String> = o
        .objectives
        .iter()
        .map(|x| format!("{}, {}", x.title, x.unit))
        .collect();
    names.extend((1..=o.constraints.len()).map(|n| format!("constraint {n}")));
    names
}

fn cells(f: &Figures) -> Vec<String> {
    let limit = |c: &crate::experiment::optimise::Checked| {
        let word = match (c.met, c.surely) {
            (false, _) => "broken",
            (true, true) => "kept",
            (true, false) => "kept, not surely",
        };
        format!("{} {word}", figure(&c.estimate))
    };
    f.objectives
        .iter()
        .map(figure)
        .chain(f.constraints.iter().map(limit))
        .collect()
}

fn front(o: &Outcome) -> Sheet {
    let mut names = columns(o);
    names.push("status".to_owned());
    let row = |p: &Point| {
        let mut row = p
            .search
            .as_ref()
            .map_or_else(|| vec![NONE.to_owned(); names.len() - 1], cells);
        row.push(p.status.word().to_owned());
        let label = if p.kind == Kind::Candidate {
            format!("{}: {}", p.name, p.words())
        } else {
            p.name.clone()
        };
        (super::canvas::fit(&label, 13, 520), row)
    };
    let rows = o.points.iter().map(row).collect();
    let refs: Vec<&str> = names.iter().map(String::as_str).collect();
    sheet(
        "Points that are not dominated, and what they are compared with",
        &refs,
        rows,
    )
}

/// The same for a terminal: short labels, the first rows, and constraints in a word.
fn short_front(o: &Outcome) -> Sheet {
    let mut names: Vec<&str> = o.objectives.iter().map(|x| x.title.as_str()).collect();
    names.extend(["constraints", "status"]);
    let row = |p: &Point| {
        let mut row = p.search.as_ref().map_or_else(
            || vec![NONE.to_owned(); o.objectives.len() + 1],
            |f| f.objectives.iter().map(figure).chain([in_a_word(f)]).collect(),
        );
        row.push(p.status.word().to_owned());
        (p.name.clone(), row)
    };
    let first = o.points.iter().filter(|p| p.kind == Kind::Candidate).take(MOST_ROWS);
    let rest = o.points.iter().filter(|p| p.kind != Kind::Candidate);
    sheet(
        "Points that are not dominated, and what they are compared with",
        &names,
        first.chain(rest).map(row).collect(),
    )
}

/// Which constraints are kept.
fn in_a_word(f: &Figures) -> String {
    let broken: Vec<String> = (1..)
        .zip(&f.constraints)
        .filter(|(_, c)| !c.met)
        .map(|(n, _)| n.to_string())
        .collect();
    match (broken.as_slice(), f.constraints.iter().all(|c| c.surely)) {
        ([], _) if f.constraints.is_empty() => NONE.to_owned(),
        ([], true) => "kept".to_owned(),
        ([], false) => "kept, not surely".to_owned(),
        (list, _) => format!("broken: {}", list.join(", ")),
    }
}

fn finalists(o: &Outcome) -> Sheet {
    let names = columns(o);
    let mut replications = 0;
    let mut rows = Vec::new();
    for p in &o.points {
        if let Some(f) = &p.fresh {
            replications = f.replications;
            rows.push((p.name.clone(), cells(f)));
        }
    }
    let refs: Vec<&str> = names.iter().map(String::as_str).collect();
    sheet(&format!("Finalists on {replications} fresh replications"), &refs, rows)
}

#[cfg(test)]
mod tests;
