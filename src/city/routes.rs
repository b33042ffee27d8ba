//! Which way people walk (path-size logit) and where to (gravity).

use super::network::Network;
use super::paths::Path;
use crate::scenario::place::Place;

/// Probabilities of the alternatives of every pair under one set of parameters.
///
/// `P_k ∝ exp(-θ_t T_k + θ_ps ln PS_k)`: path-size logit (Ben-Akiva and Bierlaire 1999), `T` the minutes at free speed.
#[derive(Clone, Debug)]
pub struct RouteChoice {
    share: Vec<f64>,
}

impl RouteChoice {
    /// `time_per_min` is the dislike of a minute more (θ_t), `path_size` the weight of the correction for shared edges (θ_ps),
    /// `speed_m_s` the walking speed.
    pub fn new(network: &Network, time_per_min: f64, path_size: f64, speed_m_s: f64) -> RouteChoice {
        let mut share = Vec::with_capacity(network.paths.len());
        for ways in network.paths.chunk_by(|a, b| (a.from, a.to) == (b.from, b.to)) {
            // Relative to the shortest, so that no pair underflows.
            let weight = |path: &Path| {
                let minutes_more = (path.length_m - ways[0].length_m) / (60.0 * speed_m_s);
                let size_more = path.ln_path_size - ways[0].ln_path_size;
                libm::exp(-time_per_min * minutes_more + path_size * size_more)
            };
            let start = share.len();
            share.extend(ways.iter().map(weight));
            let sum: f64 = share[start..].iter().sum();
            share[start..].iter_mut().for_each(|value| *value /= sum);
        }
        RouteChoice { share }
    }

    /// The path of a pair at probability `u` in (0, 1). The pair must be prepared and connected
    /// ([`Network::alternatives`] is not empty).
    pub fn choose(&self, network: &Network, from: usize, to: usize, u: f64) -> usize {
        let ways = network.alternatives(from, to);
        debug_assert!(!ways.is_empty(), "no way from OD point {from} to {to}");
        let mut below = 0.0;
        for id in ways.clone() {
            below += self.share[id];
            if u < below {
                return id;
            }
        }
        // Rounding left the sum a hair below u.
        ways.end.saturating_sub(1).max(ways.start)
    }

    /// Probability that a walk between the path's ends takes it.
    pub fn share(&self, path: usize) -> f64 {
        self.share[path]
    }
}

/// Where people go next: the pull of a place times `exp(-distance / L0)`, normalised (a singly constrained gravity model).
#[derive(Clone, Debug)]
pub struct Gravity {
    gates: usize,
    attractors: Choices,
    exits: Choices,
}

impl Gravity {
    /// Attractors pull by their weight, exit gates by the persons they admit in a week; `gravity_m` is the distance over which
    /// a pull falls by e.
    pub fn new(network: &Network, place: &Place, gravity_m: f64) -> Gravity {
        let pulls: Vec<f64> = place.attractors.iter().map(|attractor| attractor.weight).collect();
        let admits: Vec<f64> = place
            .gates
            .iter()
            .map(|gate| {
                let day = |type_of_day: usize| -> f64 { gate.persons_per_hour[type_of_day].iter().sum() };
                4.0 * day(0) + day(1) + day(2) + day(3)
            })
            .collect();
        // A place whose gates admit nobody (a sketch before its demand is known) lets people leave anywhere.
        let admits = if admits.iter().sum::<f64>() > 0.0 {
            admits
        } else {
            vec![1.0; admits.len()]
        };
        let mut exits = Choices::new(network, 0, &admits, gravity_m);
        if network.gates == 1 {
            exits.share[0] = 1.0;
            exits.below[0] = f64::INFINITY;
        }
        Gravity {
            gates: network.gates,
            attractors: Choices::new(network, network.gates, &pulls, gravity_m),
            exits,
        }
    }

    /// OD index of the attractor chosen at probability `u` in (0, 1) from any OD point, never that point itself; `None` when
    /// there is no other attractor that can be reached.
    pub fn attractor(&self, from: usize, u: f64) -> Option<usize> {
        self.attractors.pick(from, u).map(|index| self.gates + index)
    }

    /// OD index of the gate left by, at probability `u` in (0, 1): not `from` itself, unless no other gate can be reached.
    pub fn exit(&self, from: usize, u: f64) -> usize {
        self.exits
            .pick(from, u)
            .unwrap_or(if from < self.gates { from } else { 0 })
    }

    /// Probability that the next attractor from `from` is attractor number `attractor` (0 for the first).
    pub fn attractor_share(&self, from: usize, attractor: usize) -> f64 {
        self.attractors.share[from * self.attractors.width + attractor]
    }

    /// Probability that somebody who leaves from `from` does so by gate `gate`.
    pub fn exit_share(&self, from: usize, gate: usize) -> f64 {
        self.exits.share[from * self.exits.width + gate]
    }
}

/// A discrete law over `width` destinations for every origin.
#[derive(Clone, Debug)]
struct Choices {
    width: usize,
    share: Vec<f64>,
    /// Cumulative shares; infinite from the last possible destination on, so that rounding can never pick an impossible one.
    below: Vec<f64>,
}

impl Choices {
    /// Destinations are the OD points from `first` on, one for each pull.
    fn new(network: &Network, first: usize, pulls: &[f64], gravity_m: f64) -> Choices {
        let width = pulls.len();
        let mut share = Vec::with_capacity(network.od.len() * width);
        let mut below = Vec::with_capacity(network.od.len() * width);
        for from in 0..network.od.len() {
            let possible = |&index: &usize| {
                from != first + index && pulls[index] > 0.0 && network.distance_m(from, first + index).is_finite()
            };
            let nearest = (0..width)
                .filter(possible)
                .map(|index| network.distance_m(from, first + index))
                .fold(f64::INFINITY, f64::min);
            let weight = |index: usize| {
                if possible(&index) {
                    // Relative to the nearest, so that a short gravity length does not underflow.
                    pulls[index] * libm::exp(-(network.distance_m(from, first + index) - nearest) / gravity_m)
                } else {
                    0.0
                }
            };
            let row = share.len();
            share.extend((0..width).map(weight));
            let sum: f64 = share[row..].iter().sum();
            if sum > 0.0 {
                share[row..].iter_mut().for_each(|value| *value /= sum);
            }
            let last = share[row..].iter().rposition(|&value| value > 0.0);
            let mut so_far = 0.0;
            for (index, value) in share[row..].iter().enumerate() {
                so_far += value;
                below.push(if last.is_some_and(|last| index >= last) {
                    f64::INFINITY
                } else {
                    so_far
                });
            }
        }
        Choices { width, share, below }
    }

    /// Destination at probability `u`; `None` when none is possible.
    fn pick(&self, from: usize, u: f64) -> Option<usize> {
        let row = &self.below[from * self.width..(from + 1) * self.width];
        let index = row.partition_point(|&below| below <= u);
        (index < self.width).then_some(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::testing::{grid, place, sketch};

    /// Two ways round a rhombus, the second longer by `detour_m`.
    fn rhombus(detour_m: f64) -> Network {
        let nodes = [[0.0, 0.0], [100.0, 75.0], [100.0, -75.0], [200.0, 0.0]];
        let mut place = place(&nodes, &[(0, 1), (1, 3), (0, 2), (2, 3)], &[0, 3], &[]);
        place.edges[2].length_m += detour_m;
        Network::prepare(&place)
    }

    #[test]
    fn v15_equal_ways_are_taken_alike_and_a_gap_of_ln_3_means_three_quarters() {
        let network = rhombus(0.0);
        let choice = RouteChoice::new(&network, 0.9, 1.0, 1.34);
        let ways = network.alternatives(0, 1);
        assert_eq!(ways.len(), 2);
        for id in ways {
            assert!((choice.share(id) - 0.5).abs() < 1e-12);
        }
        // ln 3 = 0.9 per minute x minutes more at 1.34 m/s.
        let network = rhombus(libm::log(3.0) / 0.9 * 60.0 * 1.34);
        let choice = RouteChoice::new(&network, 0.9, 1.0, 1.34);
        let ways = network.alternatives(0, 1);
        assert!((choice.share(ways.start) - 0.75).abs() < 1e-12);
        assert_eq!(choice.choose(&network, 0, 1, 0.7499), ways.start);
        assert_eq!(choice.choose(&network, 0, 1, 0.7501), ways.start + 1);
        assert_eq!(choice.choose(&network, 0, 1, 1.0 - f64::EPSILON / 2.0), ways.start + 1);
    }

    #[test]
    fn route_shares_of_every_pair_sum_to_one() {
        let place = grid(6, &[0, 5, 35], &[14, 21]);
        let network = Network::prepare(&place);
        let choice = RouteChoice::new(&network, 0.9, 1.0, 1.34);
        for from in 0..network.od.len() {
            for to in 0..network.od.len() {
                let ways = network.alternatives(from, to);
                if !ways.is_empty() {
                    let sum: f64 = ways.map(|id| choice.share(id)).sum();
                    assert!((sum - 1.0).abs() < 1e-12);
                }
            }
        }
    }

    #[test]
    fn v16_gravity_shares_sum_to_one_and_are_uniform_for_equal_pulls_and_distances() {
        // A cross: gate in the middle, four shops 100 m away; a second gate beyond the first shop.
        let nodes = [
            [0.0, 0.0],
            [100.0, 0.0],
            [-100.0, 0.0],
            [0.0, 100.0],
            [0.0, -100.0],
            [200.0, 0.0],
        ];
        let mut place = place(
            &nodes,
            &[(0, 1), (0, 2), (0, 3), (0, 4), (1, 5)],
            &[0, 5],
            &[1, 2, 3, 4],
        );
        let network = Network::prepare(&place);
        let gravity = Gravity::new(&network, &place, 350.0);
        for shop in 0..4 {
            assert!((gravity.attractor_share(0, shop) - 0.25).abs() < 1e-12);
        }
        assert_eq!(gravity.attractor(0, 0.2), Some(2));
        assert_eq!(gravity.attractor(0, 0.9), Some(5));
        for from in 0..network.od.len() {
            let sum: f64 = (0..4).map(|shop| gravity.attractor_share(from, shop)).sum();
            assert!((sum - 1.0).abs() < 1e-12);
            let sum: f64 = (0..2).map(|gate| gravity.exit_share(from, gate)).sum();
            assert!((sum - 1.0).abs() < 1e-12);
        }
        // Never itself.
        assert_eq!(gravity.attractor_share(2, 0), 0.0);
        assert_ne!(gravity.attractor(2, 1e-12), Some(2));
        // From the second gate the first shop is 200 m nearer than the others.
        let near = gravity.attractor_share(1, 0) / gravity.attractor_share(1, 1);
        assert!((near - libm::exp(200.0 / 350.0)).abs() < 1e-9);
        // A very short reach leaves only the nearest, and does not divide by zero.
        let gravity = Gravity::new(&network, &place, 0.05);
        assert!((gravity.attractor_share(1, 0) - 1.0).abs() < 1e-12);
        // A shop without pull is never chosen, even at the end of the table.
        place.attractors[3].weight = 0.0;
        let gravity = Gravity::new(&network, &place, 350.0);
        assert_eq!(gravity.attractor(0, 1.0 - f64::EPSILON / 2.0), Some(4));
    }

    #[test]
    fn a_street_without_shops_leads_to_its_other_end() {
        let place = sketch();
        let network = Network::prepare(&place);
        let gravity = Gravity::new(&network, &place, 350.0);
        for u in [1e-9, 0.5, 1.0 - 1e-16] {
            assert_eq!(gravity.attractor(0, u), None);
            assert_eq!(gravity.exit(0, u), 1);
            assert_eq!(gravity.exit(1, u), 0);
        }
    }

    #[test]
    fn an_only_gate_is_also_the_exit() {
        let place = grid(3, &[0], &[8]);
        let network = Network::prepare(&place);
        let gravity = Gravity::new(&network, &place, 350.0);
        assert_eq!(gravity.exit(0, 0.3), 0);
        assert_eq!(gravity.exit(1, 0.3), 0);
        assert_eq!(gravity.attractor(1, 0.3), None);
    }

    #[test]
    fn exits_follow_the_persons_that_gates_admit() {
        let mut place = grid(3, &[0, 2, 6], &[4]);
        place.gates[1].persons_per_hour = [[300.0; 24]; 4];
        let network = Network::prepare(&place);
        let gravity = Gravity::new(&network, &place, 350.0);
        // The middle shop is 200 m from each of the three gates.
        assert!((gravity.exit_share(3, 1) - 0.6).abs() < 1e-12);
        place
            .gates
            .iter_mut()
            .for_each(|gate| gate.persons_per_hour = [[0.0; 24]; 4]);
        let gravity = Gravity::new(&network, &place, 350.0);
        assert!((gravity.exit_share(3, 1) - 1.0 / 3.0).abs() < 1e-12);
    }
}
