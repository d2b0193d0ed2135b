//! A database of its own on the PostgreSQL server that all tests of a run share.
//!
//! `store` includes this file in its own tests, so it knows no crate of ours. The server is started by whoever comes
//! first and ended by its keeper, see `tools/postgres.sh`; what holds it is a lock that the kernel takes back from a
//! test that was killed.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// A database on the tests' server; dropped with this.
#[derive(Debug)]
pub struct Postgres {
    name: String,
}

impl Postgres {
    /// An empty database.
    pub fn fresh() -> Self {
        Self::from("template0")
    }

    /// A copy; nobody may be connected.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self::from(&self.name)
    }

    /// Becomes a copy; nobody may be connected.
    pub fn become_copy_of(&self, copy: &Self) {
        Server::running().run("dropdb", &["--force", &self.name]);
        Server::running().run("createdb", &["--template", &copy.name, &self.name]);
    }

    /// Becomes empty.
    pub fn lose(&self) {
        Server::running().run("dropdb", &["--force", &self.name]);
        Server::running().run("createdb", &["--template", "template0", &self.name]);
    }

    fn from(template: &str) -> Self {
        let random = fs::read_to_string("/proc/sys/kernel/random/uuid").unwrap();
        let name = format!("test-{}", random.trim());
        Server::running().run("createdb", &["--template", template, &name]);
        Self { name }
    }

    /// Its URL.
    pub fn url(&self) -> String {
        let folder = Server::running().folder.replace('/', "%2F");
        format!("postgres://tamga@{folder}/{}", self.name)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        Server::running().run("dropdb", &["--force", &self.name]);
    }
}

/// The server, held for as long as this process lives.
struct Server {
    programs: PathBuf,
    folder: String,
    _held: File,
}

impl Server {
    fn running() -> &'static Self {
        static SERVER: OnceLock<Server> = OnceLock::new();
        SERVER.get_or_init(Self::find_or_start)
    }

    fn find_or_start() -> Self {
        let state = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/postgres"));
        fs::create_dir_all(state).unwrap();
        let held = File::options()
            .create(true)
            .append(true)
            .open(state.join("users"))
            .unwrap();
        held.lock_shared().unwrap();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tools/postgres.sh");
        let found = Command::new(script).arg(state).output().unwrap();
        let said = String::from_utf8(found.stdout).unwrap();
        let [programs, folder] = said.lines().collect::<Vec<_>>()[..] else {
            panic!("{}", String::from_utf8_lossy(&found.stderr));
        };
        Self {
            programs: programs.into(),
            folder: folder.to_owned(),
            _held: held,
        }
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let output = Command::new(self.programs.join(program))
            .args(["--host", &self.folder, "--username", "tamga"])
            .args(arguments)
            .output()
            .unwrap();
        // A failing test drops its database while it panics; one panic is enough to read.
        let done = output.status.success() || std::thread::panicking();
        assert!(done, "{program}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
