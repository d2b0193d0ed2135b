//! Real tokens in a folder of their own, set up by the built `tamga-hsm init`.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use domain::EcPublicKey;
use store::Database;
use tempfile::TempDir;

use crate::Engine;

/// The user PIN of every token here.
pub const PIN: &str = "fa1ry-tale-9021";
const SO_PIN: &str = "so-p1n-48151623";

/// A built program beside this test's own.
pub fn program(name: &str) -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let found = here
        .ancestors()
        .map(|folder| folder.join(name))
        .find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("{name} is not built; run cargo build --workspace first"))
}

/// A folder with tokens, a database, PIN files and a configuration for `tamga-hsm`.
#[derive(Debug)]
pub struct Tokens {
    /// The database.
    pub engine: Engine,
    folder: TempDir,
    /// Whether two people enter the PIN of the clients' token.
    two_people: bool,
}

impl Tokens {
    /// Sets everything up; `extra` is appended to the configuration's top level.
    pub fn set_up(extra: &str) -> Self {
        let tokens = Self::unset(false);
        tokens.configure(extra);
        tokens.init(&[]);
        tokens
    }

    /// The same, but the PIN of the clients' token is made and split for two of the [`OFFICERS`](crate::OFFICERS) to enter;
    /// `extra` is appended to `[pin_entry]`.
    pub fn for_two_people(extra: &str) -> Self {
        let tokens = Self::unset(true);
        let entry = crate::pins::entry(&tokens);
        tokens.configure(&format!("{entry}{extra}"));
        tokens.init(&["--components", &tokens.folder().display().to_string()]);
        tokens
    }

    fn unset(two_people: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let tokens = Self {
            engine: Engine::fresh(folder.path().to_owned()),
            folder,
            two_people,
        };
        tokens.write_secret("pin", PIN);
        tokens.write_secret("so-pin", SO_PIN);
        fs::create_dir(tokens.path("tokens")).unwrap();
        tokens
    }

    fn init(&self, arguments: &[&str]) {
        let init = self.command(&["init"]).args(arguments).output().unwrap();
        assert!(init.status.success(), "{}", String::from_utf8_lossy(&init.stderr));
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The Shelf: a file, whatever the database is.
    pub fn shelf(&self) -> Database {
        Database::of_file(&self.path("shelf.db"))
    }

    /// What the configuration says of a token: the first value of this key.
    pub fn setting(&self, key: &str) -> String {
        let text = fs::read_to_string(self.path("hsm.toml")).unwrap();
        let line = text.lines().find(|line| line.starts_with(key)).unwrap();
        line.split('\'').nth(1).unwrap().to_owned()
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The root's public key, which devices pin.
    pub fn root_key(&self) -> EcPublicKey {
        EcPublicKey::from_pem(&fs::read_to_string(self.path("root.pub.pem")).unwrap()).unwrap()
    }

    /// `tamga-hsm` with this configuration.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program("tamga-hsm"));
        command.arg("--config").arg(self.path("hsm.toml")).args(arguments);
        command
    }

    /// Writes the configuration anew.
    pub fn configure(&self, extra: &str) {
        let folder = self.folder.path().display();
        let (clients, root) = (self.token("clients"), self.token("root"));
        let text = format!(
            "database = '{}'\nshelf = 'sqlite:{folder}/shelf.db'\nsockets = '{folder}/sockets'\n\
             challenge_certificate = '{folder}/challenge.jws'\nroot_key = '{folder}/root.pub.pem'\n{extra}\n\
             [clients]\n{clients}\n[root]\n{root}\n",
            self.engine.line()
        );
        let sections = text
            .replace("TOKEN_OF_CLIENTS", "[clients.token]")
            .replace("TOKEN_OF_ROOT", "[root.token]");
        fs::write(self.path("hsm.toml"), sections).unwrap();
    }

    fn token(&self, name: &str) -> String {
        let folder = self.folder.path().display();
        let kryoptic = std::env::var("TAMGA_TOKEN").is_ok_and(|token| token == "kryoptic");
        let (module, environment) = if kryoptic {
            self.kryoptic(name)
        } else {
            self.softhsm()
        };
        let table = format!("TOKEN_OF_{}", name.to_uppercase());
        let pin = if self.two_people && name == "clients" {
            "pin = 'entered by two people'".to_owned()
        } else {
            format!("pin_file = '{folder}/pin'")
        };
        format!(
            "{pin}\nso_pin_file = '{folder}/so-pin'\n{table}\nmodule = '{}'\nlabel = 'tamga {name}'\n\
             local = true\nenvironment = {environment}",
            module.display()
        )
    }

    fn softhsm(&self) -> (PathBuf, String) {
        let module = [
            "/usr/lib/softhsm/libsofthsm2.so",
            "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
        ]
        .into_iter()
        .map(PathBuf::from)
        .find(|path| path.exists())
        .expect("SoftHSM is not installed: apt-get install softhsm2");
        let configuration = self.path("softhsm2.conf");
        let tokens = self.path("tokens");
        let text = format!(
            "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
            tokens.display()
        );
        fs::write(&configuration, text).unwrap();
        (
            module,
            format!("{{ SOFTHSM2_CONF = '{}' }}", configuration.display()),
        )
    }

    fn kryoptic(&self, name: &str) -> (PathBuf, String) {
        let module = program("kryoptic/release/libtamga_kryoptic.so");
        let configuration = self.path(&format!("kryoptic-{name}.toml"));
        let database = self.path("tokens").join(format!("{name}.sql"));
        let text = format!(
            "[[slots]]\nslot = 1\ndbtype = \"sqlite\"\ndbargs = \"{}\"\n",
            database.display()
        );
        fs::write(&configuration, text).unwrap();
        (
            module,
            format!("{{ KRYOPTIC_CONF = '{}' }}", configuration.display()),
        )
    }

    /// Writes a file for its owner only.
    pub fn write_secret(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o600)).unwrap();
    }
}
