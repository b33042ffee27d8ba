//! The discrete-event model of one deployment: visits, promotion, events, state, dispatch.
//!
//! A visit is evaluated from its keyed draws alone and is gone, unless it matters: from its first alert (or because a
//! sought person makes it) all its members become agents on the event list. `Schedule::Events` makes an agent of everybody
//! and must give the same bytes.

mod agents;
mod alert;
mod course;
mod covered;
mod crowd;
mod engine;
mod eyes;
mod followers;
mod incidents;
mod inflow;
mod observe;
mod pursuit;
mod scene;
mod seen;
mod shadow;
mod sights;
mod told;
mod walker;

pub use alert::{Alert, Ending};
pub use engine::{Schedule, run, run_again, run_on};
pub use eyes::{Eyes, Face, Hit};
pub use observe::{Batch, CoverChance, CoverStop, Observer, Pass, Reacted, Shadowed, Shift, SoughtRecord};
pub use scene::Scene;
pub use seen::Seen;
pub use told::{Judged, Left, Sent, Sight, Told};
