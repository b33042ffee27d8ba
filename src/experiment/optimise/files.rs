//! Points of a search as tables.

use super::outcome::{Outcome, Point};

/// Which points a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// What is not dominated, ordinary patrol, the strategies as given.
    Front,
    /// Everything that was tried.
    All,
}

/// Points as CSV, unrounded: what each is, how it stands, and for each objective and constraint the figure of the search and,
/// of finalists, over fresh replications.
pub fn points_csv(outcome: &Outcome, table: Table) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut head: Vec<String> = ["point", "kind", "status", "strategy", "mounts", "settings"]
        .map(str::to_owned)
        .to_vec();
    for of in ["", "fresh."] {
        for o in &outcome.objectives {
            head.extend(["", ".low", ".high"].map(|end| format!("{of}{}{end}", o.id)));
        }
        for n in 1..=outcome.constraints.len() {
            head.extend(["", ".met"].map(|end| format!("{of}constraint{n}{end}")));
        }
    }
    head.push("impossible".to_owned());
    // Writing to memory cannot fail.
    let _ = writer.write_record(&head);
    let others: &[Point] = match table {
        Table::Front => &[],
        Table::All => &outcome.others,
    };
    for p in outcome.points.iter().chain(others) {
        let _ = writer.write_record(record(outcome, p));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn record(outcome: &Outcome, p: &Point) -> Vec<String> {
    let exact = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
    let kind = serde_json::to_string(&p.kind).unwrap_or_default();
    let status = serde_json::to_string(&p.status).unwrap_or_default();
    let settings: Vec<String> = p.settings.iter().map(|(k, v)| format!("{k}={v}")).collect();
    let mut cells = vec![
        p.name.clone(),
        kind.trim_matches('"').to_owned(),
        status.trim_matches('"').to_owned(),
        p.strategy.clone(),
        p.mounts.join(" "),
        settings.join(" "),
    ];
    for figures in [&p.search, &p.fresh] {
        for i in 0..outcome.objectives.len() {
            let e = figures.as_ref().map(|f| f.objectives[i]);
            cells.push(exact(e.and_then(|e| e.value)));
            cells.extend([0, 1].map(|end| exact(e.and_then(|e| e.interval).map(|i| i[end]))));
        }
        for i in 0..outcome.constraints.len() {
            let c = figures.as_ref().map(|f| f.constraints[i]);
            cells.push(exact(c.and_then(|c| c.estimate.value)));
            cells.push(c.map_or_else(String::new, |c| c.met.to_string()));
        }
    }
    cells.push(p.impossible.clone().unwrap_or_default());
    cells
}
