//! A PIN that two people enter: nobody has it alone, nobody's mistake reaches the token, and the Ledger has who did it.

#![expect(clippy::unwrap_used, reason = "a test that fails may fail loudly")]

use std::{
    fs,
    io::{Read as _, Write as _},
    os::unix::fs::PermissionsExt as _,
    process::{Command, Stdio},
};

use domain::{KeyAlgorithm, LeafKind};
use hsm::{Journal as _, Service as _};
use serde_json::Value;
use store::Store;
use world::{Conversation, OFFICERS, Tokens, Vault, World, component, enter, officer, proof};

const IIN: &str = "900101300017";
const RIGHT: u8 = 7;
const AIGUL: (&str, &str) = OFFICERS[0];
const DANIYAR: (&str, &str) = OFFICERS[1];
const SAULE: (&str, &str) = OFFICERS[2];

/// What the leaves of a kind commit to.
async fn leaves(tokens: &Tokens, kind: LeafKind) -> Vec<Value> {
    let store = Store::open(&tokens.engine.line().parse().unwrap()).await.unwrap();
    let all = store.leaves_after(0, 10_000).await.unwrap();
    let of_kind = all
        .iter()
        .filter(|past| past.commits() && past.entry[1] == kind as u8);
    of_kind
        .map(|past| serde_json::from_slice(&past.content).unwrap())
        .collect()
}

/// Both people enter theirs.
fn enter_both(tokens: &Tokens) {
    enter(tokens, AIGUL, &component(tokens, 1)).well();
    enter(tokens, DANIYAR, &component(tokens, 2)).well();
}

/// The whole way: made and split, waited for, entered by two, used; both names are in the Ledger, no secret in the log, and
/// a worker that is replaced needs nobody.
#[tokio::test(flavor = "multi_thread")]
async fn two_people_open_a_token_that_neither_can_open_alone() {
    let tokens = Tokens::for_two_people("");
    for number in [1, 2] {
        let file = tokens.path(&format!("tamga-clients-{number}.pin"));
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let mut service = Vault::launch(&tokens, &[("TAMGA_LOG", "trace")]);
    assert_eq!(service.asking(&tokens).await.missing, [1, 2]);
    assert!(service.jobs.status().await.is_err(), "it serves nobody yet");
    let socket = tokens.path("sockets/pin-entry.sock");
    assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    let sloppy = component(&tokens, 2).to_lowercase().replace('-', " ");
    let first = enter(&tokens, DANIYAR, &sloppy).well();
    assert!(
        first.contains("still missing: component 1 of the PIN of 'tamga clients'"),
        "{first}"
    );
    let whole = fs::read_to_string(tokens.path("tamga-clients-1.pin")).unwrap();
    let second = enter(&tokens, AIGUL, &whole).well();
    assert!(second.contains("nothing is missing any more"), "{second}");
    let service = service.answering(&tokens).await;
    assert!(!socket.exists());

    let world = World::around(tokens, service);
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    world.sign(&client, RIGHT, 1).await.unwrap();
    let worker = world.service.workers().pop().unwrap().to_string();
    Command::new("kill").args(["-9", &worker]).status().unwrap();
    world.sign(&client, RIGHT, 1).await.unwrap();

    let entered = leaves(&world.tokens, LeafKind::PinEntered).await;
    assert_eq!(entered.len(), 1, "{entered:?}");
    assert_eq!(entered[0]["token"], "tamga clients");
    for (at, (file, name)) in [AIGUL, DANIYAR].into_iter().enumerate() {
        let part = &entered[0]["components"][at];
        assert_eq!(
            (part["number"].as_u64(), part["officer"].as_str()),
            (Some(at as u64 + 1), Some(name))
        );
        let pem = fs::read_to_string(world.tokens.path(&format!("{file}.pub.pem"))).unwrap();
        let key = domain::EcPublicKey::from_pem(&pem).unwrap();
        let (signed, signature) = part["proof"].as_str().unwrap().rsplit_once('.').unwrap();
        let signature = domain::from_base64url(signature).unwrap();
        assert!(
            key.verifies(signed.as_bytes(), &signature),
            "the Ledger has {name}'s own signature"
        );
    }
    let log = Vault::log(&world.tokens);
    for number in [1, 2] {
        let text = component(&world.tokens, number);
        for secret in [text.clone(), text.replace('-', ""), text.to_lowercase()] {
            assert!(!log.contains(&secret[20..]));
        }
    }
}

/// Each refusal is told in words, keeps what the other entered, and is in the Ledger; the token hears of none.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_right_is_refused_and_the_others_part_is_kept() {
    let tokens = Tokens::for_two_people("");
    let (one, two) = (component(&tokens, 1), component(&tokens, 2));
    let mut service = Vault::launch(&tokens, &[]);
    let mut silent = service.asking(&tokens).await;
    silent.begin_to_say(b"eyJ");
    enter(&tokens, AIGUL, &one).well();

    // What the person's own program sees.
    enter(
        &tokens,
        DANIYAR,
        &two.replacen(&two[20..21], if &two[20..21] == "7" { "8" } else { "7" }, 1),
    )
    .refused("typing error");
    enter(&tokens, DANIYAR, "hello").refused("no component of a PIN");
    enter(&tokens, DANIYAR, &"A".repeat(3_000)).refused("longer than any component");
    enter(&tokens, ("pin", "Данияр"), &two).refused("cannot be read");
    tokens.write_secret("odd.key", "no key");
    enter(&tokens, ("odd", "Данияр"), &two).refused("holds no P-256 key");
    let other = split(&tokens, "clients", "b");
    let text = fs::read_to_string(tokens.path("hsm.toml")).unwrap();
    fs::write(
        tokens.path("hsm.toml"),
        text.replace("'tamga clients'", "'tamga others'"),
    )
    .unwrap();
    let foreign = split(&tokens, "others", "c");
    fs::write(tokens.path("hsm.toml"), text).unwrap();
    enter(&tokens, DANIYAR, &foreign).refused("of no token whose PIN is entered here");

    // What the supervisor sees.
    enter(&tokens, DANIYAR, &other).refused("of another pair");
    enter(&tokens, AIGUL, &two).refused("the other one is for another person");
    enter(&tokens, DANIYAR, &one).refused("component 1 of the PIN of 'tamga clients' was entered already");
    enter(&tokens, ("saule", "Данияр"), &two).refused("not signed with the key of 'Данияр'");
    enter(&tokens, ("saule", "Ержан"), &two).refused("'Ержан' is no officer");

    // What only a program of one's own can try.
    let key = officer(&tokens, DANIYAR.0);
    let say = |line: &dyn Fn(&str) -> String| {
        let conversation = Conversation::begin(&tokens).unwrap();
        assert_eq!(conversation.missing, [2], "the first part is kept");
        let line = line(&conversation.nonce);
        conversation.say(line.as_bytes())
    };
    let line = |nonce: &str, number, proven: &str, with: &str| {
        proof(&key, (DANIYAR.1, nonce), (number, proven), with)
    };
    let stale = Conversation::begin(&tokens).unwrap().nonce;
    for (told, words) in [
        (say(&|_| line(&stale, 2, &two, &two)), "a proof is good once"),
        (say(&|nonce| line(nonce, 1, &two, &two)), "for another component"),
        (say(&|nonce| line(nonce, 2, &one, &two)), "for another component"),
        (
            say(&|nonce| line(nonce, 2, &two, &other)),
            "for another component",
        ),
        (say(&|nonce| line(nonce, 2, &two[1..], &two[1..])), "typing error"),
        (say(&|_| "no proof\n".to_owned()), "not a proof and a component"),
        (
            say(&|_| format!("{}\n", "x".repeat(8_000))),
            "longer than any component",
        ),
        (silent.hear(), "nothing came within 5 seconds"),
    ] {
        assert!(
            told.contains("refused") && told.contains(words),
            "{words}: {told}"
        );
    }

    enter(&tokens, DANIYAR, &two).well();
    let service = service.answering(&tokens).await;
    assert!(service.status().await.unwrap().healthy);
    let refused = leaves(&tokens, LeafKind::PinRefused).await;
    assert_eq!(refused.len(), 13, "{refused:?}");
    let said = |claimed: &str, words: &str| {
        refused
            .iter()
            .any(|leaf| leaf["claimed"] == claimed && leaf["reason"].as_str().unwrap().contains(words))
    };
    assert!(said("Ержан", "is no officer") && said("Данияр", "of another pair") && said("", "5 seconds"));
}

/// Whoever enters a false component first holds nobody up: the others say theirs, and two that fit are found among all.
#[tokio::test(flavor = "multi_thread")]
async fn a_false_component_that_came_first_holds_nobody_up() {
    let tokens = Tokens::for_two_people("");
    let (one, two) = (component(&tokens, 1), component(&tokens, 2));
    let false_two = split(&tokens, "clients", "b");
    let mut service = Vault::launch(&tokens, &[]);
    service.asking(&tokens).await;
    enter(&tokens, DANIYAR, &false_two).well();
    enter(&tokens, AIGUL, &one).refused("'Данияр' and 'Айгүл' entered these two, either may enter another");
    enter(&tokens, DANIYAR, &two).well();
    let service = service.answering(&tokens).await;
    assert!(service.status().await.unwrap().healthy);
}

/// Nobody comes, or one alone: the start ends with words and an error; the next one knows nothing of the part.
#[tokio::test(flavor = "multi_thread")]
async fn a_start_without_two_people_ends_and_forgets() {
    let tokens = Tokens::for_two_people("wait_seconds = 2\n");
    let mut service = Vault::launch(&tokens, &[]);
    service.asking(&tokens).await;
    enter(&tokens, AIGUL, &component(&tokens, 1)).well();
    assert!(!service.wait(), "it ended with an error");
    let log = Vault::log(&tokens);
    let words =
        "not entered within 2 seconds: component 2 of the PIN of 'tamga clients'; start again when both";
    assert!(log.contains(words), "{log}");
    enter(&tokens, DANIYAR, &component(&tokens, 2)).refused("no tamga-hsm waits for a PIN");
    assert_eq!(leaves(&tokens, LeafKind::PinEntered).await.len(), 0);
}

/// After a `kill -9` both people are needed again, before and after they opened the token; stopping while waiting is no error.
#[tokio::test(flavor = "multi_thread")]
async fn every_start_needs_both_again() {
    let tokens = Tokens::for_two_people("");
    let mut service = Vault::launch(&tokens, &[]);
    service.asking(&tokens).await;
    enter(&tokens, AIGUL, &component(&tokens, 1)).well();
    service.kill();
    let mut service = Vault::launch(&tokens, &[]);
    assert_eq!(service.asking(&tokens).await.missing, [1, 2]);
    let second = tokens.command(&["init"]).output().unwrap();
    let told = String::from_utf8_lossy(&second.stderr);
    assert!(told.contains("another tamga-hsm waits for PINs"), "{told}");
    enter_both(&tokens);
    let mut service = service.answering(&tokens).await;
    service.kill();
    let mut service = Vault::launch(&tokens, &[]);
    assert_eq!(service.asking(&tokens).await.missing, [1, 2]);
    enter(&tokens, SAULE, &component(&tokens, 1)).well();
    enter(&tokens, DANIYAR, &component(&tokens, 2)).well();
    let service = service.answering(&tokens).await;
    assert!(service.status().await.unwrap().healthy);
    assert_eq!(leaves(&tokens, LeafKind::PinEntered).await.len(), 2);
    drop(service);

    let mut service = Vault::launch(&tokens, &[]);
    service.asking(&tokens).await;
    Command::new("kill")
        .args(["-TERM", &service.id().to_string()])
        .status()
        .unwrap();
    assert!(service.wait(), "{}", Vault::log(&tokens));
}

/// `init` on a token that is there waits for both people as a start does; a new one wants to know where its components go.
#[tokio::test(flavor = "multi_thread")]
async fn setting_up_again_needs_both_people() {
    let tokens = Tokens::for_two_people("");
    let mut again = tokens.command(&["init"]).stderr(Stdio::piped()).spawn().unwrap();
    while Conversation::begin(&tokens).is_none() {
        assert!(again.try_wait().unwrap().is_none(), "it waits");
        tokio::task::yield_now().await;
    }
    enter_both(&tokens);
    let said = again.wait_with_output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    assert_eq!(leaves(&tokens, LeafKind::PinEntered).await.len(), 1);

    // A token of another name is not there yet.
    let text = fs::read_to_string(tokens.path("hsm.toml")).unwrap();
    fs::write(
        tokens.path("hsm.toml"),
        text.replace("'tamga clients'", "'tamga clients 2'"),
    )
    .unwrap();
    let said = tokens.command(&["init"]).output().unwrap();
    assert!(
        String::from_utf8_lossy(&said.stderr).contains("init --components FOLDER"),
        "{said:?}"
    );
}

/// A house with a PIN in a file moves over: split, change the configuration, remove the file. Components are never written
/// over.
#[tokio::test(flavor = "multi_thread")]
async fn a_pin_from_a_file_is_split_and_entered_from_then_on() {
    let tokens = Tokens::set_up("");
    split(&tokens, "clients", "");
    let twice = split_pin(&tokens, "");
    assert!(twice.contains("never written over"), "{twice}");
    let officers = OFFICERS.map(|(file, name)| {
        officer(&tokens, file);
        format!(
            "{{ name = '{name}', public_key = '{}' }}",
            tokens.path(&format!("{file}.pub.pem")).display()
        )
    });
    let text = fs::read_to_string(tokens.path("hsm.toml")).unwrap();
    let pin_file = format!("pin_file = '{}'", tokens.path("pin").display());
    let entry = format!("[pin_entry]\nofficers = [{}]\n[clients]", officers.join(", "));
    let text = text
        .replacen("[clients]", &entry, 1)
        .replacen(&pin_file, "pin = 'entered by two people'", 1);
    fs::write(tokens.path("hsm.toml"), text).unwrap();
    fs::remove_file(tokens.path("pin")).unwrap();
    let mut service = Vault::launch(&tokens, &[]);
    service.asking(&tokens).await;
    enter_both(&tokens);
    let service = service.answering(&tokens).await;
    let world = World::around(tokens, service);
    let client = world.client(IIN, KeyAlgorithm::P256, RIGHT).await;
    world.sign(&client, RIGHT, 1).await.unwrap();
}

/// What cannot be meant is refused in words by `check`.
#[test]
fn unusable_entries_are_refused_in_words() {
    let tokens = Tokens::for_two_people("");
    let good = fs::read_to_string(tokens.path("hsm.toml")).unwrap();
    let check = || tokens.command(&["check"]).output().unwrap();
    assert!(check().status.success(), "{:?}", check());
    let by_two = "pin = 'entered by two people'";
    let pin_file = format!("pin_file = '{}'", tokens.path("pin").display());
    let key = |file: &str| tokens.path(&format!("{file}.pub.pem")).display().to_string();
    let inline = fs::read_to_string(key("saule")).unwrap();
    let services = |pin: &str, label: &str| {
        let (_, clients) = good.split_once("[clients.token]").unwrap();
        let (token, _) = clients.split_once("[root]").unwrap();
        let token = token.replace("'tamga clients'", &format!("'{label}'"));
        format!("{good}\n[services]\n{pin}\n[services.token]{token}")
    };
    let entry = good.find("[pin_entry]").unwrap()..good.find("[clients]").unwrap();
    let mut without = good.clone();
    without.replace_range(entry.clone(), "");
    let mut one = good.clone();
    one.replace_range(
        entry,
        &format!(
            "[pin_entry]\nofficers = [{{ name = 'A', public_key = '{}' }}]\n",
            key("aigul")
        ),
    );
    for (text, words) in [
        (
            good.replacen(by_two, &format!("{by_two}\n{pin_file}"), 1),
            "say once where the PIN",
        ),
        (good.replacen(by_two, "", 1), "say once where the PIN"),
        (good.replacen(by_two, "pin = '1234'", 1), "entered by two people"),
        (
            good.replacen(by_two, &pin_file, 1),
            "no token says pin = 'entered by two people'",
        ),
        (
            good.replacen(&pin_file, by_two, 1),
            "the root's PIN cannot be entered",
        ),
        (without, "[pin_entry] does not say who"),
        (one, "two officers at least"),
        (
            good.replace("'Данияр'", "'Айгүл'"),
            "two officers are called Айгүл",
        ),
        (good.replace(&key("daniyar"), &key("aigul")), "have the same key"),
        (
            good.replace(&key("daniyar"), &tokens.path("pin").display().to_string()),
            "no P-256 public key",
        ),
        (
            good.replace(&key("daniyar"), "/nowhere.pem"),
            "cannot be read from /nowhere.pem",
        ),
        (good.replace("'Данияр'", "' '"), "an officer's name"),
        (
            good.replace("[pin_entry]", "[pin_entry]\nwait_seconds = 0"),
            "from 1 to 3600",
        ),
        (
            services(by_two, "tamga clients"),
            "both name the token 'tamga clients'",
        ),
    ] {
        fs::write(tokens.path("hsm.toml"), &text).unwrap();
        let said = check();
        let told = String::from_utf8_lossy(&said.stderr).into_owned();
        assert!(!said.status.success() && told.contains(words), "{words}: {told}");
    }
    for text in [
        good.replace(&format!("'{}'", key("saule")), &format!("'''{inline}'''")),
        services(&pin_file, "tamga services"),
        services(by_two, "tamga services"),
    ] {
        fs::write(tokens.path("hsm.toml"), &text).unwrap();
        assert!(check().status.success(), "{:?}", check());
    }
}

/// What is typed at a terminal is not shown on it.
#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_does_not_show_the_component() {
    let tokens = Tokens::for_two_people("");
    let mut service = Vault::launch(&tokens, &[]);
    service.asking(&tokens).await;
    let key = tokens.path("aigul.key");
    let command = tokens.command(&["enter-pin", "--as", AIGUL.1, "--key", &key.display().to_string()]);
    let words: Vec<_> = std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| format!("'{}'", word.to_string_lossy()))
        .collect();
    let words = words.join(" ");
    let typed = component(&tokens, 1);

    // Who stops in the middle has a terminal that shows again what is typed.
    let (stopped, _) = at_terminal(&format!("{words}; stty -a"), &format!("{}\x03", &typed[..30]));
    assert!(stopped.contains("stopped; nothing was entered"), "{stopped}");
    assert!(
        stopped.contains("isig icanon") && stopped.contains(" echo "),
        "{stopped}"
    );
    assert!(!stopped.contains(&typed[..20]), "{stopped}");

    let (shown, well) = at_terminal(&words, &format!("{typed}\n"));
    assert!(well && shown.contains("Taken; still missing"), "{shown}");
    assert!(!shown.contains(&typed[..20]), "{shown}");
}

/// What a command shows at a terminal where this is typed once it asks, and whether it ended well.
fn at_terminal(command: &str, typed: &str) -> (String, bool) {
    let mut terminal = Command::new("script")
        .args(["--quiet", "--return", "--command", command, "/dev/null"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut shown = Vec::new();
    let screen = terminal.stdout.as_mut().unwrap();
    let mut byte = [0];
    while !String::from_utf8_lossy(&shown).ends_with("(not shown): ") {
        assert_eq!(
            screen.read(&mut byte).unwrap(),
            1,
            "{}",
            String::from_utf8_lossy(&shown)
        );
        shown.push(byte[0]);
    }
    terminal
        .stdin
        .as_mut()
        .unwrap()
        .write_all(typed.as_bytes())
        .unwrap();
    let rest = terminal.wait_with_output().unwrap();
    let shown = String::from_utf8_lossy(&[shown, rest.stdout].concat()).into_owned();
    (shown, rest.status.success())
}

/// Splits the tests' PIN into another folder; the second component of the token that is called `tamga NAME` now.
fn split(tokens: &Tokens, name: &str, folder: &str) -> String {
    let said = split_pin(tokens, folder);
    assert!(said.contains("Give each file to another person"), "{said}");
    let path = tokens.path(folder).join(format!("tamga-{name}-2.pin"));
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .find(|line| !line.starts_with('#'))
        .unwrap()
        .to_owned()
}

fn split_pin(tokens: &Tokens, folder: &str) -> String {
    let folder = tokens.path(folder);
    fs::create_dir_all(&folder).unwrap();
    let [pin, folder] = [tokens.path("pin"), folder].map(|path| path.display().to_string());
    let output = tokens
        .command(&[
            "split-pin",
            "clients",
            "--pin-file",
            &pin,
            "--components",
            &folder,
        ])
        .output()
        .unwrap();
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}
