//! Deployment records as text: in the project's own format, and what its columns mean.

use super::record_file::{COLUMNS, DeploymentRecord, RecordRow};
use std::fmt::Write as _;

/// A record in the project's own format.
pub fn write_record(record: &DeploymentRecord) -> String {
    let order = [
        "force",
        "date",
        "site",
        "borough",
        "place",
        "use_case",
        "kind",
        "hours",
        "watchlist",
        "threshold",
        "faces",
        "alerts",
        "true_confirmed",
        "true_unconfirmed",
        "false_confirmed",
        "false_unconfirmed",
        "true_alerts",
        "false_alerts",
        "engagements",
        "arrests",
        "other_disposal",
        "no_action",
        "status",
        "source",
        "note",
    ];
    let mut text = order.join(",") + "\n";
    for row in &record.rows {
        let cells = order.map(|column| quoted(&cell(row, column)));
        let _ = writeln!(text, "{}", cells.join(","));
    }
    text
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

fn cell(row: &RecordRow, column: &str) -> String {
    let number = |v: Option<f64>| v.map(|v| v.to_string()).unwrap_or_default();
    let count = |v: Option<u32>| v.map(|v| v.to_string()).unwrap_or_default();
    match column {
        "force" => row.force.clone(),
        "date" => row.date.to_string(),
        "site" => row.site.clone(),
        "borough" => row.borough.clone().unwrap_or_default(),
        "place" => row.place.clone(),
        "use_case" => row.use_case.clone(),
        "kind" => row.kind.word().to_owned(),
        "hours" => number(row.hours),
        "watchlist" => count(row.watchlist),
        "threshold" => number(row.threshold),
        "faces" => count(row.faces),
        "alerts" => count(row.alerts),
        "true_confirmed" => count(row.true_confirmed),
        "true_unconfirmed" => count(row.true_unconfirmed),
        "false_confirmed" => count(row.false_confirmed),
        "false_unconfirmed" => count(row.false_unconfirmed),
        "true_alerts" => count(row.true_alerts),
        "false_alerts" => count(row.false_alerts),
        "engagements" => count(row.engagements),
        "arrests" => count(row.arrests),
        "other_disposal" => count(row.other_disposal),
        "no_action" => count(row.no_action),
        "status" => row.status.clone(),
        "source" => row.source.clone(),
        _ => row.note.clone(),
    }
}

/// The columns of a record file as a Markdown page.
pub fn record_docs() -> String {
    let mut text = "| column | unit | meaning |\n|---|---|---|\n".to_owned();
    for (name, unit, meaning) in COLUMNS {
        let _ = writeln!(text, "| `{name}` | {unit} | {meaning} |");
    }
    text + "\nThe first four columns must be there (`site` may stand in for `place`); others may be missing or empty. Columns may come in any order.\n"
}
