//! When people arrive: a Poisson count per gate and hour, then independent uniform times (decision: no sequential thinning).

use crate::kernel::{Micros, name_hash};
use crate::scenario::Plan;
use crate::scenario::registry::param;
use crate::scenario::world::Numbers;

/// One clock hour of the simulated window, or the part of it inside the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HourBlock {
    /// Clock hour, 0 to 23.
    pub hour: usize,
    /// Start.
    pub start: Micros,
    /// End.
    pub end: Micros,
    /// Share of the clock hour.
    pub share: f64,
}

/// Expected arrivals of an ordinary day.
#[derive(Clone, Debug)]
pub struct Demand {
    /// Hash of each gate's id (24 bits), the key of its draws.
    pub gate_keys: Vec<u64>,
    /// Expected persons per clock hour at each gate.
    pub persons: Vec<[f64; 24]>,
    /// The window, hour by hour.
    pub blocks: Vec<HourBlock>,
    /// Mean persons per hour of the place while cameras are open.
    pub mean_open: f64,
    /// Mean group size.
    pub mean_size: f64,
    /// Cumulative distribution of group size.
    pub size_below: [f64; 4],
}

impl Demand {
    /// The demand of a plan at the scale of `numbers`, times what the place was fitted to
    /// ([`Streets::demand_scale`](super::Streets)).
    pub fn new(plan: &Plan, numbers: &Numbers, fitted: f64) -> Self {
        let scale = plan.place.demand_scale * fitted * numbers.get(param::DEMAND_SCALE);
        let persons: Vec<[f64; 24]> = plan
            .place
            .gates
            .iter()
            .map(|g| g.persons_per_hour[plan.day_type as usize].map(|p| p * scale))
            .collect();
        let start = (plan.open_s - 60.0 * numbers.get(param::LEAD_MIN)).max(0.0);
        let blocks = hours(start, plan.close_s);
        let of = |hour: usize| persons.iter().map(|g| g[hour]).sum::<f64>();
        let open = hours(plan.open_s, plan.close_s);
        let open_hours: f64 = open.iter().map(|b| b.share).sum();
        let mean_open = open.iter().map(|b| of(b.hour) * b.share).sum::<f64>() / open_hours.max(1e-9);
        let weekend = matches!(
            plan.day_type,
            crate::scenario::plan::DayType::Saturday | crate::scenario::plan::DayType::Sunday
        );
        let (g2, g3, g4) = if numbers.choice(param::GROUP_SIZE) == 1 {
            (0.0, 0.0, 0.0)
        } else if weekend {
            (0.35, 0.13, 0.07)
        } else {
            (
                numbers.get(param::GROUP_2),
                numbers.get(param::GROUP_3),
                numbers.get(param::GROUP_4),
            )
        };
        let g1 = (1.0 - g2 - g3 - g4).max(0.0);
        Demand {
            gate_keys: plan.place.gates.iter().map(|g| name_hash(&g.id) >> 40).collect(),
            persons,
            blocks,
            mean_open,
            mean_size: g1 + 2.0 * g2 + 3.0 * g3 + 4.0 * g4,
            size_below: [g1, g1 + g2, g1 + g2 + g3, 1.0],
        }
    }

    /// Expected persons per hour of the whole place in a clock hour.
    pub fn place_persons(&self, hour: usize) -> f64 {
        self.persons.iter().map(|g| g[hour]).sum()
    }

    /// Expected person-visits of a day.
    pub fn persons_per_day(&self) -> f64 {
        (0..24).map(|h| self.place_persons(h)).sum()
    }
}

/// Clock hours between two times of day, in seconds.
fn hours(from_s: f64, to_s: f64) -> Vec<HourBlock> {
    (0..24)
        .filter_map(|hour| {
            let start = from_s.max(3600.0 * hour as f64);
            let end = to_s.min(3600.0 * (hour + 1) as f64);
            (end > start).then(|| HourBlock {
                hour,
                start: Micros::from_seconds(start),
                end: Micros::from_seconds(end),
                share: (end - start) / 3600.0,
            })
        })
        .collect()
}
