//! TOML text as a tree in which every key and value remembers where it stands.

use super::diagnose::{Diagnostic, Diagnostics, Source, nearest};
use std::ops::Range;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

/// Most problems that are kept; a file with more is not the file that was meant.
const MOST_PROBLEMS: usize = 100;

/// The problems found so far.
#[derive(Default)]
pub(crate) struct Problems {
    list: Diagnostics,
    more: usize,
}

impl Problems {
    /// Keeps a problem.
    pub fn push(&mut self, problem: Diagnostic) {
        if self.list.len() < MOST_PROBLEMS {
            self.list.push(problem);
        } else {
            self.more += 1;
        }
    }
    /// Keeps several problems.
    pub fn extend(&mut self, problems: Diagnostics) {
        for problem in problems {
            self.push(problem);
        }
    }
    /// Whether nothing is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
    /// The problems as they were found.
    pub fn into_list(self) -> Diagnostics {
        self.list
    }
    /// All problems: those of `main` in the order of its lines, then the others as they were found.
    pub fn sorted(mut self, main: &Source) -> Diagnostics {
        self.list.sort_by_key(|d| match (&d.source, &d.span) {
            (Some(s), Some(span)) if s.name == main.name => (0, span.start),
            _ => (1, 0),
        });
        if self.more > 0 {
            let message = format!("{} more problems are not shown", self.more);
            self.list
                .push(Diagnostic::general(message, "mend the ones above first"));
        }
        self.list
    }
}

/// A value and its place.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// The text it stands in.
    pub source: Source,
    /// Byte range in that text.
    pub span: Range<usize>,
    /// The value.
    pub kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Text(String),
    Whole(i128),
    Real(f64),
    Flag(bool),
    Moment(Datetime),
    List(Vec<Node>),
    Table(Table),
    /// A value that could not be read; its problem has been reported.
    Broken,
}

/// Keys and values in file order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table(pub Vec<Entry>);

/// A key and its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub key: String,
    /// Where the key stands (in the source of the value).
    pub span: Range<usize>,
    pub value: Node,
}

impl Table {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.0.iter().find(|e| e.key == key).map(|e| &e.value)
    }
    /// Replaces or adds a key.
    pub fn put(&mut self, entry: Entry) {
        match self.0.iter_mut().find(|e| e.key == entry.key) {
            Some(old) => *old = entry,
            None => self.0.push(entry),
        }
    }
    /// Reports every key that is not in `known`.
    pub fn check_keys(&self, section: &str, known: &[&str], problems: &mut Problems) {
        for entry in self.0.iter().filter(|e| !known.contains(&e.key.as_str())) {
            problems.push(entry.unknown(section, known));
        }
    }
}

impl Entry {
    /// The problem that no such key exists in `section` (empty: at the top of the file).
    pub fn unknown(&self, section: &str, known: &[&str]) -> Diagnostic {
        let full = match section {
            "" => short(&self.key),
            _ => format!("{section}.{}", short(&self.key)),
        };
        let help = match suggestion(&self.key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("allowed here: {}", listed(known)),
        };
        self.problem(format!("unknown key `{full}`"), help)
            .labelled("not a key of this format")
    }
    /// The key itself, as a place for problems.
    pub fn key_node(&self) -> Node {
        Node {
            source: self.value.source.clone(),
            span: self.span.clone(),
            kind: Kind::Text(self.key.clone()),
        }
    }
    /// A problem at the key.
    pub fn problem(&self, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
        Diagnostic::at(&self.value.source, self.span.clone(), message, help)
    }
}

impl Node {
    /// A problem at this value.
    pub fn problem(&self, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
        Diagnostic::at(&self.source, self.span.clone(), message, help)
    }
    /// Reports that `key` should have been of another type.
    pub fn wrong_type(&self, key: &str, expected: &str, problems: &mut Problems) {
        let found = match &self.kind {
            Kind::Text(_) => "text",
            Kind::Whole(_) => "a whole number",
            Kind::Real(_) => "a number",
            Kind::Flag(_) => "true or false",
            Kind::Moment(_) => "a date or time",
            Kind::List(_) => "a list",
            Kind::Table(_) => "a table",
            Kind::Broken => return,
        };
        let problem = self.problem(format!("`{key}` must be {expected}, not {found}"), "");
        problems.push(problem.labelled(format!("expected {expected}")));
    }
    /// The value as a table.
    pub fn table(&self, key: &str, problems: &mut Problems) -> Option<&Table> {
        match &self.kind {
            Kind::Table(t) => Some(t),
            _ => {
                self.wrong_type(key, "a table", problems);
                None
            }
        }
    }
    /// The value as a list.
    pub fn list(&self, key: &str, most: usize, problems: &mut Problems) -> Option<&[Node]> {
        match &self.kind {
            Kind::List(l) if l.len() > most => {
                let message = format!("`{key}` has {} entries; at most {most} are allowed", l.len());
                problems.push(self.problem(message, ""));
                None
            }
            Kind::List(l) => Some(l),
            _ => {
                self.wrong_type(key, "a list", problems);
                None
            }
        }
    }
    /// The value as text.
    pub fn text(&self, key: &str, problems: &mut Problems) -> Option<&str> {
        match &self.kind {
            Kind::Text(t) => Some(t),
            _ => {
                self.wrong_type(key, "text in quotes", problems);
                None
            }
        }
    }
    /// The value as a list of texts.
    pub fn texts(&self, key: &str, problems: &mut Problems) -> Option<Vec<String>> {
        let list = self.list(key, 1000, problems)?;
        let mut all = Vec::new();
        for node in list {
            all.push(node.text(key, problems)?.to_owned());
        }
        Some(all)
    }
    /// The value as true or false.
    pub fn flag(&self, key: &str, problems: &mut Problems) -> Option<bool> {
        match self.kind {
            Kind::Flag(f) => Some(f),
            _ => {
                self.wrong_type(key, "true or false", problems);
                None
            }
        }
    }
    /// The value as a whole number within bounds.
    pub fn whole(&self, key: &str, unit: &str, (min, max): (u64, u64), problems: &mut Problems) -> Option<u64> {
        let number = match self.kind {
            Kind::Whole(n) => n,
            // 1e4 is a whole number to a person, though not to TOML.
            Kind::Real(x) if x == x.trunc() && x.abs() < 1e15 => x as i128,
            _ => {
                self.wrong_type(key, "a whole number", problems);
                return None;
            }
        };
        match u64::try_from(number) {
            Ok(n) if (min..=max).contains(&n) => Some(n),
            _ => {
                let message = format!("`{key}` must lie between {min} and {max}{}, not {number}", spaced(unit));
                problems.push(self.problem(message, "").labelled("out of range"));
                None
            }
        }
    }
    /// The value as a finite number within bounds.
    pub fn number(&self, key: &str, unit: &str, (min, max): (f64, f64), problems: &mut Problems) -> Option<f64> {
        let number = self.any_number(key, problems)?;
        if (min..=max).contains(&number) {
            return Some(number);
        }
        let message = format!(
            "`{key}` must lie between {} and {}{}, not {}",
            plain(min),
            plain(max),
            spaced(unit),
            plain(number)
        );
        problems.push(self.problem(message, "").labelled("out of range"));
        None
    }
    /// The value as a finite number.
    pub fn any_number(&self, key: &str, problems: &mut Problems) -> Option<f64> {
        match self.kind {
            Kind::Whole(n) => Some(n as f64),
            Kind::Real(x) if x.is_finite() => Some(x),
            Kind::Real(_) => {
                problems.push(self.problem(format!("`{key}` must be a finite number"), ""));
                None
            }
            _ => {
                self.wrong_type(key, "a number", problems);
                None
            }
        }
    }
}

/// A number as a reader writes it.
pub(crate) fn plain(x: f64) -> String {
    if x != 0.0 && (x.abs() < 1e-4 || x.abs() >= 1e7) {
        format!("{x:e}")
    } else {
        format!("{x}")
    }
}

fn spaced(unit: &str) -> String {
    match unit {
        "" => String::new(),
        _ => format!(" {unit}"),
    }
}

/// A user's word, cut where it would flood the message.
pub(crate) fn short(word: &str) -> String {
    let clean: String = word.chars().take(60).filter(|c| !c.is_control()).collect();
    match word.chars().nth(60) {
        Some(_) => format!("{clean}..."),
        None => clean,
    }
}

/// The nearest candidate, for words of a sane length.
pub(crate) fn suggestion<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.is_empty() || word.len() > 80 {
        return None;
    }
    nearest(word, candidates)
}

/// Candidates as a short list.
pub(crate) fn listed(words: &[&str]) -> String {
    let shown = words
        .iter()
        .take(16)
        .map(|w| format!("`{w}`"))
        .collect::<Vec<_>>()
        .join(", ");
    match words.len() {
        0 => "nothing".to_owned(),
        n if n > 16 => format!("{shown} and {} more", n - 16),
        _ => shown,
    }
}

/// Parses a TOML document. A syntax error is one problem, at its place.
pub(crate) fn parse(source: &Source, problems: &mut Problems) -> Option<Table> {
    match DeTable::parse(&source.text) {
        Ok(table) => match convert_table(table.into_inner(), source, 0, problems) {
            Kind::Table(table) => Some(table),
            _ => None,
        },
        Err(error) => {
            let end = source.text.len();
            let span = error.span().unwrap_or(0..0);
            let span = span.start.min(end)..span.end.min(end);
            let message = format!(
                "not valid TOML: {}",
                error.message().lines().collect::<Vec<_>>().join("; ")
            );
            problems.push(Diagnostic::at(
                source,
                span,
                message,
                "the file must be TOML, see https://toml.io",
            ));
            None
        }
    }
}

/// Parses the value of a flag, which stands in `source` from `offset` on; `None` when it is not TOML.
pub(crate) fn parse_value(source: &Source, offset: usize, problems: &mut Problems) -> Option<Node> {
    let text = source.text.get(offset..)?;
    let value = DeValue::parse(text).ok()?;
    Some(convert(
        value.into_inner(),
        offset..source.text.len(),
        source,
        offset,
        problems,
    ))
}

fn convert_table(table: DeTable<'_>, source: &Source, offset: usize, problems: &mut Problems) -> Kind {
    let mut entries = Vec::new();
    for (key, value) in table {
        let span = key.span();
        let place = value.span();
        entries.push(Entry {
            key: key.into_inner().into_owned(),
            span: span.start + offset..span.end + offset,
            value: convert(
                value.into_inner(),
                place.start + offset..place.end + offset,
                source,
                offset,
                problems,
            ),
        });
    }
    // The parser keeps keys in the order of the alphabet; readers expect the order of the file.
    entries.sort_by_key(|e| e.span.start);
    Kind::Table(Table(entries))
}

fn convert(value: DeValue<'_>, span: Range<usize>, source: &Source, offset: usize, problems: &mut Problems) -> Node {
    let mut node = Node {
        source: source.clone(),
        span,
        kind: Kind::Broken,
    };
    node.kind = match value {
        DeValue::String(text) => Kind::Text(text.into_owned()),
        DeValue::Integer(n) => match i64::from_str_radix(n.as_str(), n.radix()) {
            Ok(n) => Kind::Whole(n.into()),
            Err(_) => {
                let message = format!("the whole number {} is too large", short(n.as_str()));
                problems.push(node.problem(message, "whole numbers go to 9223372036854775807"));
                Kind::Broken
            }
        },
        DeValue::Float(x) => match x.as_str().parse::<f64>() {
            Ok(number) if number.is_finite() || x.as_str().contains(['i', 'n']) => Kind::Real(number),
            _ => {
                let message = format!("the number {} is too large", short(x.as_str()));
                problems.push(node.problem(message, "numbers go to about 1.8e308"));
                Kind::Broken
            }
        },
        DeValue::Boolean(flag) => Kind::Flag(flag),
        DeValue::Datetime(moment) => Kind::Moment(moment),
        DeValue::Array(items) => Kind::List(
            items
                .into_iter()
                .map(|item| {
                    let place = item.span();
                    let span = place.start + offset..place.end + offset;
                    convert(item.into_inner(), span, source, offset, problems)
                })
                .collect(),
        ),
        DeValue::Table(table) => convert_table(table, source, offset, problems),
    };
    node
}
