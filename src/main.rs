//! The program `qingnuan` (清暖).

use std::process::ExitCode;

fn main() -> ExitCode {
    qingnuan::cli::run(std::env::args_os())
}
