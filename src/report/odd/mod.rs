//! A scenario described: the ODD protocol, a methods paragraph with citations, assumptions, what is not modelled. All of it
//! is read off the plan and the registry, so that it cannot fall behind them.

mod forms;
mod parts;

use crate::scenario::Plan;

pub(super) use forms::tex;
pub use forms::{latex, markdown, text};

/// A piece of a description.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading of level 1 to 3.
    Heading(u8, String),
    /// A paragraph.
    Text(String),
    /// A list.
    List(Vec<String>),
    /// A table: its heading and rows of as many cells.
    Table(Vec<String>, Vec<Vec<String>>),
}

/// The whole description of a scenario, in order.
pub fn describe(plan: &Plan) -> Vec<Block> {
    let mut all = vec![
        Block::Heading(1, plan.title.clone()),
        Block::Text(plan.question.clone()),
    ];
    all.extend(parts::methods(plan));
    all.extend(parts::odd(plan));
    all.extend(parts::assumptions(plan));
    all.extend(parts::limits(plan));
    all
}
