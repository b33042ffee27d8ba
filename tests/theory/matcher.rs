//! False matches: the O(1) sampler against brute force and closed forms.

use crate::common::{binomial, kolmogorov_smirnov, kolmogorov_smirnov_two, near, plan, shares};
use lamplight::kernel::Stream;
use lamplight::matcher::{FIXED_POINT, Genuine, Matcher, ln_positive_stable};
use lamplight::scenario::Plan;
use lamplight::scenario::world::{Numbers, Purpose};

/// The golden table's crowd and list: five ethnic groups and two sexes, age left out.
pub fn golden_text() -> String {
    crate::common::street(crate::common::VAN_AND_LAMP).replace(
        "population = \"london-passers-by\"",
        "
[[people.axis]]
name = \"ethnicity\"
levels = [\"White\", \"Asian\", \"Black\", \"Mixed\", \"Other\"]
shares = [0.52, 0.21, 0.14, 0.06, 0.07]
[[people.axis]]
name = \"sex\"
levels = [\"male\", \"female\"]
shares = [0.5, 0.5]
",
    )
}

/// The matcher of a plan's first strategy at central values.
fn matcher(plan: &Plan) -> Matcher {
    let strategy = &plan.strategies[0];
    let numbers = Numbers::draw(&strategy.values, None);
    Matcher::new(
        plan,
        strategy,
        &numbers,
        &plan.axes.joint(&plan.watchlist.shares),
        strategy.values.get(crate::common::key("watchlist.size")),
    )
}

/// The golden matcher with some keys set.
fn golden(set: &[(&str, &str)]) -> (Plan, Matcher) {
    let plan = plan(&golden_text(), set, 1);
    let matcher = matcher(&plan);
    (plan, matcher)
}

/// A matcher of one cell with this many expected matches per search.
fn simple(threshold: f64, slope: f64, alpha: f64, expected: f64) -> Matcher {
    let genuine = Genuine::Plain { mean: 0.7, sd: 0.05 };
    Matcher::from_counts(threshold, slope, alpha, vec![expected], vec![vec![1.0]], genuine)
}

/// Mean over the golden crowd.
fn over_crowd(plan: &Plan, value: impl Fn(usize) -> f64) -> f64 {
    let crowd = plan.axes.joint(&plan.crowd.shares);
    crowd.iter().enumerate().map(|(c, s)| s * value(c)).sum()
}

/// Golden values are printed to so many digits: half a unit of the last.
#[track_caller]
fn golden_digits(what: &str, value: f64, golden: f64, unit: f64) {
    assert!(
        (value - golden).abs() <= 0.5 * unit * (1.0 + 1e-9),
        "{what}: {value}, golden {golden} to {unit}"
    );
}

/// V3: the best of 10,000 impostors with exponential tails, compared one by one, has the law of one draw of the sampler.
#[test]
fn best_of_ten_thousand_impostors_has_the_law_of_the_sampler() {
    let (slope, lowest, entries) = (52.0, 0.40, 10_000_u32);
    let brute_stream = Stream::new(3, 0, 0);
    let brute: Vec<f64> = (0..2000_u64)
        .map(|search| {
            (0..entries / 4)
                .flat_map(|j| brute_stream.block(1, 0, j, search).0)
                .map(|word| lowest - lamplight::kernel::draw::unit(word).ln() / slope)
                .fold(f64::NEG_INFINITY, f64::max)
        })
        .collect();
    // At a threshold that the best of the list practically always reaches, every search gives its best score.
    let threshold = 0.50;
    let expected = f64::from(entries) * (-slope * (threshold - lowest)).exp();
    assert!((-expected).exp() < 1e-20);
    for alpha in [1.0, 0.7, 0.4] {
        let matcher = simple(threshold, slope, alpha, expected);
        let (people, looks) = (Stream::new(3, 1, 0), Stream::new(3, 1, 1));
        let scores: Vec<f64> = (0..50_000_u64)
            .filter_map(|person| {
                let look = looks.block(1, 0, 0, person).0;
                matcher.false_match(people, 0, person, look[0], look[1])
            })
            .map(|m| m.score)
            .collect();
        assert_eq!(scores.len(), 50_000);
        kolmogorov_smirnov_two(&format!("best impostor, alpha {alpha}"), &brute, &scores);
        let gumbel = |s: f64| (-f64::from(entries) * (-slope * (s - lowest)).exp()).exp();
        kolmogorov_smirnov(&format!("sampler, alpha {alpha}"), &scores, gumbel);
    }
}

/// One person's `k` searches: how many reach the threshold. Uses the fast exclusion as the engine does, and checks it.
fn fires(matcher: &Matcher, people: Stream, looks: Stream, person: u64, k: u16) -> u32 {
    let luck = people.block(Purpose::Person as u16, 0, 0, person).0;
    (0..k)
        .map(|n| {
            let look = looks.block(1, n, 0, person).0;
            let excluded = matcher.excluded(0, look[0], [luck[0], luck[1]]);
            let found = matcher.false_match(people, 0, person, look[0], look[1]);
            assert!(
                !(excluded && found.is_some()),
                "an excluded search reached the threshold"
            );
            u32::from(found.is_some())
        })
        .sum()
}

/// V4 and V5: no false alert in K searches of one person with chance exp(-K^alpha Λ); a repeat of one follows from it.
#[test]
fn repeated_searches_of_one_person_follow_the_power_law() {
    let people = 150_000_u64;
    for (alpha, expected) in [(0.7, 0.05), (0.4, 0.02), (1.0, 0.05)] {
        let matcher = simple(0.64, 52.0, alpha, expected);
        for k in [1_u16, 2, 5, 20] {
            let (stream, looks) = (Stream::new(4, u32::from(k), 0), Stream::new(4, u32::from(k), 1));
            let hits: Vec<u32> = (0..people).map(|p| fires(&matcher, stream, looks, p, k)).collect();
            let none = (-f64::from(k).powf(alpha) * expected).exp();
            let some = hits.iter().filter(|h| **h > 0).count() as u64;
            binomial(
                &format!("some in {k} searches, alpha {alpha}"),
                some,
                people,
                1.0 - none,
            );
            if k == 2 {
                let twice = hits.iter().filter(|h| **h == 2).count() as u64;
                let both = 1.0 - 2.0 * (-expected).exp() + (-(2.0_f64.powf(alpha)) * expected).exp();
                binomial(&format!("both of two, alpha {alpha}"), twice, people, both);
            }
        }
    }
    let repeat = |l: f64| (1.0 - 2.0 * (-l).exp() + (-(2.0_f64.powf(0.7)) * l).exp()) / (1.0 - (-l).exp());
    golden_digits("V5", repeat(1e-7), 0.3755, 1e-4);
}

/// V4: golden chances of a Black man at the default threshold, from the expectations that a run adds up.
#[test]
fn golden_chances_in_several_searches() {
    let (_, matcher) = golden(&[("matcher.person_effect", "0.7")]);
    let cell = 4; // Black, male
    let added = |k: u32| (1..=k).map(|n| matcher.expected_increment(cell, n) as f64).sum::<f64>() / FIXED_POINT;
    golden_digits("K = 1", added(1) * 1e5, 1.608, 1e-3);
    golden_digits("K = 2", added(2) * 1e5, 2.612, 1e-3);
    golden_digits("K = 5", added(5) * 1e5, 4.961, 1e-3);
    let expected = matcher.expected_matches[cell];
    golden_digits(
        "K = 20",
        -(-(20.0_f64.powf(0.7)) * expected).exp_m1() * 1e4,
        1.309,
        1e-3,
    );
    golden_digits("K = 20, alone", -(-20.0 * expected).exp_m1() * 1e4, 3.216, 1e-3);
    for k in 1..=16 {
        let closed = -(-f64::from(k).powf(0.7) * expected).exp_m1();
        assert!(
            (added(k) - closed).abs() < 1e-12 * closed,
            "{k} searches: {} {closed}",
            added(k)
        );
    }
}

/// V6: precision at the default level.
#[test]
fn golden_precision() {
    let (plan, matcher) = golden(&[]);
    let rate = over_crowd(&plan, |c| -(-matcher.expected_matches[c]).exp_m1());
    let (prevalence, found) = (0.70e-3, 0.82);
    let precision = prevalence * found / (prevalence * found + (1.0 - prevalence) * rate);
    golden_digits("precision", precision, 0.9947, 1e-4);
}

/// V7: searches of new people until the first false alert are geometric.
#[test]
fn searches_until_the_first_false_alert_are_geometric() {
    let rate = 0.05;
    let matcher = simple(0.64, 52.0, 0.7, -f64::ln_1p(-rate));
    let (people, looks) = (Stream::new(7, 0, 0), Stream::new(7, 0, 1));
    let bins = 60;
    let mut counts = vec![0_u64; bins + 1];
    let mut gap = 0;
    for person in 0..600_000_u64 {
        if fires(&matcher, people, looks, person, 1) > 0 {
            counts[gap.min(bins)] += 1;
            gap = 0;
        } else {
            gap += 1;
        }
    }
    let mut law: Vec<f64> = (0..bins).map(|g| rate * (1.0 - rate).powi(g as i32)).collect();
    law.push((1.0 - rate).powi(bins as i32));
    shares("searches before a false alert", &counts, &law);
}

/// V19: the sampled luck A has the Laplace transform exp(-s^alpha).
#[test]
fn sampled_luck_has_the_laplace_transform_of_the_positive_stable_law() {
    let n = 200_000_u32;
    for alpha in [0.4, 0.5, 0.7, 0.9] {
        let stream = Stream::new(19, (alpha * 10.0) as u32, 0);
        let luck: Vec<f64> = (0..n)
            .map(|i| {
                let words = stream.block(1, 0, i, 0);
                ln_positive_stable(alpha, words.fine(0), words.fine(1)).exp()
            })
            .collect();
        for s in [0.1, 0.5, 1.0, 3.0_f64] {
            let mean = luck.iter().map(|a| (-s * a).exp()).sum::<f64>() / f64::from(n);
            let transform = |s: f64| (-s.powf(alpha)).exp();
            let variance = transform(2.0 * s) - transform(s) * transform(s);
            near(
                &format!("Laplace transform, alpha {alpha}, s {s}"),
                mean,
                transform(s),
                (variance / f64::from(n)).sqrt(),
            );
        }
    }
}

/// V20: people are taken for entries of each cell in proportion to entries x false match rate.
#[test]
fn matched_cells_follow_entries_times_rate() {
    let (plan, matcher) = golden(&[("matcher.false_match_level", "0.01")]);
    let list = plan.axes.joint(&plan.watchlist.shares);
    let looks = Stream::new(20, 1, 0);
    for probe in [0, 3, 5] {
        // The probe's own multiplier cancels; an entry of another ethnicity is 20 times, of the other sex 10 times rarer.
        let weights: Vec<f64> = list
            .iter()
            .enumerate()
            .map(|(h, share)| {
                let ethnicity = if probe / 2 == h / 2 { 1.0 } else { 1.0 / 20.0 };
                let sex = if probe % 2 == h % 2 { 1.0 } else { 1.0 / 10.0 };
                share * ethnicity * sex
            })
            .collect();
        let mut counts = vec![0_u64; list.len()];
        for person in 0..50_000_u64 {
            let look = looks.block(1, 0, probe as u32, person).0;
            let found = matcher.false_match(Stream::new(20, 0, 0), probe, person, look[0], look[1]);
            counts[found.expect("at this level every search matches").cell] += 1;
        }
        shares(&format!("entries that cell {probe} is taken for"), &counts, &weights);
    }
}

/// V25: the golden table of false alerts per million searches.
#[test]
fn golden_table_of_false_alerts_per_million_searches() {
    let (plan, matcher) = golden(&[]);
    let rate = |matcher: &Matcher, c: usize| -1e6 * (-matcher.expected_matches[c]).exp_m1();
    let male = [2.7654, 2.2660, 16.0802, 1.5215, 0.8305];
    let female = [1.1548, 0.9462, 6.7149, 0.6354, 0.3468];
    let mean = [1.9601, 1.6061, 11.3976, 1.0784, 0.5886];
    let share = [0.3333, 0.1103, 0.5218, 0.0212, 0.0135];
    let all = over_crowd(&plan, |c| rate(&matcher, c));
    for e in 0..5 {
        let (m, f) = (rate(&matcher, 2 * e), rate(&matcher, 2 * e + 1));
        golden_digits("men", m, male[e], 1e-4);
        golden_digits("women", f, female[e], 1e-4);
        golden_digits("both", 0.5 * (m + f), mean[e], 1e-4);
        golden_digits("share", plan.crowd.shares[0][e] * 0.5 * (m + f) / all, share[e], 1e-4);
    }
    golden_digits("all", all, 3.0581, 1e-4);
    golden_digits(
        "men's share",
        over_crowd(&plan, |c| if c % 2 == 0 { rate(&matcher, c) } else { 0.0 }) / all,
        0.7054,
        1e-4,
    );
    for (key, value, golden_value, unit) in [
        ("watchlist.size", "8000", 1.5290, 1e-4),
        ("matcher.threshold", "0.60", 24.48, 1e-2),
        ("matcher.threshold", "0.62", 8.652, 1e-3),
        ("matcher.threshold", "0.66", 1.081, 1e-3),
    ] {
        let (plan, matcher) = golden(&[(key, value)]);
        golden_digits(key, over_crowd(&plan, |c| rate(&matcher, c)), golden_value, unit);
    }
    // With equal multipliers the list alone gives these ratios.
    let (_, neutral) = golden(&[("matcher.preset", "neutral")]);
    let both = |e: usize| rate(&neutral, 2 * e) + rate(&neutral, 2 * e + 1);
    golden_digits("Black to White, neutral", both(2) / both(0), 0.67, 1e-2);
    golden_digits(
        "men to women, neutral",
        rate(&neutral, 0) / rate(&neutral, 1),
        4.8,
        1e-1,
    );
}

/// T25: a list of men alone halves, nearly, how often women are falsely alerted: from 0.1 + 0.9 / 10 to 1 / 10.
#[test]
fn a_list_of_men_protects_women_by_the_ratio_of_likeness() {
    let (mut plan, mixed) = golden(&[("matcher.normalise_level", "false")]);
    plan.watchlist.shares[1] = vec![1.0, 0.0];
    let men = matcher(&plan);
    for cell in [1, 3, 5, 7, 9] {
        let ratio = mixed.expected_matches[cell] / men.expected_matches[cell];
        assert!((ratio - (0.1 + 0.9 / 10.0) / (1.0 / 10.0)).abs() < 1e-9, "{ratio}");
    }
}
