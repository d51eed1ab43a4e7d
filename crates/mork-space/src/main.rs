//! The `mork-space` command: knowledge bases in files of MeTTa text. `mork-space demo` shows what the library is for.

#![forbid(unsafe_code)]

mod cli;

/// The system's allocator, which counts: the demo tells bytes that were measured.
#[global_allocator]
static HEAP: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

fn main() -> std::process::ExitCode {
    cli::run()
}
