//! Quality of captured faces and the scores of listed people.

use crate::common::{binomial, near, plan, shares};
use lamplight::camera::{LookSettings, detection, iod_px, look_probability, pitch_deg};
use lamplight::kernel::Stream;
use lamplight::matcher::Genuine;
use lamplight::people::SoughtPeople;
use lamplight::scenario::registry::param;
use lamplight::scenario::world::{Draws, Numbers};
use lamplight::stats::dist::normal_quantile;

/// V27: mean and sd of quality at the design point, and how often listed people who are searched are recognised, with the
/// age and the quality of list photographs; goldens to 0.003.
#[test]
fn listed_people_are_recognised_as_often_as_the_golden_values_say() {
    let plan = plan(&crate::matcher::golden_text(), &[], 1);
    let strategy = &plan.strategies[0];
    let numbers = Numbers::draw(&strategy.values, None);
    let genuine = Genuine::new(&plan, strategy, &numbers);
    let sought = SoughtPeople::new(&plan, &numbers);
    let draws = Draws::new(27, 0);
    let law = LookSettings::read(|id| numbers.get(id)).quality;
    let base = law.base(iod_px(10.0, 3840.0, 25.0), pitch_deg(10.0, 3.0), 0.0, 1.0, 0.0);
    let looks = 2.7;
    let n = 400_000_u32;
    let (mut sum, mut squares) = (0.0, 0.0);
    let mut over = [0_u32; 2];
    for i in 0..n {
        let words = Stream::new(27, 1, 0).block(1, 0, i, 0);
        let more = Stream::new(27, 1, 0).block(2, 0, i, 0);
        let q = law.quality(
            base,
            normal_quantile(words.fine(0)),
            normal_quantile(words.fine(1).powf(1.0 / looks)),
        );
        sum += q;
        squares += q * q;
        let score = genuine.score(&sought.person(&draws, u64::from(i)), q, normal_quantile(more.fine(0)));
        over[0] += u32::from(score >= 0.60);
        over[1] += u32::from(score >= 0.64);
    }
    let n = f64::from(n);
    let mean = sum / n;
    let sd = (squares / n - mean * mean).sqrt();
    let tpir = over.map(|o| f64::from(o) / n);
    for (what, value, golden) in [
        ("mean quality", mean, 0.688),
        ("sd of quality", sd, 0.163),
        ("TPIR of searched at 0.60", tpir[0], 0.889),
        ("TPIR of searched at 0.64", tpir[1], 0.820),
    ] {
        assert!((value - golden).abs() < 0.003, "{what}: {value}, golden {golden}");
    }
}

/// Sought people have the cells, reasons, staleness and chance to be on the list that the watchlist says.
#[test]
fn sought_people_follow_the_watchlist() {
    let plan = plan(
        &crate::matcher::golden_text(),
        &[("watchlist.size", "4000"), ("watchlist.pool", "16000")],
        1,
    );
    let numbers = Numbers::draw(&plan.strategies[0].values, None);
    let sought = SoughtPeople::new(&plan, &numbers);
    let draws = Draws::new(28, 0);
    let n = 200_000_u64;
    let (mut cells, mut reasons) = (vec![0_u64; 10], vec![0_u64; 4]);
    let (mut listed, mut knows, mut stale) = (0_u64, 0_u64, vec![0_u64; 4]);
    for i in 0..n {
        let person = sought.person(&draws, i);
        cells[person.cell] += 1;
        reasons[person.reason] += 1;
        listed += u64::from(person.listed);
        knows += u64::from(person.knows);
        stale[person.reason] += u64::from(person.stale);
    }
    let (ethnicity, sex) = ([0.46, 0.13, 0.29, 0.07, 0.05], [0.9, 0.1]);
    let joint: Vec<f64> = ethnicity.iter().flat_map(|e| sex.map(|s| e * s)).collect();
    shares("cells of sought people", &cells, &joint);
    let present = [0.45 * 0.69, 0.30 * 0.77, 0.23 * 1.91, 0.02];
    shares("reasons of those in the streets", &reasons, &present);
    binomial("on the list", listed, n, 0.25);
    binomial("know it", knows, n, 0.7);
    for ((count, of), share) in stale.iter().zip(&reasons).zip([0.03, 0.06, 0.01, 0.05]) {
        binomial("out of date", *count, *of, share);
    }
}

/// The chance of a usable face over a whole view is that of at least one usable look.
#[test]
fn a_face_is_captured_when_one_look_is_usable() {
    let settings = lamplight::camera::LookSettings::read(|id| lamplight::scenario::plan::Values::default().get(id));
    let one = look_probability(&settings, 0.3, 10.0, 3.0, 0.0, 0.0);
    let stream = Stream::new(29, 0, 0);
    let n = 200_000_u32;
    let seen = (0..n)
        .filter(|i| (0..3).any(|look| stream.block(1, look, *i, 0).fine(0) < one))
        .count() as f64;
    let p = detection(one, 3.0);
    near(
        "captured in three looks",
        seen,
        f64::from(n) * p,
        (f64::from(n) * p * (1.0 - p)).sqrt(),
    );
    assert_eq!(
        settings.look_probability,
        param::LOOK_PROBABILITY.row().kind.default_number()
    );
}
