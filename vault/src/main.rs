//! `tamga-hsm`: the only program that loads a PKCS#11 module or knows a PIN.
//!
//! Without a command it serves the boundary; `worker` is how it starts its own workers. No HTTP is in here.

mod gap;
mod init;
mod listen;
mod pin;
mod serve;
mod settings;
mod shelf;
mod tls;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use rustix::process::{DumpableBehavior, set_dumpable_behavior};
use tracing_subscriber::EnvFilter;

#[derive(Debug, Parser)]
#[command(
    name = "tamga-hsm",
    version,
    about = "Keeps clients' keys behind a PKCS#11 token and signs only for their owners"
)]
struct Arguments {
    /// The configuration file.
    #[arg(long, global = true, default_value = "/etc/tamga/hsm.toml")]
    config: PathBuf,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the boundary (the default).
    Serve,
    /// Initialise tokens, make missing keys, and certify the challenge key by the root. Safe to run again.
    Init {
        /// An existing folder for the two components of each PIN that is made now, if two people are to enter it.
        #[arg(long)]
        components: Option<PathBuf>,
    },
    /// Enter one component of a PIN, from the terminal or standard input, while another tamga-hsm waits for it.
    EnterPin {
        /// The officer's name, as the configuration has it.
        #[arg(long = "as")]
        name: String,
        /// The officer's private key, P-256, PKCS#8 in PEM.
        #[arg(long)]
        key: PathBuf,
    },
    /// Split the PIN of a token that has one into two components, for two people to enter from now on.
    SplitPin {
        /// Which token.
        which: init::Which,
        /// The file with the PIN.
        #[arg(long)]
        pin_file: PathBuf,
        /// An existing folder for the two components.
        #[arg(long)]
        components: PathBuf,
    },
    /// Check the configuration and stop.
    Check,
    /// Accept, on the record, that the database is older than the token remembers.
    AcceptGap {
        /// Who accepts it.
        #[arg(long)]
        by: String,
        /// Why it is older.
        #[arg(long)]
        reason: String,
    },
    /// The shelf: copy it, or fill an empty one from its copy.
    #[command(subcommand)]
    Shelf(shelf::ShelfCommand),
    /// Set up one token, in a process with that token's environment; started by `init`.
    #[command(hide = true)]
    Token {
        /// Which.
        which: init::Which,
        /// The kind of the root certification authority's key, which is made and used.
        #[arg(long, value_parser = algorithm)]
        authority: Option<domain::KeyAlgorithm>,
        /// What a root's key shall sign.
        #[arg(long)]
        sign: Vec<String>,
        /// Only say whether it is there.
        #[arg(long)]
        look: bool,
    },
    /// The root certification authority's key: make it if there is none, print it, and sign with it. Its token must
    /// be there; `tamga ca ceremony` and `tamga ca root-crl` ask for this.
    Root {
        /// The kind of the key.
        #[arg(long, value_parser = algorithm)]
        algorithm: domain::KeyAlgorithm,
        /// What it shall sign: PROFILE/DIGEST, the digest in base64url.
        #[arg(long)]
        sign: Vec<String>,
    },
    /// A worker; started by tamga-hsm itself.
    #[command(hide = true)]
    Worker,
}

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("TAMGA_LOG").unwrap_or_else(|_| EnvFilter::new("info,cryptoki=off"));
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    if matches!(arguments.command, Some(Command::Worker)) {
        return hsm::run_worker();
    }
    if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
        tracing::error!(%error, "the process cannot be made non-dumpable");
        return ExitCode::FAILURE;
    }
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{}", chain(&*error));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let settings = settings::Settings::read(&arguments.config)?;
    match arguments.command {
        None | Some(Command::Serve) => serve::serve(settings)?,
        Some(Command::Init { components }) => {
            init::init(&settings, &arguments.config, components.as_deref())?;
        }
        Some(Command::EnterPin { name, key }) => pin::enter(&settings, &name, &key)?,
        Some(Command::SplitPin {
            which,
            pin_file,
            components,
        }) => init::split(&settings, which, (&pin_file, &components))?,
        Some(Command::Token {
            which,
            authority,
            sign,
            look,
        }) => {
            if look {
                init::look(&settings, which)?;
            } else {
                init::token(&settings, which, authority, &sign)?;
            }
        }
        Some(Command::Root { algorithm, sign }) => {
            let mut more = vec![format!("--authority={algorithm}")];
            // With `=`, since base64url may begin with a hyphen.
            more.extend(sign.iter().map(|asked| format!("--sign={asked}")));
            print!(
                "{}",
                init::child(&settings, &arguments.config, (init::Which::Root, None), &more)?
            );
        }
        Some(Command::AcceptGap { by, reason }) => gap::accept(&settings, &by, &reason)?,
        Some(Command::Shelf(command)) => shelf::run(&settings, command)?,
        Some(Command::Check) => settings.check()?,
        Some(Command::Worker) => {}
    }
    Ok(())
}

fn algorithm(name: &str) -> Result<domain::KeyAlgorithm, String> {
    domain::KeyAlgorithm::parse(name).ok_or_else(|| {
        format!(
            "known kinds are {}",
            domain::KeyAlgorithm::ALL
                .map(domain::KeyAlgorithm::name)
                .join(", ")
        )
    })
}

/// An error with its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let cause = error.to_string();
        if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
        source = error.source();
    }
    text
}
