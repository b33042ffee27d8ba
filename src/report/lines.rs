//! Text laid out on a terminal: paragraphs, items and tables within its width, with or without colour.

use super::rows::{Cell, Row, Sheet};

/// Text being laid out.
pub(super) struct Page {
    /// What was laid out so far.
    pub(super) text: String,
    /// Widest line, characters.
    pub(super) width: usize,
    color: bool,
}

/// Label of the line with the predictive interval.
const ONE_MAY_BRING: &str = "  one may bring";

/// Width of the column of labels, and the gap between columns.
const LABEL: usize = 22;
const GAP: usize = 2;

impl Page {
    /// A page at most `width` columns wide; `color` only adds bold and faint.
    pub(super) fn new(width: usize, color: bool) -> Page {
        Page {
            text: String::new(),
            width: width.clamp(60, 200),
            color,
        }
    }

    pub(super) fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    pub(super) fn blank(&mut self) {
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

    pub(super) fn strong(&mut self, text: &str) {
        for line in wrap(text, self.width) {
            self.styled(&line, "1");
        }
    }

    pub(super) fn faint(&mut self, text: &str) {
        for line in wrap(text, self.width) {
            self.styled(&line, "2");
        }
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        for line in wrap(text, self.width) {
            self.line(&line);
        }
    }

    /// A paragraph set in from the left.
    pub(super) fn indented(&mut self, text: &str) {
        for line in wrap(text, self.width - 2) {
            self.line(&format!("  {line}"));
        }
    }

    pub(super) fn item(&mut self, text: &str) {
        for (i, line) in wrap(text, self.width - 2).iter().enumerate() {
            let mark = if i == 0 { "- " } else { "  " };
            self.line(&format!("{mark}{line}"));
        }
    }

    /// Columns of lines, all but the last padded to `widths`.
    pub(super) fn columns(&mut self, columns: &[Vec<String>], widths: &[usize]) {
        for line in rows_of(columns, widths) {
            self.line(&line);
        }
    }

    /// The same as a heading.
    pub(super) fn underlined(&mut self, columns: &[Vec<String>], widths: &[usize]) {
        for line in rows_of(columns, widths) {
            self.styled(&line, "4");
        }
    }

    /// A table, with as many columns side by side as fit; the rest follow below under the same labels.
    pub(super) fn sheet(&mut self, sheet: &Sheet, said: bool) {
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
        let widths: Vec<usize> = std::iter::once(LABEL).chain(widths.iter().copied()).collect();
        for line in rows_of(columns, &widths) {
            if code.is_empty() {
                self.line(&line)
            } else {
                self.styled(&line, code)
            }
        }
    }
}

/// Columns of lines side by side, as lines.
fn rows_of(columns: &[Vec<String>], widths: &[usize]) -> Vec<String> {
    let height = columns.iter().map(Vec::len).max().unwrap_or(0);
    (0..height)
        .map(|i| {
            let mut line = String::new();
            for (j, column) in columns.iter().enumerate() {
                let text = column.get(i).map_or("", String::as_str);
                line.push_str(text);
                if let Some(w) = widths.get(j) {
                    line.push_str(&" ".repeat((w + GAP).saturating_sub(text.chars().count())));
                }
            }
            line
        })
        .collect()
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
pub(super) fn wrap_indented(text: &str, width: usize) -> Vec<String> {
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
    use super::*;

    #[test]
    fn words_are_broken_only_where_they_must_be() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("", 5), Vec::<String>::new());
        assert_eq!(wrap_indented("  a bcd", 6), ["  a", "    bc", "    d"]);
        assert_eq!(wrap_indented("  a bc", 6), ["  a bc"]);
    }
}
