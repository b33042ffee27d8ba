//! `check` and `schema`.

use super::Failure;
use super::args::{Look, SchemaKind};
use super::output::data;
use crate::scenario::place_file::read_place_file;
use crate::scenario::{self, Overrides, load};
use std::path::PathBuf;

/// Checks files and reports every problem of all of them.
pub(crate) fn check(files: &[PathBuf], _look: &Look) -> Result<(), Failure> {
    let mut problems = Vec::new();
    let mut good = String::new();
    for file in files {
        let found = if file.extension().is_some_and(|e| e == "geojson") {
            read_place_file(file).map(|place| format!("{} streets, {} gates", place.edges.len(), place.gates.len()))
        } else {
            load(file, &Overrides::default()).map(|plan| format!("{} strategies", plan.strategies.len()))
        };
        match found {
            Ok(what) => good += &format!("{}: good ({what})\n", file.display()),
            Err(list) => problems.extend(list),
        }
    }
    data(&good)?;
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Failure::Input(problems))
    }
}

/// Prints a schema or the parameter table.
pub(crate) fn schema(kind: SchemaKind) -> Result<(), Failure> {
    match kind {
        SchemaKind::Scenario => {
            let text = serde_json::to_string_pretty(&scenario::schema()).map_err(|e| Failure::Job(e.to_string()))?;
            data(&(text + "\n"))
        }
        SchemaKind::Parameters => data(&scenario::parameter_docs()),
    }
}
