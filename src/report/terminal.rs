//! The answer on a terminal: readable at 80 columns, without colour, by somebody with no statistics.

use super::Facts;
use super::rows::{self, Cell, Row, Sheet};
use super::words::{self, REQUIRED, WRONGFUL_STOP};

/// Title, question, answer and tables, at most `width` columns wide; `color` only adds bold and faint.
pub fn table(facts: &Facts, width: usize, color: bool) -> String {
    let s = &facts.summary;
    let mut out = Page {
        text: String::new(),
        width: width.clamp(60, 200),
        color,
    };
    out.strong(&s.title);
    out.paragraph(&s.question);
    out.faint(&facts.stamp());
    out.blank();
    for sentence in super::answer::answer(facts) {
        out.paragraph(&sentence);
    }
    out.blank();
    out.paragraph(&format!(
        "Figures are means over {} simulated {}s; in [brackets] the {} % simulation interval: {}.",
        s.replications,
        s.per,
        words::number(s.level * 100.0, 0),
        words::SIMULATION_INTERVAL,
    ));
    let drawn = if s.uncertainty == "on" {
        "chance, and not knowing the parameters"
    } else {
        "chance alone (uncertainty off)"
    };
    out.paragraph(&format!(
        "\"One may bring\" is the predictive interval, what one {} may bring: {drawn}.",
        s.per
    ));
    out.paragraph(&format!("A wrongful stop is {WRONGFUL_STOP}."));

    out.sheet(&rows::comparison(facts), true);
    if !s.comparisons.is_empty() {
        out.sheet(&rows::differences(facts), true);
        out.verdicts(facts);
    }
    for sheet in rows::groups(facts) {
        out.sheet(&sheet, false);
    }
    for panel in super::burdens::burdens(facts) {
        out.blank();
        out.strong(&panel.title);
        panel.items.iter().for_each(|item| out.item(item));
    }
    out.blank();
    for note in REQUIRED {
        out.item(note);
    }
    if facts.sketch {
        out.item("The streets are a sketch, not surveyed.");
    }
    for warning in &s.warnings {
        out.item(warning);
    }
    for note in &facts.attribution {
        out.item(note);
    }
    out.text
}

/// The ledger: everyone alerted or stopped, by what became of them and why they were on the list.
pub fn ledger(facts: &Facts, width: usize, color: bool) -> String {
    let mut out = Page {
        text: String::new(),
        width: width.clamp(60, 200),
        color,
    };
    let mut strategy = "";
    for row in facts.summary.ledger.iter().filter(|r| r.by == "all") {
        if row.strategy != strategy {
            strategy = &row.strategy;
            out.blank();
            out.strong(&format!("The ledger: {strategy}"));
        }
        let depth = usize::from(row.outcome != "all") + usize::from(row.reason != "all");
        let what = match (row.outcome.as_str(), row.reason.as_str()) {
            ("all", "all") => row.kind.clone(),
            (outcome, "all") => outcome.to_owned(),
            (_, reason) => reason.to_owned(),
        };
        let label = format!("{}{what}", "  ".repeat(depth));
        let minutes = if row.minutes > 0.0 {
            format!("; {} min", words::number(row.minutes, usize::from(row.minutes < 10.0)))
        } else {
            String::new()
        };
        let mean = row.per_deployment.value.unwrap_or(0.0);
        let figure = words::number(mean, words::decimals(mean, row.per_deployment.interval));
        let columns = [
            wrap_indented(&label, LEDGER_LABEL),
            vec![figure],
            wrap(&format!("{}{minutes}", row.frequency), out.width - LEDGER_LABEL - 14),
        ];
        out.columns(&columns, &[LEDGER_LABEL, 10]);
    }
    out.text
}

/// Width of the labels of the ledger.
const LEDGER_LABEL: usize = 34;

/// Text being laid out.
struct Page {
    text: String,
    width: usize,
    color: bool,
}

/// Label of the line with the predictive interval.
const ONE_MAY_BRING: &str = "  one may bring";

/// Width of the column of labels, and the gap between columns.
const LABEL: usize = 22;
const GAP: usize = 2;

impl Page {
    fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    fn blank(&mut self) {
        self.text.push('\n');
    }

    fn styled(&mut self, text: &str, code: &str) {
        if self.color && !text.trim().is_empty() {
            self.text
                .push_str(&format!("\u{1b}[{code}m{}\u{1b}[0m\n", text.trim_end()));
        } else {
            self.line(text);
        }
    }

    fn strong(&mut self, text: &str) {
        for line in wrap(text, self.width) {
            self.styled(&line, "1");
        }
    }

    fn faint(&mut self, text: &str) {
        for line in wrap(text, self.width) {
            self.styled(&line, "2");
        }
    }

    fn paragraph(&mut self, text: &str) {
        for line in wrap(text, self.width) {
            self.line(&line);
        }
    }

    fn item(&mut self, text: &str) {
        for (i, line) in wrap(text, self.width - 2).iter().enumerate() {
            let mark = if i == 0 { "- " } else { "  " };
            self.line(&format!("{mark}{line}"));
        }
    }

    /// What is settled, comparison by comparison.
    fn verdicts(&mut self, facts: &Facts) {
        for panel in super::settled::panels(facts) {
            self.blank();
            self.strong(&panel.title);
            panel.items.iter().for_each(|item| self.item(item));
        }
        self.blank();
        self.paragraph(&super::settled::reading(facts));
    }

    /// Columns of lines, all but the last padded to `widths`.
    fn columns(&mut self, columns: &[Vec<String>], widths: &[usize]) {
        let height = columns.iter().map(Vec::len).max().unwrap_or(0);
        for i in 0..height {
            let mut line = String::new();
            for (j, column) in columns.iter().enumerate() {
                let text = column.get(i).map_or("", String::as_str);
                line.push_str(text);
                if let Some(w) = widths.get(j) {
                    line.push_str(&" ".repeat((w + 2).saturating_sub(text.chars().count())));
                }
            }
            self.line(&line);
        }
    }

    /// A table, with as many columns side by side as fit; the rest follow below under the same labels.
    fn sheet(&mut self, sheet: &Sheet, said: bool) {
        if sheet.rows.is_empty() || sheet.columns.is_empty() {
            return;
        }
        let mut next = 0;
        while next < sheet.columns.len() {
            let first = next;
            let mut used = LABEL;
            let mut widths = Vec::new();
            while next < sheet.columns.len() {
                let w = column_width(sheet, next, said).min(self.width.saturating_sub(LABEL + GAP));
                if !widths.is_empty() && used + GAP + w > self.width {
                    break;
                }
                used += GAP + w;
                widths.push(w);
                next += 1;
            }
            self.blank();
            let more = if first > 0 { " (continued)" } else { "" };
            self.strong(&format!("{}{more}", sheet.title));
            let heads: Vec<&str> = sheet.columns[first..next].iter().map(String::as_str).collect();
            self.cells("", &heads, &widths, "4");
            for row in &sheet.rows {
                self.row(row, first, &widths, said);
            }
        }
    }

    fn row(&mut self, row: &Row, first: usize, widths: &[usize], said: bool) {
        if let Some(section) = &row.section {
            self.strong(section);
        }
        let cells = &row.cells[first..first + widths.len()];
        let plain = row.unit.is_empty() || ["per deployment", "per programme"].contains(&row.unit.as_str()) || !said;
        let indent = if said { "" } else { "  " };
        let label = if plain {
            format!("{indent}{}", row.label)
        } else {
            format!("{}, {}", row.label, row.unit)
        };
        let body = |c: &Cell, w: usize| {
            let mut lines = wrap(&c.figure, w);
            if said {
                lines.extend(wrap(&c.words, w));
            }
            lines
        };
        let mut columns = vec![wrap_indented(&label, LABEL)];
        columns.extend(cells.iter().zip(widths).map(|(c, w)| body(c, *w)));
        self.side_by_side(&columns, widths, "");
        let brings: Vec<&str> = cells.iter().map(|c| c.predictive.as_str()).collect();
        if said && brings.iter().any(|b| !b.is_empty()) {
            self.cells(ONE_MAY_BRING, &brings, widths, "2");
        }
    }

    /// One row of cells, each wrapped within its column.
    fn cells(&mut self, label: &str, cells: &[&str], widths: &[usize], code: &str) {
        let mut columns = vec![wrap_indented(label, LABEL)];
        columns.extend(cells.iter().zip(widths).map(|(c, w)| wrap(c, *w)));
        self.side_by_side(&columns, widths, code);
    }

    /// Columns of lines, the first as wide as the labels.
    fn side_by_side(&mut self, columns: &[Vec<String>], widths: &[usize], code: &str) {
        let height = columns.iter().map(Vec::len).max().unwrap_or(0);
        for i in 0..height {
            let mut line = String::new();
            for (j, column) in columns.iter().enumerate() {
                let w = if j == 0 { LABEL } else { widths[j - 1] };
                if j > 0 {
                    line.push_str(&" ".repeat(GAP));
                }
                let text = column.get(i).map_or("", String::as_str);
                line.push_str(text);
                line.push_str(&" ".repeat(w.saturating_sub(text.chars().count())));
            }
            if code.is_empty() {
                self.line(&line)
            } else {
                self.styled(&line, code)
            }
        }
    }
}

/// What a column needs: its figures on one line, its words on two.
fn column_width(sheet: &Sheet, column: usize, said: bool) -> usize {
    let figures = sheet.rows.iter().map(|r| {
        r.cells[column]
            .figure
            .chars()
            .count()
            .max(r.cells[column].predictive.chars().count())
    });
    let head = sheet.columns[column].chars().count().min(24);
    let least = if said { 27 } else { 12 };
    figures.max().unwrap_or(0).max(head).max(least)
}

/// Lines of at most `width` characters, broken between words (or within one that is longer than a line).
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut word: Vec<char> = word.chars().collect();
        if !line.is_empty() && line.chars().count() + 1 + word.len() > width {
            lines.push(std::mem::take(&mut line));
        }
        while word.len() > width {
            let rest = word.split_off(width);
            lines.push(word.into_iter().collect());
            word = rest;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// The same, keeping the indent of the text and indenting what follows by two more.
fn wrap_indented(text: &str, width: usize) -> Vec<String> {
    let indent = text.chars().take_while(|c| *c == ' ').count();
    let whole = wrap(text, width.saturating_sub(indent));
    let lines = if whole.len() > 1 {
        wrap(text, width.saturating_sub(indent + 2))
    } else {
        whole
    };
    let pad = |i: usize| " ".repeat(if i == 0 { indent } else { indent + 2 });
    lines
        .iter()
        .enumerate()
        .map(|(i, l)| format!("{}{l}", pad(i)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::facts;
    use super::*;

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in [60, 80, 100, 120] {
            for line in table(&facts(), width, false).lines() {
                assert!(line.chars().count() <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn colour_changes_nothing_but_the_look() {
        let plain = table(&facts(), 100, false);
        let mut colourful = table(&facts(), 100, true);
        for code in ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[4m"] {
            colourful = colourful.replace(code, "");
        }
        assert_eq!(plain, colourful);
        assert!(!plain.contains('\u{1b}'));
    }

    #[test]
    fn the_answer_names_both_denominators_and_tells_the_intervals_apart() {
        let text = table(&facts(), 120, false);
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for phrase in [
            "simulated projection, not evidence of actual performance",
            "a stop after a false alert; not a legal finding",
            "simulation interval: how precisely the model's own answer is known",
            "what one deployment may bring: chance, and not knowing the parameters",
            "one may bring",
            "not distinguishable",
            "per 100,000 faces",
            "% of alerts",
            "Who bears it, by ethnicity",
            "about one in 23",
        ] {
            assert!(flat.contains(phrase), "{phrase}\n{text}");
        }
    }

    #[test]
    fn one_run_without_intervals_says_so() {
        let mut facts = facts();
        facts.summary.comparisons.clear();
        facts.summary.strategies.truncate(1);
        for e in facts.summary.strategies[0].metrics.values_mut() {
            (e.simulation_interval, e.predictive_interval) = (None, None);
        }
        let text = table(&facts, 80, false);
        assert!(
            text.contains("[one run, no interval]") && !text.contains("Differences"),
            "{text}"
        );
        assert!(
            super::super::html(&facts)
                .unwrap()
                .contains("there is nothing to compare it with")
        );
    }

    #[test]
    fn words_are_broken_only_where_they_must_be() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("", 5), Vec::<String>::new());
        assert_eq!(wrap_indented("  a bcd", 6), ["  a", "    bc", "    d"]);
        assert_eq!(wrap_indented("  a bc", 6), ["  a bc"]);
    }
}
