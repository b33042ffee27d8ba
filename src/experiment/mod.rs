//! Many runs: identity fixed before dispatch, a worker pool, comparisons.

pub mod summary;
