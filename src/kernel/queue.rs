//! A list of pending events with a total order: (time, phase, entity, serial). Push order never matters.

use super::time::Micros;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// What an event is sorted by. `serial` is the occurrence number within the entity, never a push counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order {
    /// When.
    pub at: Micros,
    /// At equal times, lower phases come first (ends before starts).
    pub phase: u8,
    /// Whose event it is.
    pub entity: u64,
    /// Which of that entity's events.
    pub serial: u32,
}

struct Entry<E> {
    order: Order,
    event: E,
}

impl<E> PartialEq for Entry<E> {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}
impl<E> Eq for Entry<E> {}
impl<E> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<E> Ord for Entry<E> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.order.cmp(&self.order)
    }
}

/// Pending events.
pub struct Queue<E> {
    heap: BinaryHeap<Entry<E>>,
}

impl<E> Default for Queue<E> {
    fn default() -> Self {
        Queue {
            heap: BinaryHeap::new(),
        }
    }
}

impl<E> Queue<E> {
    /// Adds an event.
    #[inline]
    pub fn push(&mut self, order: Order, event: E) {
        self.heap.push(Entry { order, event });
    }
    /// When the next event is.
    #[inline]
    pub fn next_at(&self) -> Option<Micros> {
        self.heap.peek().map(|e| e.order.at)
    }
    /// Takes the next event.
    #[inline]
    pub fn pop(&mut self) -> Option<(Order, E)> {
        self.heap.pop().map(|e| (e.order, e.event))
    }
    /// Number of pending events.
    pub fn len(&self) -> usize {
        self.heap.len()
    }
    /// Whether nothing is pending.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_does_not_depend_on_pushing() {
        let orders: Vec<Order> = (0..64_u64)
            .map(|i| Order {
                at: Micros((i % 3) as i64),
                phase: (i % 2) as u8,
                entity: i % 5,
                serial: i as u32,
            })
            .collect();
        let drain = |list: &[Order]| {
            let mut queue = Queue::default();
            list.iter().for_each(|o| queue.push(*o, ()));
            std::iter::from_fn(|| queue.pop()).map(|(o, ())| o).collect::<Vec<_>>()
        };
        let reversed: Vec<Order> = orders.iter().rev().copied().collect();
        assert_eq!(drain(&orders), drain(&reversed));
        assert!(drain(&orders).windows(2).all(|w| w[0] < w[1]));
    }
}
