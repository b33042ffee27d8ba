//! Who enters when, event by event: the ordinary visits of an hour in their order, drawn side by side.

use super::engine::phase;
use crate::kernel::draw::LANES;
use crate::kernel::queue::Order;
use crate::kernel::{Block, Micros};
use crate::people::{Day, HourBlock, Member};
use crate::scenario::world::Purpose;

/// The ordinary visits of an hour that are still to come.
#[derive(Default)]
pub struct Inflow {
    block: Option<HourBlock>,
    /// Time since the start of the hour and number in the hour, packed so that they sort as one; the next visit is last.
    later: Vec<u64>,
    /// The same before they are sorted.
    mixed: Vec<u64>,
    /// Ends of the bins they are sorted by.
    bins: Vec<u32>,
    /// Number of each gate's first visit.
    first: Vec<u32>,
    /// The next few, drawn; the next one is last.
    drawn: Vec<Entrant>,
}

/// A visit about to enter.
#[derive(Clone, Copy, Debug)]
pub struct Entrant {
    order: Order,
    /// Gate.
    pub gate: usize,
    /// Visit.
    pub id: u64,
    /// Words of the visit.
    pub words: Block,
    /// Who leads it.
    pub leader: Member,
    /// The leader's own free speed, m/s.
    pub leader_m_s: f64,
}

impl Inflow {
    /// The visits of an hour. The hour before must be over.
    pub fn fill(&mut self, day: &Day, block: &HourBlock) {
        self.block = Some(*block);
        self.first.clear();
        let mut number = 0;
        for gate in 0..day.demand.gate_keys.len() {
            self.first.push(number);
            let count = day.arrivals(gate, block);
            day.starts(gate, block, count, |i, at| {
                // An hour has fewer than 2^32 microseconds.
                let since = (at - block.start).0 as u64;
                self.mixed.push((since << 32) | u64::from(number + i));
            });
            number += count;
        }
        self.sort((block.end - block.start).0 as u64);
        self.draw(day, block);
    }

    /// Sorts the visits of an hour of this length, the last first. They come evenly: as many bins as visits hold one or two
    /// each, which then find their places by insertion.
    fn sort(&mut self, length: u64) {
        let count = self.mixed.len();
        // Bins in a microsecond, times 2^32; the last bin comes first.
        let bins = ((count as u64) << 32) / length.max(1);
        let bin = |packed: u64| count - 1 - (((packed >> 32) * bins) >> 32) as usize;
        self.bins.clear();
        self.bins.resize(count, 0);
        self.mixed.iter().for_each(|v| self.bins[bin(*v)] += 1);
        let mut end = 0;
        for bin in &mut self.bins {
            end += *bin;
            *bin = end;
        }
        self.later.resize(count, 0);
        for packed in self.mixed.drain(..) {
            let end = &mut self.bins[bin(packed)];
            *end -= 1;
            self.later[*end as usize] = packed;
        }
        for i in 1..count {
            let mut at = i;
            while at > 0 && self.later[at - 1] < self.later[at] {
                self.later.swap(at - 1, at);
                at -= 1;
            }
        }
    }

    /// When the next visit enters.
    #[inline]
    pub fn when(&self) -> Option<Order> {
        self.drawn.last().map(|e| e.order)
    }

    /// Takes the next visit.
    #[inline]
    pub fn next(&mut self, day: &Day) -> Option<Entrant> {
        let next = self.drawn.pop();
        if let (true, Some(block)) = (self.drawn.is_empty(), self.block) {
            self.draw(day, &block);
        }
        next
    }

    /// Draws the next few.
    fn draw(&mut self, day: &Day, block: &HourBlock) {
        let rest = self.later.len().saturating_sub(LANES);
        let (mut ids, mut gates) = ([0; LANES], [0; LANES]);
        for (i, packed) in self.later[rest..].iter().enumerate() {
            let number = *packed as u32;
            gates[i] = self.first.partition_point(|f| *f <= number) - 1;
            ids[i] = day.visit_id(gates[i], block, number - self.first[gates[i]]);
        }
        let visits = day.draws.population.blocks(Purpose::Visit as u16, 0, 0, &ids);
        let leaders = day.draws.population.blocks(Purpose::Member as u16, 0, 0, &ids);
        for (i, packed) in self.later.drain(rest..).enumerate() {
            let at = block.start + Micros((packed >> 32) as i64);
            let leader = day.leader(ids[i], Block::of(&leaders, i));
            self.drawn.push(Entrant {
                order: Order::new(at, phase::ARRIVE, packed << 32, 0),
                gate: gates[i],
                id: ids[i],
                words: Block::of(&visits, i),
                leader,
                leader_m_s: day.own_m_s(&leader),
            });
        }
    }
}
