//! A small table of figures with intervals: on one line each where they fit side by side, else the interval below.

use super::lines::{Page, wrap, wrap_indented};

/// A figure and its interval.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Piece {
    /// "6.5", with a word or two.
    pub figure: String,
    /// "[5.8, 7.3]", or empty.
    pub interval: String,
}

impl Piece {
    /// A figure without an interval.
    pub fn bare(figure: &str) -> Piece {
        Piece {
            figure: figure.to_owned(),
            interval: String::new(),
        }
    }

    /// "6.5 [5.8, 7.3]" in its two parts.
    pub fn split(text: &str) -> Piece {
        match text.split_once(" [") {
            Some((figure, rest)) => Piece {
                figure: figure.to_owned(),
                interval: format!("[{rest}"),
            },
            None => Piece::bare(text),
        }
    }

    fn width(&self, stacked: bool) -> usize {
        let (a, b) = (self.figure.chars().count(), self.interval.chars().count());
        match (stacked, b) {
            (true, _) => a.max(b),
            (false, 0) => a,
            (false, _) => a + 1 + b,
        }
    }

    fn lines(&self, stacked: bool, width: usize) -> Vec<String> {
        if stacked {
            let mut lines = wrap(&self.figure, width);
            lines.extend(wrap(&self.interval, width));
            lines
        } else {
            wrap(&format!("{} {}", self.figure, self.interval), width)
        }
    }
}

/// A table: labels, and one piece for each column.
pub(super) struct Grid {
    /// What it shows.
    pub title: String,
    /// Headings.
    pub columns: Vec<String>,
    /// Rows.
    pub rows: Vec<(String, Vec<Piece>)>,
}

/// Widest label, and the gap between columns.
const LABEL: usize = 26;
const STACKED_LABEL: usize = 20;
const GAP: usize = 2;

/// Which columns stand side by side, and how wide each is.
struct Layout {
    stacked: bool,
    label: usize,
    parts: Vec<Vec<(usize, usize)>>,
}

impl Grid {
    /// Prints it in as few lines as fit the page.
    pub fn print(&self, out: &mut Page) {
        let [flat, stacked] = [false, true].map(|s| self.layout(s, out.width));
        let lines = |l: &Layout| l.parts.len() * if l.stacked { 2 } else { 1 };
        // With as many lines either way, everything side by side reads better.
        let layout = if lines(&stacked) <= lines(&flat) && stacked.parts.len() < flat.parts.len() {
            stacked
        } else {
            flat
        };
        for (i, part) in layout.parts.iter().enumerate() {
            let more = if i > 0 { " (continued)" } else { "" };
            out.strong(&format!("{}{more}", self.title));
            self.part(out, &layout, part);
        }
    }

    /// Columns side by side, spread evenly over as few parts as do.
    fn layout(&self, stacked: bool, width: usize) -> Layout {
        let most = if stacked { STACKED_LABEL } else { LABEL };
        let longest = self.rows.iter().map(|(l, _)| l.chars().count()).max().unwrap_or(0);
        let label = longest.min(most);
        let wide: Vec<usize> = (0..self.columns.len())
            .map(|c| self.column(c, stacked).min(width.saturating_sub(label + GAP).max(8)))
            .collect();
        let parts = (1..=wide.len())
            .map(|n| {
                let each = wide.len().div_ceil(n);
                let numbered: Vec<(usize, usize)> = wide.iter().copied().enumerate().collect();
                numbered.chunks(each).map(<[_]>::to_vec).collect::<Vec<_>>()
            })
            .find(|parts| {
                let fits = |p: &Vec<(usize, usize)>| label + p.iter().map(|(_, w)| GAP + w).sum::<usize>() <= width;
                parts.iter().all(fits)
            });
        let alone = || wide.iter().copied().enumerate().map(|c| vec![c]).collect();
        Layout {
            stacked,
            label,
            parts: parts.unwrap_or_else(alone),
        }
    }

    /// What a column needs; its heading may break at hyphens.
    fn column(&self, c: usize, stacked: bool) -> usize {
        let cells = self.rows.iter().filter_map(|(_, cells)| cells.get(c));
        let whole = self.columns[c].chars().count();
        let head = self.columns[c].split_inclusive('-').map(|w| w.chars().count()).max();
        cells
            .map(|p| p.width(stacked))
            .max()
            .unwrap_or(0)
            .max(head.unwrap_or(0).min(24))
            .max(whole.min(10))
    }

    fn part(&self, out: &mut Page, layout: &Layout, part: &[(usize, usize)]) {
        let mut widths = vec![layout.label];
        widths.extend(part.iter().map(|(_, w)| *w));
        let mut heads = vec![Vec::new()];
        heads.extend(part.iter().map(|(c, w)| heading(&self.columns[*c], *w)));
        let tall = heads.iter().map(Vec::len).max().unwrap_or(0);
        // Headings stand on their column.
        for h in &mut heads {
            let missing = tall - h.len();
            h.splice(0..0, std::iter::repeat_n(String::new(), missing));
        }
        out.underlined(&heads, &widths);
        for (label, cells) in &self.rows {
            let mut columns = vec![wrap_indented(label, layout.label)];
            columns.extend(
                part.iter()
                    .map(|(c, w)| cells.get(*c).map_or(Vec::new(), |p| p.lines(layout.stacked, *w))),
            );
            out.columns(&columns, &widths);
        }
    }
}

/// A heading on lines of at most `width`, broken at hyphens.
fn heading(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for piece in text.split_inclusive(['-', ' ']) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + piece.chars().count() <= width => line.push_str(piece),
            _ => lines.extend(wrap(piece, width)),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(columns: usize) -> Grid {
        let piece = Piece::split("6.5 [5.8, 7.3]");
        Grid {
            title: "Table".to_owned(),
            columns: (0..columns).map(|i| format!("lamp-posts-{i}")).collect(),
            rows: vec![("Stops without arrest".to_owned(), vec![piece; columns])],
        }
    }

    #[test]
    fn intervals_go_below_only_where_that_brings_all_columns_side_by_side() {
        let print = |columns: usize, width: usize| {
            let mut out = Page::new(width, false);
            grid(columns).print(&mut out);
            out.text
        };
        assert!(print(2, 100).contains("6.5 [5.8, 7.3]  6.5 [5.8, 7.3]"));
        let stacked = print(6, 100);
        assert!(
            !stacked.contains("6.5 [") && !stacked.contains("continued"),
            "{stacked}"
        );
        let parts = print(12, 60);
        assert_eq!(parts.matches("lamp-").count(), 12, "{parts}");
        assert!(parts.contains("(continued)"));
    }

    #[test]
    fn headings_break_at_hyphens_and_lose_no_letter() {
        assert_eq!(heading("lamp-posts-gateways", 12), ["lamp-posts-", "gateways"]);
        assert_eq!(heading("warrant-visits", 30), ["warrant-visits"]);
        assert_eq!(heading("abcdefgh", 3).concat(), "abcdefgh");
    }
}
