//! Positions along a street's centre line.

use crate::scenario::place::Edge;

/// A point of a street's centre line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PointOnLine {
    /// Position, metres east and north of the origin.
    pub at: [f64; 2],
    /// Unit vector of the line's direction there, from first to last node.
    pub direction: [f64; 2],
}

/// The centre line of an edge, measured in walked metres from its first node.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    points: &'a [[f64; 2]],
    /// Drawn length up to each point, m.
    drawn_m: Vec<f64>,
    length_m: f64,
}

impl<'a> Line<'a> {
    /// Measures the line of `edge`.
    pub fn new(edge: &'a Edge) -> Line<'a> {
        let mut drawn_m = Vec::with_capacity(edge.line.len());
        let mut sum = 0.0;
        for (i, point) in edge.line.iter().enumerate() {
            if i > 0 {
                let before = edge.line[i - 1];
                sum += libm::hypot(point[0] - before[0], point[1] - before[1]);
            }
            drawn_m.push(sum);
        }
        Line {
            points: &edge.line,
            drawn_m,
            length_m: edge.length_m,
        }
    }

    /// The point `along_m` walked metres from the first node, kept within the line. The walked length of an edge may differ
    /// a little from its drawn length; positions are stretched evenly.
    pub fn at(&self, along_m: f64) -> PointOnLine {
        let drawn_total = self.drawn_m.last().copied().unwrap_or(0.0);
        if drawn_total <= 0.0 {
            return PointOnLine {
                at: self.points.first().copied().unwrap_or([0.0, 0.0]),
                direction: [1.0, 0.0],
            };
        }
        let share = if self.length_m > 0.0 {
            (along_m / self.length_m).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let target = share * drawn_total;
        let before = self.drawn_m[1..self.drawn_m.len() - 1].partition_point(|&drawn| drawn < target);
        // Only at the very start can the piece be empty, when the first point is repeated.
        let before = (before..self.points.len() - 1)
            .find(|&i| self.drawn_m[i + 1] > self.drawn_m[i])
            .unwrap_or(before);
        let piece = self.drawn_m[before + 1] - self.drawn_m[before];
        let (from, to) = (self.points[before], self.points[before + 1]);
        let direction = [(to[0] - from[0]) / piece, (to[1] - from[1]) / piece];
        let rest = target - self.drawn_m[before];
        PointOnLine {
            at: [from[0] + rest * direction[0], from[1] + rest * direction[1]],
            direction,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::testing::place;

    #[test]
    fn a_line_is_measured_in_walked_metres() {
        let mut place = place(&[[0.0, 0.0], [30.0, 40.0]], &[(0, 1)], &[0, 1], &[]);
        place.edges[0].line = vec![[0.0, 0.0], [0.0, 0.0], [30.0, 0.0], [30.0, 0.0], [30.0, 40.0]];
        place.edges[0].length_m = 140.0;
        let line = Line::new(&place.edges[0]);
        assert_eq!(line.at(0.0).at, [0.0, 0.0]);
        assert_eq!(line.at(0.0).direction, [1.0, 0.0]);
        assert_eq!(line.at(30.0).at, [15.0, 0.0]);
        assert_eq!(line.at(100.0).at, [30.0, 20.0]);
        assert_eq!(line.at(100.0).direction, [0.0, 1.0]);
        assert_eq!(line.at(1000.0).at, [30.0, 40.0]);
    }
}
