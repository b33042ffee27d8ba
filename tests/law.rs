//! Relations that must hold between runs of different scenarios on the same draws. T numbers are those of the model's
//! verification table.

mod common;

use common::{
    MANY_ALERTS as MANY, VAN_AND_LAMP, Watch, binomial, expected_false, first, near, of_group, plan, plan_in,
    reference, scenarios, shipped, street, summary, total, watch,
};
use lamplight::deployment::{Ending, Eyes, Face, Reacted, Scene, Schedule};
use lamplight::experiment::{faces, summarise};
use lamplight::kernel::Micros;
use lamplight::measure::{Counter as C, METRICS, RunSummary};
use lamplight::people::{Day, MAX_MEMBERS, Member, Streets};
use lamplight::response::Truth;
use lamplight::scenario::Plan;
use lamplight::scenario::world::{Draws, Numbers, Purpose};
use std::collections::{BTreeMap, BTreeSet};

/// Nobody notices the cameras.
const UNNOTICED: (&str, &str) = ("policy.awareness", "none");
/// No officers.
const NOBODY_SENT: (&str, &str) = ("officers.pairs", "0");

/// A plan of the street with a van and a lamp post.
fn van_and_lamp(set: &[(&str, &str)], replications: u32) -> Plan {
    plan(&street(VAN_AND_LAMP), set, replications)
}

/// Every search that reaches the threshold, over all looks of all visits of one replication, repeated ones too.
fn hits(plan: &Plan, replication: u32) -> BTreeSet<(u64, u16, u32, usize)> {
    let streets = Streets::prepare(plan);
    let scene = Scene::prepare(plan, &plan.strategies[0], &streets);
    let numbers = Numbers::draw(&scene.strategy.values, None);
    let draws = Draws::new(plan.seed, replication);
    let day = Day::new(plan, &streets, &numbers, draws);
    let eyes = Eyes::new(&scene, &day, &numbers);
    let mut hits = BTreeSet::new();
    for block in &day.demand.blocks {
        let ordinary = (0..2).flat_map(|gate| (0..day.arrivals(gate, block)).map(move |i| (gate, i)));
        let ordinary = ordinary.map(|(gate, i)| day.visit(gate, block, i));
        let sought = (0..day.sought_arrivals(block)).map(|i| day.sought_visit(block, i));
        for visit in ordinary.chain(sought) {
            let mut members = [Member::default(); MAX_MEMBERS];
            let person = visit.sought.then(|| day.sought.person(&draws, visit.id));
            let count = match person {
                Some(p) => {
                    let words = draws.population.block(Purpose::Member as u16, 0, 0, visit.id);
                    members[0] = day.member(&visit, 0, p.cell, words);
                    1
                }
                None => day.members(&visit, &mut members),
            };
            for (i, member) in members[..count].iter().enumerate() {
                let face = Face {
                    visit: visit.id,
                    member: i as u16,
                    cell: member.cell,
                    person: member.person,
                    sought: person.as_ref(),
                    covered: false,
                    speed_m_s: day.speed_m_s(&members[..count]),
                };
                for (leg, path) in visit.route().iter().enumerate() {
                    for view in eyes.views.of(*path as usize) {
                        let Some(look) = eyes.look(&face, leg, block.hour as u8, view) else {
                            continue;
                        };
                        if look.searched && eyes.search(&face, leg, block.hour as u8, &look).is_some() {
                            let camera = scene.cameras[usize::from(view.camera)].id;
                            hits.insert((visit.id, i as u16, camera, leg));
                        }
                    }
                }
            }
        }
    }
    hits
}

/// T1: a higher threshold leaves a subset of the searches that reach it, and alerts only in visits that had one before.
#[test]
fn t1_a_higher_threshold_shrinks_the_set_of_hits() {
    let at = |threshold: &str| {
        let set = [
            MANY,
            UNNOTICED,
            NOBODY_SENT,
            ("matcher.threshold", threshold),
            ("sought.prevalence", "0.02"),
        ];
        van_and_lamp(&set, 3)
    };
    let thresholds = ["0.58", "0.60", "0.62", "0.64", "0.66"];
    for replication in 0..3 {
        let sets: Vec<_> = thresholds.iter().map(|t| hits(&at(t), replication)).collect();
        for pair in sets.windows(2) {
            assert!(pair[1].is_subset(&pair[0]));
            assert!(pair[1].len() < pair[0].len() && !pair[1].is_empty());
        }
    }
    type Alerted = BTreeSet<(usize, u64, u16)>;
    let alerted = |t: &&str| -> Alerted {
        let days = watch(&at(t));
        let of = |(r, day): (usize, &Watch)| day.alerts.iter().map(|a| (r, a.visit, a.member)).collect::<Vec<_>>();
        days.iter().enumerate().flat_map(of).collect()
    };
    let sets: Vec<Alerted> = thresholds.iter().map(alerted).collect();
    assert!(
        sets.windows(2)
            .all(|p| p[1].is_subset(&p[0]) && p[1].len() < p[0].len())
    );
}

/// T2: twice the list and twice the pool it is drawn from give the same true alerts and twice the expected false ones; half
/// the list from the same pool gives a part of the true ones.
#[test]
fn t2_false_alerts_are_linear_in_the_list_and_true_ones_follow_who_is_on_it() {
    let with = |size: &str, pool: &str| {
        let set = [
            UNNOTICED,
            NOBODY_SENT,
            ("watchlist.size", size),
            ("watchlist.pool", pool),
            ("sought.prevalence", "0.01"),
        ];
        let plan = van_and_lamp(&set, 20);
        let expected = expected_false(&first(&plan), 0);
        let find = |(r, day): (usize, Watch)| {
            let found = day.alerts.into_iter().filter(|a| a.truth.is_true());
            found
                .map(|a| (r, a.visit, a.camera, a.at, a.score.to_bits()))
                .collect::<Vec<_>>()
        };
        let found: BTreeSet<_> = watch(&plan).into_iter().enumerate().flat_map(find).collect();
        (expected, found)
    };
    let (one, found) = with("16000", "16000");
    let (two, doubled) = with("32000", "32000");
    let (half, part) = with("8000", "16000");
    assert!(found.len() > 500, "{}", found.len());
    assert_eq!(found, doubled);
    assert!((two / one - 2.0).abs() < 2e-4, "{}", two / one);
    assert!((one / half - 2.0).abs() < 2e-4, "{}", one / half);
    assert!(part.is_subset(&found));
    binomial(
        "true alerts of half the list",
        part.len() as u64,
        found.len() as u64,
        0.5,
    );
}

/// T3: nobody sought in the streets, no true alert, no arrest but wrongful ones.
#[test]
fn t3_without_sought_people_there_are_no_true_alerts_and_no_arrests() {
    let runs = first(&van_and_lamp(&[MANY, ("sought.prevalence", "0")], 5));
    let never = [
        C::TrueAlerts,
        C::Arrests,
        C::StaleArrests,
        C::TrueStops,
        C::StaleStops,
        C::OtherActions,
        C::NoActions,
        C::ListedPasses,
        C::SoughtPresent,
    ];
    assert_eq!(total(&runs, &never), 0);
    assert!(total(&runs, &[C::FalseAlerts]) > 500 && total(&runs, &[C::WrongfulStops]) > 0);
}

/// T4: without false matches there are no false alerts.
#[test]
fn t4_without_false_matches_there_are_no_false_alerts() {
    let set = [("matcher.false_match_level", "0"), ("sought.prevalence", "0.05")];
    let runs = first(&van_and_lamp(&set, 5));
    assert_eq!(total(&runs, &[C::FalseAlerts, C::WrongfulStops, C::WrongfulArrests]), 0);
    assert_eq!(expected_false(&runs, 0), 0.0);
    assert!(total(&runs, &[C::TrueAlerts]) > 500);
}

/// T5: two group names swapped in every file swap the figures of the two groups, and nothing else. The level is not brought
/// to that of the reference crowd here, for that is a crowd with names of its own.
#[test]
fn t5_swapped_names_swap_figures() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let names = [
        ("populations", "london-passers-by"),
        ("watchlists", "met-assumed"),
        ("matchers", "inferred-2025"),
    ];
    let write = |folder: &std::path::Path, swap: &dyn Fn(&str) -> String| {
        for (kind, name) in names {
            let text = swap(&shipped(&format!("{kind}/{name}.toml")));
            std::fs::write(folder.join(format!("{kind}.toml")), text).expect("a file is written");
        }
    };
    let text = street(VAN_AND_LAMP).replace(
        "population = \"london-passers-by\"",
        "population = \"populations.toml\"\n",
    ) + "[watchlist]\ncomposition = \"watchlists.toml\"\n[matcher]\npreset = \"matchers.toml\"\nfalse_match_level = 4e-6\nnormalise_level = false\n";
    write(folder.path(), &str::to_owned);
    let before = summary(&plan_in(folder.path(), &text, &[], 4));
    let swap = |text: &str| {
        let marked = text
            .replace("Asian", "@")
            .replace("Black", "Asian")
            .replace('@', "Black");
        marked
            .replace("\"male\"", "@")
            .replace("\"female\"", "\"male\"")
            .replace('@', "\"female\"")
            .replace("male = 0.90, female = 0.10", "female = 0.90, male = 0.10")
            .replace(
                "{ female = { lognormal = [2, 0.4] } }",
                "{ male = { lognormal = [2, 0.4] } }",
            )
    };
    write(folder.path(), &swap);
    let after = summary(&plan_in(folder.path(), &text, &[], 4));
    let renamed = |name: &str| match name {
        "Asian" => "Black".to_owned(),
        "Black" => "Asian".to_owned(),
        "male" => "female".to_owned(),
        "female" => "male".to_owned(),
        other => other.to_owned(),
    };
    let (a, b) = (&before.strategies[0], &after.strategies[0]);
    assert!(a.metrics == b.metrics);
    assert_eq!(a.groups.len(), b.groups.len());
    for (a, b) in a.groups.iter().zip(&b.groups) {
        assert_eq!((&a.by, &renamed(&a.name)), (&b.by, &b.name));
        assert!(a.metrics == b.metrics);
    }
    let alerts = |name: &str| {
        let group = a.groups.iter().find(|g| g.name == name).expect("a group");
        group.metrics["false_alerts"].mean.expect("a mean")
    };
    assert!(alerts("Black") > 2.0 * alerts("Asian"), "the swap would show");
}

/// Plain rates of five equally large groups, and the number of false alerts of each in one run of each seed.
fn groups_by_seed(set: &[(&str, &str)], shares: &str, seeds: u64) -> Vec<RunSummary> {
    let text = shipped("reference/high-street-1-base.toml").replace("shares = [0.50, 0.20, 0.15, 0.10, 0.05]", shares);
    let mut plan = plan(&text, set, 1);
    plan.strategies.truncate(1);
    (0..seeds)
        .map(|seed| {
            plan.seed = seed;
            first(&plan).swap_remove(0)
        })
        .collect()
}

/// In how many runs the interval of the ratio of two groups' false alert rates covers 1: exact, conditional on their sum.
fn covered(runs: &[RunSummary], a: usize, b: usize) -> u32 {
    runs.iter()
        .map(|run| {
            let (a, b) = (&run.groups[a], &run.groups[b]);
            let (x, y) = (a.get(C::FalseAlerts), b.get(C::FalseAlerts));
            assert!(x >= 150 && y >= 150, "{x} and {y} false alerts");
            let share = a.get(C::PeopleScanned) as f64 / (a.get(C::PeopleScanned) + b.get(C::PeopleScanned)) as f64;
            let bounds = lamplight::stats::clopper_pearson(x, x + y, 0.95)
                .bounds()
                .expect("an interval");
            u32::from(bounds[0] <= share && share <= bounds[1])
        })
        .sum()
}

const EQUAL: &str = "shares = [0.2, 0.2, 0.2, 0.2, 0.2]";

/// T6: equal groups under a matcher without demographic structure: the ratio of any two is 1 in as many of 200 seeds as a
/// 95 % interval may miss, at 200 and more expected false alerts in each.
#[test]
fn t6_a_flat_matcher_makes_no_difference_between_groups() {
    let set = [
        ("matcher.kind", "demographic"),
        ("matcher.preset", "flat"),
        ("matcher.false_match_level", "2.3e-6"),
        ("matcher.person_effect", "0.7"),
        ("sought.prevalence", "0"),
        NOBODY_SENT,
    ];
    let runs = groups_by_seed(&set, EQUAL, 200);
    for group in 1..=5 {
        assert!(
            expected_false(&runs, group) / 200.0 >= 200.0,
            "{}",
            expected_false(&runs, group) / 200.0
        );
    }
    for (a, b) in [(2, 1), (3, 1), (5, 4)] {
        let covered = covered(&runs, a, b);
        assert!((179..=198).contains(&covered), "groups {a} and {b}: {covered} of 200");
    }
}

/// T26: a negative control, two groups with equal rates among unequal ones; and that the test can see a difference.
#[test]
fn t26_groups_with_equal_rates_cannot_be_told_apart_and_others_can() {
    let rates = "{ G1 = 0.02, G2 = 0.04, G3 = 0.04, G4 = 0.03, G5 = 0.05 }";
    let set = [("matcher.plain_rate", rates), ("sought.prevalence", "0"), NOBODY_SENT];
    let runs = groups_by_seed(&set, "shares = [0.3, 0.25, 0.15, 0.15, 0.15]", 200);
    let same = covered(&runs, 3, 2);
    assert!((179..=198).contains(&same), "{same} of 200");
    assert!(covered(&runs, 2, 1) == 0, "a twofold difference is seen in every run");
}

/// The first alert of each visit.
fn first_alerts(days: &[Watch]) -> BTreeMap<(usize, u64), (Micros, u64)> {
    let mut found = BTreeMap::new();
    for (r, day) in days.iter().enumerate() {
        for alert in &day.alerts {
            let entry = found.entry((r, alert.visit)).or_insert((alert.at, alert.key));
            *entry = (*entry).min((alert.at, alert.key));
        }
    }
    found
}

/// T8: with many pairs nobody is too late; with none nobody is stopped; either way the first alert of each visit is the same.
#[test]
fn t8_officers_change_stops_but_not_first_alerts() {
    let with = |pairs: &str| {
        let set = [
            MANY,
            ("officers.pairs", pairs),
            ("operator.count", "20"),
            ("officers.alert_life_s", "120"),
            ("sought.prevalence", "0.01"),
        ];
        let plan = van_and_lamp(&set, 5);
        (watch(&plan), first(&plan))
    };
    let ((none, runs_none), (many, runs_many), (few, runs_few)) = (with("0"), with("200"), with("2"));
    let stops = [C::TrueStops, C::StaleStops, C::WrongfulStops];
    let arrests = [C::Arrests, C::StaleArrests, C::WrongfulArrests];
    let late = [C::TooLateTrue, C::TooLateFalse];
    assert_eq!((total(&runs_none, &stops), total(&runs_none, &arrests)), (0, 0));
    assert_eq!(total(&runs_many, &late), 0);
    assert!(total(&runs_few, &late) > 0 && total(&runs_few, &stops) < total(&runs_many, &stops));
    assert!(total(&runs_many, &arrests) > 0);
    let alerts = first_alerts(&none);
    assert!(alerts.len() > 500);
    assert_eq!(alerts, first_alerts(&many));
    assert_eq!(alerts, first_alerts(&few));
}

/// T9: the strictest operator lets nothing through, the most lenient everything.
#[test]
fn t9_the_criterion_at_its_ends() {
    let with = |criterion: &str| first(&van_and_lamp(&[MANY, ("operator.criterion", criterion)], 5));
    let (strict, lenient) = (with("20"), with("-20"));
    assert_eq!(total(&strict, &[C::TrueStops, C::StaleStops, C::WrongfulStops]), 0);
    assert_eq!(
        total(&strict, &[C::TooLateTrue, C::TooLateFalse, C::LostTrue, C::LostFalse]),
        0
    );
    assert!(total(&strict, &[C::DismissedFalse]) > 500);
    assert_eq!(total(&lenient, &[C::DismissedTrue, C::DismissedFalse]), 0);
    assert!(total(&lenient, &[C::WrongfulStops]) > 0);
}

/// T10: a further camera never lowers passes or searches, and leaves those of the others as they are.
#[test]
fn t10_a_further_camera_never_lowers_searches() {
    let cameras = [
        "{ mount = \"van\", at_m = 225 }",
        "{ mount = \"lamp\", at_m = 525, heading_deg = 270 }",
        "{ mount = \"lamp\", at_m = 100, heading_deg = 90 }",
        "{ mount = \"lamp\", at_m = 300, count = 3 }",
    ];
    let runs: Vec<Vec<RunSummary>> = (1..=cameras.len())
        .map(|n| {
            let text = format!(
                "[[strategy]]\nname = \"street\"\ncameras = [{}]\n",
                cameras[..n].join(", ")
            );
            first(&plan(&street(&text), &[MANY, UNNOTICED, NOBODY_SENT], 10))
        })
        .collect();
    for pair in runs.windows(2) {
        for (few, more) in pair[0].iter().zip(&pair[1]) {
            for (few, more) in few.groups.iter().zip(&more.groups) {
                for c in [
                    C::Passes,
                    C::Searches,
                    C::PeopleScanned,
                    C::TrueAlerts,
                    C::FalseAlerts,
                    C::SoughtAlerted,
                ] {
                    assert!(few.get(c) <= more.get(c));
                }
                assert_eq!(few.get(C::SoughtPresent), more.get(C::SoughtPresent));
            }
        }
        assert!(total(&pair[0], &[C::Searches]) < total(&pair[1], &[C::Searches]));
    }
}

/// T13: the order of strategies and the number of threads change no strategy's figures.
#[test]
fn t13_order_of_strategies_and_threads_do_not_matter() {
    let one = VAN_AND_LAMP.to_owned();
    let two = "[[strategy]]\nname = \"lamp\"\nset = { \"matcher.threshold\" = 0.60 }\ncameras = [{ at_m = 300 }]\n";
    let three = "[[strategy]]\nname = \"no-lfr\"\n";
    let with = |text: String, jobs: usize| {
        let mut plan = plan(&street(&text), &[MANY], 6);
        plan.uncertainty = true;
        let runs = common::runs_with(&plan, jobs, Schedule::Lazy);
        summarise(&plan, &common::all(&plan), &runs)
    };
    let straight = with(one.clone() + two + three, 1);
    let turned = with(format!("{three}{two}{one}"), 2);
    for strategy in &straight.strategies {
        let other = turned
            .strategies
            .iter()
            .find(|s| s.name == strategy.name)
            .expect("it is there");
        assert_eq!(strategy, other);
    }
    assert_ne!(straight.strategies[0].metrics, straight.strategies[1].metrics);
}

/// T14: look-alike luck that stays with the person changes neither the expected nor the counted number of false alerts in
/// single searches, but fewer different people bear them.
#[test]
fn t14_luck_that_stays_with_the_person_means_fewer_people_falsely_alerted() {
    let setting = |alpha: &'static str| {
        let set = [
            UNNOTICED,
            NOBODY_SENT,
            ("sought.prevalence", "0"),
            ("matcher.kind", "demographic"),
            ("matcher.preset", "flat"),
            ("matcher.false_match_level", "2e-6"),
            ("matcher.person_effect", alpha),
            ("people.visits_per_year", "365"),
            ("camera.capture_probability", "1"),
        ];
        let mut plan = reference("base", &set, 10);
        plan.strategies[0].cameras.truncate(1);
        plan
    };
    let (mut people, mut expectations) = (Vec::new(), Vec::new());
    for (alpha, value) in [("1", 1.0), ("0.7", 0.7), ("0.4", 0.4)] {
        let plan = setting(alpha);
        let days = watch(&plan);
        let alerts: u64 = days.iter().map(|d| d.alerts.len() as u64).sum();
        let distinct: usize = days
            .iter()
            .map(|d| d.alerts.iter().map(|a| a.entry).collect::<BTreeSet<u64>>().len())
            .sum();
        let runs = first(&plan);
        expectations.push(expected_false(&runs, 0));
        // Closed form: a person searched k times is alerted at all with chance 1 - exp(-k^α Λ), independently of others, and
        // two of its searches both fire with chance 1 - 2 exp(-Λ) + exp(-2^α Λ).
        let streets = Streets::prepare(&plan);
        let scene = Scene::prepare(&plan, &plan.strategies[0], &streets);
        let numbers = Numbers::draw(&scene.strategy.values, None);
        let (mut mean, mut variance, mut alert_variance) = (0.0, 0.0, 0.0);
        let mut lambda = 0.0;
        for replication in 0..plan.replications {
            let day = Day::new(&plan, &streets, &numbers, Draws::new(plan.seed, replication));
            lambda = Eyes::new(&scene, &day, &numbers).matcher.expected_matches[0];
            let mut times: BTreeMap<u64, i32> = BTreeMap::new();
            let mut members = [Member::default(); MAX_MEMBERS];
            for block in &day.demand.blocks {
                for (gate, i) in (0..2).flat_map(|g| (0..day.arrivals(g, block)).map(move |i| (g, i))) {
                    let visit = day.visit(gate, block, i);
                    day.members(&visit, &mut members);
                    *times.entry(members[0].person).or_default() += 1;
                }
            }
            let once = -(-lambda).exp_m1();
            let both = 1.0 - 2.0 * (-lambda).exp() + (-(2.0_f64.powf(value)) * lambda).exp();
            for k in times.values().map(|k| f64::from(*k)) {
                let some = -(-k.powf(value) * lambda).exp_m1();
                mean += some;
                variance += some * (1.0 - some);
                alert_variance += k * once + k * (k - 1.0) * both - k * k * once * once;
            }
        }
        let searches = total(&runs, &[C::Searches]) as f64;
        let expected = searches * -(-lambda).exp_m1();
        near(
            &format!("false alerts, α = {alpha}"),
            alerts as f64,
            expected,
            alert_variance.sqrt(),
        );
        near(
            &format!("different people, α = {alpha}"),
            distinct as f64,
            mean,
            variance.sqrt(),
        );
        people.push(distinct);
    }
    for e in &expectations {
        assert!((e / expectations[0] - 1.0).abs() < 1e-9);
    }
    assert!(people[0] > people[1] && people[1] > people[2], "{people:?}");
}

/// A van at a crossing of the West End and two lamp posts, at a fiftieth of its crowd.
fn west_end(set: &[(&str, &str)], replications: u32) -> Plan {
    let text = "format = 1
title = \"West End, thinned\"
question = \"Do people react?\"
reading = \"A test.\"
uncertainty = \"off\"
[time]
date = 2026-12-04
open = 14:00:00
close = 17:00:00
[place]
file = \"places/west-end.geojson\"
[people]
population = \"west-end-passers-by\"
demand_scale = 0.05
[policy]
aware_sign = 0.3
avoid_other = 0.2
turn_other = 0.1
cover_other = 0.1
[[strategy]]
name = \"van\"
cameras = [{ at = \"oxford-street-bay-3\" }, { at = \"leicester-square-3\" }, { at = \"oxford-street-20\" }]
";
    plan_in(&scenarios(), text, set, replications)
}

/// T16: when nobody can notice, nobody reacts; when people can, all three reactions occur, and they lower searches.
#[test]
fn t16_without_awareness_nobody_reacts() {
    let unaware = west_end(&[UNNOTICED], 4);
    let aware = west_end(&[], 4);
    let reactions = [C::Detours, C::TurnedBack, C::Covered];
    let (none, some) = (first(&unaware), first(&aware));
    assert_eq!(total(&none, &reactions), 0);
    assert!(reactions.iter().all(|r| total(&some, &[*r]) > 20));
    assert!(total(&none, &[C::Passes]) > total(&some, &[C::Passes]));
    assert!(total(&none, &[C::Searches]) > total(&some, &[C::Searches]));
    let seen = watch(&aware).iter().map(|d| d.reactions.len() as u64).sum::<u64>();
    assert_eq!(seen, total(&some, &reactions));
    let covered = watch(&aware)[0]
        .reactions
        .iter()
        .filter(|r| r.1 == Reacted::Covered)
        .count() as u64;
    assert_eq!(covered, some[0].groups[0].get(C::Covered));
}

/// T18: the way faces are counted changes what rests on faces seen, and nothing else.
#[test]
fn t18_the_counting_of_faces_changes_only_rates_per_face() {
    let values = |mode: &str| {
        let plan = van_and_lamp(&[MANY, ("measure.faces_mode", mode)], 5);
        let runs = first(&plan);
        let faces = faces(&plan.strategies[0].values);
        METRICS
            .iter()
            .map(|m| (m.id, runs.iter().map(|r| m.parts(r, 0, faces)).collect::<Vec<_>>()))
            .collect::<Vec<_>>()
    };
    let (searches, older, footfall) = (values("searches"), values("pre-aug-2024"), values("footfall"));
    let rest_on_faces = ["faces_seen", "false_alerts_per_face"];
    for ((a, b), c) in searches.iter().zip(&older).zip(&footfall) {
        if rest_on_faces.contains(&a.0) {
            assert_ne!(a, b);
            assert_ne!(a, c);
        } else {
            assert_eq!(a, b);
            assert_eq!(a, c);
        }
    }
    type Values = [(&'static str, Vec<(f64, Option<f64>)>)];
    let faces = |values: &Values| {
        let found = values.iter().find(|v| v.0 == "faces_seen").expect("a metric");
        found.1.iter().map(|p| p.0).sum::<f64>()
    };
    assert!((faces(&searches) / faces(&older) / 6.4 - 1.0).abs() < 1e-12);
    assert!(faces(&footfall) > faces(&searches));
}

/// T20: counted false alerts agree with their expectation given who was searched, for everybody and for every group, on a
/// street and in the West End where one visit passes several cameras, with luck that stays with the person.
#[test]
fn t20_counted_and_expected_false_alerts_agree() {
    for plan in [
        van_and_lamp(&[MANY, UNNOTICED, NOBODY_SENT, ("people.visits_per_year", "0")], 30),
        van_and_lamp(
            &[
                MANY,
                NOBODY_SENT,
                ("people.visits_per_year", "0"),
                ("matcher.preset", "nist-like"),
            ],
            30,
        ),
        west_end(
            &[
                MANY,
                NOBODY_SENT,
                ("people.visits_per_year", "0"),
                ("people.demand_scale", "0.2"),
            ],
            30,
        ),
    ] {
        let runs = first(&plan);
        for group in 0..runs[0].groups.len() {
            let expected = expected_false(&runs, group);
            let counted = of_group(&runs, group, &[C::FalseAlerts]) as f64;
            near(
                &format!("false alerts of group row {group}"),
                counted,
                expected,
                expected.sqrt(),
            );
        }
        assert!(expected_false(&runs, 0) > 1000.0, "{}", expected_false(&runs, 0));
    }
}

/// T20 where one visit brings very many searches.
#[test]
fn t20_holds_beyond_sixteen_searches_of_one_visit() {
    let cameras: Vec<String> = (1..40).map(|i| format!("{{ at_m = {} }}", 15 * i)).collect();
    let text = format!("[[strategy]]\nname = \"street\"\ncameras = [{}]\n", cameras.join(", "));
    let set = [
        UNNOTICED,
        NOBODY_SENT,
        ("camera.capture_model", "fixed"),
        ("people.visits_per_year", "0"),
        ("matcher.false_match_level", "4e-7"),
    ];
    let runs = first(&plan(&street(&text), &set, 10));
    let expected = expected_false(&runs, 0);
    near(
        "false alerts",
        total(&runs, &[C::FalseAlerts]) as f64,
        expected,
        expected.sqrt(),
    );
}

/// T19: a threshold raised by δ and a level raised by exp(β δ) cancel: the same false alerts, higher by δ.
#[test]
fn t19_threshold_and_level_cancel() {
    let falsely = |threshold: f64| {
        let level = format!("{:e}", 4e-6 * (52.0 * (threshold - 0.64)).exp());
        let threshold = threshold.to_string();
        let set = [
            ("matcher.threshold", threshold.as_str()),
            ("matcher.false_match_level", level.as_str()),
            ("sought.prevalence", "0"),
            UNNOTICED,
        ];
        let plan = van_and_lamp(&set, 4);
        let alerts: Vec<(u64, u64, f64)> = watch(&plan)
            .iter()
            .flat_map(|d| d.alerts.iter().map(|a| (a.key, a.entry, a.score)))
            .collect();
        (alerts, expected_false(&first(&plan), 0))
    };
    let (low, high) = (falsely(0.64), falsely(0.66));
    assert!(low.0.len() > 500 && low.0.len() == high.0.len());
    for (a, b) in low.0.iter().zip(&high.0) {
        assert_eq!((a.0, a.1), (b.0, b.1));
        assert!((b.2 - a.2 - 0.02).abs() < 1e-9);
    }
    assert!((low.1 / high.1 - 1.0).abs() < 1e-9);
}

/// T22: when no entry is out of date, nobody is stopped on such an entry.
#[test]
fn t22_without_stale_entries_there_are_no_stale_stops() {
    let with = |factor: &str| {
        let set = [
            ("watchlist.stale_factor", factor),
            ("sought.prevalence", "0.03"),
            ("officers.pairs", "20"),
        ];
        first(&van_and_lamp(&set, 5))
    };
    let stale = [C::StaleStops, C::StaleArrests];
    let (none, usual) = (with("0"), with("1"));
    assert_eq!(total(&none, &stale), 0);
    assert!(total(&usual, &[C::StaleStops]) > 0);
    // Staleness is decided after the alert: who is alerted, and whom officers meet, stays the same.
    assert_eq!(total(&none, &[C::TrueAlerts]), total(&usual, &[C::TrueAlerts]));
}

/// A listed person who raises a true alert is counted as found, wherever the camera stands.
#[test]
fn a_camera_at_the_end_of_the_street_finds_whom_it_alerts_to() {
    let text = shipped("reference/high-street-1-busy.toml").replace("at_m = 525", "at_m = 600");
    let mut plan = plan(&text, &[], 10);
    plan.strategies.truncate(1);
    let runs = first(&plan);
    assert!(total(&runs, &[C::TrueAlerts]) > 100);
    assert_eq!(total(&runs, &[C::TrueAlerts]), total(&runs, &[C::SoughtAlerted]));
}

/// Every alert ends in one way and every stop in one outcome, in every run and every group, under facial recognition and
/// under patrol; and metrics add up as their definitions say.
#[test]
fn alerts_and_stops_add_up() {
    let set = [
        MANY,
        ("sought.prevalence", "0.03"),
        ("officers.wrongful_arrest", "0.3"),
        ("operator.review_s", "30"),
    ];
    let text = street(&format!("{VAN_AND_LAMP}[[strategy]]\nname = \"no-lfr\"\n"));
    let plan = plan(&text, &set, 10);
    let runs = common::runs(&plan);
    for (strategy, runs) in plan.strategies.iter().zip(&runs.by_strategy) {
        let faces = faces(&strategy.values);
        for run in runs {
            for (g, row) in run.groups.iter().enumerate() {
                let sum = |counters: &[C]| counters.iter().map(|c| row.get(*c)).sum::<u64>();
                let stops = [C::TrueStops, C::StaleStops, C::WrongfulStops];
                assert_eq!(
                    sum(&[C::TrueAlerts, C::FalseAlerts]),
                    sum(&[
                        C::DismissedTrue,
                        C::DismissedFalse,
                        C::DroppedTrue,
                        C::DroppedFalse,
                        C::AutoClosed,
                        C::NotPursued
                    ]) + sum(&[
                        C::TooLateTrue,
                        C::TooLateFalse,
                        C::LostTrue,
                        C::LostFalse,
                        C::BusyOrFled
                    ]) + sum(&stops)
                );
                let outcomes = [
                    C::Arrests,
                    C::StaleArrests,
                    C::OtherActions,
                    C::NoActions,
                    C::WrongfulLetGo,
                    C::WrongfulArrests,
                ];
                assert_eq!(sum(&stops), sum(&outcomes));
                assert_eq!(sum(&[C::WrongfulStops]), sum(&[C::WrongfulLetGo, C::WrongfulArrests]));
                assert!(sum(&[C::Charged]) <= sum(&[C::Arrests]) && sum(&[C::Handcuffed]) <= sum(&[C::WrongfulStops]));
                assert_eq!(sum(&[C::SoughtPresent]), sum(&[C::SoughtAlerted, C::SoughtMissed]));
                let value = |id: &str| lamplight::measure::metric(id).expect("a metric").parts(run, g, faces).0;
                assert_eq!(
                    value("stops"),
                    value("arrests") + value("wrongful_arrests") + value("stops_without_arrest")
                );
                assert_eq!(
                    value("stops_without_arrest"),
                    value("stops_no_action") + value("stops_other_action")
                );
                assert_eq!(
                    value("alerts"),
                    value("alerts_dismissed") + value("alerts_dropped") + value("lost_in_crowd") + sum(&stops) as f64
                );
            }
        }
    }
    assert!(total(&runs.by_strategy[0], &[C::WrongfulArrests]) > 20);
    assert!(total(&runs.by_strategy[0], &[C::DroppedFalse]) > 0);
}

/// The mean wait is that of the alerts that were reviewed.
#[test]
fn the_wait_for_review_is_that_of_reviewed_alerts() {
    let plan = van_and_lamp(&[MANY, ("operator.review_s", "60"), ("operator.patience_s", "40")], 3);
    let streets = Streets::prepare(&plan);
    let scene = Scene::prepare(&plan, &plan.strategies[0], &streets);
    for (replication, day) in watch(&plan).iter().enumerate() {
        let waits: Vec<f64> = day
            .alerts
            .iter()
            .filter_map(|a| Some((a.review_start? - a.at).seconds()))
            .collect();
        assert!(waits.len() < day.alerts.len(), "some are dropped");
        let run = lamplight::experiment::one(&scene, replication as u32, Schedule::Lazy);
        let metric = lamplight::measure::metric("operator_wait_s").expect("a metric");
        let (sum, reviewed) = metric.parts(&run, 0, faces(&plan.strategies[0].values));
        assert_eq!(reviewed, Some(waits.len() as f64));
        assert!((sum - waits.iter().sum::<f64>()).abs() < 1e-6);
    }
}

/// Patrol without cameras: nobody is scanned, and arrests and stops are Poisson with the rate of the officer-hours; and so are
/// the arrests beside facial recognition.
#[test]
fn t27_patrol_scans_nobody_and_stops_at_its_rates() {
    let plan = plan(
        &street(&format!("{VAN_AND_LAMP}[[strategy]]\nname = \"no-lfr\"\n")),
        &[("people.demand_scale", "0.01")],
        2000,
    );
    let runs = common::runs(&plan);
    let patrol = &runs.by_strategy[1];
    let scanned = [
        C::Passes,
        C::Searches,
        C::TrueAlerts,
        C::FalseAlerts,
        C::WrongfulStops,
        C::WiderArrests,
        C::Detours,
    ];
    assert_eq!(total(patrol, &scanned), 0);
    let hours = 2000.0 * 12.0 * 4.0;
    common::poisson("patrol arrests", total(patrol, &[C::PatrolArrests]), 0.03 * hours);
    common::poisson(
        "patrol stops with another outcome",
        total(patrol, &[C::PatrolOther]),
        0.25 * 0.27 / 2.0 * hours,
    );
    common::poisson(
        "patrol stops without",
        total(patrol, &[C::PatrolNothing]),
        0.25 * 0.73 * hours,
    );
    common::poisson(
        "wider arrests",
        total(&runs.by_strategy[0], &[C::WiderArrests]),
        0.008 * hours,
    );
    let daily: Vec<f64> = patrol
        .iter()
        .map(|r| r.groups[0].get(C::PatrolNothing) as f64)
        .collect();
    common::dispersion("patrol stops a day", &daily);
    assert_eq!(
        total(patrol, &[C::SoughtPresent]),
        total(&runs.by_strategy[0], &[C::SoughtPresent])
    );
}

/// Every stop of a listed person ends as its reason and its entry say: arrests, other actions, none.
#[test]
fn stops_end_as_the_watchlist_says() {
    let set = [
        ("sought.prevalence", "0.05"),
        ("officers.pairs", "200"),
        ("operator.count", "20"),
        ("matcher.false_match_level", "0"),
    ];
    let plan = van_and_lamp(&set, 20);
    let mut seen = vec![[0_u64; 4]; plan.watchlist.reasons.len()];
    for day in watch(&plan) {
        for alert in &day.alerts {
            if let (Some(stop), Truth::True { reason, stale: false }) = (alert.stop, alert.truth) {
                assert_eq!(alert.ending, Ending::Stopped);
                use lamplight::response::Outcome as O;
                let what = match stop.outcome {
                    O::Arrest => 0,
                    O::OtherAction => 1,
                    O::NoAction => 2,
                    other => panic!("a listed person's stop ended {other:?}"),
                };
                seen[reason][what] += 1;
                seen[reason][3] += 1;
            }
        }
    }
    for (reason, [arrest, other, none, all]) in plan.watchlist.reasons.iter().zip(seen) {
        assert!(all > 20, "{} {all}", reason.name);
        binomial(&format!("arrests, {}", reason.name), arrest, all, reason.arrest);
        binomial(&format!("other actions, {}", reason.name), other, all, reason.other);
        binomial(
            &format!("no action, {}", reason.name),
            none,
            all,
            (1.0 - reason.arrest - reason.other).max(0.0),
        );
    }
}
