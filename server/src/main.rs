//! `tamga`: the service. At this stage it plays the demonstration of the boundary.

mod demo;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "tamga", version, about = "An open cloud-signature service")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play the whole scenario on a fresh SoftHSM token, in plain words.
    Demo {
        /// Where token, database and sockets are made; a temporary folder if absent.
        #[arg(long)]
        dir: Option<PathBuf>,
        /// End after the scenario instead of staying up for a person to try.
        #[arg(long)]
        once: bool,
        /// Where to leave certificates, documents, signatures and summary.json.
        #[arg(long, default_value = "demo-out")]
        out: PathBuf,
    },
}

fn main() -> ExitCode {
    let Command::Demo { dir, once, out } = Arguments::parse().command;
    let played = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(demo::DemoError::from)
        .and_then(|runtime| runtime.block_on(demo::play(dir, once, &out)));
    match played {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tamga demo: {error}");
            ExitCode::FAILURE
        }
    }
}
