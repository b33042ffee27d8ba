//! A description as plain text, Markdown and LaTeX.

use super::Block;
use crate::report::lines::wrap;

/// Columns of plain text.
const WIDTH: usize = 100;

/// Plain text.
pub fn text(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        match block {
            Block::Heading(level, text) => {
                out.push('\n');
                lines(
                    &mut out,
                    "",
                    &if *level < 3 { text.to_uppercase() } else { text.clone() },
                );
            }
            Block::Text(text) => lines(&mut out, "", text),
            Block::List(items) => items.iter().for_each(|i| lines(&mut out, "- ", i)),
            Block::Table(head, rows) => {
                for row in rows {
                    lines(&mut out, "", row.first().map_or("", String::as_str));
                    let cells = head.iter().zip(row).skip(1).filter(|(_, c)| !c.is_empty());
                    cells.for_each(|(h, c)| lines(&mut out, "  ", &format!("{h}: {c}")));
                }
            }
        }
    }
    out
}

/// A paragraph in lines, the first after a mark, the others indented as far.
fn lines(out: &mut String, mark: &str, text: &str) {
    let indent = " ".repeat(mark.len());
    for (i, line) in wrap(text, WIDTH - mark.len()).iter().enumerate() {
        *out += &format!("{}{line}\n", if i == 0 { mark } else { &indent });
    }
}

/// Markdown.
pub fn markdown(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        match block {
            Block::Heading(level, text) => out += &format!("{} {}\n\n", "#".repeat(usize::from(*level)), plain(text)),
            Block::Text(text) => out += &format!("{}\n\n", plain(text)),
            Block::List(items) => {
                items.iter().for_each(|i| out += &format!("- {}\n", plain(i)));
                out.push('\n');
            }
            Block::Table(head, rows) => {
                out += &format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
                for row in rows {
                    let cells: Vec<String> = row.iter().map(|c| plain(c).replace('|', "\\|")).collect();
                    out += &format!("| {} |\n", cells.join(" | "));
                }
                out.push('\n');
            }
        }
    }
    out
}

/// A user's text, kept from being read as HTML or emphasis.
fn plain(text: &str) -> String {
    text.replace('\n', " ")
        .replace('<', "&lt;")
        .replace('*', "\\*")
        .replace('_', "\\_")
}

/// LaTeX: a fragment to \input; the table is a longtable.
pub fn latex(blocks: &[Block]) -> String {
    let mut out = "% needs: \\usepackage{longtable,booktabs,array}\n".to_owned();
    for block in blocks {
        match block {
            Block::Heading(level, text) => {
                let command = ["section", "subsection", "subsubsection"][usize::from(level.clamp(&1, &3) - 1)];
                out += &format!("\n\\{command}{{{}}}\n\n", tex(text));
            }
            Block::Text(text) => out += &format!("{}\n\n", tex(text)),
            Block::List(items) => {
                out += "\\begin{itemize}\n";
                items.iter().for_each(|i| out += &format!("  \\item {}\n", tex(i)));
                out += "\\end{itemize}\n";
            }
            Block::Table(head, rows) => out += &table(head, rows),
        }
    }
    out
}

fn table(head: &[String], rows: &[Vec<String>]) -> String {
    let wide = 0.92 / head.len().max(1) as f64;
    let columns = format!("p{{{wide:.3}\\textwidth}}").repeat(head.len());
    let line = |cells: &[String]| {
        format!(
            "{} \\\\\n",
            cells.iter().map(|c| tex(c)).collect::<Vec<_>>().join(" & ")
        )
    };
    let mut out = format!(
        "{{\\footnotesize\n\\begin{{longtable}}{{{columns}}}\n\\toprule\n{}\\midrule\n\\endhead\n",
        line(head)
    );
    rows.iter().for_each(|r| out += &line(r));
    out + "\\bottomrule\n\\end{longtable}}\n"
}

/// Text that LaTeX reads as text.
pub fn tex(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out += "\\textbackslash{}",
            '{' | '}' | '#' | '$' | '%' | '&' | '_' => {
                out.push('\\');
                out.push(c);
            }
            '~' => out += "\\textasciitilde{}",
            '^' => out += "\\textasciicircum{}",
            '<' => out += "\\textless{}",
            '>' => out += "\\textgreater{}",
            '\u{2212}' => out += "$-$",
            '\u{2013}' => out += "--",
            '±' => out += "$\\pm$",
            '°' => out += "\\textdegree{}",
            '©' => out += "\\copyright{}",
            '·' => out += "\\textperiodcentered{}",
            '£' => out += "\\pounds{}",
            '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
