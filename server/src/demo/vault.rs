//! A fresh SoftHSM token in a folder, and `tamga-hsm` as a child on it.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Instant,
};

use domain::{EcPublicKey, base64url};
use hsm::{Remote, Role, Service};
use rand_core::TryRng;
use sdk::Device;
use tempfile::TempDir;

use super::{DemoError, LIMIT, failed};

const MODULES: [&str; 4] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
];

/// A running `tamga-hsm`, ended when dropped.
pub(super) struct Vault {
    child: Child,
    folder: PathBuf,
    _temporary: Option<TempDir>,
    pub(super) web: Remote,
    pub(super) identity: Remote,
    jobs: Remote,
    pub(super) device: Device,
}

impl Vault {
    /// Makes token, configuration and keys, and starts the program beside this one.
    pub(super) async fn start(dir: Option<PathBuf>) -> Result<Self, DemoError> {
        let temporary = if dir.is_none() {
            Some(tempfile::tempdir()?)
        } else {
            None
        };
        let folder = dir
            .or_else(|| temporary.as_ref().map(|dir| dir.path().to_owned()))
            .unwrap_or_default();
        fs::create_dir_all(folder.join("tokens"))?;
        let folder = folder.canonicalize()?;
        configure(&folder)?;
        let program = program("tamga-hsm")?;
        let config = folder.join("hsm.toml");
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(folder.join("tamga-hsm.log"))?;
        let run = |command: &str| {
            let mut child = Command::new(&program);
            child
                .arg("--config")
                .arg(&config)
                .arg(command)
                .stdin(Stdio::null())
                .stdout(Stdio::null());
            child
        };
        let init = run("init").stderr(log.try_clone()?).status()?;
        if !init.success() {
            return Err(failed("tamga-hsm init")(format!(
                "see {}",
                folder.join("tamga-hsm.log").display()
            )));
        }
        let child = run("serve").stderr(log).spawn()?;
        let root = fs::read_to_string(folder.join("root.pub.pem"))?;
        let root = EcPublicKey::from_pem(&root)
            .ok_or_else(|| failed("reading the root's key")("not a P-256 key"))?;
        let remote = |role: Role| Remote::unix(folder.join("sockets").join(format!("{}.sock", role.name())));
        let mut vault = Self {
            child,
            web: remote(Role::Web),
            identity: remote(Role::Identity),
            jobs: remote(Role::Jobs),
            folder,
            _temporary: temporary,
            device: Device::new(root),
        };
        vault.wait().await?;
        Ok(vault)
    }

    /// The token's description of itself.
    pub(super) async fn token(&self) -> Result<String, DemoError> {
        Ok(self
            .jobs
            .status()
            .await
            .map_err(failed("asking for the status"))?
            .token)
    }

    /// Where everything is.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    async fn wait(&mut self) -> Result<(), DemoError> {
        let begun = Instant::now();
        while begun.elapsed() < LIMIT {
            if self.jobs.status().await.is_ok() {
                return Ok(());
            }
            if self.child.try_wait()?.is_some() {
                break;
            }
            tokio::time::sleep(core::time::Duration::from_millis(20)).await;
        }
        Err(failed("starting tamga-hsm")(format!(
            "see {}",
            self.folder.join("tamga-hsm.log").display()
        )))
    }
}

impl Drop for Vault {
    fn drop(&mut self) {
        // It may have ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program of ours, beside this one.
pub(super) fn program(name: &str) -> Result<PathBuf, DemoError> {
    Ok(std::env::current_exe()?.with_file_name(name))
}

fn configure(folder: &Path) -> Result<(), DemoError> {
    let module = MODULES.into_iter().find(|path| Path::new(path).exists());
    let module = module.ok_or_else(|| failed("finding SoftHSM")("install the package softhsm2"))?;
    for name in ["pin", "so-pin"] {
        if !folder.join(name).exists() {
            secret(&folder.join(name))?;
        }
    }
    let shown = folder.display();
    let softhsm =
        format!("directories.tokendir = {shown}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n");
    fs::write(folder.join("softhsm2.conf"), softhsm)?;
    let token = |name: &str| {
        format!(
            "[{name}]\npin_file = '{shown}/pin'\nso_pin_file = '{shown}/so-pin'\n[{name}.token]\nmodule = '{module}'\n\
             label = 'tamga {name}'\nlocal = true\nenvironment = {{ SOFTHSM2_CONF = '{shown}/softhsm2.conf' }}\n"
        )
    };
    let config = format!(
        "database = 'sqlite:{shown}/tamga.db'\nsockets = '{shown}/sockets'\nchallenge_certificate = '{shown}/challenge.jws'\n\
         root_key = '{shown}/root.pub.pem'\n{}{}",
        token("clients"),
        token("root")
    );
    fs::write(folder.join("hsm.toml"), config)?;
    Ok(())
}

/// A random PIN in a file for its owner only.
fn secret(path: &Path) -> Result<(), DemoError> {
    let mut random = [0; 12];
    getrandom::SysRng
        .try_fill_bytes(&mut random)
        .map_err(failed("drawing a PIN"))?;
    fs::write(path, base64url(&random))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    Ok(())
}
