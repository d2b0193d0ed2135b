//! `tamga doctor`: everything that the service needs, looked at once; each fault with what to do.

use ca::Reading;
use domain::CertificateKind;
use hsm::{Journal as _, Role, Service as _, ServiceKey};
use store::Store;

use super::CommandError;
use crate::{Settings, serve};

/// Intentions that are older were cut off.
const CUT_OFF: core::time::Duration = core::time::Duration::from_mins(2);

/// The root's list is asked for so long before it ends.
const ROOT_LIST: core::time::Duration = core::time::Duration::from_hours(30 * 24);

pub(super) async fn run(settings: &Settings) -> Result<(), CommandError> {
    let mut faults = 0;
    let mut tell = |what: &str, found: Result<String, String>| match found {
        Ok(good) => println!("ok     {what}: {good}"),
        Err(wrong) => {
            faults += 1;
            println!("FAULT  {what}: {wrong}");
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
    if faults == 0 {
        println!("Everything is as it should be.");
        Ok(())
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
    let house = authority.house();
    let now = authority.now();
    if house.issuing().is_none() {
        tell(
            "authority",
            Err("there is none; hold the ceremony: tamga ca ceremony FILE".to_owned()),
        );
    }
    for (key, kind) in [
        (ServiceKey::TimeStamp, CertificateKind::TimeStamp),
        (ServiceKey::Evidence, CertificateKind::EvidenceSeal),
        (ServiceKey::Ledger, CertificateKind::Ledger),
    ] {
        if house.issuing().is_some() && house.service(key).is_none() {
            let wrong = format!(
                "none is valid: it ended, or its key is not on the token; tamga ca renew-service {kind}"
            );
            tell(&format!("certificate of the service {kind}"), Err(wrong));
        }
    }
    for generation in house.generations().keys() {
        if house.responder(*generation).is_none() {
            let wrong = "none is valid; tamga ca renew-service ocsp".to_owned();
            tell(&format!("responder of authority {generation}"), Err(wrong));
        }
    }
    let parts = house
        .root()
        .into_iter()
        .chain(house.generations().values())
        .chain(house.services());
    for part in parts {
        let (_, until) = part.validity();
        let found = if part.ends_soon(now) {
            Err(format!(
                "ends at {until}; renew it: tamga ca renew-service, or rollover"
            ))
        } else {
            Ok(format!("until {until}"))
        };
        tell(
            &format!("certificate of {}", part.named("2.5.4.3").unwrap_or_default()),
            found,
        );
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
    let root = house.root().map(|_| ca::Scope {
        issuer: 0,
        shard: None,
    });
    for scope in root.into_iter().chain(authority.scopes()) {
        let name = scope.file(false);
        let found = match authority.store().newest_list(scope, false).await {
            Err(error) => Err(error.to_string()),
            Ok(None) => Err("was never made; tamga serve makes it".to_owned()),
            Ok(Some(list)) if scope.issuer == 0 && list.until < now.plus(ROOT_LIST) => Err(format!(
                "ends at {}; make the next one with the root's token: tamga ca root-crl",
                list.until
            )),
            Ok(Some(list)) if list.until < now => {
                Err(format!("ended at {}; is tamga serve running?", list.until))
            }
            Ok(Some(list)) => Ok(format!("number {}, until {}", list.number, list.until)),
        };
        tell(&name, found);
    }
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
