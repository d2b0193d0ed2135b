//! `tamga`: the service and the commands of those who run it.

mod demo;

use std::{io::Write as _, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use server::command::CommandError;
use tracing_subscriber::EnvFilter;

#[derive(Debug, Parser)]
#[command(name = "tamga", version, about = "An open cloud-signature service")]
struct Arguments {
    /// The configuration file.
    #[arg(long, global = true, default_value = "/etc/tamga/tamga.toml")]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play the whole scenario on a fresh SoftHSM token, in plain words.
    Demo(demo::Play),
    #[command(flatten)]
    Service(server::command::Command),
}

fn main() -> ExitCode {
    let Arguments { config, command } = Arguments::parse();
    // A service tells whoever collects its log what it does; a command talks to a person, and says here only what went
    // wrong on the way. What a database server has to say about its tables is neither.
    let serving = matches!(
        command,
        Command::Service(server::command::Command::Serve { check: false })
    );
    let usual = if serving { "info,sqlx=warn" } else { "error" };
    let filter = EnvFilter::try_from_env("TAMGA_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("tamga: {error}");
            return ExitCode::FAILURE;
        }
    };
    let ended = runtime.block_on(async {
        match command {
            Command::Demo(how) => demo::play(how)
                .await
                .map_err(|error| (1, Some(error.to_string()))),
            Command::Service(command) => server::command::run(command, &config).await.map_err(|error| {
                let quiet = matches!(error, CommandError::Closed);
                (error.exit_code(), (!quiet).then(|| error.to_string()))
            }),
        }
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err((code, error)) => {
            if let Some(error) = error {
                // Whoever does not listen misses it.
                let _ = writeln!(std::io::stderr(), "tamga: {error}");
            }
            ExitCode::from(code)
        }
    }
}
