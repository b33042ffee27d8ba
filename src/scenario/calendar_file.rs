//! A calendar: one deployment a row, as comma-separated values. It replays a record, or brings anyone's own placement.

use super::csv_table::{CsvRow, CsvTable};
use super::diagnose::{Diagnostic, Source};
use super::document::{Problems, listed, short, suggestion};
use super::heading::clock_text;
use super::plan::MountKind;
use super::programme::CalendarRow;
use jiff::civil::Date;

/// Columns; the first two must be there, the last two are for readers.
pub(crate) const COLUMNS: [&str; 9] = [
    "date",
    "site",
    "mount",
    "open",
    "hours",
    "watchlist",
    "threshold",
    "note",
    "source",
];

/// What rows are checked against.
pub(crate) struct Known<'a> {
    /// Names of the sites.
    pub sites: &'a [&'a str],
    /// First and last day; rows outside are left out.
    pub days: (Date, Date),
}

/// The rows of a calendar, and how many lay outside the days of the programme.
pub(crate) struct Calendar {
    pub rows: Vec<CalendarRow>,
    pub outside: usize,
}

/// Reads a calendar; every row that cannot be used is reported.
pub(crate) fn read_calendar(source: &Source, known: &Known, problems: &mut Problems) -> Option<Calendar> {
    let table = CsvTable::read(source, &COLUMNS[..2], &COLUMNS, |_| false, problems)?;
    let mut calendar = Calendar {
        rows: Vec::new(),
        outside: 0,
    };
    for row in &table.rows {
        let cell = |name: &str| table.column(name).map_or("", |i| row.at(i));
        let Some(read) = read_row(row, &cell, known, problems) else {
            continue;
        };
        if read.date < known.days.0 || read.date > known.days.1 {
            calendar.outside += 1;
        } else if calendar
            .rows
            .iter()
            .any(|r| (r.date, r.site, r.mount) == (read.date, read.site, read.mount))
        {
            let message = format!(
                "{} has two such deployments at \"{}\"",
                read.date, known.sites[read.site]
            );
            problems.push(row.problem(message, "one van or one fixed array of a site works once a day"));
        } else {
            calendar.rows.push(read);
        }
    }
    if calendar.rows.is_empty() && problems.is_empty() {
        let message = "the calendar has no row within the days of the programme";
        let help = format!("programme.from is {}, programme.until {}", known.days.0, known.days.1);
        problems.push(Diagnostic::at(source, 0..0, message, help));
    }
    calendar.rows.sort_by_key(|r| r.date);
    Some(calendar)
}

/// Checks a calendar for itself: its sites are those that it names. Returns the number of rows.
pub(crate) fn check_calendar(source: &Source, problems: &mut Problems) -> usize {
    let names = CsvTable::read(source, &COLUMNS[..2], &COLUMNS, |_| false, &mut Problems::default());
    let mut sites: Vec<String> = Vec::new();
    if let Some(table) = &names {
        let column = table.column("site").unwrap_or_default();
        sites = table
            .rows
            .iter()
            .map(|r| r.at(column).to_owned())
            .filter(|s| !s.is_empty())
            .collect();
        sites.sort_unstable();
        sites.dedup();
    }
    let known = Known {
        sites: &sites.iter().map(String::as_str).collect::<Vec<_>>(),
        days: (Date::MIN, Date::MAX),
    };
    read_calendar(source, &known, problems).map_or(0, |c| c.rows.len())
}

fn read_row<'a>(
    row: &CsvRow,
    cell: &impl Fn(&str) -> &'a str,
    known: &Known,
    problems: &mut Problems,
) -> Option<CalendarRow> {
    let mut wrong = |message: String, help: &str| problems.push(row.problem(message, help));
    let date = cell("date");
    let date = match date.parse::<Date>().ok().filter(|_| date.len() == 10) {
        Some(date) => Some(date),
        None => {
            wrong(
                format!("\"{}\" is not a date", short(date)),
                "write year, month and day, as in 2025-05-10",
            );
            None
        }
    };
    let name = cell("site");
    let site = known.sites.iter().position(|s| *s == name);
    if site.is_none() {
        let help = match suggestion(name, known.sites.iter().copied()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("the sites are {}", listed(known.sites)),
        };
        wrong(format!("there is no site \"{}\"", short(name)), &help);
    }
    let mount = match cell("mount") {
        "" | "van" => Some(MountKind::Van),
        "fixed" => Some(MountKind::Lamp),
        other => {
            wrong(
                format!("`mount` cannot be \"{}\"", short(other)),
                "write van or fixed; empty means van",
            );
            None
        }
    };
    let open = cell("open");
    let open_s = (!open.is_empty()).then(|| clock_text(open));
    if open_s == Some(None) {
        wrong(
            format!("\"{}\" is not a time of day", short(open)),
            "write open as in 11:30, or leave it empty",
        );
    }
    let mut number = |column: &str, (min, max): (f64, f64)| -> Option<Option<f64>> {
        let text = cell(column);
        if text.is_empty() {
            return Some(None);
        }
        let number = text.parse::<f64>().ok().filter(|n| (min..=max).contains(n));
        if number.is_none() {
            let message = format!("`{column}` cannot be \"{}\"", short(text));
            wrong(message, &format!("a number from {min} to {max}, or empty"));
        }
        number.map(Some)
    };
    let hours = number("hours", (0.25, 24.0));
    let watchlist = number("watchlist", (0.0, 1e6));
    let threshold = number("threshold", (0.0, 1.0));
    let (date, site, mount) = (date?, site?, mount?);
    let (hours, watchlist, threshold) = (hours?, watchlist?, threshold?);
    let open_s = match open_s {
        Some(clock) => Some(clock?),
        None => None,
    };
    if let (Some(open_s), Some(hours)) = (open_s, hours)
        && open_s + 3600.0 * hours > 86_400.0
    {
        problems.push(row.problem(
            "the deployment runs past midnight",
            "deployments end on the day they begin",
        ));
        return None;
    }
    if watchlist.is_some_and(|w| w != w.trunc()) {
        problems.push(row.problem("`watchlist` is not a whole number", "the number of people on the list"));
        return None;
    }
    Some(CalendarRow {
        date,
        site,
        mount,
        open_s,
        hours,
        watchlist: watchlist.map(|w| w as u32),
        threshold,
    })
}
