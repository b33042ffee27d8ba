//! `describe`: a scenario for a paper or a report.

use super::Failure;
use super::args::{Describe, Prose};
use super::output::data;
use crate::report::odd;
use crate::scenario::{Overrides, load};

/// Prints the ODD text, the methods paragraph, assumptions and limits of a scenario.
pub(crate) fn describe(job: &Describe) -> Result<(), Failure> {
    let blocks = odd::describe(&load(&job.scenario, &Overrides::default())?);
    data(&match job.format {
        Prose::Text => odd::text(&blocks),
        Prose::Markdown => odd::markdown(&blocks),
        Prose::Latex => odd::latex(&blocks),
    })
}
