//! Names of places as forces publish them ("Powis St, Woolwich, Greenwich") to one site and borough each.

/// Words that name a London site, most telling first, with the site and its borough. A fact file, not code.
const LONDON_SITES: &str = include_str!("../../scenarios/records/london-sites.csv");

/// The force whose area the table of sites covers.
const LONDON_FORCE: &str = "Met";

/// Other ways in which boroughs are written, after `&` has become `and`.
const BOROUGH_ALIASES: &[(&str, &str)] = &[
    ("h and f", "Hammersmith and Fulham"),
    ("lbhf", "Hammersmith and Fulham"),
    ("k and c", "Kensington and Chelsea"),
    ("rbkc", "Kensington and Chelsea"),
    ("kensington", "Kensington and Chelsea"),
    ("city of westminster", "Westminster"),
    ("city of london", "City of London"),
];

/// Short forms and slips of the pen in published place names, word by word.
const WORDS: &[(&str, &str)] = &[
    ("b'way", "broadway"),
    ("bway", "broadway"),
    ("rd", "road"),
    ("stn", "station"),
    ("sq", "square"),
    ("ct", "court"),
    ("crt", "court"),
    ("junc", "junction"),
    ("jct", "junction"),
    ("pk", "park"),
    ("ave", "avenue"),
    ("ln", "lane"),
    ("gdns", "gardens"),
    ("buh", "bush"),
];

/// Where a deployment was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Site {
    /// One name for all spellings of a place.
    pub site: String,
    /// The London borough, where it is known.
    pub borough: Option<String>,
}

/// The table of sites, read once for a file.
pub(crate) struct Gazetteer {
    rows: Vec<(Vec<&'static str>, &'static str, &'static str)>,
}

impl Gazetteer {
    /// The shipped table.
    pub fn london() -> Self {
        let row = |line: &'static str| {
            let mut cells = line.split(',');
            Some((
                cells.next()?.split(' ').collect(),
                cells.next()?.trim(),
                cells.next()?.trim(),
            ))
        };
        Gazetteer {
            rows: LONDON_SITES.lines().skip(1).filter_map(row).collect(),
        }
    }

    /// The site and borough of a published place.
    pub fn site(&self, force: &str, place: &str) -> Site {
        let parts = parts_of(place);
        if force != LONDON_FORCE {
            let site = parts.iter().map(|p| title(p)).collect::<Vec<_>>().join(", ");
            return Site { site, borough: None };
        }
        let named = parts.last().and_then(|p| self.borough(p));
        let street = match named {
            Some(_) => &parts[..parts.len() - 1],
            None => &parts[..],
        };
        let found = self.find(street, named).or_else(|| self.find(&parts, named));
        if let Some((site, borough)) = found {
            return Site {
                site: site.to_owned(),
                borough: Some(borough.to_owned()),
            };
        }
        let own = if street.is_empty() { &parts[..] } else { street };
        Site {
            site: own.iter().map(|p| title(p)).collect::<Vec<_>>().join(", "),
            borough: named.map(str::to_owned),
        }
    }

    /// The first row all of whose words occur, in the borough that the place names (if it names one).
    fn find(&self, parts: &[String], borough: Option<&str>) -> Option<(&'static str, &'static str)> {
        let words: Vec<&str> = parts.iter().flat_map(|p| p.split(' ')).collect();
        let fits = |row: &&(Vec<&str>, &str, &str)| {
            row.0.iter().all(|w| words.contains(w)) && borough.is_none_or(|b| b == row.2)
        };
        self.rows.iter().find(fits).map(|row| (row.1, row.2))
    }

    /// The borough that a part of a place names.
    fn borough(&self, part: &str) -> Option<&'static str> {
        let alias = BOROUGH_ALIASES.iter().find(|(alias, _)| *alias == part);
        let name = |b: &&'static str| b.to_lowercase() == part;
        alias
            .map(|(_, borough)| *borough)
            .or_else(|| self.rows.iter().map(|row| row.2).find(name))
    }
}

/// The parts of a place between commas, in small letters and full words; what stands in brackets is left out.
fn parts_of(place: &str) -> Vec<String> {
    let mut depth = 0_u32;
    let mut plain = String::new();
    for c in place.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '’' | '‘' | '`' => plain.push('\''),
            '–' | '—' | '/' | ';' => plain.push(','),
            '&' => plain.push_str(" and "),
            '.' => {}
            _ => plain.extend(c.to_lowercase()),
        }
    }
    let parts: Vec<String> = plain.split([',']).map(full_words).filter(|p| !p.is_empty()).collect();
    if parts.is_empty() {
        vec![place.trim().to_lowercase()]
    } else {
        parts
    }
}

/// A part with its short forms written out. "St" is a saint where it comes first and a street elsewhere.
fn full_words(part: &str) -> String {
    let words = part.split_whitespace().enumerate().map(|(i, word)| {
        if word == "st" && i > 0 {
            return "street".to_owned();
        }
        let full = WORDS.iter().find(|(short, _)| *short == word).map(|(_, full)| *full);
        full.unwrap_or(word).replace('\'', "")
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A part with capital letters.
fn title(part: &str) -> String {
    let capital = |word: &str| {
        if ["and", "of", "the"].contains(&word) {
            return word.to_owned();
        }
        let mut letters = word.chars();
        let first = letters.next().map(|c| c.to_uppercase().collect::<String>());
        first.unwrap_or_default() + letters.as_str()
    };
    part.split(' ').map(capital).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_place_are_one_site() {
        let london = Gazetteer::london();
        for (site, borough, places) in [
            (
                "Ealing Broadway",
                "Ealing",
                &["Ealing B’way Stn", "Ealing B'way", "Ealing Broadway"][..],
            ),
            (
                "North End Croydon",
                "Croydon",
                &["Croydon, Northend", "North End Croydon", "Northend, Croydon"],
            ),
            (
                "Woolwich",
                "Greenwich",
                &["Powis St,", "Powis St, Woolwich, Greenwich", "Woolwich, Greenwich"],
            ),
            (
                "Shepherds Bush",
                "Hammersmith and Fulham",
                &["Uxbridge Rd, Shepherds Buh", "Shepherds Bush Green, H&F"],
            ),
            ("Harrow", "Harrow", &["St Ann’s, Harrow"]),
            ("Shoreditch", "Hackney", &["Shoreditch High St, Hackney"]),
            ("Poplar", "Tower Hamlets", &["Poplar – Vesey Path, Tower Hamlets"]),
            ("Sutton", "Sutton", &["High St, Sutton"]),
            ("Westminster", "Westminster", &["Westminster"]),
        ] {
            for place in places {
                let found = london.site("Met", place);
                assert_eq!(
                    (found.site.as_str(), found.borough.as_deref()),
                    (site, Some(borough)),
                    "{place}"
                );
            }
        }
    }

    #[test]
    fn places_that_the_table_does_not_know_keep_their_own_name() {
        let london = Gazetteer::london();
        let of = |force: &str, place: &str| {
            let found = london.site(force, place);
            (found.site, found.borough)
        };
        let known = |site: &str, borough: &str| (site.to_owned(), Some(borough.to_owned()));
        assert_eq!(of("Met", "Uxbridge Rd, Ealing"), known("Uxbridge Road", "Ealing"));
        assert_eq!(of("Met", "Acre Lane, Lambeth"), known("Acre Lane", "Lambeth"));
        assert_eq!(of("Met", "Somewhere else"), ("Somewhere Else".to_owned(), None));
        assert_eq!(of("Essex", "Southend (25-26 Aug)"), ("Southend".to_owned(), None));
        assert_eq!(of("Met", "()"), ("()".to_owned(), None));
    }
}
