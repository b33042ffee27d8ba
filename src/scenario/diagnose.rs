//! What is wrong with a file, where, what was expected and what to try. All problems of a file are collected, never only the first.

use std::ops::Range;
use std::sync::Arc;

/// A file's text, kept for showing the line a problem is on.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file's name as the user typed it.
    pub name: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
}

impl Source {
    /// A named text.
    pub fn new(name: &str, text: &str) -> Self {
        Source {
            name: name.into(),
            text: text.into(),
        }
    }
    /// Line and column, both from 1, of a byte offset.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        let line = before.iter().filter(|&&b| b == b'\n').count() + 1;
        let start = before.iter().rposition(|&b| b == b'\n').map_or(0, |i| i + 1);
        (line, String::from_utf8_lossy(&before[start..]).chars().count() + 1)
    }
}

/// One problem that a user can fix.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// What is wrong, in a sentence.
    pub message: String,
    /// The file, if there is one.
    pub source: Option<Source>,
    /// Byte range in that file.
    pub span: Option<Range<usize>>,
    /// What stands at that range, in a few words.
    pub label: String,
    /// What was expected and what to try.
    pub help: String,
}

impl Diagnostic {
    /// A problem at a place in a file.
    pub fn at(source: &Source, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Diagnostic {
            message: message.into(),
            source: Some(source.clone()),
            span: Some(span),
            label: String::new(),
            help: help.into(),
        }
    }
    /// A problem without a place.
    pub fn general(message: impl Into<String>, help: impl Into<String>) -> Self {
        Diagnostic {
            message: message.into(),
            source: None,
            span: None,
            label: String::new(),
            help: help.into(),
        }
    }
    /// Adds a few words that are shown at the place.
    pub fn labelled(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }
}

/// All problems of an input.
pub type Diagnostics = Vec<Diagnostic>;

/// The candidate nearest to a mistyped word, if one is near enough to be worth naming.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|c| (edit_distance(word, c), c))
        .filter(|(d, c)| *d <= 2.max(c.chars().count() / 3))
        .min_by_key(|(d, _)| *d)
        .map(|(_, c)| c)
}

fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let cost = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
