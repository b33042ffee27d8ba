//! Who exists, their group, when and where they walk, who is sought, and how people react to cameras.
//!
//! A visit is a pure function of its keyed draws: nothing here holds state between visits.

mod alias;
mod conditions;
mod day;
mod demand;
mod pool;
mod react;
mod roll;
mod sought;

pub use alias::Alias;
pub use conditions::{Conditions, When};
pub use day::{Day, Leg, MAX_LEGS, MAX_MEMBERS, Member, Streets, Visit};
pub use demand::{Demand, HourBlock};
pub use pool::{Homes, Lorenz, Pool};
pub use react::{Reaction, Reactions};
pub use roll::{Entry, Subject, Subjects};
pub use sought::{SoughtPeople, SoughtPerson};
