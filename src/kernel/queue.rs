//! A list of pending events with a total order: (time, phase, entity, serial). Push order never matters.
//!
//! A four-ary heap whose top may stand open: an event that is taken is most often followed by the same agent's next one,
//! which then takes its place with a single sift.

use super::time::Micros;

/// What an event is sorted by, packed into one number so that a comparison has no branch. `serial` is the occurrence number
/// within the entity, never a push counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order(u128);

impl Order {
    /// At equal times lower phases come first (ends before starts), then lower entities, then lower serials.
    /// `entity` must be spread over all its bits (a hash): its 40 upper bits are used. Times are not negative.
    #[inline]
    pub fn new(at: Micros, phase: u8, entity: u64, serial: u16) -> Self {
        let rank = (u64::from(phase) << 56) | (entity >> 24 << 16) | u64::from(serial);
        Order((u128::from(at.0 as u64) << 64) | u128::from(rank))
    }
    /// When.
    #[inline]
    pub fn at(self) -> Micros {
        Micros((self.0 >> 64) as u64 as i64)
    }
    /// The same event at another time.
    #[inline]
    pub fn moved(self, at: Micros) -> Self {
        Order((u128::from(at.0 as u64) << 64) | u128::from(self.0 as u64))
    }
}

/// Pending events.
pub struct Queue<E> {
    heap: Vec<(Order, E)>,
    /// Whether the top has been taken and nothing has taken its place.
    open: bool,
}

impl<E> Default for Queue<E> {
    fn default() -> Self {
        Queue {
            heap: Vec::new(),
            open: false,
        }
    }
}

impl<E: Copy> Queue<E> {
    const WAYS: usize = 4;

    /// Adds an event.
    #[inline]
    pub fn push(&mut self, order: Order, event: E) {
        if self.open {
            self.open = false;
            self.sink((order, event));
            return;
        }
        let mut i = self.heap.len();
        self.heap.push((order, event));
        while i > 0 {
            let above = (i - 1) / Self::WAYS;
            if self.heap[above].0 <= order {
                break;
            }
            self.heap[i] = self.heap[above];
            i = above;
        }
        self.heap[i] = (order, event);
    }

    /// What comes next.
    #[inline]
    #[allow(clippy::should_implement_trait)] // looking does not take: this is no iterator
    pub fn next(&mut self) -> Option<Order> {
        self.close();
        self.heap.first().map(|e| e.0)
    }

    /// Takes the next event.
    #[inline]
    pub fn pop(&mut self) -> Option<(Order, E)> {
        self.close();
        let top = self.heap.first().copied();
        self.open = top.is_some();
        top
    }

    /// Fills an open top with the last event.
    #[inline]
    fn close(&mut self) {
        if self.open {
            self.open = false;
            match self.heap.pop() {
                Some(last) if !self.heap.is_empty() => self.sink(last),
                _ => {}
            }
        }
    }

    /// Puts an entry at the top and lets it sink to its place.
    #[inline]
    fn sink(&mut self, entry: (Order, E)) {
        let heap = &mut self.heap[..];
        let mut i = 0;
        loop {
            let first = Self::WAYS * i + 1;
            let least = match heap.get(first..first + Self::WAYS) {
                Some([a, b, c, d]) => {
                    let (left, left_order) = if b.0 < a.0 { (1, b.0) } else { (0, a.0) };
                    let (right, right_order) = if d.0 < c.0 { (3, d.0) } else { (2, c.0) };
                    first + if right_order < left_order { right } else { left }
                }
                _ => match (first..heap.len()).min_by_key(|child| heap[*child].0) {
                    Some(child) => child,
                    None => break,
                },
            };
            if entry.0 <= heap[least].0 {
                break;
            }
            heap[i] = heap[least];
            i = least;
        }
        heap[i] = entry;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::mix;

    fn drain(queue: &mut Queue<u64>) -> Vec<Order> {
        std::iter::from_fn(|| queue.pop()).map(|(order, _)| order).collect()
    }

    #[test]
    fn order_does_not_depend_on_pushing() {
        let orders: Vec<Order> = (0..500_u64)
            .map(|i| Order::new(Micros((i % 7) as i64), (i % 2) as u8, mix(i % 11), i as u16))
            .collect();
        let mut sorted = orders.clone();
        sorted.sort();
        for list in [orders.clone(), orders.iter().rev().copied().collect()] {
            let mut queue = Queue::default();
            list.iter().for_each(|o| queue.push(*o, 0));
            assert_eq!(drain(&mut queue), sorted);
        }
    }

    #[test]
    fn taking_and_adding_in_turn_keeps_the_order() {
        let mut queue = Queue::default();
        let mut waiting = std::collections::BTreeSet::new();
        for i in 0..20_000_u64 {
            let order = Order::new(Micros((mix(i) % 1000) as i64), 0, mix(i), 0);
            queue.push(order, i);
            waiting.insert(order);
            for _ in 0..mix(i ^ 99) % 3 {
                assert_eq!(queue.next(), waiting.first().copied());
                assert_eq!(queue.pop().map(|(o, _)| o), waiting.pop_first());
            }
        }
        assert_eq!(drain(&mut queue), waiting.into_iter().collect::<Vec<_>>());
    }
}
