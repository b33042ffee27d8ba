//! What an agent comes by on a path, in order: the nodes and the middles of views.

use super::Eyes;
use super::engine::phase;

/// What an agent's stop is; as a number, the phase of its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Due {
    /// At a node of its way.
    Node = phase::NODE,
    /// In the middle of a view.
    Look = phase::LOOK,
    /// At the end of a leg: a destination, or out of the streets.
    End = phase::LEAVE,
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
    /// Whether nodes are stops that agents come by one by one.
    nodes: bool,
    /// By path: the stop at its start, or 0 if it is not known.
    first: Vec<u32>,
    stops: Vec<Stop>,
}

impl Courses {
    /// No path is known yet. Agents come by nodes only if everybody is an agent.
    pub fn new(paths: usize, nodes: bool) -> Self {
        Courses {
            nodes,
            first: vec![0; paths],
            stops: vec![Stop::new(0.0, 0, 0, Due::End)], // no path starts at number 0
        }
    }

    /// The stop at the start of a path. The others follow by number, the last is the path's end.
    #[inline]
    pub fn start(&mut self, eyes: &Eyes, path: u32) -> u32 {
        let path = path as usize;
        if self.first[path] == 0 {
            self.first[path] = self.stops.len() as u32;
            self.find(eyes, path);
        }
        self.first[path]
    }

    /// A stop by number.
    #[inline]
    pub fn stop(&self, number: u32) -> &Stop {
        &self.stops[number as usize]
    }

    /// Whether agents come by a stop.
    #[inline]
    pub fn counts(&self, stop: &Stop) -> bool {
        self.nodes || stop.due != Due::Node
    }

    /// Appends the stops of a path. A view lies on the edge on which `Travel::effective_to_m` finds it, so that both
    /// schedules look at the same microsecond.
    #[cold]
    fn find(&mut self, eyes: &Eyes, path: usize) {
        let place = eyes.day.place;
        let mut views = eyes.views.of(path).iter().zip(0..).peekable();
        self.stops.push(Stop::new(0.0, 0, 0, Due::Node));
        let mut walked_m = 0.0;
        let (mut edge, mut length_m) = (0, 0.0);
        for step in &eyes.day.streets.network.paths[path].steps {
            if walked_m > 0.0 {
                self.stops.push(Stop::new(length_m, edge, 0, Due::Node));
            }
            (edge, length_m) = (step.edge, place.edges[step.edge as usize].length_m);
            while let Some((view, v)) = views.next_if(|(view, _)| view.along_m < walked_m + length_m) {
                let on_edge_m = (view.along_m - walked_m).max(0.0);
                self.stops.push(Stop::new(on_edge_m, edge, v, Due::Look));
            }
            walked_m += length_m;
        }
        // Level with the very end.
        let last = views.map(|(_, v)| Stop::new(length_m, edge, v, Due::Look));
        self.stops.extend(last);
        self.stops.push(Stop::new(length_m, edge, 0, Due::End));
    }
}

impl Stop {
    fn new(on_edge_m: f64, edge: u32, view: u16, due: Due) -> Self {
        Stop {
            on_edge_m,
            edge,
            view,
            due,
        }
    }
}
