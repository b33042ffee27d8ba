//! Readable ids from street names, and the order of things along a street.

use std::collections::BTreeMap;

use crate::scenario::place::Edge;

/// A name as kebab-case: small letters a to z, digits and single hyphens. Letters outside Latin script are left out.
pub(super) fn slug(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' | '0'..='9' => out.push(letter),
            '\'' | '’' | '.' | '\u{307}' => {}
            _ => match plain_letters(letter) {
                "" if out.ends_with('-') || out.is_empty() => {}
                "" => out.push('-'),
                letters => out.push_str(letters),
            },
        }
    }
    out.trim_end_matches('-').to_owned()
}

fn plain_letters(letter: char) -> &'static str {
    match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'ð' | 'đ' => "d",
        'è'..='ë' | 'ē' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì'..='ï' | 'ī' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => "o",
        'œ' => "oe",
        'ř' => "r",
        'ś' | 'ş' | 'š' => "s",
        'ß' => "ss",
        'ť' | 'ţ' => "t",
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'þ' => "th",
        _ => "",
    }
}

/// Gives every base its own id: the first keeps it, later ones get `-2`, `-3` and so on.
#[derive(Default)]
pub(super) struct UniqueIds(BTreeMap<String, usize>);

impl UniqueIds {
    pub(super) fn take(&mut self, base: &str) -> String {
        let base = if base.is_empty() { "unnamed" } else { base };
        let mut candidate = base.to_owned();
        loop {
            let used = self.0.entry(base.to_owned()).or_default();
            *used += 1;
            if *used > 1 {
                candidate = format!("{base}-{used}");
            }
            if candidate == base || !self.0.contains_key(&candidate) {
                self.0.entry(candidate.clone()).or_insert(1);
                return candidate;
            }
        }
    }
}

/// Whether a street runs rather west to east than north to south.
pub(super) fn runs_east<'a>(edges: impl IntoIterator<Item = &'a Edge>) -> bool {
    let mut low = [f64::INFINITY; 2];
    let mut high = [f64::NEG_INFINITY; 2];
    for p in edges.into_iter().flat_map(|e| &e.line) {
        for axis in 0..2 {
            low[axis] = low[axis].min(p[axis]);
            high[axis] = high[axis].max(p[axis]);
        }
    }
    high[0] - low[0] >= high[1] - low[1]
}

/// How far along its street a point lies: from west to east, or from north to south.
pub(super) fn rank_along(p: [f64; 2], east: bool) -> f64 {
    if east { p[0] } else { -p[1] }
}

/// The street names that meet at a node, most important first: `Oxford Street / Argyll Street`.
pub(super) fn corner_name<'a>(edges: impl IntoIterator<Item = &'a Edge>) -> String {
    let mut names: Vec<(f64, &str)> = Vec::new();
    for edge in edges.into_iter().filter(|e| !e.name.is_empty()) {
        let weight = super::assumptions::of(&edge.kind).persons_per_day;
        match names.iter_mut().find(|(_, name)| *name == edge.name) {
            Some(found) => found.0 = found.0.max(weight),
            None => names.push((weight, &edge.name)),
        }
    }
    names.sort_by(|x, y| y.0.total_cmp(&x.0).then_with(|| x.1.cmp(y.1)));
    names
        .iter()
        .take(2)
        .map(|(_, name)| *name)
        .collect::<Vec<_>>()
        .join(" / ")
}
