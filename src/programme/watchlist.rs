//! The watchlist of one deployment: drawn up from the roll before it opens, destroyed at its end. What stays is an audit
//! trail: size, counts by reason, and a hash of who was on it.

use super::roll::Roll;
use crate::kernel::mix;

/// What is kept of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Number of people on it.
    pub size: u64,
    /// By reason, in the order of the watchlist's reasons.
    pub by_reason: Vec<u64>,
    /// Hash of who they were, in any order.
    pub hash: u64,
}

/// A list in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Whether a class of the roll may be on it.
    pub eligible: Vec<bool>,
    /// Highest rank on it; none when it is empty.
    pub last_rank: Option<u32>,
    audit: Audit,
}

impl List {
    /// Draws up the list of `most` people for a place: those about on `day` in eligible classes, by rank. People in
    /// custody or cleared are not on it.
    pub fn draw_up(roll: &Roll, day: i32, most: usize, eligible: Vec<bool>, ranks: &mut Vec<u32>) -> Self {
        ranks.clear();
        for (class, _) in roll.classes.iter().zip(&eligible).filter(|(_, e)| **e) {
            ranks.extend(class.iter().filter(|e| e.active(day)).map(|e| e.rank));
        }
        let last_rank = if most == 0 || ranks.is_empty() {
            None
        } else if ranks.len() <= most {
            Some(u32::MAX)
        } else {
            Some(*ranks.select_nth_unstable(most - 1).1)
        };
        let mut audit = Audit {
            by_reason: vec![0; roll.reason_count()],
            ..Audit::default()
        };
        if let Some(last) = last_rank {
            for (class, _) in eligible.iter().enumerate().filter(|(_, e)| **e) {
                let reason = roll.reasons[class];
                let entries = roll.classes[class].iter();
                for entry in entries.filter(|e| e.active(day) && e.rank <= last) {
                    audit.by_reason[reason] += 1;
                    audit.hash = audit.hash.wrapping_add(mix(entry.key));
                }
            }
        }
        audit.size = audit.by_reason.iter().sum();
        List {
            eligible,
            last_rank,
            audit,
        }
    }

    /// Number of people on it.
    pub fn size(&self) -> u64 {
        self.audit.size
    }

    /// Destroys it; the audit trail stays.
    pub fn destroy(self) -> Audit {
        self.audit
    }
}
