//! Shows problems with the line they speak of.

use crate::scenario::diagnose::{Diagnostic, Source};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceSpan};
use std::fmt;
use std::io::{self, Write};

/// Width of a report, characters.
const WIDTH: usize = 100;
/// Most bytes shown of a line, before and after the start of the problem.
const AROUND: (usize, usize) = (60, 120);

/// Writes every problem: message, file, line and column, the line itself, and help.
///
/// # Errors
/// When writing fails.
pub fn print(problems: &[Diagnostic], out: &mut impl Write, color: bool) -> io::Result<()> {
    let theme = if color {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(WIDTH)
        .with_links(false);
    for problem in problems {
        let report = Report::new(problem);
        let mut text = String::new();
        if handler.render_report(&mut text, &report).is_err() {
            text = format!("{report}\n{}\n", report.help);
        }
        for line in text.lines() {
            writeln!(out, "{}", line.trim_end())?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// A problem in the form that the renderer takes, with one line of its file.
#[derive(Debug)]
struct Report {
    message: String,
    help: String,
    label: String,
    excerpt: Option<Excerpt>,
}

/// The part of a line that is shown, made fit for a terminal.
#[derive(Debug)]
struct Excerpt {
    name: String,
    text: String,
    /// Line of the file, from 0.
    line: usize,
    /// Column of the first byte shown, from 0.
    column: usize,
    /// Where the problem stands in `text`.
    start: usize,
    length: usize,
}

impl Report {
    fn new(problem: &Diagnostic) -> Self {
        let excerpt = match (&problem.source, &problem.span) {
            (Some(source), Some(span)) => Some(Excerpt::new(source, span.start, span.end)),
            _ => None,
        };
        Report {
            message: fit(&problem.message),
            help: fit(&problem.help),
            label: fit(&problem.label),
            excerpt,
        }
    }
}

/// Replaces what would move the cursor or colour the terminal.
fn fit(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

impl Excerpt {
    fn new(source: &Source, start: usize, end: usize) -> Self {
        let text = &*source.text;
        let start = boundary(text, start);
        let (line, _) = source.line_column(start);
        let line_start = text[..start].rfind('\n').map_or(0, |i| i + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |i| start + i);
        let first = boundary(text, line_start.max(start.saturating_sub(AROUND.0)));
        let last = boundary(text, line_end.min(start.saturating_add(AROUND.1)));
        let end = boundary(text, end.clamp(start, last));
        let before = fit(&text[first..start]);
        let marked = fit(&text[start..end]);
        Excerpt {
            name: fit(&source.name),
            line: line - 1,
            column: text[line_start..first].chars().count(),
            start: before.len(),
            length: marked.len(),
            text: format!("{before}{marked}{}", fit(&text[end..last])),
        }
    }
}

/// The nearest place at or before `at` where a character begins.
fn boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.help.is_empty()).then(|| Box::new(&self.help) as Box<dyn fmt::Display>)
    }
    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.excerpt.as_ref().map(|e| e as &dyn miette::SourceCode)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let excerpt = self.excerpt.as_ref()?;
        let words = if self.label.is_empty() { "here" } else { &self.label };
        let label = LabeledSpan::new_primary_with_span(
            Some(words.to_owned()),
            SourceSpan::new(excerpt.start.into(), excerpt.length),
        );
        Some(Box::new(std::iter::once(label)))
    }
}

impl miette::SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        _after: usize,
    ) -> Result<Box<dyn miette::SpanContents<'a> + 'a>, MietteError> {
        // With context the whole line is wanted; without, the contents begin at the span, and so does the column.
        let start = if before == 0 {
            span.offset().min(self.text.len())
        } else {
            0
        };
        let shown = &self.text[start..];
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            shown.as_bytes(),
            SourceSpan::new(start.into(), shown.len()),
            self.line,
            self.column + self.text[..start].chars().count(),
            1,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(problem: Diagnostic) -> String {
        let mut out = Vec::new();
        print(&[problem], &mut out, false).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_line_and_its_place_are_shown() {
        let source = Source::new("street.toml", "format = 1\n[matcher]\nthreshold = 64\n");
        let text = shown(Diagnostic::at(&source, 33..35, "out of range", "0 to 1").labelled("too high"));
        for part in [
            "out of range",
            "street.toml:3:13",
            "threshold = 64",
            "too high",
            "0 to 1",
        ] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
        assert!(!text.contains('\u{1b}'));
    }

    #[test]
    fn no_span_and_no_text_can_break_it() {
        let texts = [
            "",
            "\n",
            "\u{1b}[31m\0\u{7}",
            "naïve = \"日本語\"\n\u{feff}x",
            &"x".repeat(1 << 20),
            "a\r\nb\r",
            "\t\t= 1",
        ];
        for text in texts {
            let source = Source::new("a.toml", text);
            for start in (0..text.len().min(40)).chain([text.len(), text.len() + 9, usize::MAX]) {
                for length in [0, 1, 7, 1 << 21] {
                    let problem = Diagnostic::at(&source, start..start.saturating_add(length), "wrong", "");
                    let out = shown(problem);
                    assert!(out.contains("wrong") && out.len() < 4000);
                    assert!(!out.contains('\u{1b}'), "an escape sequence reached the terminal");
                }
            }
            let backwards = std::ops::Range { start: 5, end: 2 };
            shown(Diagnostic::at(&source, backwards, "wrong", ""));
        }
        shown(Diagnostic::general("wrong \u{1b}[0m", "\0"));
    }
}
