//! The same tables as Markdown, for papers, issues and minutes.

use super::Facts;
use super::published;
use super::rows::{self, Cell, Sheet};
use super::words::{self, WRONGFUL_STOP};
use std::fmt::Write as _;

/// Title, question, answer, comparison, differences and groups as Markdown.
pub fn markdown(facts: &Facts) -> String {
    let s = &facts.summary;
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    line(format!("# {}\n", escape(&s.title)));
    line(format!("**{}**\n", escape(&s.question)));
    line(format!("*{}*\n", escape(&facts.stamp())));
    for answer in super::answer::answers(facts) {
        line(format!("- {}", escape(&answer.paragraph())));
    }
    line(format!(
        "\nEach figure is a mean over {} simulated {}s with its simulation interval at {} %: {}. \
         \"One may bring\" is the predictive interval: what one {} may bring. A wrongful stop is {WRONGFUL_STOP}.\n",
        s.replications,
        s.per,
        words::number(s.level * 100.0, 0),
        words::SIMULATION_INTERVAL,
        s.per,
    ));
    let mut sheets = vec![rows::comparison(facts), rows::differences(facts)];
    sheets.extend(rows::groups(facts));
    for sheet in sheets.iter().filter(|s| !s.rows.is_empty() && !s.columns.is_empty()) {
        line(table(sheet));
    }
    if let Some(table) = published_table(facts) {
        line(table);
    }
    for note in words::REQUIRED {
        line(format!("- {note}"));
    }
    for warning in &s.warnings {
        line(format!("- {}", escape(warning)));
    }
    for note in &facts.attribution {
        line(format!("- {}", escape(note)));
    }
    if let Some(command) = facts.provenance_of("command") {
        line(format!("\nReproduce it: `{}`", command.replace('`', "'")));
    }
    out
}

/// Published figures beside the simulated ones.
fn published_table(facts: &Facts) -> Option<String> {
    let lines = published::published(facts);
    if lines.is_empty() {
        return None;
    }
    let mut out = String::from("## What was published, beside what is simulated\n\n");
    let _ = writeln!(
        out,
        "| {} |\n|{}",
        published::HEADINGS.join(" | "),
        "---|".repeat(published::HEADINGS.len())
    );
    for l in &lines {
        let cells = [
            l.label.as_str(),
            &l.published,
            &l.simulated,
            l.verdict,
            l.role,
            &l.source,
        ]
        .map(escape);
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    Some(out)
}

fn table(sheet: &Sheet) -> String {
    let mut out = format!("## {}\n\n|", escape(&sheet.title));
    for head in std::iter::once("").chain(sheet.columns.iter().map(String::as_str)) {
        let _ = write!(out, " {} |", escape(head));
    }
    out.push_str("\n|---|");
    out.push_str(&"---|".repeat(sheet.columns.len()));
    out.push('\n');
    for row in &sheet.rows {
        if let Some(section) = &row.section {
            let _ = writeln!(out, "| **{}** |{}", escape(section), " |".repeat(sheet.columns.len()));
        }
        let sectioned = sheet.rows.iter().any(|r| r.section.is_some());
        let label = if sectioned {
            row.label.clone()
        } else {
            format!("{}, {}", row.label, row.unit)
        };
        let _ = write!(out, "| {} |", escape(&label));
        for cell in &row.cells {
            let _ = write!(out, " {} |", escape(&in_one_line(cell)));
        }
        out.push('\n');
    }
    out
}

fn in_one_line(cell: &Cell) -> String {
    let mut text = cell.figure.clone();
    if !cell.predictive.is_empty() {
        let _ = write!(text, "; one may bring {}", cell.predictive);
    }
    if !cell.words.is_empty() {
        let _ = write!(text, "; {}", cell.words);
    }
    text
}

/// Keeps a user's text from being read as Markdown or HTML.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '|' | '*' | '_' | '`' | '\\' | '#' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::sample::facts;

    #[test]
    fn every_row_of_a_table_has_as_many_cells_as_its_head() {
        let text = super::markdown(&facts());
        let mut width = None;
        for line in text.lines() {
            if !line.starts_with('|') {
                width = None;
                continue;
            }
            let cells = line.replace("\\|", "").matches('|').count();
            assert_eq!(*width.get_or_insert(cells), cells, "{line}");
        }
        assert!(text.contains("per 100,000 faces") && text.contains("% of alerts"));
        assert!(text.contains("a stop after a false alert; not a legal finding"));
    }

    #[test]
    fn a_users_text_stays_text() {
        let mut facts = facts();
        facts.summary.title = "A | B <script>\nC".to_owned();
        let text = super::markdown(&facts);
        assert!(text.starts_with("# A \\| B &lt;script> C\n"), "{text}");
    }
}
