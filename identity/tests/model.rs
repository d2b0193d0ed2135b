//! Whatever is called in whatever order, however often and however late: nobody is proven without every step, and nothing
//! that is limited is spent twice.
//!
//! The model counts on its own what was drawn, sent and judged; the Session must never get beyond the rules by that count.

#![expect(clippy::unwrap_used, reason = "a test that fails may fail loudly")]

use core::time::Duration;

use domain::{Digest, FactorKind, HashAlgorithm, Id, Nonce, Percent, Salt, Time, word};
use identity::{
    Agreement, BrowserToken, Capture, Code, CodeDigits, Owner, Person, Picture, Purpose, Reason, Sequence,
    Session, Signal, Stage, Verdict, Version, Visit,
};
use policies::Proofing;
use proptest::prelude::*;

const CLIENT: &str = "900101300017";
const RULE: Proofing = Proofing::SHIPPED;

fn start() -> Time {
    Time::parse_rfc3339("2026-11-21T08:00:00Z").unwrap()
}

fn id<T>(number: u8) -> Id<T> {
    Id::from_random(start(), [number; 10])
}

fn opened(number: u8, now: Time) -> Stage {
    let visit = Visit {
        id: id(number),
        participant: id(200),
        application: id(201),
        purpose: Purpose::Sign { documents: 1 },
        expected: Some(CLIENT.parse().unwrap()),
        phone: "+77011234567".parse().unwrap(),
        opened_at: now,
        ends_at: Visit::end(now, &RULE),
    };
    Stage::Opened(Session::open(visit, BrowserToken::new([7; 32]).browser()))
}

fn agreement(now: Time) -> Agreement {
    let text = |text: &[u8]| -> Digest { HashAlgorithm::Sha256.digest(text) };
    Agreement {
        version: Version {
            number: 1,
            kazakh: text(b"kk"),
            russian: text(b"ru"),
            english: text(b"en"),
        },
        accepted_at: now,
    }
}

fn sequence() -> Sequence {
    vec![Signal::Blink, Signal::Smile, Signal::TurnLeft]
        .try_into()
        .unwrap()
}

fn pictures() -> Vec<Picture> {
    (0..6_u8)
        .map(|number| Picture {
            signal: number / 2,
            at: u32::from(number) * 100,
            length: 1_000,
            digest: [number; 32],
        })
        .collect()
}

#[derive(Clone, Debug)]
enum Call {
    Agree,
    Name { other: bool },
    Draw,
    Capture { foreign: bool },
    Judge(Verdict),
    Unjudged,
    Compare(u8),
    NoReference,
    Converse,
    Recognise,
    ReturnToCamera,
    Send { other: bool },
    SendAgain,
    Enter { right: bool },
    Lapse,
    Wait(u16),
    Reload,
    Cancel,
    AnotherSession,
}

fn call() -> impl Strategy<Value = Call> {
    let verdict = prop_oneof![
        2 => Just(Verdict::Live { picture: 3 }),
        1 => Just(Verdict::Live { picture: 99 }),
        3 => Just(Verdict::NotFollowed),
        2 => Just(Verdict::Spoofed),
    ];
    prop_oneof![
        4 => Just(Call::Agree),
        4 => prop::bool::weighted(0.02).prop_map(|other| Call::Name { other }),
        8 => Just(Call::Draw),
        8 => prop::bool::weighted(0.1).prop_map(|foreign| Call::Capture { foreign }),
        8 => verdict.prop_map(Call::Judge),
        1 => Just(Call::Unjudged),
        4 => prop_oneof![Just(84), Just(85), Just(99)].prop_map(Call::Compare),
        1 => prop::bool::weighted(0.1).prop_map(|end| if end { Call::NoReference } else { Call::Reload }),
        1 => Just(Call::Converse),
        1 => Just(Call::Recognise),
        1 => Just(Call::ReturnToCamera),
        4 => prop::bool::weighted(0.02).prop_map(|other| Call::Send { other }),
        3 => Just(Call::SendAgain),
        5 => any::<bool>().prop_map(|right| Call::Enter { right }),
        3 => Just(Call::Lapse),
        2 => (0_u16..150).prop_map(Call::Wait),
        2 => Just(Call::Reload),
        1 => prop::bool::weighted(0.05).prop_map(|end| if end { Call::Cancel } else { Call::Reload }),
        1 => prop::bool::weighted(0.3).prop_map(|next| if next { Call::AnotherSession } else { Call::Reload }),
    ]
}

/// What happened, as the model counts it.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that either happened or did not"
)]
struct Count {
    agreed: bool,
    named: bool,
    followed: bool,
    matched: bool,
    conversed: bool,
    sent: u8,
    typed: bool,
    wrong: u8,
    negative: u8,
    repeats: u8,
}

#[expect(
    clippy::too_many_lines,
    reason = "one arm for each step, which is what there is to read"
)]
/// Takes a call where the stage has such a step; anything else leaves the stage as it is, as the server does.
fn take(stage: Stage, call: &Call, person: &mut Person, count: &mut Count, now: Time) -> Stage {
    let kept = stage.clone();
    let refused = |refusal: identity::Refusal| *refusal.stage;
    let code = |digits: &str, session| {
        Code::new(
            &digits.parse::<CodeDigits>().unwrap(),
            session,
            Salt::new([1; 16]),
        )
    };
    match (stage, call) {
        (Stage::Opened(session), Call::Agree) => {
            session
                .agree(agreement(now), now)
                .map_or_else(refused, |session| {
                    count.agreed = true;
                    Stage::Agreed(session)
                })
        }
        (Stage::Agreed(session), Call::Name { other }) => {
            let iin = if *other { "880505400015" } else { CLIENT };
            let Ok(iin) = iin.parse() else { return kept };
            session.name(iin, person, now).map_or_else(refused, |session| {
                count.named = true;
                Stage::Named(session)
            })
        }
        (Stage::Named(session), Call::Draw) => session
            .draw((sequence(), Nonce::new([9; 32])), person, &RULE, now)
            .map_or_else(refused, Stage::Drawn),
        (Stage::Named(session), Call::Converse) => {
            session.converse(now).map_or_else(refused, Stage::Conversing)
        }
        (Stage::Drawn(session), Call::Capture { foreign }) => {
            let capture = Capture {
                id: id(3),
                pictures: pictures(),
                attestation: None,
            };
            let nonce = Nonce::new(if *foreign { [8; 32] } else { [9; 32] });
            let chain = Capture::chain(session.visit().id, nonce, &capture.pictures);
            session
                .capture(capture, chain, &RULE, now)
                .map_or(kept, Stage::Captured)
        }
        (Stage::Drawn(session), Call::Lapse) => session.lapse(person, &RULE, now).map_or(kept, |judged| {
            tally(&judged, count);
            judged.into_stage()
        }),
        (Stage::Captured(session), Call::Judge(verdict)) => {
            let judged = session.judge(*verdict, id(4), person, &RULE, now);
            tally(&judged, count);
            judged.into_stage()
        }
        (Stage::Captured(session), Call::Unjudged) => {
            session.unjudged(now).map_or_else(refused, Stage::Named)
        }
        (Stage::Live(session), Call::Compare(percent)) => {
            let matched = session.compare(Percent::new(*percent), id(5), person, &RULE, now);
            count.matched |= matches!(matched, identity::Matched::Known(_));
            assert_eq!(*percent >= 85, matches!(matched, identity::Matched::Known(_)));
            matched.into_stage()
        }
        (Stage::Live(session), Call::NoReference) => Stage::Ended(session.without_reference(now)),
        (Stage::Conversing(session), Call::Recognise) => {
            session
                .recognise(id(6), person, now)
                .map_or_else(refused, |session| {
                    count.conversed = true;
                    Stage::Known(session)
                })
        }
        (Stage::Conversing(session), Call::ReturnToCamera) => {
            session.return_to_camera(now).map_or_else(refused, Stage::Named)
        }
        (Stage::Known(session), Call::Send { other }) => {
            let owner = if *other { Owner::Other } else { Owner::Client };
            let code = code("123456", session.visit().id);
            session
                .send(owner, code, &RULE, now)
                .map_or_else(refused, |session| {
                    count.sent += 1;
                    count.wrong = 0;
                    Stage::CodeSent(session)
                })
        }
        (Stage::CodeSent(session), Call::SendAgain) => {
            let code = code("654321", session.visit().id);
            session.send_again(code, &RULE, now).map_or(kept, |session| {
                count.sent += 1;
                count.wrong = 0;
                Stage::CodeSent(session)
            })
        }
        (Stage::CodeSent(session), Call::Enter { right }) => {
            let digits = match (*right, count.sent) {
                (true, 1) => "123 456",
                (true, _) => "654-321",
                (false, _) => "111111",
            };
            let typed = session.enter(&digits.parse().unwrap(), (id(7), id(8)), &RULE, now);
            if !right {
                count.wrong += 1;
                assert!(!matches!(typed, identity::Typed::Proven(_)));
            }
            count.typed |= matches!(typed, identity::Typed::Proven(_));
            assert!(count.wrong <= RULE.code_tries || !matches!(typed, identity::Typed::Wrong(_)));
            typed.into_stage()
        }
        (stage, Call::Cancel) => stage.stop(Reason::Cancelled, now),
        // What was stored is what goes on, in whichever process.
        (stage, Call::Reload) => {
            let text = serde_json::to_string(&stage).unwrap();
            let read: Stage = serde_json::from_str(&text).unwrap();
            assert_eq!(read, stage);
            read
        }
        (stage, _) => stage,
    }
}

fn tally(judged: &identity::Judged, count: &mut Count) {
    match judged {
        identity::Judged::Live(..) => {
            count.followed = true;
            count.repeats = 0;
        }
        identity::Judged::Repeat(_) => {
            count.repeats += 1;
            assert!(count.repeats <= RULE.repeats, "more repeats than the rule has");
        }
        identity::Judged::Negative(_, check) | identity::Judged::Over(_, check) => {
            count.negative += 1;
            count.repeats = 0;
            assert!(check.attempts.len() <= usize::from(RULE.repeats) + 1);
            assert!(!check.attempts.is_empty());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// R003, R044, R045, R047, R066, R067.
    #[test]
    fn no_order_of_calls_proves_without_every_step_or_spends_more_than_the_rules(
        calls in prop::collection::vec(call(), 1..120)
    ) {
        let mut now = start();
        let mut person = Person::default();
        let mut count = Count::default();
        let mut number = 1;
        let mut stage = opened(number, now);
        let mut blocked_until = None;
        for call in &calls {
            if let Call::Wait(seconds) = call {
                now = now.plus(Duration::from_secs(u64::from(*seconds)));
                continue;
            }
            if matches!(call, Call::AnotherSession) {
                number = number.wrapping_add(1);
                stage = opened(number, now);
                count = Count::default();
                continue;
            }
            stage = take(stage.at(now), call, &mut person, &mut count, now);
            prop_assert!(count.sent <= RULE.messages);
            prop_assert!(count.negative <= RULE.checks);
            if let Some(block) = person.block(now) {
                prop_assert!(!matches!(&stage, Stage::Drawn(session) if session.state().until() > block.until));
                blocked_until = Some(block.until);
            }
            if let (Some(until), Stage::Drawn(_), Call::Draw) = (blocked_until, &stage, call) {
                // A sequence that was drawn before the block may still be shown; none is drawn while it lasts.
                prop_assert!(now >= until || person.block(now).is_none());
            }
            if let Stage::Proven(session) = &stage {
                let seen = count.followed && count.matched || count.conversed;
                prop_assert!(count.agreed && count.named && seen && count.typed && count.sent > 0);
                let kinds: Vec<FactorKind> = session.state().factors().iter().map(|factor| factor.kind).collect();
                prop_assert!(
                    kinds == [FactorKind::Liveness, FactorKind::Match, FactorKind::Code]
                        || kinds == [FactorKind::Video, FactorKind::Code]
                );
                prop_assert_eq!(session.state().client().to_string(), CLIENT);
            }
            if let Stage::Ended(session) = &stage {
                prop_assert!(!session.reason().code().is_empty());
            }
        }
    }
}

/// The way that is meant, without which the property above could be true of a Session that nobody ever passes.
#[test]
fn the_genuine_person_passes() {
    let now = start();
    let (mut person, mut count) = (Person::default(), Count::default());
    let way = [
        Call::Agree,
        Call::Name { other: false },
        Call::Draw,
        Call::Capture { foreign: false },
        Call::Judge(Verdict::Live { picture: 3 }),
        Call::Compare(85),
        Call::Send { other: false },
        Call::Enter { right: true },
    ];
    let end = way.iter().fold(opened(1, now), |stage, call| {
        take(stage, call, &mut person, &mut count, now)
    });
    let Stage::Proven(session) = end else {
        unreachable!("{}", end.name())
    };
    let assertion = session.assertion(&policies::Freshness::SHIPPED);
    assert_eq!(assertion, session.assertion(&policies::Freshness::SHIPPED));
    assert_eq!(assertion.factors.len(), 3);
    assert_eq!(
        assertion.expires_at,
        assertion.proofed_at.plus(Duration::from_mins(30))
    );
}

fn named(person: &Person, now: Time) -> Session<identity::Named> {
    let Stage::Opened(session) = opened(1, now) else {
        unreachable!()
    };
    session
        .agree(agreement(now), now)
        .and_then(|session| session.name(CLIENT.parse().unwrap(), person, now))
        .unwrap()
}

fn captured(session: Session<identity::Named>, person: &Person, now: Time) -> Session<identity::Captured> {
    let drawn = session
        .draw((sequence(), Nonce::new([9; 32])), person, &RULE, now)
        .unwrap();
    let capture = Capture {
        id: id(3),
        pictures: pictures(),
        attestation: None,
    };
    let chain = Capture::chain(drawn.visit().id, Nonce::new([9; 32]), &capture.pictures);
    drawn.capture(capture, chain, &RULE, now).unwrap()
}

/// R044, R045.
#[test]
fn the_fourth_negative_check_ends_the_session_and_blocks_the_person_for_a_quarter_of_an_hour() {
    let now = start();
    let mut person = Person::default();
    let mut session = named(&person, now);
    for number in 1..=4 {
        match captured(session, &person, now).judge(Verdict::Spoofed, id(4), &mut person, &RULE, now) {
            identity::Judged::Negative(next, check) => {
                assert_eq!(check.number, number);
                assert!(number < 4);
                session = next;
            }
            identity::Judged::Over(ended, check) => {
                assert_eq!((number, check.number), (4, 4));
                let until = now.plus(Duration::from_mins(15));
                assert_eq!(ended.reason(), Reason::NotLive { until });
                let Stage::Opened(again) = opened(2, now) else {
                    unreachable!()
                };
                let again = again.agree(agreement(now), now).unwrap();
                let refused = again
                    .clone()
                    .name(CLIENT.parse().unwrap(), &person, now)
                    .unwrap_err();
                assert_eq!(refused.reason, Reason::Blocked { until });
                assert!(person.block(until).is_none(), "the block ends when it says");
                return;
            }
            other => unreachable!("{other:?}"),
        }
    }
    unreachable!("the fourth check ends the session");
}

/// R067.
#[test]
fn the_third_failed_repeat_makes_a_check_negative() {
    let now = start();
    let mut person = Person::default();
    let mut session = named(&person, now);
    for tries in 1..=4 {
        match captured(session, &person, now).judge(Verdict::NotFollowed, id(4), &mut person, &RULE, now) {
            identity::Judged::Repeat(next) => {
                assert!(tries < 4);
                session = next;
            }
            identity::Judged::Negative(_, check) => {
                assert_eq!((tries, check.attempts.len(), check.number), (4, 4, 1));
                return;
            }
            other => unreachable!("{other:?}"),
        }
    }
    unreachable!("the third failed repeat is negative");
}

#[test]
fn negatives_in_sessions_side_by_side_count_together() {
    let now = start();
    let mut person = Person::default();
    let mut over = false;
    for _ in 0..4 {
        let session = named(&person, now);
        let judged = captured(session, &person, now).judge(Verdict::Spoofed, id(4), &mut person, &RULE, now);
        over = matches!(judged, identity::Judged::Over(..));
    }
    assert!(over && person.block(now).is_some());
}

/// Whoever lets sequences pass until an easy one comes has used up the check.
#[test]
fn a_sequence_that_is_let_pass_is_spent() {
    let mut now = start();
    let mut person = Person::default();
    let mut session = named(&person, now);
    for tries in 1..=4 {
        let drawn = session
            .draw((sequence(), Nonce::new([9; 32])), &person, &RULE, now)
            .unwrap();
        assert!(drawn.clone().lapse(&mut person, &RULE, now).is_none());
        now = now.plus(RULE.sequence_life);
        match drawn.lapse(&mut person, &RULE, now).unwrap() {
            identity::Judged::Repeat(next) => session = next,
            identity::Judged::Negative(_, check) => {
                assert_eq!((tries, check.attempts.len()), (4, 4));
                assert!(check.attempts.iter().all(|attempt| attempt.capture.is_none()));
                return;
            }
            other => unreachable!("{other:?}"),
        }
    }
    unreachable!("four sequences let pass are a negative check");
}

#[test]
fn pictures_of_another_draw_another_session_or_another_order_are_refused_and_spend_nothing() {
    let now = start();
    let person = Person::default();
    let drawn = named(&person, now)
        .draw((sequence(), Nonce::new([9; 32])), &person, &RULE, now)
        .unwrap();
    let session = drawn.visit().id;
    let series = |pictures: Vec<Picture>| Capture {
        id: id(3),
        pictures,
        attestation: None,
    };
    let chain = |session, nonce, pictures: &[Picture]| Capture::chain(session, Nonce::new(nonce), pictures);
    let right = pictures();
    let mut swapped = pictures();
    swapped.swap(0, 1);
    let mut beyond = pictures();
    beyond[5].signal = 3;
    let mut missing = pictures();
    for picture in &mut missing {
        picture.signal = picture.signal.min(1);
    }
    let mut large = pictures();
    large[0].length = RULE.capture_bytes;
    let cases = [
        (
            right.clone(),
            chain(session, [8; 32], &right),
            "not taken for this sequence",
        ),
        (
            right.clone(),
            chain(id::<word::Session>(99), [9; 32], &right),
            "not taken for this sequence",
        ),
        (swapped.clone(), chain(session, [9; 32], &swapped), "order"),
        (
            beyond.clone(),
            chain(session, [9; 32], &beyond),
            "at least one of each",
        ),
        (
            missing.clone(),
            chain(session, [9; 32], &missing),
            "at least one of each",
        ),
        (large.clone(), chain(session, [9; 32], &large), "may have 5000000"),
        (
            right[..5].to_vec(),
            chain(session, [9; 32], &right[..5]),
            "6 to 200 pictures",
        ),
    ];
    for (pictures, chain, why) in cases {
        let refused = drawn
            .clone()
            .capture(series(pictures), chain, &RULE, now)
            .unwrap_err();
        assert!(refused.to_string().contains(why), "{why}: {refused}");
    }
    let late = drawn.clone().capture(
        series(right.clone()),
        chain(session, [9; 32], &right),
        &RULE,
        drawn.state().until(),
    );
    assert!(
        late.unwrap_err()
            .to_string()
            .contains("time for this sequence is over")
    );
    assert!(
        drawn
            .capture(series(right.clone()), chain(session, [9; 32], &right), &RULE, now)
            .is_ok()
    );
}

/// R233.
#[test]
fn no_code_is_sent_to_somebody_elses_phone() {
    let now = start();
    let (mut person, mut count) = (Person::default(), Count::default());
    let way = [
        Call::Agree,
        Call::Name { other: false },
        Call::Draw,
        Call::Capture { foreign: false },
        Call::Judge(Verdict::Live { picture: 0 }),
        Call::Compare(99),
        Call::Send { other: true },
    ];
    let end = way.iter().fold(opened(1, now), |stage, call| {
        take(stage, call, &mut person, &mut count, now)
    });
    let Stage::Ended(session) = end else {
        unreachable!()
    };
    assert_eq!((session.reason(), count.sent), (Reason::ForeignPhone, 0));
}

/// R001, R043, R050.
#[test]
fn another_person_and_a_child_are_refused() {
    let now = start();
    let person = Person::default();
    let agreed = |stage| {
        let Stage::Opened(session) = stage else {
            unreachable!()
        };
        session.agree(agreement(now), now).unwrap()
    };
    let other = iin("880505400019");
    let refused = agreed(opened(1, now)).name(other, &person, now).unwrap_err();
    assert_eq!(refused.reason, Reason::OtherPerson);
    let child = iin("150505500014");
    let Stage::Opened(session) = opened(1, now) else {
        unreachable!()
    };
    let visit = Visit {
        expected: None,
        ..session.visit().clone()
    };
    let open = Stage::Opened(Session::open(visit, *session.browser()));
    let refused = agreed(open).name(child, &person, now).unwrap_err();
    assert_eq!(refused.reason, Reason::UnderAge);
}

/// The IIN with these eleven digits and whatever check digit fits.
fn iin(text: &str) -> domain::Iin {
    (0..10)
        .find_map(|check| format!("{}{check}", &text[..11]).parse().ok())
        .unwrap()
}

/// A code that came is good for this Session only.
#[test]
fn a_code_opens_no_other_session() {
    let now = start();
    let digits: CodeDigits = "123456".parse().unwrap();
    let here = Code::new(&digits, id(1), Salt::new([1; 16]));
    let there = Code::new(&digits, id(2), Salt::new([1; 16]));
    assert_ne!(here, there);
    let (mut person, mut count) = (Person::default(), Count::default());
    let way = [
        Call::Agree,
        Call::Name { other: false },
        Call::Draw,
        Call::Capture { foreign: false },
        Call::Judge(Verdict::Live { picture: 0 }),
        Call::Compare(99),
    ];
    let known = way.iter().fold(opened(1, now), |stage, call| {
        take(stage, call, &mut person, &mut count, now)
    });
    let Stage::Known(known) = known else {
        unreachable!()
    };
    let sent = known.send(Owner::Client, there, &RULE, now).unwrap();
    assert!(matches!(
        sent.enter(&digits, (id(7), id(8)), &RULE, now),
        identity::Typed::Wrong(_)
    ));
}

#[test]
fn draws_are_of_the_asked_length_without_repeats_and_of_every_signal() {
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..500 {
        let drawn = Sequence::draw(3, &mut getrandom::rand_core::UnwrapErr(getrandom::SysRng));
        assert_eq!(drawn.signals().len(), 3);
        seen.extend(drawn.signals().iter().copied());
        let distinct: std::collections::BTreeSet<_> = drawn.signals().iter().collect();
        assert_eq!(distinct.len(), 3);
    }
    assert_eq!(seen.len(), Signal::ALL.len());
    assert!(serde_json::from_str::<Sequence>("[\"blink\",\"blink\",\"smile\"]").is_err());
    assert!(serde_json::from_str::<Sequence>("[\"blink\",\"smile\"]").is_err());
}
