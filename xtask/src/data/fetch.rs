//! Packages of others, of one version each, fetched by the client of their registry, compared with a checksum and unpacked. Nothing is
//! installed, and nothing in them is run.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use xshell::{Shell, cmd};

use super::dir;
use crate::{tools, tree};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// `apt-get` and `dpkg`.
    Debian,
    /// `npm` and `tar`.
    Npm,
    /// `pip`.
    Pypi,
}

pub struct Package {
    pub client: Client,
    pub name: &'static str,
    pub version: &'static str,
    /// Of the file that the client fetches.
    pub sha256: &'static str,
}

/// Fetches a package and unpacks it; returns where. What is there already is left alone.
pub fn unpack(sh: &Shell, package: &Package) -> Result<PathBuf> {
    let Package { client, name, version, sha256 } = package;
    let fetched = dir().join(name);
    let unpacked = fetched.join("unpacked");
    if unpacked.exists() {
        return Ok(unpacked);
    }
    let probe = match client {
        Client::Debian => cmd!(sh, "dpkg --version"),
        Client::Npm => cmd!(sh, "npm --version"),
        Client::Pypi => cmd!(sh, "python3 -m pip --version"),
    };
    ensure!(tools::succeeds(probe), "data: NOT RUN, the client for `{name}` is not here");
    fs::create_dir_all(&fetched)?;
    let _in_it = sh.push_dir(&fetched);
    let fetch = match client {
        Client::Debian => cmd!(sh, "apt-get download {name}={version}"),
        Client::Npm => cmd!(sh, "npm pack --silent {name}@{version}"),
        Client::Pypi => cmd!(sh, "python3 -m pip download --quiet --no-deps --dest . {name}=={version}"),
    };
    fetch.run().with_context(|| format!("data: `{name}` {version} cannot be fetched"))?;
    let suffix = match client {
        Client::Debian => "deb",
        Client::Npm => "tgz",
        Client::Pypi => "whl",
    };
    let found = tree::entries(&fetched)?.into_iter().find(|path| path.extension().is_some_and(|found| found == suffix));
    let file = found.with_context(|| format!("data: `{name}` was not fetched"))?;
    let sum = cmd!(sh, "sha256sum {file}").quiet().read()?;
    ensure!(sum.starts_with(sha256), "data: `{name}` {version} is not the file it was when it was pinned: {sum}");
    extract(sh, *client, &file, &fetched.join("part"))?;
    // Under its name only once it is whole.
    fs::rename(fetched.join("part"), &unpacked)?;
    Ok(unpacked)
}

fn extract(sh: &Shell, client: Client, file: &Path, into: &Path) -> Result<()> {
    fs::create_dir_all(into)?;
    match client {
        Client::Debian => cmd!(sh, "dpkg -x {file} {into}"),
        Client::Npm => cmd!(sh, "tar -xzf {file} -C {into}"),
        Client::Pypi => cmd!(sh, "python3 -m zipfile -e {file} {into}"),
    }
    .run()?;
    Ok(())
}
