//! The `mork-space` command: knowledge bases in files of MeTTa text. `mork-space demo` shows what the library is for.

#![forbid(unsafe_code)]

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
