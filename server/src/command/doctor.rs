//! `tamga doctor`: everything that the service needs, looked at once; each fault with what to do.

use ca::Reading;
use domain::CertificateKind;
use hsm::{Journal as _, Role, Service as _};
use store::{Store, UpkeepState};

use super::{CommandError, told};
use crate::{Ending, Settings, Standing, serve};

/// Intentions that are older were cut off.
const CUT_OFF: core::time::Duration = core::time::Duration::from_mins(2);

/// Stuck signatures that are named; `tamga upkeep stuck` names more.
const NAMED: usize = 10;

pub(super) async fn run(settings: &Settings) -> Result<(), CommandError> {
    let (mut faults, mut heard) = (0, Ok(()));
    let mut tell = |what: &str, found: Result<String, String>| {
        faults += u32::from(found.is_err());
        if heard.is_ok() {
            heard = match found {
                Ok(good) => told::tell(format_args!("ok     {what}: {good}")),
                Err(wrong) => told::tell(format_args!("FAULT  {what}: {wrong}")),
            };
        }
    };
    tell("configuration", Ok("reads".to_owned()));
    let store = match settings.database() {
        Err(error) => Err(error.to_string()),
        Ok(database) => Store::open(&database).await.map_err(|error| error.to_string()),
    };
    match &store {
        Err(error) => tell("database", Err(format!("{error}; start it, or mend `database`"))),
        Ok(store) => tell(
            "database",
            store
                .head()
                .await
                .map(|head| format!("answers, {} entries in the Ledger", head.position))
                .map_err(|error| error.to_string()),
        ),
    }
    for role in [Role::Ca, Role::Jobs] {
        let found = match serve::remote(settings, role).status().await {
            Err(error) => Err(format!(
                "{error}; start tamga-hsm, and let this user into {}",
                settings.sockets.display()
            )),
            Ok(status) if !status.healthy => {
                Err("the token does not sign; see the log of tamga-hsm".to_owned())
            }
            Ok(status) if !status.missing.is_empty() => Err(status.missing.join("; ")),
            Ok(status) => Ok(format!("{}, {} workers", status.token, status.workers)),
        };
        tell(&format!("boundary as {}", role.name()), found);
    }
    if store.is_ok() {
        authority(settings, &mut tell).await;
    }
    heard?;
    if faults == 0 {
        told::tell("Everything is as it should be.")
    } else {
        let faults = if faults == 1 {
            "one fault was".to_owned()
        } else {
            format!("{faults} faults were")
        };
        Err(CommandError::Check(format!("{faults} found")))
    }
}

async fn authority(settings: &Settings, tell: &mut impl FnMut(&str, Result<String, String>)) {
    let authority = match crate::open(settings).await {
        Ok(authority) => authority,
        Err(error) => return tell("authority", Err(error.to_string())),
    };
    let now = authority.now();
    if authority.house().issuing().is_none() {
        tell(
            "authority",
            Err("there is none; hold the ceremony: tamga ca ceremony FILE".to_owned()),
        );
    }
    match authority.standing().await {
        Err(error) => tell("jobs", Err(error.to_string())),
        Ok(standing) => {
            jobs(&standing, tell);
            upkeep(settings, authority.store(), &standing, tell).await;
        }
    }
    let cut_off = match authority.store().prepared(now.minus(CUT_OFF)).await {
        Err(error) => Err(error.to_string()),
        Ok(none) if none.is_empty() => Ok("all that were intended are issued".to_owned()),
        Ok(some) => Ok(format!(
            "{} were intended and never signed, so nobody has them; whoever asked may ask again",
            some.len()
        )),
    };
    tell("certificates", cut_off);
    if let Some(source) = &settings.time.second_source {
        let found = match crate::jobs::ask_second_source(source, authority.reading()).await {
            Err(error) => Err(format!("{source} does not answer: {error}")),
            Ok(second) => {
                let reading: Reading = authority.reading();
                authority.watch().hear(reading, second);
                authority
                    .watch()
                    .judge(authority.reading())
                    .map(|_| format!("agrees with {source}"))
                    .map_err(|fault| format!("{fault}; set the clock"))
            }
        };
        tell("clock", found);
    }
}

/// What the jobs owe, and what ends; each with what to do.
fn jobs(standing: &Standing, tell: &mut impl FnMut(&str, Result<String, String>)) {
    for one in &standing.certificates {
        let found = match one.until {
            Some(until) if until > standing.now && !one.soon => Ok(format!("until {until}")),
            Some(until) if until > standing.now => Err(format!("ends at {until}; {}", remedy(one))),
            Some(_) | None => Err(format!(
                "none is valid: it ended, was revoked, or its key is not on the token; {}",
                remedy(one)
            )),
        };
        tell(&format!("certificate of {one}"), found);
    }
    for list in &standing.lists {
        let found = match (standing.list(list), list.newest) {
            (Some(wrong), _) if list.is_root() => Err(format!(
                "{wrong}; make the next one with the root's token: tamga ca root-crl"
            )),
            (Some(wrong), _) => Err(format!(
                "{wrong}; tamga serve makes it: is it running, and what does its log say?"
            )),
            (None, Some((_, until))) if list.ends_soon(standing.now) => Err(format!(
                "ends at {until}; make the next one with the root's token: tamga ca root-crl"
            )),
            (None, newest) => Ok(newest.map_or_else(String::new, |(number, until)| {
                format!("number {number}, until {until}")
            })),
        };
        tell(&list.scope.file(false), found);
    }
    let tree = &standing.tree;
    let found = match standing.late(tree.owed_since) {
        Some(_) if tree.covered == 0 => Ok("is not begun yet; tamga serve begins it".to_owned()),
        Some(since) => Err(format!(
            "{} of {} entries are under a checkpoint, and the next one waits since {since}; tamga serve takes it up: is \
             it running, and what does its log say?",
            tree.covered, tree.entries
        )),
        None => Ok(format!(
            "{} of {} entries are under a checkpoint",
            tree.covered, tree.entries
        )),
    };
    tell("tree of the Ledger", found);
}

/// Signatures that are kept, those that wait for people by name.
async fn upkeep(
    settings: &Settings,
    store: &Store,
    standing: &Standing,
    tell: &mut impl FnMut(&str, Result<String, String>),
) {
    let owed = standing.upkeep.owed;
    let found = match (standing.upkeep_late(), &settings.upkeep) {
        (Some(late), _) => Err(format!(
            "{late}; tamga serve extends them: is it running, and what does its log say?"
        )),
        (None, None) if owed > 0 => Err(format!(
            "{owed} signatures are to be extended, and the configuration has no [upkeep]"
        )),
        (None, Some(_) | None) => Ok(format!("{owed} signatures are to be extended now")),
    };
    tell("upkeep of signatures", found);
    if standing.upkeep.stuck == 0 {
        return;
    }
    match store.stuck_upkeeps().await {
        Err(error) => tell("upkeep of signatures", Err(error.to_string())),
        Ok(stuck) => {
            for row in stuck.into_iter().take(NAMED) {
                if let UpkeepState::Stuck(reason) = row.state {
                    let why = format!(
                        "{}; when that is mended: tamga upkeep retry {}",
                        reason.text, row.id
                    );
                    tell(&format!("upkeep of document {}", row.document), Err(why));
                }
            }
        }
    }
}

/// How a certificate is renewed.
fn remedy(one: &Ending) -> String {
    match one.kind {
        CertificateKind::Root => {
            "a root is not renewed: plan a new house, with a ceremony of its own".to_owned()
        }
        CertificateKind::Issuing => "replace the authority: tamga ca rollover FILE".to_owned(),
        kind => format!("renew it: tamga ca renew-service {kind}"),
    }
}
