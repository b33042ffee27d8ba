//! Who arrives, and what is left after Poisson streams are thinned.

use crate::common::{dispersion, first, independent, key, kolmogorov_smirnov, poisson, reference, shares, shipped};
use lamplight::deployment::Scene;
use lamplight::measure::{Counter, RunSummary};
use lamplight::people::{Day, Streets};
use lamplight::scenario::world::{Draws, Numbers};
use statrs::distribution::{ContinuousCDF, Normal};

fn counts(runs: &[RunSummary], counter: Counter) -> Vec<f64> {
    runs.iter().map(|r| r.groups[0].get(counter) as f64).collect()
}

/// V1: noticing and then detection thin a Poisson stream into independent Poisson streams.
#[test]
fn thinned_streams_are_poisson_and_independent() {
    let set = [
        ("people.demand_scale", "0.02"),
        ("sought.prevalence", "0"),
        ("policy.awareness", "signs"),
        ("policy.signs", "3"),
        ("policy.aware_sign", "0.1"),
        ("policy.aware_notice", "0"),
        ("policy.aware_word", "0"),
        ("policy.aware_leaflet", "0"),
        ("policy.aware_lamp", "0"),
        ("policy.concerned", "0"),
        ("policy.avoid_other", "0"),
        ("policy.cover_other", "0"),
        ("policy.turn_other", "1"),
    ];
    let mut plan = reference("busy", &set, 2000);
    plan.strategies[0].cameras.truncate(1);
    let runs = first(&plan);
    let (people, aware, captured) = (2000.0 * 400.0, 1.0 - 0.9_f64.powi(3), 0.85);
    let turned = counts(&runs, Counter::TurnedBack);
    let passes = counts(&runs, Counter::Passes);
    let searches = counts(&runs, Counter::Searches);
    let missed: Vec<f64> = passes.iter().zip(&searches).map(|(p, s)| p - s).collect();
    for (what, stream, share) in [
        ("turned back", &turned, aware),
        ("passes", &passes, 1.0 - aware),
        ("searches", &searches, (1.0 - aware) * captured),
        ("not captured", &missed, (1.0 - aware) * (1.0 - captured)),
    ] {
        poisson(what, stream.iter().sum::<f64>() as u64, people * share);
        dispersion(what, stream);
    }
    independent("turned back and passing", &turned, &passes);
    independent("captured and not", &searches, &missed);
}

/// V2: counts by gate and hour are Poisson with the hour's mean, also in half an hour; times are uniform in it.
#[test]
fn hours_have_poisson_counts_and_uniform_times() {
    let half = shipped("reference/high-street-1-base.toml").replace("open = 09:00:00", "open = 09:30:00");
    let plan = crate::common::plan(&half, &[("sought.prevalence", "0")], 1);
    let streets = Streets::prepare(&plan);
    let numbers = Numbers::draw(&plan.values, None);
    let persons = [750.0, 2000.0, 2600.0, 3000.0, 3200.0, 3000.0, 2600.0, 2100.0];
    let replications = 2000;
    let mut by_hour = [0_u64; 8];
    let (mut squares, mut cells) = (0.0, 0.0);
    for replication in 0..replications {
        let day = Day::new(&plan, &streets, &numbers, Draws::new(5, replication));
        assert_eq!(day.demand.blocks.len(), 8);
        for (h, block) in day.demand.blocks.iter().enumerate() {
            for gate in 0..2 {
                let count = day.arrivals(gate, block);
                by_hour[h] += u64::from(count);
                let mean = persons[h] / 2.0;
                squares += (f64::from(count) - mean) * (f64::from(count) - mean) / mean;
                cells += 1.0;
            }
        }
    }
    for (count, mean) in by_hour.iter().zip(persons) {
        poisson("an hour's arrivals", *count, mean * f64::from(replications));
    }
    shares("arrivals by hour", &by_hour, &persons);
    crate::common::chi_square("dispersion of gate hours about their known means", squares, cells);

    let day = Day::new(&plan, &streets, &numbers, Draws::new(6, 0));
    let times: Vec<f64> = (0..2)
        .flat_map(|gate| day.demand.blocks.iter().map(move |b| (gate, *b)))
        .flat_map(|(gate, block)| {
            let day = &day;
            let length = (block.end - block.start).seconds();
            (0..day.arrivals(gate, &block))
                .map(move |i| (day.visit(gate, &block, i).start - block.start).seconds() / length)
        })
        .collect();
    kolmogorov_smirnov("times within the hour", &times, |x| x);
}

/// A day's footfall is log-normal with mean 1.
#[test]
fn footfall_of_a_day_is_lognormal_with_mean_one() {
    let plan = reference("base", &[("people.day_log_sd", "0.3")], 1);
    let streets = Streets::prepare(&plan);
    let numbers = Numbers::draw(&plan.values, None);
    let log_sd = numbers.get(key("people.day_log_sd"));
    let footfall: Vec<f64> = (0..4000)
        .map(|r| Day::new(&plan, &streets, &numbers, Draws::new(7, r)).footfall)
        .collect();
    let law = Normal::new(-0.5 * log_sd * log_sd, log_sd).unwrap();
    kolmogorov_smirnov(
        "log footfall",
        &footfall.iter().map(|f| f.ln()).collect::<Vec<_>>(),
        |x| law.cdf(x),
    );
}

/// V1 for groups: members' cells follow the crowd's shares for leaders, and persons per hour do not depend on group size.
#[test]
fn leaders_follow_the_shares_and_groups_keep_the_number_of_persons() {
    let plan = crate::common::plan(
        &crate::common::street(crate::common::VAN_AND_LAMP),
        &[("sought.prevalence", "0"), ("people.day_log_sd", "0")],
        1,
    );
    let streets = Streets::prepare(&plan);
    let scene = Scene::prepare(&plan, &plan.strategies[0], &streets);
    let numbers = Numbers::draw(&scene.strategy.values, None);
    let mut cells = vec![0_u64; plan.axes.cells()];
    let (mut persons, mut visits, mut sizes) = (0_u64, 0_u64, [0_u64; 4]);
    for replication in 0..20 {
        let day = Day::new(&plan, &streets, &numbers, Draws::new(8, replication));
        let mut members = [lamplight::people::Member::default(); lamplight::people::MAX_MEMBERS];
        for block in &day.demand.blocks {
            for gate in 0..2 {
                for i in 0..day.arrivals(gate, block) {
                    let visit = day.visit(gate, block, i);
                    let count = day.members(&visit, &mut members);
                    cells[members[0].cell] += 1;
                    persons += count as u64;
                    visits += 1;
                    sizes[count - 1] += 1;
                }
            }
        }
    }
    shares("leaders by cell", &cells, &plan.axes.joint(&plan.crowd.shares));
    shares("group sizes", &sizes, &[0.62, 0.27, 0.08, 0.03]);
    // Six hours of 2,000 persons. The variance of a compound Poisson sum is rate x E(size^2).
    let (mean, square): (f64, f64) = (1.52, 0.62 + 4.0 * 0.27 + 9.0 * 0.08 + 16.0 * 0.03);
    let expected = 20.0 * 12_000.0;
    crate::common::near("persons", persons as f64, expected, (expected / mean * square).sqrt());
    poisson("visits", visits, expected / mean);
}
