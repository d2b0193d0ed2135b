//! `tamga ca …`: what operators do for the authority.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use domain::{CertificateKind, KeyAlgorithm, hexadecimal, sha256};

use super::{CommandError, ceremony, people, read, registry};
use crate::{
    Act, Files, Made, OperatorRole, Present, RootToken, Settings, check, order, serve::ProgramAuthority,
};

/// A command of the authority.
#[derive(Debug, Subcommand)]
pub enum CaCommand {
    /// Found the authority: root, issuing authority and services, each key on its token.
    Ceremony {
        /// The ceremony's file.
        file: PathBuf,
        /// Tell what would be made, and make nothing.
        #[arg(long)]
        dry_run: bool,
        /// Where the transcript is written; its signatures stand beside it.
        #[arg(long, default_value = "transcript.txt")]
        transcript: PathBuf,
        /// The root's token.
        #[command(flatten)]
        root: Root,
        /// Who orders it.
        #[command(flatten)]
        who: Who,
    },
    /// Make the root's revocation list with the root's token.
    RootCrl {
        /// The root's token.
        #[command(flatten)]
        root: Root,
        /// Who orders it.
        #[command(flatten)]
        who: Who,
    },
    /// Replace the issuing authority by a new key and certificate; the old one stays for what it issued.
    Rollover {
        /// A file with `algorithm` and `subject` of the new authority.
        file: PathBuf,
        /// The root's token.
        #[command(flatten)]
        root: Root,
        /// Who orders it.
        #[command(flatten)]
        who: Who,
    },
    /// A new certificate for a service: ocsp, time-stamp, evidence-seal, ledger.
    RenewService {
        /// Which.
        kind: CertificateKind,
        /// Who orders it.
        #[command(flatten)]
        who: Who,
    },
    /// Issue a certificate on a request: participant, operator, information-system, tls-server.
    Issue {
        /// What for.
        kind: CertificateKind,
        /// The certificate request, PEM or DER; only its key is taken.
        #[arg(long)]
        request: PathBuf,
        /// The subject, a TOML file: `common_name`, `organization`, `bin` and so on.
        #[arg(long)]
        subject: PathBuf,
        /// A name of a TLS server.
        #[arg(long)]
        host: Vec<String>,
        /// The owner agreed that the certificate is published.
        #[arg(long)]
        publish: bool,
        /// Where the certificate is written, PEM.
        #[arg(long)]
        out: PathBuf,
        /// Who orders it.
        #[command(flatten)]
        who: Who,
    },
    /// Search the registry.
    Find {
        /// By what.
        #[command(flatten)]
        by: registry::By,
        /// Where it goes.
        #[command(flatten)]
        to: registry::Found,
        /// Who orders it.
        #[command(flatten)]
        who: Who,
    },
    /// Revoke a certificate; its key behind the HSM is destroyed.
    Revoke {
        /// Its number.
        serial: ca::Serial,
        /// Why, as RFC 5280 names it, e.g. keyCompromise.
        #[arg(long, value_parser = registry::reason)]
        reason: pki::crl::Reason,
        /// Who orders it.
        #[command(flatten)]
        who: Who,
    },
    /// Put a certificate on hold.
    Hold {
        /// Its number.
        serial: ca::Serial,
        /// Who orders it.
        #[command(flatten)]
        who: Who,
    },
    /// Release a certificate from hold.
    Release {
        /// Its number.
        serial: ca::Serial,
        /// Who orders it.
        #[command(flatten)]
        who: Who,
    },
    /// Tell how many certificates there are, and what ends soon.
    Report {
        /// Who orders it.
        #[command(flatten)]
        who: Who,
    },
    /// Print the newest orders, each with its signatures: one JSON object in a line.
    Orders {
        /// Who orders it.
        #[command(flatten)]
        who: Who,
    },
    /// Add an operator, or give one other roles.
    AddOperator {
        /// The person's name.
        #[arg(long)]
        name: String,
        /// The person's certificate, PEM, with a P-256 key.
        #[arg(long)]
        certificate: PathBuf,
        /// administrator, registration-officer, security-officer, auditor.
        #[arg(long, value_parser = role, required = true)]
        role: Vec<OperatorRole>,
        /// Who orders it.
        #[command(flatten)]
        who: Who,
    },
    /// Take an operator's rights.
    RemoveOperator {
        /// The person's certificate, PEM.
        #[arg(long)]
        certificate: PathBuf,
        /// Who orders it.
        #[command(flatten)]
        who: Who,
    },
}

/// Who is at the console.
#[derive(Clone, Debug, Args)]
pub struct Who {
    /// An operator: CERTIFICATE.pem:KEY.pem; twice where two people are needed.
    #[arg(long = "operator", value_name = "CERTIFICATE:KEY", required = true)]
    operators: Vec<Files>,
}

/// How the root's token is reached.
#[derive(Clone, Debug, Args)]
pub struct Root {
    /// The configuration of tamga-hsm, with a [root].
    #[arg(long, default_value = "/etc/tamga/hsm.toml")]
    hsm_config: PathBuf,
}

impl Who {
    pub(super) fn present(&self) -> Result<Vec<Present>, CommandError> {
        Ok(self
            .operators
            .iter()
            .map(Present::read)
            .collect::<Result<_, _>>()?)
    }
}

impl Root {
    pub(super) fn token(&self, algorithm: KeyAlgorithm) -> Result<RootToken, CommandError> {
        if !self.hsm_config.is_file() {
            return Err(CommandError::File {
                path: self.hsm_config.clone(),
                reason:
                    "is not there; name the configuration of tamga-hsm, which has [root]: --hsm-config FILE"
                        .to_owned(),
            });
        }
        let program = std::env::current_exe().map_err(|error| CommandError::Check(error.to_string()))?;
        Ok(RootToken {
            program: program.with_file_name("tamga-hsm"),
            config: self.hsm_config.clone(),
            algorithm,
        })
    }
}

fn role(name: &str) -> Result<OperatorRole, String> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).map_err(|_| {
        "known roles are administrator, registration-officer, security-officer, auditor".to_owned()
    })
}

/// Runs a command of the authority.
pub(super) async fn run(command: CaCommand, settings: &Settings) -> Result<(), CommandError> {
    let authority = crate::open(settings).await?;
    match command {
        CaCommand::Ceremony {
            file,
            dry_run,
            transcript,
            root,
            who,
        } => ceremony::hold(&authority, (&file, &transcript), dry_run, (&root, &who)).await,
        CaCommand::RootCrl { root, who } => {
            give(&authority, &Act::RootList, &who).await?;
            let token = root.token(root_algorithm(&authority)?)?;
            let number = authority.root_list(&token).await?;
            println!("the root's revocation list number {number} was made");
            Ok(())
        }
        CaCommand::Rollover { file, root, who } => rollover(&authority, &file, (&root, &who)).await,
        CaCommand::RenewService { kind, who } => {
            let act = Act::RenewService {
                kind: kind.name().to_owned(),
            };
            give(&authority, &act, &who).await?;
            let renewed = authority.renew_service(kind).await?;
            println!(
                "{kind} has the certificate {} until {}",
                renewed.serial, renewed.not_after
            );
            if kind == CertificateKind::Ledger {
                println!(
                    "tamga serve signs with its key from the next entry on; then publish anew what tamga ledger key prints"
                );
            }
            Ok(())
        }
        CaCommand::Issue {
            kind,
            request,
            subject,
            host,
            publish,
            out,
            who,
        } => {
            let wanted = registry::Wanted {
                kind,
                request: read(&request)?,
                request_path: request,
                subject,
                hosts: host,
                publish,
            };
            registry::issue(&authority, wanted, &out, &who).await
        }
        CaCommand::Find { by, to, who } => registry::find(&authority, (by, to), &who).await,
        CaCommand::Revoke { serial, reason, who } => {
            registry::change(&authority, serial, crate::Wish::Revoke(reason), &who).await
        }
        CaCommand::Hold { serial, who } => {
            registry::change(&authority, serial, crate::Wish::Hold, &who).await
        }
        CaCommand::Release { serial, who } => {
            registry::change(&authority, serial, crate::Wish::Release, &who).await
        }
        CaCommand::Report { who } => registry::report(&authority, &who).await,
        CaCommand::Orders { who } => people::orders(&authority, &who).await,
        CaCommand::AddOperator {
            name,
            certificate,
            role,
            who,
        } => people::add(&authority, (&name, &certificate, &role), &who).await,
        CaCommand::RemoveOperator { certificate, who } => {
            people::remove(&authority, &certificate, &who).await
        }
    }
}

/// Checks and keeps an order; its id is the statement of what follows.
pub(super) async fn give(
    authority: &ProgramAuthority,
    act: &Act,
    who: &Who,
) -> Result<domain::Id<domain::word::Statement>, CommandError> {
    Ok(order(authority.store(), act, &who.present()?, authority.now()).await?)
}

/// That operators of this authority stand at the console, whatever they may order.
pub(super) async fn known(authority: &ProgramAuthority, who: &Who) -> Result<(), CommandError> {
    let operators = authority.store().operators().await?;
    check(&operators, &Act::Look, &who.present()?, authority.now())?;
    Ok(())
}

async fn rollover(
    authority: &ProgramAuthority,
    file: &Path,
    (root, who): (&Root, &Who),
) -> Result<(), CommandError> {
    let text = read(file)?;
    let made: Made = toml::from_slice(&text).map_err(|error| CommandError::File {
        path: file.to_owned(),
        reason: error.to_string(),
    })?;
    let act = Act::Rollover {
        file_sha256: hexadecimal(&sha256(&text)),
    };
    let statement = give(authority, &act, who).await?;
    let token = root.token(root_algorithm(authority)?)?;
    let issued = authority.roll_over((statement, &made), &token).await?;
    println!(
        "certificates are now issued by {}, valid until {}",
        issued.serial, issued.not_after
    );
    Ok(())
}

fn root_algorithm(authority: &ProgramAuthority) -> Result<KeyAlgorithm, CommandError> {
    let house = authority.house();
    let root = house
        .root()
        .ok_or_else(|| CommandError::Nothing("there is no root yet; hold the ceremony first".to_owned()))?;
    Ok(root.key().algorithm())
}
