//! Two programmes that differ in one thing.

use crate::helper::*;
use jiff::civil::date;
use lamplight::deployment::Schedule;
use lamplight::measure::Counter as C;
use lamplight::programme::prepare_streets;
use lamplight::scenario::plan::MountKind;
use lamplight::scenario::programme::{CalendarEvent, CalendarRow};
use std::collections::BTreeMap;

fn sum(played: &Played, counters: &[C]) -> u64 {
    counters.iter().map(|c| played.summary.groups[0].get(*c)).sum()
}

fn with(set: &[(&'static str, &'static str)]) -> Made {
    Made {
        common: set.to_vec(),
        ..Made::default()
    }
}

#[test]
fn both_schedules_give_the_same_year() {
    let made = Made {
        until: date(2025, 1, 31),
        strategies: vec![
            strategy(
                "thompson",
                &[("programme.placement", "thompson"), ("matcher.threshold", "0.58")],
            ),
            strategy("patrol", &[("programme.placement", "no-lfr")]),
        ],
        uncertainty: true,
        ..Made::default()
    };
    let plan = made.plan();
    let streets = prepare_streets(&plan);
    for s in 0..2 {
        let lazy = play_with(&plan, &streets, s, 1, Schedule::Lazy);
        let events = play_with(&plan, &streets, s, 1, Schedule::Events);
        assert!(!lazy.rows.is_empty() && lazy.rows == events.rows && lazy.alerts == events.alerts);
        assert_eq!(lazy.summary, events.summary);
    }
}

#[test]
fn programmes_that_differ_from_a_day_on_agree_before_it() {
    let from = date(2025, 2, 10);
    let made = with(&[]);
    let plan = made.plan();
    let mut changed = plan.clone();
    let programme = changed.programme.as_mut().unwrap();
    programme.until = date(2025, 5, 31);
    programme.events = (0..4)
        .map(|site| CalendarEvent {
            date: from,
            site,
            name: "Carnival".into(),
            footfall: 5.0,
        })
        .collect();
    let mut d = from;
    while d < date(2025, 3, 1) {
        d = d.tomorrow().unwrap();
        let events: Vec<_> = programme.events[..4]
            .iter()
            .cloned()
            .map(|e| CalendarEvent { date: d, ..e })
            .collect();
        programme.events.extend(events);
    }
    let streets = prepare_streets(&plan);
    let (a, b) = (
        play_with(&plan, &streets, 0, 0, Schedule::Lazy),
        play_with(&changed, &streets, 0, 0, Schedule::Lazy),
    );
    let before = |p: &Played| p.rows.iter().filter(|r| r.date < from).cloned().collect::<Vec<_>>();
    assert!(before(&a).len() > 15);
    assert_eq!(before(&a), before(&b));
    let after = |p: &Played| p.rows.iter().find(|r| r.date >= from).unwrap().published.faces;
    assert!(after(&b) > 3 * after(&a));
}

/// A calendar with a deployment of these hours at site 0 on ten days.
fn calendar(hours: &[(f64, f64)]) -> Made {
    let mut one = strategy("replay", &[("programme.placement", "replay")]);
    for day in 3..13 {
        one.rule.calendar.extend(hours.iter().map(|(open, hours)| CalendarRow {
            date: date(2025, 2, day),
            site: 0,
            mount: MountKind::Van,
            open_s: Some(3600.0 * open),
            hours: Some(*hours),
            watchlist: Some(9000),
            threshold: Some(0.60),
        }));
    }
    Made {
        strategies: vec![one],
        common: vec![
            ("officers.pairs", "0"),
            ("programme.deterrence", "0"),
            ("policy.awareness", "none"),
        ],
        ..Made::default()
    }
}

#[test]
fn t11_two_halves_make_the_same_searches_as_the_whole() {
    let whole = play(&calendar(&[(10.0, 6.0)]), 0);
    let halves = play(&calendar(&[(10.0, 3.5), (13.5, 2.5)]), 0);
    assert_eq!((whole.rows.len(), halves.rows.len()), (10, 20));
    for c in [C::Passes, C::Searches, C::ListedSearches] {
        assert_eq!(sum(&whole, &[c]), sum(&halves, &[c]), "{c:?}");
        assert!(sum(&whole, &[c]) > 5);
    }
    for row in &whole.rows {
        assert_eq!((row.published.threshold, row.published.watchlist), (0.60, 9000));
    }
}

#[test]
fn t12_in_full_runs_what_is_found_feeds_back_and_the_correction_stops_it() {
    // Two equal places, one team, and little reported crime beside what deployments find.
    let spread = |set: &[(&'static str, &'static str)]| {
        let common = [
            ("programme.placement", "hotspot"),
            ("programme.hotspot_reported", "2"),
            ("programme.teams", "1"),
            ("programme.gap_days", "0"),
            ("programme.deterrence", "0"),
            ("people.demand_scale", "0.02"),
            ("sought.prevalence", "0.05"),
        ];
        let made = Made {
            until: date(2025, 12, 31),
            places: vec![FOUR[0], ("twin", "lower", [-0.10, 51.47], FOUR[0].3)],
            common: [&common[..], set].concat(),
            ..Made::default()
        };
        let plan = made.plan();
        let streets = prepare_streets(&plan);
        let shares: Vec<f64> = (0..24)
            .map(|r| {
                let year = play_with(&plan, &streets, 0, r, Schedule::Lazy).summary.year.unwrap();
                year.by_site[0] as f64 / year.deployments as f64 - 0.5
            })
            .collect();
        (shares.iter().map(|s| s * s).sum::<f64>() / 24.0).sqrt()
    };
    let (urn, corrected, blind) = (
        spread(&[]),
        spread(&[("programme.hotspot_corrected", "true")]),
        spread(&[("programme.hotspot_discovered", "0")]),
    );
    assert!(urn > 0.12, "{urn}");
    assert!(corrected < 0.6 * urn && blind < 0.06, "{urn} {corrected} {blind}");
}

#[test]
fn t17_without_deterrence_displacement_means_nothing() {
    let run = |displaced: &'static str, deterrence: &'static str| {
        let set = [("programme.deterrence", deterrence), ("programme.displaced", displaced)];
        play(&with(&set), 0)
    };
    let none = run("0", "0");
    assert_eq!(none.rows, run("1", "0").rows);
    let deterred = run("0", "1.5");
    assert!(sum(&deterred, &[C::SoughtPresent]) < sum(&none, &[C::SoughtPresent]) * 9 / 10);
    assert_eq!(sum(&deterred, &[C::Passes]) / 1000, sum(&none, &[C::Passes]) / 1000);
}

#[test]
fn t19_a_higher_threshold_and_level_leave_false_alerts_as_they_were() {
    // F0 times exp(52 x 0.02).
    let a = play(
        &with(&[("matcher.false_match_level", "2e-7"), ("matcher.threshold", "0.60")]),
        0,
    );
    let level = "5.658434e-7";
    let b = play(
        &with(&[("matcher.false_match_level", level), ("matcher.threshold", "0.62")]),
        0,
    );
    let keys = |p: &Played| {
        p.alerts
            .iter()
            .filter(|x| !x.truth.is_true())
            .map(|x| x.key)
            .collect::<Vec<_>>()
    };
    assert!(keys(&a).len() > 20, "{}", keys(&a).len());
    let shared = keys(&a).iter().filter(|k| keys(&b).contains(k)).count();
    assert!(shared * 50 >= keys(&a).len() * 49, "{shared} of {}", keys(&a).len());
    let expected = |p: &Played| p.summary.groups[0].expected_false();
    assert!((expected(&a) / expected(&b) - 1.0).abs() < 0.01);
    assert!(sum(&b, &[C::TrueAlerts]) < sum(&a, &[C::TrueAlerts]));
}

#[test]
fn t21_two_like_sites_bring_twice_what_one_brings() {
    let every_day = [
        ("programme.per_year", "365"),
        ("programme.gap_days", "0"),
        ("programme.deterrence", "0"),
        ("programme.elsewhere", "0"),
    ];
    let run = |places: Vec<Place>, teams: &'static str, per_year: &'static str| {
        play(
            &Made {
                places,
                common: [
                    &every_day[..],
                    &[("programme.teams", teams), ("programme.per_year", per_year)],
                ]
                .concat(),
                ..Made::default()
            },
            0,
        )
    };
    let twin: Place = ("twin", "lower", [-0.10, 51.47], FOUR[0].3);
    let (one, two) = (
        run(vec![FOUR[0]], "1", "365.25"),
        run(vec![FOUR[0], twin], "2", "730.5"),
    );
    assert!(two.rows.len().abs_diff(2 * one.rows.len()) < 8);
    for (c, tolerance) in [(C::Searches, 0.05), (C::PeopleScanned, 0.05), (C::TrueAlerts, 0.25)] {
        let ratio = sum(&two, &[c]) as f64 / sum(&one, &[c]) as f64;
        assert!((ratio - 2.0).abs() < 2.0 * tolerance, "{c:?} {ratio}");
    }
}

#[test]
fn t25_a_list_of_men_spares_women_on_every_day() {
    let made = with(&[("matcher.false_match_level", "1e-7")]);
    let mixed = made.plan();
    let mut men = mixed.clone();
    let sex = mixed.axes.0.iter().position(|a| a.name == "sex").unwrap();
    let male = mixed.axes.0[sex].levels.iter().position(|l| l == "male").unwrap();
    let (mut half, list) = (mixed.clone(), |share: f64| {
        let mut shares = vec![1.0 - share; 2];
        shares[male] = share;
        shares
    });
    let set = |plan: &mut lamplight::scenario::Plan, share: f64| {
        let sites = &mut plan.programme.as_mut().unwrap().sites;
        for site in sites.iter_mut() {
            site.plan.watchlist.shares[sex] = list(share);
            site.plan.watchlist.concentration[sex] = None;
            site.plan.strategies.iter_mut().for_each(|s| s.matcher.reference = None);
            site.plan.values = site.plan.values.clone();
        }
    };
    set(&mut half, 0.9);
    set(&mut men, 1.0);
    let streets = prepare_streets(&mixed);
    let women = |plan| {
        let played = play_with(plan, &streets, 0, 0, Schedule::Lazy);
        let level = 1 + (0..sex).map(|a| mixed.axes.0[a].levels.len()).sum::<usize>() + (1 - male);
        let row = &played.summary.groups[level];
        row.expected_false() / row.get(C::Searches) as f64
    };
    // From 0.1 x 1 + 0.9 / 10 to 1 / 10, and the level is normalised to each list: the ratio lies about a half.
    let ratio = women(&men) / women(&half);
    assert!((0.4..0.7).contains(&ratio), "{ratio}");
}

#[test]
fn t27_patrol_and_visits_touch_no_face_and_keep_no_list() {
    let made = Made {
        strategies: vec![
            strategy("patrol", &[("programme.placement", "no-lfr")]),
            strategy("addresses", &[("programme.placement", "warrant-visits")]),
        ],
        ..Made::default()
    };
    for s in 0..2 {
        let played = play(&made, s);
        assert!(played.rows.len() > 30 && played.alerts.is_empty());
        assert_eq!(
            sum(&played, &[C::Passes, C::Searches, C::PeopleScanned, C::StayedAway]),
            0
        );
        assert!(played.rows.iter().all(|r| r.list.size == 0 && r.published.faces == 0));
        let year = played.summary.year.as_ref().unwrap();
        assert_eq!(year.exposure[0].searches(), 0);
        assert!(sum(&played, &[C::PatrolArrests]) > 0);
        // Visits take people off the roll; patrol finds others.
        assert_eq!(year.roll_end < year.roll_end_untouched, s == 1);
    }
}

#[test]
fn arrests_thin_the_roll_and_without_officers_nothing_does() {
    let busy = [
        ("sought.prevalence", "0.01"),
        ("watchlist.pool", "500"),
        ("watchlist.size", "500"),
    ];
    let (with_officers, without) = (
        play(&with(&busy), 0),
        play(&with(&[&busy[..], &[("officers.pairs", "0")]].concat()), 0),
    );
    let year = |p: &Played| p.summary.year.clone().unwrap();
    assert_eq!(year(&without).roll_end, year(&without).roll_end_untouched);
    // Who comes onto the roll does not depend on arrests.
    assert_eq!(
        year(&with_officers).roll_end_untouched,
        year(&without).roll_end_untouched
    );
    assert!(year(&with_officers).roll_end * 10 < year(&without).roll_end * 9);
    assert!(sum(&with_officers, &[C::SoughtPresent]) * 10 < sum(&without, &[C::SoughtPresent]) * 9);
    // Nobody but sought people notices: all others walk where they walked.
    let others = |p: &Played| p.rows[0].counts.get(C::Searches);
    assert_eq!(others(&with_officers), others(&without));
}

#[test]
fn the_same_person_is_the_same_at_every_site() {
    let set = [
        ("programme.elsewhere", "0.5"),
        ("programme.elsewhere_km", "100"),
        ("people.visits_per_year", "300"),
        ("people.visit_shape", "0.2"),
        ("matcher.false_match_level", "4e-7"),
        ("matcher.person_effect", "0.3"),
        ("operator.criterion", "20"),
    ];
    let played = play(&with(&set), 0);
    let mut alerts = played.alerts.iter();
    // Person to sites and entries.
    let mut met: BTreeMap<u64, (Vec<usize>, Vec<u64>)> = BTreeMap::new();
    for row in &played.rows {
        for alert in alerts
            .by_ref()
            .take(row.published.alerts as usize)
            .filter(|a| !a.truth.is_true())
        {
            let person = met.entry(alert.person).or_default();
            person.0.push(row.published.site);
            person.1.push(alert.entry);
        }
    }
    assert!(alerts.next().is_none());
    let at_several = met.values().filter(|(sites, _)| sites.iter().any(|s| *s != sites[0]));
    let mut same = 0;
    let mut all = 0;
    for (_, entries) in at_several {
        all += 1;
        same += usize::from(entries.iter().all(|e| *e == entries[0]));
    }
    // In three months half of the people are taken for another entry at some time.
    assert!(all >= 8, "{all} people were alerted at several sites");
    assert!(
        same * 3 >= all,
        "{same} of {all} are taken for the same entry everywhere"
    );
}

#[test]
fn rules_see_only_what_has_been_published() {
    let made = Made {
        strategies: vec![
            strategy("learns", &[("programme.placement", "greedy-arrest")]),
            strategy(
                "waits",
                &[
                    ("programme.placement", "greedy-arrest"),
                    ("programme.publication_days", "365"),
                ],
            ),
            strategy("uniform", &[("programme.placement", "uniform")]),
        ],
        ..Made::default()
    };
    let (learns, waits, uniform) = (play(&made, 0), play(&made, 1), play(&made, 2));
    // Nothing published: a rule that learns knows no more than chance, and chance is the same for all.
    assert_eq!(waits.rows, uniform.rows);
    assert_ne!(learns.rows, waits.rows);
}

#[test]
fn those_who_stay_away_are_the_share_who_heard_and_mind() {
    let made = Made {
        population: "",
        common: vec![
            ("policy.aware_notice", "0.2"),
            ("policy.aware_word", "0"),
            ("policy.concerned", "0.5"),
            ("programme.stay_away_concerned", "0.3"),
            ("programme.stay_away_other", "0.1"),
        ],
        ..Made::default()
    };
    let away = play(&made, 0);
    let stay = play(
        &Made {
            common: [
                &made.common[..],
                &[
                    ("programme.stay_away_concerned", "0"),
                    ("programme.stay_away_other", "0"),
                ],
            ]
            .concat(),
            ..made
        },
        0,
    );
    assert_eq!(sum(&stay, &[C::StayedAway]), 0);
    // 0.2 x (0.5 x 0.3 + 0.5 x 0.1)
    let share = 1.0 - sum(&away, &[C::Passes]) as f64 / sum(&stay, &[C::Passes]) as f64;
    assert!((share - 0.04).abs() < 0.002, "{share}");
}

#[test]
fn fixed_arrays_are_switched_on_weekly_and_take_a_team() {
    let mut arrays = strategy(
        "arrays",
        &[
            ("programme.placement", "static-pilot"),
            ("programme.fixed_every_days", "14"),
        ],
    );
    arrays.rule.fixed = vec![0, 3];
    let mut mixed = strategy("mixed", &[("programme.placement", "rotation")]);
    mixed.rule.fixed = vec![0];
    let made = Made {
        strategies: vec![arrays, mixed],
        arrays: true,
        ..Made::default()
    };
    let played = play(&made, 0);
    assert!(
        played
            .rows
            .iter()
            .all(|r| r.mount == MountKind::Lamp && [0, 3].contains(&r.published.site))
    );
    for site in [0, 3] {
        let days: Vec<i32> = played
            .rows
            .iter()
            .filter(|r| r.published.site == site)
            .map(|r| r.published.day)
            .collect();
        assert!(
            days.len() >= 4 && days.windows(2).all(|w| w[1] - w[0] >= 14),
            "{days:?}"
        );
    }
    let mixed = play(&made, 1);
    let mut by_day: BTreeMap<i32, Vec<(usize, MountKind)>> = BTreeMap::new();
    for r in &mixed.rows {
        by_day
            .entry(r.published.day)
            .or_default()
            .push((r.published.site, r.mount));
    }
    assert!(by_day.values().all(|d| d.len() <= 2));
    assert!(
        by_day
            .values()
            .flatten()
            .all(|(site, mount)| (*mount == MountKind::Lamp) == (*site == 0))
    );
    assert!(mixed.summary.year.unwrap().fixed > 5);
}

#[test]
fn caps_hold() {
    assert_eq!(
        play(&with(&[("programme.max_deployments_per_year", "7")]), 0)
            .rows
            .len(),
        7
    );
    let capped = play(&with(&[("programme.borough_monthly", "2")]), 0);
    let in_january = |b: &[usize]| {
        capped
            .rows
            .iter()
            .filter(|r| r.date.month() == 1 && b.contains(&r.published.site))
            .count()
    };
    assert_eq!((in_january(&[0, 3]), in_january(&[1, 2])), (2, 2));
}

#[test]
fn governance_moves_the_threshold_by_published_false_alerts() {
    let set = [
        ("matcher.threshold", "0.58"),
        ("matcher.false_match_level", "2e-8"),
        ("programme.governance", "ratchet-up"),
    ];
    let played = play(&with(&set), 0);
    let thresholds: Vec<f64> = played.rows.iter().map(|r| r.published.threshold).collect();
    assert_eq!(thresholds[0], 0.58);
    assert!(thresholds.windows(2).all(|w| w[1] >= w[0]) && *thresholds.last().unwrap() > 0.61);
}
