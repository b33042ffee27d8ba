//! Integer time, keyed random draws, and an event queue with a total order. Knows no domain word.

pub mod draw;
pub mod queue;
pub mod time;

pub use draw::{Block, Stream, mix, name_hash};
pub use queue::Queue;
pub use time::Micros;
