//! Programmes of many deployments: closed forms, relations between programmes, and what rules may know.

mod closed_forms;
mod custody;
mod helper;
mod relations;
mod results;
