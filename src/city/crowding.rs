//! Crowding as a mean field: expected flows, density by Little's law, and the travel times that follow.
//!
//! Density is solved once per place, from expected flows alone: walkers slow one another down without any depending on
//! another. All walks of a visit are counted in the hour of its arrival, so the flow of an hour is that of a steady state.

use super::network::Network;
use super::paths::Path;
use super::routes::{Gravity, RouteChoice};
use crate::scenario::place::Place;

/// Hours of a day; a table row holds one value for each.
const HOURS: usize = 24;
type Hours = [f64; HOURS];

/// Weidmann's slope, per square metre.
const GAMMA: f64 = 1.913;
/// Density at which nobody moves, persons per square metre (Weidmann 1993).
const JAM_DENSITY: f64 = 5.4;
/// Nobody is slower than 0.10 m/s at the mean free speed of 1.34 m/s.
const SLOWEST: f64 = 0.10 / 1.34;
/// Density at which a street carries the most people, persons per square metre: the maximum of density x [`weidmann_factor`].
pub const CAPACITY_DENSITY: f64 = 1.751;

/// Walking speed at a density (persons per square metre) relative to free speed: 1 in an empty street, floored so that a
/// walker of 1.34 m/s keeps 0.10 m/s (Weidmann 1993).
pub fn weidmann_factor(density: f64) -> f64 {
    if density <= 0.0 {
        return 1.0;
    }
    let factor = -libm::expm1(-GAMMA * (1.0 / density - 1.0 / JAM_DENSITY));
    factor.max(SLOWEST)
}

/// Expected flow and density of every edge and clock hour on an ordinary day.
#[derive(Clone, Debug)]
pub struct Crowding {
    flow: Vec<Hours>,
    density: Vec<Hours>,
    saturated: usize,
}

impl Crowding {
    /// Empty streets: everyone walks at free speed.
    pub fn none(_network: &Network, place: &Place) -> Crowding {
        Crowding {
            flow: vec![[0.0; HOURS]; place.edges.len()],
            density: vec![[0.0; HOURS]; place.edges.len()],
            saturated: 0,
        }
    }

    /// Solves the expected flows of a day and, for each edge and hour, the density at which they are carried.
    ///
    /// `persons_per_hour` are the persons who enter at each gate in each clock hour, every scale factor applied;
    /// `extra_stops` is the Poisson mean of destinations beyond the first; `speed_m_s` is the mean free speed.
    pub fn solve(
        network: &Network,
        place: &Place,
        choice: &RouteChoice,
        gravity: &Gravity,
        persons_per_hour: &[Hours],
        extra_stops: f64,
        speed_m_s: f64,
    ) -> Crowding {
        let walks = walks_per_hour(network, gravity, persons_per_hour, extra_stops);
        let ends = network.gates + network.attractors;
        let mut flow = vec![[0.0; HOURS]; place.edges.len()];
        for from in 0..ends {
            for to in 0..ends {
                let walkers = &walks[from * ends + to];
                for id in network.alternatives(from, to) {
                    let share = choice.share(id);
                    for step in &network.paths[id].steps {
                        add(&mut flow[step.edge as usize], share, walkers);
                    }
                }
            }
        }
        let mut saturated = 0;
        let density = flow
            .iter()
            .zip(&place.edges)
            .map(|(flow, edge)| {
                let solved = flow.map(|per_hour| carried_at(per_hour / (3600.0 * edge.width_m * speed_m_s)));
                saturated += usize::from(solved.contains(&CAPACITY_DENSITY));
                solved
            })
            .collect();
        Crowding {
            flow,
            density,
            saturated,
        }
    }

    /// Persons per square metre on an ordinary day; `hour` counts from local midnight and may run past 23.
    pub fn density(&self, edge: usize, hour: usize) -> f64 {
        self.density[edge][hour % HOURS]
    }

    /// Persons per hour who walk along the edge, both ways together, on an ordinary day.
    pub fn flow(&self, edge: usize, hour: usize) -> f64 {
        self.flow[edge][hour % HOURS]
    }

    /// Number of edges that are asked, in some hour, for more people than they can carry. Their density is held at
    /// [`CAPACITY_DENSITY`]: those who do not fit are taken to go elsewhere, and a reader should be told.
    pub fn saturated_edges(&self) -> usize {
        self.saturated
    }
}

/// Expected walks per hour between gates and attractors, row by row: gate to first attractor, on to further ones, to an exit.
fn walks_per_hour(network: &Network, gravity: &Gravity, persons_per_hour: &[Hours], extra_stops: f64) -> Vec<Hours> {
    let (gates, attractors) = (network.gates, network.attractors);
    let ends = gates + attractors;
    let mut walks = vec![[0.0; HOURS]; ends * ends];
    let mut here = vec![[0.0; HOURS]; attractors];
    for (gate, entering) in persons_per_hour.iter().enumerate().take(gates) {
        let somewhere: f64 = (0..attractors).map(|a| gravity.attractor_share(gate, a)).sum();
        for a in 0..attractors {
            let share = gravity.attractor_share(gate, a);
            add(&mut walks[gate * ends + gates + a], share, entering);
            add(&mut here[a], share, entering);
        }
        if somewhere == 0.0 {
            for exit in 0..gates {
                add(&mut walks[gate * ends + exit], gravity.exit_share(gate, exit), entering);
            }
        }
    }
    // `here` is where visitors would be after `stop` further destinations if all went on; how many do is Poisson.
    let further: Vec<f64> = (0..attractors)
        .map(|a| {
            (0..attractors)
                .map(|next| gravity.attractor_share(gates + a, next))
                .sum()
        })
        .collect();
    let mut exactly = libm::exp(-extra_stops);
    let mut at_least = 1.0;
    let mut stop = 0.0;
    let mut going_on = vec![[0.0; HOURS]; attractors];
    let mut leaving = vec![[0.0; HOURS]; attractors];
    while at_least > 1e-9 {
        let more = (at_least - exactly).max(0.0);
        let mut there = vec![[0.0; HOURS]; attractors];
        for a in 0..attractors {
            if further[a] > 0.0 {
                add(&mut going_on[a], more, &here[a]);
                add(&mut leaving[a], exactly, &here[a]);
                for (next, there) in there.iter_mut().enumerate() {
                    add(there, gravity.attractor_share(gates + a, next), &here[a]);
                }
            } else {
                add(&mut leaving[a], at_least, &here[a]);
            }
        }
        here = there;
        at_least = more;
        stop += 1.0;
        exactly *= extra_stops / stop;
    }
    for a in 0..attractors {
        let row = (gates + a) * ends;
        for next in 0..attractors {
            add(
                &mut walks[row + gates + next],
                gravity.attractor_share(gates + a, next),
                &going_on[a],
            );
        }
        for exit in 0..gates {
            add(&mut walks[row + exit], gravity.exit_share(gates + a, exit), &leaving[a]);
        }
    }
    walks
}

fn add(sum: &mut Hours, share: f64, per_hour: &Hours) {
    for (sum, per_hour) in sum.iter_mut().zip(per_hour) {
        *sum += share * per_hour;
    }
}

/// The density whose flow equals that of `empty` (the density those people would have at free speed): the root of
/// `density x weidmann_factor(density) = empty` on the free side of capacity.
fn carried_at(empty: f64) -> f64 {
    if empty <= 0.0 {
        return 0.0;
    }
    if empty >= CAPACITY_DENSITY * weidmann_factor(CAPACITY_DENSITY) {
        return CAPACITY_DENSITY;
    }
    let (mut low, mut high) = (empty, CAPACITY_DENSITY);
    // Two densities that differ by less than this cannot be told apart.
    while high - low > 1e-12 * high {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if middle * weidmann_factor(middle) < empty {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Travel times of one day: the crowd of an ordinary day times a multiplier.
///
/// Times are kept as *effective metres*: `length / factor` summed over a path, so that a walker of free speed `v` needs
/// `effective / v` seconds. The hour is that in which the walk starts.
#[derive(Clone, Debug)]
pub struct Travel {
    density: Vec<Hours>,
    factor: Vec<Hours>,
    edge_m: Vec<Hours>,
    effective_m: Vec<Hours>,
}

impl Travel {
    /// The day whose densities are `multiplier` times those of `crowding`.
    pub fn new(network: &Network, place: &Place, crowding: &Crowding, multiplier: f64) -> Travel {
        let density: Vec<Hours> = crowding
            .density
            .iter()
            .map(|row| row.map(|density| density * multiplier))
            .collect();
        let factor: Vec<Hours> = density.iter().map(|row| row.map(weidmann_factor)).collect();
        let effective: Vec<Hours> = factor
            .iter()
            .zip(&place.edges)
            .map(|(row, edge)| row.map(|factor| edge.length_m / factor))
            .collect();
        let effective_m = network
            .paths
            .iter()
            .map(|path| {
                let mut sum = [0.0; HOURS];
                for step in &path.steps {
                    add(&mut sum, 1.0, &effective[step.edge as usize]);
                }
                sum
            })
            .collect();
        Travel {
            density,
            factor,
            edge_m: effective,
            effective_m,
        }
    }

    /// Effective metres of a whole edge.
    #[inline]
    pub fn edge_effective_m(&self, edge: usize, hour: usize) -> f64 {
        self.edge_m[edge][hour % HOURS]
    }

    /// Effective metres of a whole path.
    pub fn effective_m(&self, path: usize, hour: usize) -> f64 {
        self.effective_m[path][hour % HOURS]
    }

    /// Effective metres from the start of a path to the point `along_m` walked metres on.
    pub fn effective_to_m(&self, network: &Network, place: &Place, path: usize, hour: usize, along_m: f64) -> f64 {
        let (mut walked, mut effective) = (0.0, 0.0);
        for step in &network.paths[path].steps {
            let length = place.edges[step.edge as usize].length_m;
            if along_m < walked + length {
                return effective + (along_m - walked).max(0.0) / self.factor(step.edge as usize, hour);
            }
            walked += length;
            effective += self.edge_effective_m(step.edge as usize, hour);
        }
        effective
    }

    /// Where a walker is after `effective_m` effective metres of a path: the edge, and metres from its first node. Beyond the
    /// end it is the end; on a path without steps, an edge at its node.
    pub fn locate(&self, network: &Network, place: &Place, path: usize, hour: usize, effective_m: f64) -> (usize, f64) {
        let route = &network.paths[path];
        let mut left = effective_m.max(0.0);
        let mut end = stand(network, place, route);
        for step in &route.steps {
            let edge = step.edge as usize;
            let (length, factor) = (place.edges[edge].length_m, self.factor(edge, hour));
            let from_start = |walked: f64| (edge, if step.forward { walked } else { length - walked });
            if left * factor < length {
                return from_start(left * factor);
            }
            left = (left - length / factor).max(0.0);
            end = from_start(length);
        }
        end
    }

    /// Speed on an edge relative to free speed.
    pub fn factor(&self, edge: usize, hour: usize) -> f64 {
        self.factor[edge][hour % HOURS]
    }

    /// The same by hour of the day.
    #[inline]
    pub fn factors(&self, edge: usize) -> &Hours {
        &self.factor[edge]
    }

    /// Persons per square metre on this day.
    pub fn density(&self, edge: usize, hour: usize) -> f64 {
        self.density[edge][hour % HOURS]
    }
}

/// The start of a path as a point of some edge.
fn stand(network: &Network, place: &Place, path: &Path) -> (usize, f64) {
    let node = network.od[usize::from(path.from)].node;
    match network.graph.links(node).first() {
        Some(link) => {
            let edge = link.edge as usize;
            let street = &place.edges[edge];
            (edge, if street.a == node { 0.0 } else { street.length_m })
        }
        None => (0, 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::testing::{grid, sketch};

    fn solve(place: &Place, persons: &[Hours], extra_stops: f64) -> (Network, RouteChoice, Crowding) {
        let network = Network::prepare(place);
        let choice = RouteChoice::new(&network, 0.9, 1.0, 1.34);
        let gravity = Gravity::new(&network, place, 350.0);
        let crowding = Crowding::solve(&network, place, &choice, &gravity, persons, extra_stops, 1.34);
        (network, choice, crowding)
    }

    #[test]
    fn v13_weidmann_golden_values() {
        let golden = [
            (0.25, 1.3391),
            (0.5, 1.2984),
            (1.0, 1.0581),
            (2.0, 0.6062),
            (3.0, 0.3307),
            (4.0, 0.1563),
        ];
        for (density, speed) in golden {
            assert!((1.34 * weidmann_factor(density) - speed).abs() < 1e-4, "{density}");
        }
        assert_eq!(weidmann_factor(0.0), 1.0);
        assert!((1.34 * weidmann_factor(5.4) - 0.10).abs() < 1e-12);
        assert!((1.34 * weidmann_factor(50.0) - 0.10).abs() < 1e-12);
        let flow = |density: f64| density * weidmann_factor(density);
        assert!(flow(CAPACITY_DENSITY) >= flow(CAPACITY_DENSITY - 0.001));
        assert!(flow(CAPACITY_DENSITY) >= flow(CAPACITY_DENSITY + 0.001));
    }

    #[test]
    fn v12_edge_occupancy_is_flow_times_time_at_low_density() {
        let place = sketch();
        let (_, _, crowding) = solve(&place, &[[1000.0; HOURS], [600.0; HOURS]], 0.35);
        for edge in 0..place.edges.len() {
            assert!((crowding.flow(edge, 12) - 1600.0).abs() < 1e-9);
            let street = &place.edges[edge];
            let occupancy = crowding.density(edge, 12) * street.length_m * street.width_m;
            let expected = 1600.0 / 3600.0 * street.length_m / 1.34;
            assert!((occupancy / expected - 1.0).abs() < 1e-6, "{occupancy} {expected}");
        }
    }

    #[test]
    fn in_a_dense_street_the_fixed_point_holds_and_saturation_is_reported() {
        let place = sketch();
        let (_, _, crowding) = solve(&place, &[[12_000.0; HOURS], [12_000.0; HOURS]], 0.35);
        let density = crowding.density(0, 9);
        let speed = 1.34 * weidmann_factor(density);
        assert!(weidmann_factor(density) < 0.95);
        assert!((density * 6.0 * speed * 3600.0 / 24_000.0 - 1.0).abs() < 1e-9);
        assert_eq!(crowding.saturated_edges(), 0);
        let (_, _, crowding) = solve(&place, &[[40_000.0; HOURS], [0.0; HOURS]], 0.35);
        assert_eq!(crowding.density(0, 9), CAPACITY_DENSITY);
        assert_eq!(crowding.saturated_edges(), 4);
    }

    #[test]
    fn everyone_who_enters_stops_and_leaves() {
        let place = grid(5, &[0, 4, 20], &[12, 7, 16]);
        let mut persons = [[0.0; HOURS]; 3];
        persons[0][8] = 120.0;
        persons[1][8] = 60.0;
        persons[2][17] = 30.0;
        let network = Network::prepare(&place);
        let gravity = Gravity::new(&network, &place, 350.0);
        let walks = walks_per_hour(&network, &gravity, &persons, 0.35);
        let total = |keep: &dyn Fn(usize, usize) -> bool, hour: usize| -> f64 {
            (0..36).filter(|i| keep(i / 6, i % 6)).map(|i| walks[i][hour]).sum()
        };
        for (hour, entering) in [(8, 180.0), (17, 30.0), (3, 0.0)] {
            assert!((total(&|from, to| from < 3 && to >= 3, hour) - entering).abs() < 1e-6);
            assert!((total(&|from, to| from >= 3 && to >= 3, hour) - 0.35 * entering).abs() < 1e-6);
            assert!((total(&|from, to| from >= 3 && to < 3, hour) - entering).abs() < 1e-6);
            assert_eq!(total(&|from, to| from < 3 && to < 3, hour), 0.0);
        }
        // What enters an attractor leaves it.
        for a in 3..6 {
            let into: f64 = (0..6).map(|from| walks[from * 6 + a][8]).sum();
            let out: f64 = (0..6).map(|to| walks[a * 6 + to][8]).sum();
            assert!((into - out).abs() < 1e-6);
        }
    }

    #[test]
    fn an_only_shop_is_left_for_an_exit() {
        let place = grid(3, &[0, 2], &[4]);
        let network = Network::prepare(&place);
        let gravity = Gravity::new(&network, &place, 350.0);
        let walks = walks_per_hour(&network, &gravity, &[[10.0; HOURS], [0.0; HOURS]], 1.5);
        assert!((walks[2][0] - 10.0).abs() < 1e-9);
        assert!((walks[6][0] + walks[7][0] - 10.0).abs() < 1e-9);
    }

    #[test]
    fn flows_on_edges_equal_expected_walks_times_their_length() {
        let place = grid(6, &[0, 5, 30], &[14, 21, 22]);
        let persons = [[50.0; HOURS]; 3];
        let (network, choice, crowding) = solve(&place, &persons, 0.35);
        let gravity = Gravity::new(&network, &place, 350.0);
        let walks = walks_per_hour(&network, &gravity, &persons, 0.35);
        let mut walked = 0.0;
        for from in 0..6 {
            for to in 0..6 {
                for id in network.alternatives(from, to) {
                    walked += walks[from * 6 + to][10] * choice.share(id) * network.paths[id].length_m;
                }
            }
        }
        let carried: f64 = (0..place.edges.len())
            .map(|edge| crowding.flow(edge, 10) * place.edges[edge].length_m)
            .sum();
        assert!((walked / carried - 1.0).abs() < 1e-12);
    }

    #[test]
    fn locating_undoes_effective_distance() {
        let place = grid(5, &[0, 4, 24], &[12, 7]);
        let (network, _, crowding) = solve(&place, &[[9000.0; HOURS]; 3], 0.35);
        let travel = Travel::new(&network, &place, &crowding, 1.7);
        for (id, path) in network.paths.iter().enumerate() {
            assert!(travel.effective_m(id, 12) >= path.length_m);
            let whole = travel.effective_to_m(&network, &place, id, 12, path.length_m);
            assert!((whole - travel.effective_m(id, 12)).abs() < 1e-9);
            let mut walked = 0.0;
            for step in &path.steps {
                let edge = step.edge as usize;
                for part in [0.001, 0.3, 0.999] {
                    let on_edge = part * place.edges[edge].length_m;
                    let effective = travel.effective_to_m(&network, &place, id, 12, walked + on_edge);
                    let (found, offset) = travel.locate(&network, &place, id, 12, effective);
                    let expected = if step.forward {
                        on_edge
                    } else {
                        place.edges[edge].length_m - on_edge
                    };
                    assert_eq!(found, edge);
                    assert!((offset - expected).abs() < 1e-6);
                }
                walked += place.edges[edge].length_m;
            }
            let (edge, offset) = travel.locate(&network, &place, id, 12, 1e9);
            let node = network.od[usize::from(path.to)].node;
            let street = &place.edges[edge];
            assert_eq!(if offset == 0.0 { street.a } else { street.b }, node);
        }
    }

    #[test]
    fn without_a_crowd_effective_metres_are_metres() {
        let place = sketch();
        let network = Network::prepare(&place);
        let travel = Travel::new(&network, &place, &Crowding::none(&network, &place), 1.3);
        let (east, west) = (network.alternatives(0, 1).start, network.alternatives(1, 0).start);
        assert_eq!(travel.effective_m(east, 9), 600.0);
        assert_eq!(travel.effective_to_m(&network, &place, east, 9, 225.0), 225.0);
        assert_eq!(travel.locate(&network, &place, east, 33, 225.0), (1, 75.0));
        assert_eq!(travel.locate(&network, &place, west, 9, 375.0), (1, 75.0));
        assert_eq!(travel.density(2, 9), 0.0);
        assert_eq!(travel.factor(2, 9), 1.0);
    }

    #[test]
    fn a_walk_without_steps_stays_at_its_node() {
        let place = grid(3, &[0, 8], &[8]);
        let network = Network::prepare(&place);
        let travel = Travel::new(&network, &place, &Crowding::none(&network, &place), 1.0);
        let path = network.alternatives(1, 2).start;
        let (edge, offset) = travel.locate(&network, &place, path, 0, 5.0);
        let street = &place.edges[edge];
        assert_eq!(if offset == 0.0 { street.a } else { street.b }, 8);
    }
}
