//! The top of the file and the time of the deployment.

use super::document::{Kind, Node, Problems, Table};
use super::plan::{DayType, Published, Role};
use super::population::required;
use super::values::read_word;

/// A Wednesday, and the median start and length of the published deployments.
pub(crate) const DEFAULT_DATE: jiff::civil::Date = jiff::civil::date(2026, 6, 3);
pub(crate) const DEFAULT_OPEN_S: f64 = 11.5 * 3600.0;
pub(crate) const DEFAULT_CLOSE_S: f64 = DEFAULT_OPEN_S + 348.0 * 60.0;

/// What the top of the file says.
pub(crate) struct Heading {
    pub title: String,
    pub question: String,
    pub reading: String,
    pub sources: Vec<String>,
    pub stamp: String,
    pub published: Vec<Published>,
    pub seed: u64,
    pub replications: u32,
    pub uncertainty: bool,
    pub level: f64,
}

/// When the deployment is.
pub(crate) struct When {
    pub date: jiff::civil::Date,
    pub open_s: f64,
    pub close_s: f64,
}

pub(crate) fn read_heading(root: &Table, problems: &mut Problems) -> Option<Heading> {
    let mut text = |key: &str| {
        root.get(key)
            .map_or(Some(""), |n| n.text(key, problems))
            .map(str::to_owned)
    };
    let (title, question, reading, stamp) = (text("title"), text("question"), text("reading"), text("stamp"));
    let sources = root
        .get("sources")
        .map_or(Some(Vec::new()), |n| n.texts("sources", problems));
    let published = read_published(root, problems);
    let seed = root
        .get("seed")
        .map_or(Some(1), |n| n.whole("seed", "", (0, u64::MAX), problems));
    let replications = root
        .get("replications")
        .map_or(Some(100), |n| n.whole("replications", "", (2, 1_000_000), problems));
    let uncertainty = match root.get("uncertainty") {
        Some(n) => read_word("uncertainty", &["off", "on"], n, problems),
        None => Some(1),
    };
    let level = root
        .get("level")
        .map_or(Some(0.95), |n| n.number("level", "", (0.5, 0.999), problems));
    Some(Heading {
        title: title?,
        question: question?,
        reading: reading?,
        sources: sources?,
        stamp: stamp?,
        published,
        seed: seed?,
        replications: u32::try_from(replications?).ok()?,
        uncertainty: uncertainty? == 1,
        level: level?,
    })
}

/// Reads `[[published]]`. Whether the metric and the strategy exist is checked by whoever compares.
fn read_published(root: &Table, problems: &mut Problems) -> Vec<Published> {
    let list = root.get("published").and_then(|n| n.list("published", 200, problems));
    let mut row = |node: &Node| {
        let table = node.table("published", problems)?;
        let known = ["metric", "strategy", "value", "source", "role", "note"];
        table.check_keys("published", &known, problems);
        let mut text = |key: &str| {
            let found = table
                .get(key)
                .map_or(Some(""), |n| n.text(&format!("published.{key}"), problems));
            found.map(str::to_owned)
        };
        let (strategy, note) = (text("strategy"), text("note"));
        let metric = required(node, table, "published", "metric", problems)?.text("published.metric", problems);
        let value = required(node, table, "published", "value", problems)?.number(
            "published.value",
            "",
            (-1e15, 1e15),
            problems,
        );
        let source = required(node, table, "published", "source", problems)?.text("published.source", problems);
        let role = required(node, table, "published", "role", problems)?;
        let role = read_word("published.role", &Role::WORDS, role, problems);
        Some(Published {
            metric: metric?.to_owned(),
            strategy: strategy?,
            value: value?,
            source: source?.to_owned(),
            role: [Role::Fitted, Role::Construction, Role::Independent, Role::HeldOut][role?],
            note: note?,
        })
    };
    list.unwrap_or_default().iter().filter_map(&mut row).collect()
}

/// The usual hours of a deployment on a day.
pub(crate) fn usual_day(date: jiff::civil::Date) -> When {
    When {
        date,
        open_s: DEFAULT_OPEN_S,
        close_s: DEFAULT_CLOSE_S,
    }
}

pub(crate) fn read_when(table: Option<&Table>, problems: &mut Problems) -> Option<When> {
    let get = |key: &str| table.and_then(|t| t.get(key));
    let date = get("date").map_or(Some(DEFAULT_DATE), |n| date_of("time.date", n, problems));
    let open = get("open").map_or(Some(DEFAULT_OPEN_S), |n| read_clock("time.open", n, problems));
    let close = get("close").map_or(Some(DEFAULT_CLOSE_S), |n| read_clock("time.close", n, problems));
    let (open_s, close_s) = (open?, close?);
    if let (true, Some(node)) = (close_s <= open_s, get("close").or(get("open"))) {
        let message = "the deployment closes before it opens";
        let help = "time.close must be later than time.open, on the same day (the latest is \"24:00\")";
        problems.push(node.problem(message, help));
        return None;
    }
    Some(When {
        date: date?,
        open_s,
        close_s,
    })
}

/// A date from 1990 to 2099.
pub(crate) fn date_of(key: &str, node: &Node, problems: &mut Problems) -> Option<jiff::civil::Date> {
    let date = match &node.kind {
        Kind::Moment(m) if m.time.is_none() => {
            let part = |n: u8| i8::try_from(n).ok();
            let civil = |d: &toml::value::Date| {
                jiff::civil::Date::new(i16::try_from(d.year).ok()?, part(d.month)?, part(d.day)?).ok()
            };
            m.date.as_ref().and_then(civil)
        }
        Kind::Text(text) if text.len() == 10 => text.parse().ok(),
        Kind::Broken => return None,
        _ => None,
    };
    let date = date.filter(|d: &jiff::civil::Date| (1990..2100).contains(&d.year()));
    if date.is_none() {
        let help = format!("write {key} = 2026-06-03 (year, month, day; 1990 to 2099)");
        problems.push(node.problem(format!("`{key}` is not a date"), help));
    }
    date
}

/// Seconds after midnight.
fn read_clock(key: &str, node: &Node, problems: &mut Problems) -> Option<f64> {
    let seconds = match &node.kind {
        Kind::Moment(m) if m.date.is_none() => m.time.as_ref().map(|t| {
            let whole = u32::from(t.hour) * 3600 + u32::from(t.minute) * 60 + u32::from(t.second.unwrap_or(0));
            f64::from(whole) + f64::from(t.nanosecond.unwrap_or(0)) * 1e-9
        }),
        Kind::Text(text) => clock_text(text),
        Kind::Broken => return None,
        _ => None,
    };
    if seconds.is_none() {
        let message = format!("`{key}` is not a time of day");
        problems.push(node.problem(message, format!("write {key} = 11:30:00, or \"11:30\"")));
    }
    seconds
}

pub(crate) fn clock_text(text: &str) -> Option<f64> {
    let parts: Vec<&str> = text.split(':').collect();
    if !(2..=3).contains(&parts.len())
        || parts
            .iter()
            .any(|p| p.len() != 2 || !p.bytes().all(|b| b.is_ascii_digit()))
    {
        return None;
    }
    let number = |i: usize| parts.get(i).map_or(Some(0_u32), |p| p.parse().ok());
    let (hour, minute, second) = (number(0)?, number(1)?, number(2)?);
    let seconds = hour * 3600 + minute * 60 + second;
    (minute < 60 && second < 60 && seconds <= 86_400).then_some(f64::from(seconds))
}

pub(crate) fn day_type(date: jiff::civil::Date) -> DayType {
    use jiff::civil::Weekday;
    match date.weekday() {
        Weekday::Friday => DayType::Friday,
        Weekday::Saturday => DayType::Saturday,
        Weekday::Sunday => DayType::Sunday,
        _ => DayType::MonThu,
    }
}

#[cfg(test)]
mod tests {
    use super::clock_text;

    #[test]
    fn clock_texts_are_read_strictly() {
        assert_eq!(clock_text("09:30"), Some(34_200.0));
        assert_eq!(clock_text("23:59:59"), Some(86_399.0));
        assert_eq!(clock_text("24:00"), Some(86_400.0));
        for wrong in [
            "",
            "9:30",
            "24:01",
            "12:60",
            "12:00:60",
            "12",
            "12:00:00:00",
            "+1:30",
            "\u{661}2:00",
        ] {
            assert_eq!(clock_text(wrong), None, "{wrong}");
        }
    }
}
