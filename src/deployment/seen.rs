//! Who has been searched, by number in the pool. Memory of the place, not of the run.

/// What is kept of searches by person.
#[derive(Clone, Debug)]
pub enum Seen {
    /// Whether.
    Whether(Vec<u64>),
    /// How often, up to 255 times: over the days of a programme.
    HowOften(Vec<u8>),
}

impl Default for Seen {
    fn default() -> Self {
        Seen::Whether(Vec::new())
    }
}

impl Seen {
    /// Nobody yet, for a run of one day.
    pub fn whether(people: usize) -> Self {
        Seen::Whether(vec![0; people.div_ceil(64)])
    }

    /// Nobody yet, for a programme.
    #[allow(clippy::slow_vector_initialization)] // on purpose: zeroed pages of the allocator would be touched one by one
    pub fn how_often(people: usize) -> Self {
        // Written now and not page by page later: memory is that of the place, whatever the days.
        let mut counts = Vec::new();
        counts.resize(people, 0);
        Seen::HowOften(counts)
    }

    /// Takes in a search; whether it is this person's first.
    #[inline]
    pub fn is_first(&mut self, number: u32) -> bool {
        match self {
            Seen::Whether(words) => {
                let (word, bit) = (number as usize / 64, 1_u64 << (number % 64));
                let first = words[word] & bit == 0;
                words[word] |= bit;
                first
            }
            Seen::HowOften(counts) => {
                let count = &mut counts[number as usize];
                *count = count.saturating_add(1);
                *count == 1
            }
        }
    }
}
