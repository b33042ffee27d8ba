//! What an agent comes by on a path, in order: the nodes and the middles of views.

use super::Eyes;
use crate::scenario::place::Place;

/// What an agent's stop is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// At a node of its way.
    Node,
    /// In the middle of a view.
    Look,
    /// At the end of a leg: a destination, or out of the streets.
    End,
}

/// A point of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    /// Metres from the node before it.
    pub on_edge_m: f64,
    /// Edge.
    pub edge: u32,
    /// Index among the path's views.
    pub view: u16,
    /// What is there.
    pub due: Due,
}

/// The stops of paths, found when somebody first walks them.
pub struct Courses {
    of: Vec<Vec<Stop>>,
}

impl Courses {
    /// No path is known yet.
    pub fn new(paths: usize) -> Self {
        Courses {
            of: vec![Vec::new(); paths],
        }
    }

    /// The stops of a path: the first is its start, the last its end.
    #[inline]
    pub fn of(&mut self, eyes: &Eyes, path: usize) -> &[Stop] {
        if self.of[path].is_empty() {
            self.of[path] = course(eyes, eyes.day.place, path);
        }
        &self.of[path]
    }
}

/// The stops of a path. A view lies on the edge on which `Travel::effective_to_m` finds it, so that both schedules look at
/// the same microsecond.
#[cold]
fn course(eyes: &Eyes, place: &Place, path: usize) -> Vec<Stop> {
    let stop = |on_edge_m, edge, view: usize, due| Stop {
        on_edge_m,
        edge,
        view: view as u16,
        due,
    };
    let mut stops = vec![stop(0.0, 0, 0, Due::Node)];
    let mut views = eyes.views.of(path).iter().enumerate().peekable();
    let mut walked_m = 0.0;
    let (mut edge, mut length_m) = (0, 0.0);
    for step in &eyes.day.streets.network.paths[path].steps {
        if walked_m > 0.0 {
            stops.push(stop(length_m, edge, 0, Due::Node));
        }
        (edge, length_m) = (step.edge, place.edges[step.edge as usize].length_m);
        while let Some((v, view)) = views.next_if(|(_, view)| view.along_m < walked_m + length_m) {
            stops.push(stop((view.along_m - walked_m).max(0.0), edge, v, Due::Look));
        }
        walked_m += length_m;
    }
    // Level with the very end.
    stops.extend(views.map(|(v, _)| stop(length_m, edge, v, Due::Look)));
    stops.push(stop(length_m, edge, 0, Due::End));
    stops
}
