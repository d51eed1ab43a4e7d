//! Programs that a machine may lack. What needs one says `NOT RUN` where it is not and cannot be installed.

use xshell::{Cmd, Shell, cmd};

/// Whether a program can be started here, whatever it says of an option that not all have.
pub fn has(sh: &Shell, program: &str) -> bool {
    succeeds(cmd!(sh, "{program} --version").ignore_status())
}

/// Whether a command succeeds, of which nothing is shown.
pub fn succeeds(command: Cmd<'_>) -> bool {
    command.quiet().ignore_stdout().ignore_stderr().run().is_ok()
}

/// The same as [`has`], once it was tried to install the package of Debian that has it.
pub fn has_from(sh: &Shell, program: &str, package: &str) -> bool {
    if !has(sh, program) {
        // Its failure shows in the answer.
        let _ = cmd!(sh, "apt-get install --yes --no-install-recommends {package}").run();
    }
    has(sh, program)
}
