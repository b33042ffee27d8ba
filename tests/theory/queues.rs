//! Queues: the operators' desk and the officers' teams against Erlang's and later formulas, and Little's law in a run.

use crate::common::{near_mean, reference, watch};
use lamplight::kernel::queue::{Order, Queue};
use lamplight::kernel::{Micros, Stream};
use lamplight::response::{Desk, Dispatch, Teams};

// ---- closed forms: birth-death chains

/// Stationary probabilities of 0, 1, .. people when `birth` and `death` are the rates out of each state.
fn stationary(states: usize, birth: impl Fn(usize) -> f64, death: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut p = vec![1.0];
    for n in 1..states {
        p.push(p[n - 1] * birth(n - 1) / death(n));
    }
    let total: f64 = p.iter().sum();
    p.iter().map(|x| x / total).collect()
}

fn erlang_b(load: f64, servers: usize) -> f64 {
    stationary(servers + 1, |_| load, |n| n as f64)[servers]
}

fn erlang_c(load: f64, servers: usize) -> f64 {
    let p = stationary(2000, |_| load, |n| n.min(servers) as f64);
    p[servers..].iter().sum()
}

/// M/M/c with alerts that are dropped when not started within `patience`: chance to be dropped, and mean wait of the others.
/// The virtual wait has density proportional to exp(-(cμ - λ)x) up to the patience and exp(-cμ x) beyond it.
fn fixed_patience(arrival: f64, service: f64, servers: usize, patience: f64) -> (f64, f64) {
    let load = arrival / service;
    let full = servers as f64 * service;
    let mut term = 1.0;
    let mut below = 0.0;
    for j in 0..servers {
        if j > 0 {
            term *= load / j as f64;
        }
        below += term;
    }
    let start = arrival * term;
    let net = full - arrival;
    let (inside, first_moment) = if net == 0.0 {
        (start * patience, start * patience * patience / 2.0)
    } else {
        let gone = (-net * patience).exp();
        let moment = (1.0 - (1.0 + net * patience) * gone) / (net * net);
        (start * (1.0 - gone) / net, start * moment)
    };
    let beyond = start * (-net * patience).exp() / full;
    let whole = below + inside + beyond;
    let dropped = beyond / whole;
    (dropped, first_moment / whole / (1.0 - dropped))
}

#[track_caller]
fn digits(what: &str, value: f64, golden: f64) {
    assert!(
        (value - golden).abs() <= 0.5e-5 * (1.0 + 1e-9),
        "{what}: {value}, golden {golden}"
    );
}

/// V9, V10, V11: golden values of the closed forms that simulations are held against.
#[test]
fn golden_values_of_queues() {
    digits("Erlang B", erlang_b(2.0, 4), 0.09524);
    digits("Erlang C", erlang_c(2.0, 4), 0.17391);
    let finite = stationary(6, |_| 6.0, |n| 2.0 * n.min(3) as f64);
    digits("M/M/3/5 blocked", finite[5], 0.20455);
    let (arrival, service, leaving, servers) = (6.0, 2.0, 4.0, 3_usize);
    let abandon = stationary(
        200,
        |_| arrival,
        |n| service * n.min(servers) as f64 + leaving * n.saturating_sub(servers) as f64,
    );
    let queue: f64 = abandon
        .iter()
        .enumerate()
        .map(|(n, p)| n.saturating_sub(servers) as f64 * p)
        .sum();
    digits("Erlang A abandons", leaving * queue / arrival, 0.25895);
    digits("Erlang A waits", abandon[servers..].iter().sum(), 0.51088);
    digits("Erlang A queue", queue, 0.38842);
    // With endless patience a fixed patience is no patience at all; with none everybody who must wait is lost.
    let (lost, wait) = fixed_patience(2.0, 1.0, 4, 1e4);
    assert!(lost < 1e-12 && (wait - erlang_c(2.0, 4) / 2.0).abs() < 1e-9);
    assert!((fixed_patience(2.0, 1.0, 4, 0.0).0 - erlang_b(2.0, 4)).abs() < 1e-12);
}

// ---- the desk and the teams, driven with exponential times

#[derive(Default)]
struct Seen {
    arrived: f64,
    blocked: f64,
    delayed: f64,
    dropped: f64,
    /// Wait of those served, s.
    waited: f64,
}

#[derive(Clone, Copy)]
enum Event {
    Arrive(u32),
    Done(usize),
}

/// Alerts come at `arrival` per s to `servers` operators who take `1 / service` s on average.
struct Setting {
    arrival: f64,
    service: f64,
    servers: usize,
    patience: f64,
    /// Most alerts at once, waiting or under review.
    most: usize,
}

/// Alerts before measuring starts, and alerts measured.
const WARM: u32 = 500;
const MEASURED: u32 = 5000;

/// One replication of a desk.
fn desk(setting: &Setting, replication: u32) -> Seen {
    let stream = Stream::new(9, replication, 0);
    let exponential =
        |i: u32, what: usize, rate: f64| Micros::from_seconds(-stream.block(1, 0, i, 0).fine(what).ln() / rate);
    let mut desk = Desk::new(setting.servers, Micros::from_seconds(setting.patience));
    let mut queue = Queue::default();
    let order = |at, phase, entity: u32| Order::new(at, phase, u64::from(entity) << 24, 0);
    let mut seen = Seen::default();
    let mut present = 0_usize;
    let mut arrived_at = vec![Micros(0); (WARM + MEASURED) as usize];
    queue.push(order(exponential(0, 0, setting.arrival), 1, 0), Event::Arrive(0));
    while let Some((now, event)) = queue.pop() {
        let now = now.at();
        match event {
            Event::Arrive(i) => {
                if i + 1 < WARM + MEASURED {
                    let next = now + exponential(i + 1, 0, setting.arrival);
                    queue.push(order(next, 1, i + 1), Event::Arrive(i + 1));
                }
                let counted = f64::from(u8::from(i >= WARM));
                seen.arrived += counted;
                arrived_at[i as usize] = now;
                if present == setting.most {
                    seen.blocked += counted;
                    continue;
                }
                present += 1;
                match desk.arrive(i, now) {
                    Some(taken) => {
                        let end = now + exponential(taken.alert, 1, setting.service);
                        queue.push(order(end, 0, taken.alert), Event::Done(taken.operator));
                    }
                    None => seen.delayed += counted,
                }
            }
            Event::Done(operator) => {
                present -= 1;
                let next = desk.done(operator, now, |alert| {
                    present -= 1;
                    seen.dropped += f64::from(u8::from(alert >= WARM));
                });
                if let Some(taken) = next {
                    if taken.alert >= WARM {
                        seen.waited += (now - arrived_at[taken.alert as usize]).seconds();
                    }
                    let end = now + exponential(taken.alert, 1, setting.service);
                    queue.push(order(end, 0, taken.alert), Event::Done(taken.operator));
                }
            }
        }
    }
    seen
}

fn desks(setting: &Setting) -> Vec<Seen> {
    (0..100).map(|r| desk(setting, r)).collect()
}

fn rate(seen: &[Seen], of: impl Fn(&Seen) -> f64) -> Vec<f64> {
    seen.iter().map(of).collect()
}

/// V9: at a desk with endless patience alerts wait with Erlang C's chance and for its mean time.
#[test]
fn a_desk_without_loss_is_erlang_c() {
    let setting = Setting {
        arrival: 2.0,
        service: 1.0,
        servers: 4,
        patience: 1e9,
        most: usize::MAX,
    };
    let seen = desks(&setting);
    near_mean("must wait", &rate(&seen, |s| s.delayed / s.arrived), erlang_c(2.0, 4));
    near_mean(
        "mean wait",
        &rate(&seen, |s| s.waited / s.arrived),
        erlang_c(2.0, 4) / 2.0,
    );
    assert!(seen.iter().all(|s| s.dropped == 0.0));
}

/// V10: with room for K alerts the share turned away is the chain's.
#[test]
fn a_desk_with_room_for_five_turns_away_the_golden_share() {
    let setting = Setting {
        arrival: 6.0,
        service: 2.0,
        servers: 3,
        patience: 1e9,
        most: 5,
    };
    let chain = stationary(6, |_| 6.0, |n| 2.0 * n.min(3) as f64);
    let seen = desks(&setting);
    near_mean("turned away", &rate(&seen, |s| s.blocked / s.arrived), chain[5]);
    near_mean("wait", &rate(&seen, |s| s.delayed / s.arrived), chain[3] + chain[4]);
}

/// V11 with the patience that the desk has, a fixed one: alerts not started in time are dropped.
#[test]
fn a_desk_with_patience_drops_the_share_of_the_closed_form() {
    for (arrival, patience) in [(6.0, 0.25), (4.0, 0.5), (9.0, 0.3)] {
        let setting = Setting {
            arrival,
            service: 2.0,
            servers: 3,
            patience,
            most: usize::MAX,
        };
        let (dropped, wait) = fixed_patience(arrival, 2.0, 3, patience);
        let seen = desks(&setting);
        near_mean("dropped", &rate(&seen, |s| s.dropped / s.arrived), dropped);
        near_mean(
            "wait of the others",
            &rate(&seen, |s| s.waited / (s.arrived - s.dropped)),
            wait,
        );
    }
}

/// V9: pairs that nobody waits for are a loss system: Erlang B.
#[test]
fn teams_without_waiting_are_erlang_b() {
    let loss = |replication: u32| {
        let stream = Stream::new(10, replication, 0);
        let exponential =
            |i: u32, what: usize, rate: f64| Micros::from_seconds(-stream.block(1, 0, i, 0).fine(what).ln() / rate);
        let mut teams = Teams::new(&[vec![0; 4]], 0, Dispatch::NearestFree);
        let mut back: Vec<Option<Micros>> = vec![None; 4];
        let (mut now, mut lost) = (Micros(0), 0_u32);
        for i in 0..WARM + MEASURED {
            now += exponential(i, 0, 2.0);
            for (pair, until) in back.iter_mut().enumerate() {
                if until.is_some_and(|t| t <= now) {
                    teams.back(0, pair);
                    *until = None;
                }
            }
            match teams.send(0, i, 1, |_| 0.0) {
                Some(pair) => back[pair] = Some(now + exponential(i, 1, 1.0)),
                None => {
                    assert_eq!(teams.left_waiting(0), Some(i));
                    lost += u32::from(i >= WARM);
                }
            }
        }
        f64::from(lost) / f64::from(MEASURED)
    };
    near_mean(
        "no pair free",
        &(0..100).map(loss).collect::<Vec<_>>(),
        erlang_b(2.0, 4),
    );
}

/// The nearest free pair is sent; of equally near ones the first.
#[test]
fn the_nearest_free_pair_is_sent() {
    let mut teams = Teams::new(&[vec![0, 1, 1], vec![2]], 0, Dispatch::NearestFree);
    let distance = |post: usize| [30.0, 10.0, 1.0][post];
    assert_eq!(teams.send(0, 0, 1, distance), Some(1));
    assert_eq!(teams.send(0, 1, 1, distance), Some(2));
    assert_eq!(teams.send(0, 2, 1, distance), Some(0));
    assert_eq!(teams.send(0, 3, 1, distance), None);
    assert_eq!(teams.send(1, 4, 1, distance), Some(0));
    // Alerts wait first come, first served, each team's for itself.
    assert_eq!(teams.send(0, 5, 1, distance), None);
    assert_eq!(teams.send(1, 6, 1, distance), None);
    teams.back(0, 2);
    assert_eq!(teams.next_waiting(0), Some(3));
    assert_eq!(teams.next_waiting(0), Some(5));
    assert_eq!(teams.next_waiting(0), None);
    // Nobody of the other team is free.
    assert_eq!(teams.next_waiting(1), None);
    assert_eq!(teams.left_waiting(1), Some(6));
}

// ---- Little's law in a run

/// Area under the number of intervals that are open, and the largest number open at once; starts come after ends.
fn sweep(intervals: &[(Micros, Micros)]) -> (i64, i64) {
    let mut steps: Vec<(Micros, i64)> = intervals.iter().flat_map(|(a, b)| [(*a, 1), (*b, -1)]).collect();
    steps.sort_unstable();
    let (mut area, mut open, mut most, mut last) = (0, 0, 0, Micros(0));
    for (at, step) in steps {
        area += open * (at - last).0;
        open += step;
        most = most.max(open);
        last = at;
    }
    assert_eq!(open, 0);
    (area, most)
}

/// V21: in runs of the reference model the time averages of alerts waiting, alerts under review and pairs away equal arrival
/// rate times mean time, to the microsecond; operators and pairs are never more than there are, and never idle while
/// somebody waits for them.
#[test]
fn littles_law_holds_in_runs_of_the_reference_model() {
    let mut waits = 0;
    for day in watch(&reference("busy", &[], 100)) {
        let alerts = &day.alerts;
        let reviewed = |a: &lamplight::deployment::Alert| Some((a.at, a.review_start?, a.review_end?));
        let reviews: Vec<(Micros, Micros, Micros)> = alerts.iter().filter_map(reviewed).collect();
        assert_eq!(reviews.len(), alerts.len(), "everybody is patient");
        let waiting: Vec<(Micros, Micros)> = reviews.iter().map(|r| (r.0, r.1)).collect();
        let working: Vec<(Micros, Micros)> = reviews.iter().map(|r| (r.1, r.2)).collect();
        assert_eq!(sweep(&waiting).0, day.shift.operator_waited.0);
        let (busy, operators) = sweep(&working);
        assert_eq!(busy, day.shift.operator_busy.0);
        assert_eq!(operators, 1);

        let stops: Vec<(Micros, Micros)> = alerts
            .iter()
            .filter_map(|a| {
                let stop = a.stop?;
                Some((a.dispatched?, a.contact? + stop.scene + stop.away))
            })
            .collect();
        let (away, pairs) = sweep(&stops);
        assert_eq!(away, day.shift.pair_busy.0);
        assert!(pairs <= 2);

        // One operator, first come first served: a review begins on arrival or when the one before it ends.
        let mut in_order = reviews.clone();
        in_order.sort();
        let mut free = Micros(0);
        for (at, start, end) in in_order {
            assert_eq!(start, at.max(free));
            waits += u32::from(start > at);
            free = end;
        }
        // A pair is sent at the end of the review or when one comes back, which both are away until then.
        for alert in alerts {
            let (Some(sent), Some(end)) = (alert.dispatched, alert.review_end) else {
                continue;
            };
            let busy = stops.iter().filter(|(a, b)| *a < sent && *b >= sent).count();
            assert!(sent == end || (busy >= 2 && stops.iter().any(|s| s.1 == sent)));
        }
    }
    assert!(waits > 100, "{waits} alerts waited");
}
