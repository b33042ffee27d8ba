use super::*;
use crate::kernel::Stream;
use crate::programme::testing::numbers;
use crate::scenario::registry::ParamId;

fn sites(n: usize) -> Vec<SiteFacts> {
    (0..n)
        .map(|i| SiteFacts {
            key: i as u32,
            borough: i,
            residents: 1000.0,
            footfall: i as f64,
            recorded_crime: 1.0,
            sought_at_home: 0,
        })
        .collect()
}

/// Chooses one site a day for `days`; every deployment makes `arrests` arrests. Deployments by site.
fn play(rule: &mut dyn Placement, n: usize, days: i32, seed: u64, arrests: impl Fn(usize) -> u64) -> Vec<u64> {
    let (sites, candidates) = (sites(n), (0..n).collect::<Vec<_>>());
    let mut rows: Vec<PublishedRow> = Vec::new();
    for day in 0..days {
        let today = Today {
            date: jiff::civil::date(2025, 1, 1),
            day,
            sites: &sites,
            candidates: &candidates,
            wanted: 1,
        };
        let draw = |key: u32| Stream::new(seed, 0, 9).block(1, 0, key, day as u64).fine(0);
        let site = rule.choose(&today, &rows, &draw)[0];
        rows.push(PublishedRow {
            day,
            site,
            hours: 5.0,
            arrests: arrests(site),
            ..PublishedRow::default()
        });
    }
    by_site(&rows, n).iter().map(|s| s.deployments).collect()
}

/// A rule of a researcher: the site that has not been visited yet, else the first.
struct Newcomer;

impl Placement for Newcomer {
    fn choose(&mut self, today: &Today, published: &[PublishedRow], _: &dyn Fn(u32) -> f64) -> Vec<usize> {
        let new = |s: &&usize| published.iter().all(|r| r.site != **s);
        let first = today.candidates.iter().find(new).or(today.candidates.first());
        first.copied().into_iter().collect()
    }
}

#[test]
fn a_rule_needs_no_more_than_ten_lines() {
    assert_eq!(play(&mut Newcomer, 4, 10, 1, |_| 0), [7, 1, 1, 1]);
}

#[test]
fn uniform_and_rotation_serve_all_alike() {
    for (share, n) in play(&mut Rotation, 4, 400, 1, |_| 1).iter().zip(0..) {
        assert_eq!(*share, 100, "site {n}");
    }
    let counts = play(&mut Uniform, 4, 4000, 2, |_| 1);
    assert!(counts.iter().all(|c| (880..1120).contains(c)), "{counts:?}");
    assert_eq!(play(&mut Footfall, 4, 10, 1, |_| 0), [0, 0, 0, 10]);
}

#[test]
fn learning_rules_find_the_better_site() {
    let rule = numbers(&[]);
    let better = |s: usize| if s == 2 { 8 } else { 2 };
    assert!(play(&mut Thompson::new(&rule), 4, 200, 3, better)[2] > 150);
    assert!(play(&mut GreedyArrest::new(&rule), 4, 200, 3, better)[2] > 190);
}

#[test]
fn v26_t12_discovery_runs_away_and_its_correction_does_not() {
    let start = [(param::HOTSPOT_REPORTED, 2.0)];
    let shares = |pairs: &[(ParamId, f64)]| -> Vec<f64> {
        (0..400)
            .map(|seed| {
                let mut rule = Hotspot::new(&numbers(&[&start[..], pairs].concat()));
                play(&mut rule, 2, 300, seed, |_| 1)[0] as f64 / 300.0
            })
            .collect()
    };
    let mean_sd = |x: &[f64]| {
        let n = x.len() as f64;
        let mean = x.iter().sum::<f64>() / n;
        (
            mean,
            (x.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0)).sqrt(),
        )
    };
    // Pólya's urn from two and two: the share ends anywhere, as a Beta(2, 2) says.
    let urn = shares(&[]);
    let (mean, sd) = mean_sd(&urn);
    assert!((mean - 0.5).abs() < 0.04, "{mean}");
    assert!((sd - 0.2236).abs() < 0.03, "{sd}");
    // Beta(2, 2) puts 15.6 % below a quarter.
    let low = urn.iter().filter(|s| **s < 0.25).count() as f64 / 400.0;
    assert!((low - 0.156).abs() < 0.06, "{low}");
    // Corrected, or without discovery: a half, but for the chance of 300 draws.
    for cure in [
        &[(param::HOTSPOT_CORRECTED, 1.0)][..],
        &[(param::HOTSPOT_DISCOVERED, 0.0)],
    ] {
        let (mean, sd) = mean_sd(&shares(cure));
        assert!((mean - 0.5).abs() < 0.02 && sd < 0.08, "{mean} {sd}");
    }
}

#[test]
fn caps_keep_away_from_the_over_exposed_and_the_error_prone() {
    let rows: Vec<PublishedRow> = (0..3)
        .map(|site| PublishedRow {
            site,
            hours: 50.0,
            faces: [9000, 1000, 1000][site],
            arrests: [90, 20, 40][site],
            false_unconfirmed: [0, 0, 9][site],
            ..PublishedRow::default()
        })
        .collect();
    let (sites, candidates) = (sites(3), [0, 1, 2]);
    let today = Today {
        date: jiff::civil::date(2025, 1, 1),
        day: 10,
        sites: &sites,
        candidates: &candidates,
        wanted: 1,
    };
    let numbers = numbers(&[]);
    let draw = |_: u32| 0.5;
    assert_eq!(GreedyArrest::new(&numbers).choose(&today, &rows, &draw), [0, 2, 1]);
    assert_eq!(ExposureCap::new(&numbers).choose(&today, &rows, &draw), [2, 1, 0]);
    assert_eq!(ErrorCap::new(&numbers).choose(&today, &rows, &draw), [0, 1, 2]);
}
