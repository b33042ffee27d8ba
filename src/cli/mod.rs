//! Words, flags, help, progress and exit codes. No science.

pub mod diagnostics;
