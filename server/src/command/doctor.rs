//! `tamga doctor`: everything that the service needs, looked at once; each fault with what to do.

use ca::Reading;
use hsm::{Journal as _, Role, Service as _};
use store::Store;

use super::CommandError;
use crate::{Settings, serve};

/// Intentions that are older were cut off.
const CUT_OFF: core::time::Duration = core::time::Duration::from_mins(2);

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
        Ok(some) => Err(format!(
            "{} were intended and not issued, the first of them {}; bring their demands again",
            some.len(),
            some.first()
                .map(|record| record.serial.to_string())
                .unwrap_or_default()
        )),
    };
    tell("certificates", cut_off);
    for scope in authority.scopes() {
        let name = scope.file(false);
        let found = match authority.store().newest_list(scope, false).await {
            Err(error) => Err(error.to_string()),
            Ok(None) => Err("was never made; tamga serve makes it".to_owned()),
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
