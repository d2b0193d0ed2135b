//! What the public suites of path validation ask of policies, names and basic constraints, in chains of our own; openssl
//! judges the same certificates.

use der::{Encode as _, asn1::ObjectIdentifier};
use pki::{
    tlv::{sequence, wrap},
    x509_cert::ext::Extension,
};
use signer::{Stated as _, judgement::SubIndication};

use crate::{
    openssl::{issue, openssl_finds, ours, root},
    world::{Party, ca, day, extension, material, person},
};

const ANY: &str = "2.5.29.32.0";
const FIRST: &str = "1.2.3.4.1";
const SECOND: &str = "1.2.3.4.2";

fn oid(dotted: &str) -> ObjectIdentifier {
    dotted.parse().unwrap()
}

fn encoded(dotted: &str) -> Vec<u8> {
    oid(dotted).to_der().unwrap()
}

fn policies(all: &[&str]) -> Extension {
    let stated: Vec<u8> = all
        .iter()
        .flat_map(|policy| sequence(&[&encoded(policy)]))
        .collect();
    extension(oid("2.5.29.32"), false, sequence(&[&stated]))
}

fn mappings(pairs: &[(&str, &str)]) -> Extension {
    let stated: Vec<u8> = pairs
        .iter()
        .flat_map(|(from, to)| sequence(&[&encoded(from), &encoded(to)]))
        .collect();
    extension(oid("2.5.29.33"), true, sequence(&[&stated]))
}

/// `policyConstraints`: after how many more certificates a policy is demanded, and mapping ends.
fn constraints(explicit: Option<u8>, mapping: Option<u8>) -> Extension {
    let one = |tag, skip: Option<u8>| skip.map(|skip| wrap(tag, &[&[skip]])).unwrap_or_default();
    let value = sequence(&[&one(0x80, explicit), &one(0x81, mapping)]);
    extension(oid("2.5.29.36"), true, value)
}

fn inhibit_any(skip: u8) -> Extension {
    extension(oid("2.5.29.54"), true, vec![2, 1, skip])
}

fn authority(more: Vec<Extension>) -> Vec<Extension> {
    [ca(None), more].concat()
}

fn signer(more: Vec<Extension>) -> Vec<Extension> {
    [person(), more].concat()
}

/// Root, these authorities one below the other, and somebody below them.
fn chain(authorities: Vec<Vec<Extension>>, last: Vec<Extension>) -> (Party, Vec<Party>, Party) {
    let root = root();
    let mut between: Vec<Party> = Vec::new();
    for (number, extensions) in (30_u8..).zip(authorities) {
        let above = between.last().unwrap_or(&root);
        let next = issue(
            above,
            (number, &format!("Authority {number}")),
            (0, 3_000),
            extensions,
        );
        between.push(next);
    }
    let above = between.last().unwrap_or(&root);
    let first = issue(above, (20, "Алия"), (10, 365), last);
    (root, between, first)
}

#[track_caller]
fn both_find(name: &str, (root, between, first): &(Party, Vec<Party>, Party), expected: bool) {
    let folder = tempfile::tempdir().unwrap();
    let between: Vec<&Party> = between.iter().collect();
    let openssl = openssl_finds(
        folder.path(),
        first,
        &between,
        root,
        (100, &["-policy_check", "-policy", ANY]),
    );
    assert_eq!(openssl, expected, "openssl: {name}");
    let found = ours(first, &between, root, 100);
    assert_eq!(found.is_ok(), expected, "{name}: {found:?}");
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn a_policy_that_is_demanded_is_there_or_the_path_does_not_hold() {
    let demands = |more: Vec<Extension>| authority([vec![constraints(Some(0), None)], more].concat());
    let plain = |all: &[&str]| authority(vec![policies(all)]);
    for (name, authorities, last, expected) in [
        (
            "policy required and absent",
            vec![demands(vec![policies(&[FIRST])])],
            signer(vec![]),
            false,
        ),
        (
            "policy required and there",
            vec![demands(vec![policies(&[FIRST])])],
            signer(vec![policies(&[FIRST])]),
            true,
        ),
        (
            "policy required and another there",
            vec![demands(vec![policies(&[FIRST])])],
            signer(vec![policies(&[SECOND])]),
            false,
        ),
        (
            "policy required, one of several there",
            vec![demands(vec![policies(&[FIRST, SECOND])])],
            signer(vec![policies(&[SECOND])]),
            true,
        ),
        (
            "policy required, the authority in between has none",
            vec![demands(vec![policies(&[FIRST])]), authority(vec![])],
            signer(vec![policies(&[FIRST])]),
            false,
        ),
        (
            "any policy above",
            vec![demands(vec![policies(&[ANY])])],
            signer(vec![policies(&[SECOND])]),
            true,
        ),
        (
            "any policy below",
            vec![demands(vec![policies(&[FIRST])])],
            signer(vec![policies(&[ANY])]),
            true,
        ),
        (
            "any policy inhibited",
            vec![demands(vec![policies(&[FIRST]), inhibit_any(0)])],
            signer(vec![policies(&[ANY])]),
            false,
        ),
        (
            "any policy inhibited, a named one there",
            vec![demands(vec![policies(&[FIRST]), inhibit_any(0)])],
            signer(vec![policies(&[FIRST])]),
            true,
        ),
        (
            "any policy inhibited one further down",
            vec![demands(vec![policies(&[ANY]), inhibit_any(1)]), plain(&[ANY])],
            signer(vec![policies(&[ANY])]),
            false,
        ),
        (
            "any policy inhibited two further down",
            vec![demands(vec![policies(&[ANY]), inhibit_any(2)]), plain(&[ANY])],
            signer(vec![policies(&[ANY])]),
            true,
        ),
        (
            "mapped",
            vec![demands(vec![policies(&[FIRST]), mappings(&[(FIRST, SECOND)])])],
            signer(vec![policies(&[SECOND])]),
            true,
        ),
        (
            "mapped away",
            vec![demands(vec![policies(&[FIRST]), mappings(&[(FIRST, SECOND)])])],
            signer(vec![policies(&[FIRST])]),
            false,
        ),
        (
            "mapping inhibited above",
            vec![
                authority(vec![policies(&[FIRST]), constraints(Some(0), Some(0))]),
                authority(vec![policies(&[FIRST]), mappings(&[(FIRST, SECOND)])]),
            ],
            signer(vec![policies(&[SECOND])]),
            false,
        ),
        (
            "any policy mapped",
            vec![demands(vec![policies(&[ANY]), mappings(&[(ANY, SECOND)])])],
            signer(vec![policies(&[SECOND])]),
            false,
        ),
        (
            "demanded two further down, and absent",
            vec![authority(vec![constraints(Some(2), None)]), authority(vec![])],
            signer(vec![]),
            false,
        ),
        (
            "demanded further down than the path is long",
            vec![authority(vec![constraints(Some(3), None)]), authority(vec![])],
            signer(vec![]),
            true,
        ),
        (
            "demanded by the last certificate itself",
            vec![plain(&[FIRST])],
            signer(vec![constraints(Some(0), None)]),
            false,
        ),
        (
            "nobody demands",
            vec![plain(&[FIRST])],
            signer(vec![policies(&[SECOND])]),
            true,
        ),
        (
            "the same policy twice",
            vec![demands(vec![policies(&[FIRST])])],
            signer(vec![policies(&[FIRST, FIRST])]),
            false,
        ),
    ] {
        both_find(name, &chain(authorities, last), expected);
    }
}

/// `nameConstraints` with one subtree, permitted or excluded.
fn names(permitted: bool, base: &[u8]) -> Extension {
    let trees = wrap(if permitted { 0xA0 } else { 0xA1 }, &[&sequence(&[base])]);
    extension(oid("2.5.29.30"), true, sequence(&[&trees]))
}

fn mail(text: &str) -> Vec<u8> {
    wrap(0x81, &[text.as_bytes()])
}

fn dns(text: &str) -> Vec<u8> {
    wrap(0x82, &[text.as_bytes()])
}

fn ip(bytes: &[u8]) -> Vec<u8> {
    wrap(0x87, &[bytes])
}

/// `subjectAltName`.
fn also(names: &[Vec<u8>]) -> Vec<Extension> {
    let value = sequence(&[&names.concat()]);
    signer(vec![extension(oid("2.5.29.17"), false, value)])
}

#[test]
fn names_outside_of_what_an_authority_may_certify_do_not_hold() {
    let net: &[u8] = &[10, 1, 0, 0, 255, 255, 0, 0];
    let cases = [
        ("mail inside", true, mail("bank.kz"), mail("a@bank.kz"), true),
        ("mail outside", true, mail("bank.kz"), mail("a@other.kz"), false),
        (
            "mail of a host below",
            true,
            mail("bank.kz"),
            mail("a@sub.bank.kz"),
            false,
        ),
        (
            "mail below a domain",
            true,
            mail(".bank.kz"),
            mail("a@sub.bank.kz"),
            true,
        ),
        ("one mailbox", true, mail("a@bank.kz"), mail("a@bank.kz"), true),
        (
            "another mailbox",
            true,
            mail("a@bank.kz"),
            mail("b@bank.kz"),
            false,
        ),
        (
            "mail in capitals",
            false,
            mail("bank.kz"),
            mail("a@BANK.kz"),
            false,
        ),
        ("mail excluded", false, mail("bank.kz"), mail("a@bank.kz"), false),
        (
            "mail not excluded",
            false,
            mail("bank.kz"),
            mail("a@other.kz"),
            true,
        ),
        ("dns inside", true, dns("bank.kz"), dns("www.bank.kz"), true),
        (
            "dns that only ends so",
            true,
            dns("bank.kz"),
            dns("notbank.kz"),
            false,
        ),
        ("dns excluded", false, dns("bank.kz"), dns("WWW.Bank.kz"), false),
        ("address inside", true, ip(net), ip(&[10, 1, 7, 7]), true),
        ("address outside", true, ip(net), ip(&[10, 2, 7, 7]), false),
        ("address excluded", false, ip(net), ip(&[10, 1, 7, 7]), false),
        (
            "another kind of name",
            true,
            dns("bank.kz"),
            mail("a@other.kz"),
            true,
        ),
    ];
    for (name, permitted, base, alternative, expected) in cases {
        let constrained = authority(vec![names(permitted, &base)]);
        both_find(
            name,
            &chain(vec![constrained, authority(vec![])], also(&[alternative])),
            expected,
        );
    }
    // One name inside does not excuse one outside.
    let constrained = authority(vec![names(true, &mail("bank.kz"))]);
    let two = also(&[mail("a@bank.kz"), mail("a@other.kz")]);
    both_find("one of two outside", &chain(vec![constrained], two), false);
    // A constraint on a kind of name that is not understood, whatever the names are.
    let strange = authority(vec![names(true, &wrap(0x88, &[&[0x2A, 3]]))]);
    let (root, between, first) = chain(vec![strange], signer(vec![]));
    let between: Vec<&Party> = between.iter().collect();
    assert!(ours(&first, &between, &root, 100).is_err());
}

#[test]
fn authorities_without_basic_constraints_or_usage_and_unknown_critical_extensions_do_not_hold() {
    let usage = |bits: u8| extension(pki::oid::KEY_USAGE, true, vec![3, 2, 1, bits]);
    let says_no = extension(pki::oid::BASIC_CONSTRAINTS, true, sequence(&[]));
    let unknown = |critical| extension(oid("1.2.3.4.5"), critical, vec![5, 0]);
    for (name, authorities, last, expected) in [
        ("good", vec![ca(None)], signer(vec![]), true),
        (
            "basic constraints missing",
            vec![vec![usage(6)]],
            signer(vec![]),
            false,
        ),
        (
            "no authority",
            vec![vec![says_no, usage(6)]],
            signer(vec![]),
            false,
        ),
        (
            "key usage without certificates",
            vec![vec![ca(None).remove(0), usage(2)]],
            signer(vec![]),
            false,
        ),
        ("path length 0 kept", vec![ca(Some(0))], signer(vec![]), true),
        (
            "path length 0 broken",
            vec![ca(Some(0)), ca(None)],
            signer(vec![]),
            false,
        ),
        (
            "path length 1 kept",
            vec![ca(Some(1)), ca(None)],
            signer(vec![]),
            true,
        ),
        (
            "a larger path length below does not widen",
            vec![ca(Some(1)), ca(Some(5)), ca(None)],
            signer(vec![]),
            false,
        ),
        (
            "unknown critical extension of an authority",
            vec![authority(vec![unknown(true)])],
            signer(vec![]),
            false,
        ),
        (
            "unknown critical extension of the signer",
            vec![ca(None)],
            signer(vec![unknown(true)]),
            false,
        ),
        (
            "unknown extension",
            vec![authority(vec![unknown(false)])],
            signer(vec![unknown(false)]),
            true,
        ),
    ] {
        both_find(name, &chain(authorities, last), expected);
    }
}

/// What the path says reaches the verdict, with its name.
#[test]
fn a_signature_by_a_path_that_does_not_hold_is_refused_by_name() {
    let demands = authority(vec![constraints(Some(0), None), policies(&[FIRST])]);
    let narrow = authority(vec![names(true, &mail("bank.kz"))]);
    for (extensions, last, code) in [
        (demands, signer(vec![]), "policy-missing"),
        (narrow, also(&[mail("a@other.kz")]), "name-not-allowed"),
        (person(), signer(vec![]), "not-authority"),
    ] {
        let (root, between, first) = chain(vec![extensions], last);
        let authority = &between[0];
        let lists = [root.list(1, day(99), &[]), authority.list(1, day(99), &[])];
        let all = material(&[authority], &lists, &[]);
        let report = crate::world::judged_by(&root, &first.claim(), &all, day(100));
        let sub = SubIndication::CertificateChainGeneralFailure;
        assert_eq!(
            (report.sub_indication, report.findings[0].statement().code()),
            (Some(sub), code)
        );
    }
}
