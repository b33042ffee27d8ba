//! A list of pending events with a total order: (time, phase, entity, serial). Push order never matters.
//!
//! A calendar (Brown 1988). Time is cut into slices of 33 ms. An event of one of the next [`SLICES`] slices is put on the
//! list of its slice, unsorted; only when that slice comes up are its few events sorted. What lies beyond
//! the calendar waits in a heap. So an event that was pushed minutes ahead, with thousands of others pending, costs a
//! handful of steps instead of a way through all of them. Lists are chains of entries in one array. An event for the slice in
//! hand finds its place by a walk along the chain, which is short.
//!
//! Whoever comes back again and again, like somebody who walks from node to node, keeps one entry throughout: [`Queue::keep`]
//! makes it, [`Queue::list`] says when it is due next, [`Queue::next_before`] takes it off the list, [`Queue::free`] ends it.
//! What is kept there is at hand whenever it is due.
//!
//! As soon as an event is taken the one after it is looked up, as far as it is near: the memory that holds it is fetched
//! while the caller is busy.

use super::time::Micros;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What an event is sorted by: time, phase, entity and serial, packed so that they compare as one number. `serial` is the
/// occurrence number within the entity, never a push counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order(u128);

impl Order {
    /// After everything.
    pub const LAST: Order = Order(u128::MAX);
    /// Where its time begins.
    const TIME: u32 = 64;
    /// Where its phase begins.
    const PHASE: u32 = 56;

    /// At equal times lower phases come first (ends before starts), then lower entities, then lower serials.
    /// `entity` must be spread over all its bits (a hash): its 40 upper bits are used. Times are not negative.
    #[inline]
    pub fn new(at: Micros, phase: u8, entity: u64, serial: u16) -> Self {
        let rank = (u64::from(phase) << Order::PHASE) | (entity >> 24 << 16) | u64::from(serial);
        Order((u128::from(at.0 as u64) << Order::TIME) | u128::from(rank))
    }
    /// When.
    #[inline]
    pub fn at(self) -> Micros {
        Micros((self.0 >> Order::TIME) as i64)
    }
    /// The same event at another time.
    #[inline]
    pub fn moved(self, at: Micros) -> Self {
        Order((u128::from(at.0 as u64) << Order::TIME) | u128::from(self.0 as u64))
    }
    /// The same event in another phase.
    #[inline]
    pub fn in_phase(self, phase: u8) -> Self {
        let others = !(u128::from(u8::MAX) << Order::PHASE);
        Order((self.0 & others) | (u128::from(phase) << Order::PHASE))
    }
    #[inline]
    fn slice(self) -> u64 {
        (self.0 >> Order::TIME) as u64 >> SLICE_BITS
    }
}

/// A slice of time is this power of two of microseconds.
const SLICE_BITS: u32 = 15;
/// Slices of the calendar: 268 s.
const SLICES: usize = 1 << 13;
/// So many slices are looked ahead before the next event is asked for.
const AHEAD: u64 = 64;
/// Lists up to this length are sorted in place.
const FEW: usize = 8;
/// No entry.
const NONE: u32 = u32::MAX;

/// Pending events.
pub struct Queue<E> {
    /// The slice in hand; earlier ones are over.
    slice: u64,
    /// First entry of the slice in hand, whose list is sorted.
    due: u32,
    /// First entry of the slices after it, whose lists are not, in the places of a ring.
    first: Box<[u32; SLICES]>,
    /// A bit for each of those that has one.
    marks: [u64; SLICES / 64],
    /// Number of those bits.
    marked: usize,
    entries: Vec<Entry<E>>,
    /// First of the entries not in use.
    spare: u32,
    /// Events beyond the calendar.
    far: BinaryHeap<Reverse<(Order, u32)>>,
    /// Slice of the first of them.
    far_slice: u64,
    /// Room for sorting a list.
    sorting: Vec<(Order, u32)>,
}

/// An event and the one after it on its list: lines of the cache of their own.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Entry<E> {
    order: Order,
    event: E,
    next: u32,
}

impl<E> Default for Queue<E> {
    fn default() -> Self {
        Queue {
            slice: 0,
            due: NONE,
            first: Box::new([NONE; SLICES]),
            marks: [0; SLICES / 64],
            marked: 0,
            entries: Vec::new(),
            spare: NONE,
            far: BinaryHeap::new(),
            far_slice: u64::MAX,
            sorting: Vec::new(),
        }
    }
}

impl<E: Copy> Queue<E> {
    /// Adds an event.
    #[inline]
    pub fn push(&mut self, order: Order, event: E) {
        let at = self.keep(event);
        self.list(at, order);
    }

    /// Takes the next event.
    #[inline]
    pub fn pop(&mut self) -> Option<(Order, E)> {
        self.pop_before(Order::LAST)
    }

    /// Takes the next event if it comes before `bound`.
    #[inline]
    pub fn pop_before(&mut self, bound: Order) -> Option<(Order, E)> {
        let (order, at) = self.next_before(bound)?;
        self.free(at);
        Some((order, self.entries[at as usize].event))
    }

    /// The order of the next event if it comes before `bound`.
    #[inline]
    pub fn first_before(&mut self, bound: Order) -> Option<Order> {
        if self.due == NONE {
            self.turn(bound.slice());
        }
        let order = self.entries.get(self.due as usize)?.order;
        (order < bound).then_some(order)
    }

    /// Makes an entry that is not due yet; returns its number.
    #[inline(always)]
    pub fn keep(&mut self, event: E) -> u32 {
        let at = self.spare;
        match self.entries.get_mut(at as usize) {
            Some(entry) => {
                self.spare = entry.next;
                entry.event = event;
                at
            }
            None => {
                let order = Order::LAST;
                self.entries.push(Entry {
                    order,
                    event,
                    next: NONE,
                });
                self.entries.len() as u32 - 1
            }
        }
    }

    /// Lists an entry that is not listed.
    #[inline(always)] // with the next one in the one loop that calls them
    pub fn list(&mut self, at: u32, order: Order) {
        let slice = order.slice();
        let entry = &mut self.entries[at as usize];
        entry.order = order;
        if slice.wrapping_sub(self.slice + 1) >= SLICES as u64 - 1 {
            self.list_elsewhere(order, at);
            return;
        }
        let place = slice as usize % SLICES;
        entry.next = std::mem::replace(&mut self.first[place], at);
        self.marks[place / 64] |= 1 << (place % 64);
        self.marked += usize::from(entry.next == NONE);
    }

    /// Takes the next event off the list if it comes before `bound`; its entry stays.
    #[inline(always)]
    pub fn next_before(&mut self, bound: Order) -> Option<(Order, u32)> {
        if self.due == NONE {
            self.turn(bound.slice());
        }
        let at = self.due;
        let entry = self.entries.get(at as usize)?;
        let order = entry.order;
        if order >= bound {
            return None;
        }
        self.due = entry.next;
        if self.due == NONE {
            // What is next is found while the caller is busy with this one.
            self.turn(self.slice + AHEAD);
        }
        Some((order, at))
    }

    /// Gives up an entry that is not listed.
    #[inline]
    pub fn free(&mut self, at: u32) {
        self.entries[at as usize].next = std::mem::replace(&mut self.spare, at);
    }

    /// What an entry keeps.
    #[inline]
    pub fn get(&self, at: u32) -> &E {
        &self.entries[at as usize].event
    }

    /// What an entry keeps.
    #[inline]
    pub fn get_mut(&mut self, at: u32) -> &mut E {
        &mut self.entries[at as usize].event
    }

    /// Lists an entry of the slice in hand, or of one beyond the calendar.
    #[cold]
    fn list_elsewhere(&mut self, order: Order, at: u32) {
        if order.slice() > self.slice {
            self.far.push(Reverse((order, at)));
            self.far_slice = self.far_slice.min(order.slice());
        } else {
            self.insert(order, at);
        }
    }

    /// Puts an entry in its place on the list of the slice in hand.
    #[inline]
    fn insert(&mut self, order: Order, at: u32) {
        let mut before = NONE;
        let mut next = self.due;
        while let Some(entry) = self.entries.get(next as usize)
            && entry.order < order
        {
            before = next;
            next = entry.next;
        }
        self.entries[at as usize].next = next;
        match self.entries.get_mut(before as usize) {
            Some(entry) => entry.next = at,
            None => self.due = at,
        }
    }

    /// Turns to the next slice with an event, unless it is later than `last`.
    #[inline(always)]
    fn turn(&mut self, last: u64) {
        let slice = self.next_marked().min(self.far_slice);
        if slice > last {
            return;
        }
        self.slice = slice;
        let place = slice as usize % SLICES;
        self.due = std::mem::replace(&mut self.first[place], NONE);
        self.marks[place / 64] &= !(1 << (place % 64));
        self.marked -= usize::from(self.due != NONE);
        let more = self.entries.get(self.due as usize).is_none_or(|e| e.next != NONE);
        if more || self.far_slice == slice {
            self.sort();
        }
    }

    /// Sorts the list of the slice in hand, together with what was beyond the calendar.
    #[cold]
    fn sort(&mut self) {
        let mut rest = std::mem::replace(&mut self.due, NONE);
        let mut sorted = 0;
        while let Some(&Entry { order, next, .. }) = self.entries.get(rest as usize)
            && sorted < FEW
        {
            self.insert(order, rest);
            rest = next;
            sorted += 1;
        }
        if rest != NONE || self.far_slice == self.slice {
            self.sort_many(rest);
        }
    }

    /// Sorts a long list: what is sorted already, the `rest` of it, and what was beyond the calendar.
    fn sort_many(&mut self, rest: u32) {
        for list in [self.due, rest] {
            let mut at = list;
            while let Some(entry) = self.entries.get(at as usize) {
                self.sorting.push((entry.order, at));
                at = entry.next;
            }
        }
        while let Some(first) = self.far.peek() {
            self.far_slice = first.0.0.slice();
            if self.far_slice != self.slice {
                break;
            }
            self.sorting.extend(self.far.pop().map(|p| p.0));
        }
        if self.far.is_empty() {
            self.far_slice = u64::MAX;
        }
        self.sorting.sort_unstable();
        self.due = NONE;
        while let Some((_, at)) = self.sorting.pop() {
            self.entries[at as usize].next = self.due;
            self.due = at;
        }
    }

    /// The first slice after the one in hand that has a list; `u64::MAX` if there is none.
    #[inline]
    fn next_marked(&self) -> u64 {
        if self.marked == 0 {
            return u64::MAX;
        }
        let start = (self.slice + 1) as usize % SLICES;
        let mut word = start / 64;
        let mut bits = self.marks[word] & (u64::MAX << (start % 64));
        while bits == 0 {
            word = (word + 1) % self.marks.len();
            bits = self.marks[word];
        }
        let found = word * 64 + bits.trailing_zeros() as usize;
        self.slice + 1 + (found.wrapping_sub(start) % SLICES) as u64
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
        // Steps from none to days: within a slice, along the calendar and far beyond it.
        for reach in [1, 1000, 40_000, 300_000_000, 100_000_000_000] {
            let mut queue = Queue::default();
            let mut waiting = std::collections::BTreeSet::new();
            let mut now = 0;
            for i in 0..20_000_u64 {
                let later = mix(i) % (1 + mix(i ^ 5) % reach);
                let order = Order::new(Micros((now + later) as i64), (i % 3) as u8, mix(i), 0);
                queue.push(order, i);
                waiting.insert(order);
                for _ in 0..mix(i ^ 99) % 3 {
                    let next = queue.pop().map(|(o, _)| o);
                    assert_eq!(next, waiting.pop_first());
                    now = next.map_or(now, |o| o.at().0 as u64);
                }
            }
            assert_eq!(drain(&mut queue), waiting.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn kept_entries_come_back_in_order_and_are_used_again() {
        let mut queue = Queue::default();
        let mut waiting = std::collections::BTreeSet::new();
        let at = |n: u64, time: u64| Order::new(Micros(time as i64), 0, mix(n), 0);
        for n in 0..100 {
            let entry = queue.keep(n);
            queue.list(entry, at(n, mix(n) % 90_000));
            waiting.insert((at(n, mix(n) % 90_000), n));
        }
        for i in 0..5000 {
            let (order, entry) = queue.next_before(Order::LAST).expect("all are listed");
            let n = *queue.get(entry);
            assert_eq!(waiting.pop_first(), Some((order, n)));
            assert_eq!(queue.first_before(Order::LAST), waiting.first().map(|w| w.0));
            let n = if i % 3 == 0 { n + 100 } else { n };
            if i % 3 == 0 {
                queue.free(entry);
                assert_eq!(queue.keep(n), entry);
            }
            let next = at(n, order.at().0 as u64 + mix(i) % 400_000);
            queue.list(entry, next);
            waiting.insert((next, n));
        }
        assert!(queue.entries.len() == 100);
    }

    #[test]
    fn a_bound_holds_back_what_is_not_before_it() {
        let mut queue = Queue::default();
        let order = |at, phase| Order::new(Micros(at), phase, 0, 0);
        for at in [5, 70_000, 9_000_000_000] {
            queue.push(order(at, 1), at);
            assert_eq!(queue.pop_before(order(at, 1)), None);
            // Earlier ones may still come, and go first.
            queue.push(order(at - 1, 1), at - 1);
            assert_eq!(queue.pop_before(order(at, 1)), Some((order(at - 1, 1), at - 1)));
            assert_eq!(queue.pop_before(order(at, 2)), Some((order(at, 1), at)));
            assert_eq!(queue.pop_before(order(i64::MAX, 0)), None);
        }
        queue.push(Order::new(Micros::NEVER, 3, 0, 0), 1);
        assert_eq!(queue.pop().map(|(o, _)| o.at()), Some(Micros::NEVER));
        assert_eq!(queue.pop(), None);
    }
}
