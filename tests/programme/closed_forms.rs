//! Limits in which a programme has a formula.

use crate::helper::*;
use jiff::civil::date;
use lamplight::deployment::Schedule;
use lamplight::kernel::mix;
use lamplight::matcher::{Genuine, Matcher};
use lamplight::measure::Counter as C;
use lamplight::people::Conditions;
use lamplight::programme::{Prepared, Roll, prepare_streets};
use lamplight::scenario::plan::{Value, Values};
use lamplight::scenario::world::{Draws, Numbers};

/// One site with a van on every weekday and nobody who reacts.
fn one_site(set: &[(&'static str, &'static str)]) -> Made {
    let calm = [
        ("policy.awareness", "none"),
        ("programme.per_year", "200"),
        ("programme.teams", "1"),
        ("programme.gap_days", "0"),
        ("programme.cancelled", "0"),
        ("programme.severe_weather", "0"),
        ("programme.fault", "0"),
        ("people.day_log_sd", "0"),
        ("people.group_size", "alone"),
    ];
    Made {
        places: FOUR[..1].to_vec(),
        common: [&calm[..], set].concat(),
        ..Made::default()
    }
}

#[test]
fn v8_exposure_follows_the_gamma_poisson_formula() {
    // One camera, so that a visit is one search at most.
    let mut plan = one_site(&[("people.visits_per_year", "20")]).plan();
    let sites = &mut plan.programme.as_mut().unwrap().sites;
    sites[0].plan.strategies[0].cameras[0].count = 1;
    let streets = prepare_streets(&plan);
    let played = play_with(&plan, &streets, 0, 0, Schedule::Lazy);
    let year = played.summary.year.unwrap();
    // Grown-ups: some children are never searched at all.
    let age = plan.axes.0.iter().position(|a| a.name == "age").unwrap();
    let first = 1 + plan.axes.0[..age].iter().map(|a| a.levels.len()).sum::<usize>();
    let all = &year.exposure[first + 2];
    let people = all.count() as f64;
    let mean = all.searches() as f64 / people;
    // Rates of visits are gamma with this shape.
    let shape = Values::default().get(value("people.visit_shape", "0.5").0);
    let at_least_once = 1.0 - (1.0 + mean / shape).powf(-shape);
    let share = all.at_least(1) as f64 / people;
    assert!(mean > 0.15, "{mean}");
    assert!(
        (share - at_least_once).abs() < 0.01 * at_least_once,
        "{share} {at_least_once}"
    );
    // At least ten times: the tail of the negative binomial.
    let p = mean / (mean + shape);
    let mut mass = (1.0 - p).powf(shape);
    let mut below = 0.0;
    for n in 0..10 {
        below += mass;
        mass *= (shape + f64::from(n)) / f64::from(n + 1) * p;
    }
    let ten = all.at_least(10) as f64 / people;
    assert!(
        (ten - (1.0 - below)).abs() < 0.05 * (1.0 - below) + 2e-5,
        "{ten} {}",
        1.0 - below
    );
    // What the deployments count as first searches is the same number of people.
    // Sought people belong to no pool and are counted once a visit.
    let scanned = played.summary.groups[first + 2].get(C::PeopleScanned);
    assert!(scanned >= all.at_least(1) && scanned < all.at_least(1) + all.at_least(1) / 200);
    let firsts: u64 = played.rows.iter().map(|r| u64::from(r.first_searched[first + 2])).sum();
    assert_eq!(firsts, scanned);
}

#[test]
fn v22_without_arrests_the_roll_is_a_queue_with_infinitely_many_servers() {
    let plan = one_site(&[]).plan();
    let set = |values: &mut Values, key: &str, word: &str| {
        let (id, central) = value(key, word);
        values.set(id, Value { central, prior: None });
    };
    let mut values = plan.strategies[0].values.clone();
    set(&mut values, "watchlist.pool", "400");
    set(&mut values, "programme.sought_days", "30");
    let numbers = Numbers::draw(&values, None);
    let sizes: Vec<f64> = (0..600)
        .map(|replication| {
            let mut roll = Roll::new(&plan, &numbers, Draws::new(3, replication), 100, &[1.0], &[vec![0.0]]);
            (0..120).for_each(|_| roll.next_day());
            roll.people().1 as f64
        })
        .collect();
    let n = sizes.len() as f64;
    let mean = sizes.iter().sum::<f64>() / n;
    let variance = sizes.iter().map(|s| (s - mean) * (s - mean)).sum::<f64>() / (n - 1.0);
    // Standard errors: sqrt(N / n) of the mean, about N sqrt(2 / n) of the variance; four of them.
    assert!((mean - 400.0).abs() < 4.0 * (400.0 / n).sqrt(), "{mean}");
    assert!((variance - 400.0).abs() < 4.0 * 400.0 * (2.0 / n).sqrt(), "{variance}");
}

#[test]
fn v5_a_persons_luck_lasts_until_the_list_turns_over() {
    let plan = one_site(&[]).plan();
    let draws = Draws::new(5, 0);
    let on = |day: f64| Conditions {
        turns: (day / 180.0 * 4_294_967_296.0) as u64,
        ..Conditions::of(&plan, draws)
    };
    let person = |i: u64| mix(i ^ 0x1234_5678);
    let n = 20_000;
    // Everybody's luck changes once in 180 days, at a time of their own.
    let changed = |day: f64| {
        (0..n)
            .filter(|i| on(0.0).luck(person(*i)) != on(day).luck(person(*i)))
            .count() as f64
            / n as f64
    };
    assert_eq!(changed(0.0), 0.0);
    assert!((changed(45.0) - 0.25).abs() < 0.015);
    assert_eq!(changed(180.0), 1.0);
    // Two searches, of one epoch or of two: the closed forms of one alert per person at least.
    let (alpha, expected) = (0.5, 0.02);
    let genuine = Genuine::Plain { mean: 0.7, sd: 0.05 };
    let matcher = Matcher::from_counts(0.64, 50.0, alpha, vec![expected], vec![vec![1.0]], genuine);
    let either = |day: f64| {
        let n = 400_000;
        let fires = |person: u64, day: f64, look: u64| {
            let word = mix(person ^ look);
            let luck = on(day).luck(person);
            matcher
                .false_match(draws.person, 0, luck, word as u32, (word >> 32) as u32)
                .is_some()
        };
        let hits = (0..n)
            .filter(|i| fires(person(*i), 0.0, 1) || fires(person(*i), day, 2))
            .count();
        hits as f64 / n as f64
    };
    let (same, other) = (
        1.0 - (-(2.0_f64.powf(alpha)) * expected).exp(),
        1.0 - (-2.0 * expected).exp(),
    );
    assert!(
        (either(0.0) - same).abs() < 4.0 * (same / 400_000.0).sqrt(),
        "{} {same}",
        either(0.0)
    );
    assert!(
        (either(180.0) - other).abs() < 4.0 * (other / 400_000.0).sqrt(),
        "{} {other}",
        either(180.0)
    );
}

#[test]
fn a_year_has_the_deployments_that_are_planned_less_those_called_off() {
    let made = Made {
        until: date(2027, 12, 31),
        common: vec![
            ("programme.cancelled", "0.1"),
            ("programme.made_up_days", "0"),
            ("programme.gap_days", "0"),
            ("people.demand_scale", "0.001"),
        ],
        ..Made::default()
    };
    let played = play(&made, 0);
    let year = played.summary.year.unwrap();
    let planned = (year.deployments + year.called_off) as f64;
    // Two teams on each operating day: the spread is that of days.
    assert!(
        (planned - 3.0 * 231.0).abs() < 4.0 * 2.0 * (347.0_f64).sqrt() * 0.8,
        "{planned}"
    );
    let called_off = year.called_off as f64 / planned;
    assert!((called_off - 0.104).abs() < 0.05, "{called_off}");
    assert_eq!(year.days, 1095);
    let weekdays = |d: i8| {
        played
            .rows
            .iter()
            .filter(|r| r.date.weekday().to_monday_one_offset() == d)
            .count() as f64
    };
    assert!(weekdays(2) > 5.0 * weekdays(1) && weekdays(4) > weekdays(3));
    for row in &played.rows {
        let p = &row.published;
        assert!((11.0..=13.0).contains(&(row.open_s / 3600.0)) && (1.0..=9.0).contains(&p.hours));
    }
}

#[test]
fn deployments_called_off_are_made_up_within_a_fortnight() {
    let made = Made {
        until: date(2025, 12, 31),
        common: vec![("programme.cancelled", "0.3"), ("people.demand_scale", "0.001")],
        ..Made::default()
    };
    let year = play(&made, 0).summary.year.unwrap();
    assert!(year.made_up > 20 && year.made_up <= year.called_off, "{year:?}");
}

#[test]
fn the_list_has_its_size_and_is_destroyed_but_for_its_trail() {
    let list = [
        ("watchlist.pool", "5000"),
        ("watchlist.size", "3000"),
        ("people.demand_scale", "0.001"),
    ];
    let played = play(
        &Made {
            common: list.to_vec(),
            ..Made::default()
        },
        0,
    );
    for row in &played.rows {
        assert_eq!(row.list.size, 3000);
        assert_eq!(row.list.by_reason.iter().sum::<u64>(), 3000);
        assert_eq!(row.published.watchlist, 3000);
    }
    assert_ne!(played.rows[0].list.hash, played.rows[30].list.hash);
    // Within two kilometres of a site live only its own people: about a quarter.
    let local = play(
        &Made {
            common: [&list[..], &[("programme.list_radius_km", "2")]].concat(),
            ..Made::default()
        },
        0,
    );
    assert!(local.rows.iter().all(|r| (1050..1450).contains(&r.list.size)));
    // Growth of 600 a month.
    let grows = play(
        &Made {
            common: [&list[..], &[("programme.list_per_month", "600")]].concat(),
            ..Made::default()
        },
        0,
    );
    let last = grows.rows.last().unwrap();
    assert!((4650..4800).contains(&last.list.size), "{}", last.list.size);
}

#[test]
fn sites_prepared_once_serve_every_replication() {
    let plan = one_site(&[]).plan();
    let streets = prepare_streets(&plan);
    let prepared = Prepared::new(&plan, &streets).unwrap();
    assert_eq!(prepared.boroughs, ["upper"]);
    let first = play_with(&plan, &streets, 0, 0, Schedule::Lazy);
    let again = play_with(&plan, &streets, 0, 0, Schedule::Lazy);
    let other = play_with(&plan, &streets, 0, 1, Schedule::Lazy);
    assert_eq!(first.summary, again.summary);
    assert_ne!(first.summary.hash, other.summary.hash);
}
