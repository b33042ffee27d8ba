//! Closed forms: what the model must give where it can be solved by hand. V numbers are those of the model's verification
//! table. Others of the table stand beside the code they test: V8 in `people`, V12, V13, V15 and V16 in `city`, V14 in
//! `response`, V24 in `stats`.

mod arrivals;
mod capture;
#[path = "../common/mod.rs"]
mod common;
mod matcher;
mod pursuit;
mod queues;
