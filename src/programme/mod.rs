//! Many deployments over many days: calendar, fleet, placement, the city's roll of sought people, who has been scanned, and
//! what the days before have left behind.
//!
//! [`run`] is a pure function of (plan, replication, strategy). Within a day nothing that a deployment does reaches another;
//! between days only what is stated here does: arrests deplete the roll, hours deployed deter, and published rows guide
//! placement and thresholds. Draws of a day at a site belong to that day and site, so that all strategies meet the same
//! people there, and two programmes that differ from some day on agree before it.

mod calendar;
mod custody;
mod deterrence;
mod exposure;
mod fleet;
mod follow;
mod gallery;
mod governance;
mod hold;
pub mod placement;
mod prepare;
pub mod retrospective;
mod roll;
mod row;
mod run;
#[cfg(test)]
mod testing;
mod visits;
mod watchlist;

pub use calendar::{Calendar, Hours, day_number};
pub use deterrence::Deterrence;
pub use exposure::{Pools, exposure};
pub use fleet::Fleet;
pub use follow::{Followed, Opening, replay};
pub use governance::Governance;
pub use prepare::{Prepared, prepare_streets};
pub use roll::Roll;
pub use row::{DeploymentRow, PublishedRow};
pub use run::{Finished, run};
pub use watchlist::{Audit, List};
