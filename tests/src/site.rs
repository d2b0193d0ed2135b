//! A house as its administrators have it: tokens, `tamga-hsm` running, a configuration, operators with their cards, and
//! the `tamga` program to be run on all that.

use std::{
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
};

use crate::{Vault, World, program, run};

/// The people of a [`Site`]: file name, name, roles.
const PEOPLE: [(&str, &str, &str); 4] = [
    ("aigul", "Айгүл", "'administrator'"),
    ("daniyar", "Данияр", "'security-officer'"),
    ("saule", "Сәуле", "'registration-officer'"),
    ("timur", "Тимур", "'auditor'"),
];

/// An installed house.
#[derive(Debug)]
pub struct Site {
    /// Tokens, boundary, clients.
    pub world: World<Vault>,
    /// Where certificates say that everything is.
    pub base: String,
}

/// What a command said.
#[derive(Clone, Debug)]
pub struct Said {
    /// Whether it succeeded.
    pub well: bool,
    /// Standard output and error.
    pub text: String,
}

/// A running `tamga serve`; killed when dropped.
#[derive(Debug)]
pub struct Node {
    child: Child,
    /// Where it is served.
    pub base: String,
    log: PathBuf,
}

impl Site {
    /// With everything but a ceremony.
    pub async fn new() -> Self {
        Self::with("").await
    }

    /// The same with more places in the configuration, such as `shards = 4`.
    pub async fn with(places: &str) -> Self {
        let world = World::of_program("").await;
        let base = format!("http://{}", free());
        let site = Self { world, base };
        let folder = site.world.tokens.folder().display();
        site.write(
            "tamga.toml",
            &format!(
                "database = '{}'\nsockets = '{folder}/sockets'\nroot_key = '{folder}/root.pub.pem'\n\
                 listen = '{}'\nproduction = false\n[places]\nbase = '{}'\n{places}\n\
                 [log]\norigin = 'ledger.example.kz'\n[time]\npolicy = '1.3.6.1.4.1.32473.7.6.1'\n",
                site.world.tokens.engine.line(),
                site.base.trim_start_matches("http://"),
                site.base,
            ),
        );
        for (file, name, _) in PEOPLE {
            site.card(file, name).await;
        }
        site.write(
            "ceremony.toml",
            &ceremony_file("01a1fcd7-aa29-7f27-b01e-dbdee5886f11"),
        );
        site
    }

    /// With an authority.
    pub async fn founded(places: &str) -> Self {
        let site = Self::with(places).await;
        let held = site.hold("ceremony.toml").await;
        assert!(held.well, "{}", held.text);
        site
    }

    /// Holds a ceremony.
    pub async fn hold(&self, file: &str) -> Said {
        self.tamga(
            &["aigul", "daniyar"],
            &format!("ca ceremony @/{file} --transcript @/transcript.txt --hsm-config @/hsm.toml"),
        )
        .await
    }

    /// Runs `tamga` for these operators; `@` stands for the folder.
    pub async fn tamga(&self, operators: &[&str], line: &str) -> Said {
        let output = run(&mut self.command(operators, line)).await;
        Said::from(output)
    }

    /// Runs another program; `@` stands for the folder.
    pub async fn ask(&self, line: &str) -> Said {
        let folder = self.world.tokens.folder().display().to_string();
        let mut words = line.split_whitespace().map(|word| word.replace('@', &folder));
        let output = run(Command::new(words.next().unwrap()).args(words)).await;
        Said::from(output)
    }

    /// `tamga` for these operators, to be started otherwise.
    pub fn command(&self, operators: &[&str], line: &str) -> Command {
        let folder = self.world.tokens.folder().display().to_string();
        let mut command = Command::new(program("tamga"));
        command
            .arg("--config")
            .arg(self.world.tokens.path("tamga.toml"))
            .args(line.split_whitespace().map(|word| word.replace('@', &folder)));
        for file in operators {
            command
                .arg("--operator")
                .arg(format!("{folder}/{file}.pem:{folder}/{file}.key"));
        }
        command
    }

    /// Makes an operator's key and certificate.
    pub async fn card(&self, file: &str, name: &str) {
        let made = run(Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-noenc",
            ])
            .args([
                "-utf8",
                "-days",
                "365",
                "-subj",
                &format!("/CN={name}"),
                "-keyout",
            ])
            .arg(self.world.tokens.path(&format!("{file}.key")))
            .arg("-out")
            .arg(self.world.tokens.path(&format!("{file}.pem"))))
        .await;
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    /// Writes a file into the folder.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.world.tokens.path(name), text).unwrap();
    }

    /// Reads a file of the folder.
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.world.tokens.path(name)).unwrap()
    }

    /// Serves where certificates say that it is.
    pub async fn serve(&self) -> Node {
        self.serve_at(&self.base).await
    }

    /// Serves elsewhere: another node of the house.
    pub async fn serve_elsewhere(&self) -> Node {
        self.serve_at(&format!("http://{}", free())).await
    }

    async fn serve_at(&self, base: &str) -> Node {
        let address = base.trim_start_matches("http://");
        let log = self
            .world
            .tokens
            .path(&format!("tamga-{}.log", address.replace(':', "-")));
        let child = self
            .command(&[], "serve")
            .env("TAMGA_SET_LISTEN", address)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut node = Node {
            child,
            base: base.to_owned(),
            log,
        };
        for _ in 0..600 {
            if node.get("/readyz").await.well {
                return node;
            }
            assert!(
                node.child.try_wait().unwrap().is_none(),
                "tamga ended: {}",
                node.log()
            );
            tokio::time::sleep(core::time::Duration::from_millis(50)).await;
        }
        panic!("tamga does not get ready: {}", node.log());
    }
}

impl Node {
    /// Fetches text with curl.
    pub async fn get(&self, path: &str) -> Said {
        Said::from(run(Command::new("curl").args(["-sf", &format!("{}{path}", self.base)])).await)
    }

    /// Fetches bytes with curl.
    pub async fn bytes(&self, path: &str) -> Vec<u8> {
        let output = run(Command::new("curl").args(["-sf", &format!("{}{path}", self.base)])).await;
        assert!(output.status.success(), "{path}: {}", self.log());
        output.stdout
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Ends it with `kill -9`.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, and waits; whether it ended well.
    pub async fn stop(&mut self) -> bool {
        let asked = run(Command::new("kill").args(["-TERM", &self.id().to_string()])).await;
        assert!(asked.status.success());
        for _ in 0..600 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.success();
            }
            tokio::time::sleep(core::time::Duration::from_millis(50)).await;
        }
        panic!("tamga does not stop: {}", self.log());
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Already ended when stopped on purpose.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            well: output.status.success(),
            text: String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned(),
        }
    }
}

impl Said {
    /// What it said, if it succeeded.
    #[track_caller]
    pub fn well(self) -> String {
        assert!(self.well, "{}", self.text);
        self.text
    }

    /// That it failed with these words.
    #[track_caller]
    pub fn refused(self, words: &str) {
        assert!(!self.well && self.text.contains(words), "{words}: {self:?}");
    }
}

/// A ceremony's file with this id, for the people of a [`Site`].
pub fn ceremony_file(id: &str) -> String {
    let people = PEOPLE.map(|(file, name, roles)| {
        format!("[[operators]]\nname = '{name}'\ncertificate = '{file}.pem'\nroles = [{roles}]\n")
    });
    format!(
        "id = '{id}'\ntitle = 'A ceremony'\nplace = 'Almaty'\n\
         [root]\nalgorithm = 'p384'\nsubject = {{ common_name = 'Tamga Root', organization = 'Тамға' }}\n\
         [issuing]\nalgorithm = 'p256'\nsubject = {{ common_name = 'Tamga Issuing', organization = 'Тамға' }}\n\
         [ocsp]\nalgorithm = 'p256'\nsubject = {{ common_name = 'OCSP RESPONDER' }}\n\
         [time_stamp]\nalgorithm = 'p256'\nsubject = {{ common_name = 'УАҚЫТ БЕЛГІСІ' }}\n\
         [evidence_seal]\nalgorithm = 'p256'\n\
         subject = {{ common_name = 'Дәлел мөрі', organization = 'Тамға', bin = '960440000151' }}\n\
         [ledger]\nalgorithm = 'p256'\nsubject = {{ common_name = 'Ledger' }}\n{}",
        people.concat()
    )
}

/// An address of this machine that is free now.
fn free() -> core::net::SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}
