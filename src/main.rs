//! The front door: parse, dispatch, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    lamplight::cli::main()
}
