//! Walking distances from one point of the streets to any other: how far a pursuit has to go.

use super::network::Network;
use crate::scenario::place::Place;

/// Shortest walking distances from one point.
#[derive(Clone, Debug)]
pub struct Field {
    edge: usize,
    offset_m: f64,
    node_m: Vec<f64>,
}

impl Network {
    /// Distances from the point `offset_m` metres along `edge` from its first node.
    pub fn field(&self, place: &Place, edge: usize, offset_m: f64) -> Field {
        let street = &place.edges[edge];
        let offset_m = offset_m.clamp(0.0, street.length_m);
        Field {
            edge,
            offset_m,
            node_m: self
                .graph
                .distances_m(&[(street.a, offset_m), (street.b, street.length_m - offset_m)]),
        }
    }
}

impl Field {
    /// Distance to the point `offset_m` metres along `edge`, m; infinite when it cannot be reached.
    pub fn to(&self, place: &Place, edge: usize, offset_m: f64) -> f64 {
        let street = &place.edges[edge];
        let round = (self.node_m[street.a] + offset_m).min(self.node_m[street.b] + street.length_m - offset_m);
        if edge == self.edge {
            round.min((offset_m - self.offset_m).abs())
        } else {
            round
        }
    }

    /// Distance to a node, m.
    pub fn to_node(&self, node: usize) -> f64 {
        self.node_m[node]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::testing::{grid, place};

    #[test]
    fn distances_are_symmetric_and_obey_the_triangle() {
        let place = grid(5, &[0, 24], &[12]);
        let network = Network::prepare(&place);
        let points: Vec<(usize, f64)> = (0..place.edges.len()).map(|edge| (edge, 7.0 + edge as f64)).collect();
        let fields: Vec<Field> = points
            .iter()
            .map(|&(edge, offset)| network.field(&place, edge, offset))
            .collect();
        for (i, from) in fields.iter().enumerate() {
            assert_eq!(from.to(&place, points[i].0, points[i].1), 0.0);
            for (j, to) in fields.iter().enumerate() {
                let there = from.to(&place, points[j].0, points[j].1);
                assert!((there - to.to(&place, points[i].0, points[i].1)).abs() < 1e-9);
                let via = from.to(&place, points[0].0, points[0].1) + fields[0].to(&place, points[j].0, points[j].1);
                assert!(there <= via + 1e-9);
            }
        }
    }

    #[test]
    fn along_one_street_the_direct_way_counts_unless_the_way_round_is_shorter() {
        // A street of 100 m whose ends are also joined by a street of 10 m.
        let mut place = place(&[[0.0, 0.0], [100.0, 0.0]], &[(0, 1), (0, 1)], &[0, 1], &[]);
        place.edges[1].length_m = 10.0;
        let network = Network::prepare(&place);
        let field = network.field(&place, 0, 20.0);
        assert_eq!(field.to(&place, 0, 50.0), 30.0);
        assert_eq!(field.to(&place, 0, 95.0), 35.0);
        assert_eq!(field.to(&place, 1, 4.0), 24.0);
        assert_eq!(field.to_node(1), 30.0);
    }
}
