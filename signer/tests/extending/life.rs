//! Decades of a signature: stamped, kept, archived, renewed by another unit when the first ages, and again.

use core::time::Duration;

use domain::{HashAlgorithm, Time, hexadecimal, sha256};
use pki::{crl::Reason, ocsp::CertStatus, timestamp::Token};
use signer::{
    Claim, Extension, ExtensionError, Inside, Level, Limits, Material, Name, Step, Which,
    judgement::{Constraints, Context, Lacking, SignatureReport, judge},
};

use crate::{
    files::{self, File, written},
    judges,
    world::{Party, World, ca, day, material, person, responder, unit},
};

/// Whose certificates of [`World`] end when: Алия on day 365, `unit` on day 2,000; here are more.
pub(crate) struct Years {
    pub(crate) world: World,
    /// From day 0 to 300.
    pub(crate) early: Party,
    /// From day 1,900 to 4,000.
    pub(crate) late: Party,
    pub(crate) second: Party,
    /// Who speaks for the authority, so that no answer encloses the authority's own certificate.
    responder: Party,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    Stamped,
    Kept,
    Archived,
}

impl Years {
    pub(crate) fn new() -> Self {
        let mut world = World::new();
        // One that lives as long as the latest unit.
        world.authority = world.root.issue((2, "Authority"), (0, 5_000), ca(Some(0)));
        let issue = |seed, name, span, extensions| world.authority.issue((seed, name), span, extensions);
        let (early, late) = (
            issue(31, "Early", (0, 300), unit()),
            issue(32, "Late", (1_900, 4_000), unit()),
        );
        let second = issue(33, "Berik", (0, 365), person());
        let responder = issue(34, "Responder", (0, 5_000), responder(true));
        world.unit = issue(3, "Unit", (0, 2_000), unit());
        world.alice = issue(4, "Алия", (0, 365), person());
        Self {
            world,
            early,
            late,
            second,
            responder,
        }
    }

    pub(crate) fn constraints() -> Constraints {
        Constraints::default()
    }

    /// What everybody answers at a time about these, and the root's list of the day.
    pub(crate) fn said(&self, about: &[&Party], at: Time) -> Material {
        let authority = &self.world.authority;
        let answers: Vec<Vec<u8>> = about
            .iter()
            .map(|party| self.responder.answer(authority, party, CertStatus::Good, at))
            .collect();
        material(
            &[authority, &self.world.root],
            &[self.world.root.list(1, at, &[])],
            &answers,
        )
    }

    pub(crate) fn next<T>(
        &self,
        file: &File,
        at: Time,
        work: impl FnOnce(Extension<'_>) -> Result<T, ExtensionError>,
    ) -> Result<T, ExtensionError> {
        let anchors = [self.world.root.anchor()];
        work(Extension {
            file: &file.bytes,
            externals: &file.externals(),
            which: &file.which,
            context: Context {
                anchors: &anchors,
                material: &Material::default(),
                at,
                constraints: &Self::constraints(),
            },
            hash: HashAlgorithm::Sha256,
            chance: [u8::try_from(file.bytes.len() % 251).unwrap(); 16],
            limits: &Limits::default(),
        })
    }

    /// One step of the file as it is.
    pub(crate) fn step(
        &self,
        file: &File,
        unit: &Party,
        said: &Material,
        at: Time,
    ) -> Result<(Done, Vec<u8>), ExtensionError> {
        let token = |digest| Token::parse(&unit.stamp_on(digest, at)).unwrap();
        let (done, output) = self.next(file, at, |extension| {
            Ok(match extension.next()? {
                Step::Stamp(stamping) => {
                    assert_eq!(stamping.level(), Level::T);
                    let token = token(stamping.digest());
                    (Done::Stamped, stamping.stamped(&token)?)
                }
                Step::Keep(keeping) => (Done::Kept, keeping.keep(said.clone())?),
                Step::Archive(stamping) => {
                    assert_eq!(stamping.level(), Level::Lta);
                    let token = token(stamping.digest());
                    (Done::Archived, stamping.stamped(&token)?)
                }
            })
        })?;
        Ok((done, written(&output, &[&file.bytes])))
    }

    /// Does the step that is expected, twice from the same file: who was cut off before keeping the result loses nothing.
    #[track_caller]
    pub(crate) fn go(&self, file: &mut File, expected: Done, unit: &Party, said: &Material, at: Time) {
        let (name, which) = (file.name, file.which.clone());
        let lost = self.step(file, unit, said, at);
        let lost = lost.unwrap_or_else(|error| panic!("{name}, {which}, {expected:?} at {at}: {error}"));
        let (done, bytes) = self.step(file, unit, said, at).unwrap();
        assert_eq!((done, lost.0), (expected, expected), "{name} at {at}");
        file.bytes = bytes;
        let first = File {
            bytes: lost.1,
            ..file.clone()
        };
        let nothing = Material::default();
        assert_eq!(
            self.judged(&first, &nothing, at).level,
            self.judged(file, &nothing, at).level,
            "{name} at {at}"
        );
    }

    pub(crate) fn renew_before(&self, file: &File, at: Time) -> Option<Time> {
        self.next(file, at, |extension| extension.renew_before()).unwrap()
    }

    /// What is found of the signature that was extended.
    pub(crate) fn judged(&self, file: &File, material: &Material, at: Time) -> SignatureReport {
        let anchors = [self.world.root.anchor()];
        let constraints = Self::constraints();
        let context = Context {
            anchors: &anchors,
            material,
            at,
            constraints: &constraints,
        };
        let claims = match file.externals().as_slice() {
            [] => signer::claims(&file.bytes, None, &Limits::default()),
            [one, ..] => signer::claims(&file.bytes, Some(*one), &Limits::default()),
        };
        let claims = claims.unwrap();
        judge(
            claims.iter().find(|claim| is(claim, &file.which)).unwrap(),
            &context,
        )
    }
}

/// Whether a claim is that of the signature.
fn is(claim: &Claim, which: &Which) -> bool {
    match which {
        Which::Field(field) => matches!(&claim.name, Name::Field { field: own } if own == field),
        Which::Id(id)
        | Which::Within {
            signature: Inside::Id(id),
            ..
        } => claim.name.to_string().ends_with(&format!("#{id}")),
        Which::Value(value)
        | Which::Within {
            signature: Inside::Value(value),
            ..
        } => hexadecimal(&sha256(&claim.value)) == *value,
    }
}

fn hours(count: u64) -> Duration {
    Duration::from_hours(count)
}

#[track_caller]
fn passes(report: &SignatureReport, level: Level, what: &str) {
    assert_eq!(
        report.sub_indication, None,
        "{what}: {:?} {:#?}",
        report.findings, report.stamps
    );
    assert_eq!(report.level, Some(level), "{what}");
}

#[test]
fn every_format_is_kept_for_decades_by_steps_that_the_file_itself_tells() {
    let years = Years::new();
    let World { alice, unit, .. } = &years.world;
    let (early, late, second) = (&years.early, &years.late, &years.second);
    let folder = tempfile::tempdir().unwrap();
    for mut file in files::all([alice, second], &years.world.authority) {
        let name = file.name;
        let file = &mut file;
        let nothing = Material::default();
        assert_eq!(years.renew_before(file, day(100)), None);

        let stamped = day(100);
        years.go(file, Done::Stamped, early, &nothing, stamped);
        let people = [alice, second, early];
        years.go(
            file,
            Done::Kept,
            early,
            &years.said(&people, stamped.plus(hours(1))),
            stamped.plus(hours(2)),
        );
        let report = years.judged(file, &nothing, stamped.plus(hours(2)));
        passes(&report, Level::Lt, name);
        // At the end all are judged; here one of each place where material is kept.
        if ["pdf", "xades enveloped", "cades attached"].contains(&name) {
            judges::judge(folder.path(), file, &years, (stamped.plus(hours(2)), 0));
        }
        let archived = stamped.plus(hours(3));
        years.go(file, Done::Archived, early, &nothing, archived);
        passes(&years.judged(file, &nothing, archived), Level::Lta, name);

        // What is inside is older than the archive time stamp: it is to be kept anew at once.
        assert_eq!(
            years.renew_before(file, archived.plus(hours(1))),
            Some(archived),
            "{name}"
        );
        years.go(file, Done::Kept, early, &years.said(&people, day(101)), day(101));
        assert_eq!(years.renew_before(file, day(102)), Some(day(300)), "{name}");

        // The unit ages: what it is judged with is put in, then another one stamps, then the first is asked about again.
        let renewed = day(290);
        years.go(
            file,
            Done::Kept,
            unit,
            &years.said(&[alice, second, early], renewed),
            renewed,
        );
        years.go(file, Done::Archived, unit, &nothing, renewed.plus(hours(1)));
        assert_eq!(
            years.renew_before(file, renewed.plus(hours(2))),
            Some(renewed.plus(hours(1)))
        );
        let people = [alice, second, early, unit];
        years.go(file, Done::Kept, unit, &years.said(&people, day(291)), day(291));
        assert_eq!(years.renew_before(file, day(292)), Some(day(2_000)), "{name}");

        // Signer and first unit have long ended.
        let report = years.judged(file, &years.said(&[unit], day(1_500)), day(1_500));
        passes(&report, Level::Lta, name);
        assert_eq!(report.existed, Some(stamped), "{name}");

        let renewed = day(1_950);
        years.go(file, Done::Kept, late, &years.said(&[unit], renewed), renewed);
        years.go(file, Done::Archived, late, &nothing, renewed.plus(hours(1)));
        years.go(
            file,
            Done::Kept,
            late,
            &years.said(&[unit, late], day(1_951)),
            day(1_951),
        );
        assert_eq!(years.renew_before(file, day(1_952)), Some(day(4_000)), "{name}");
        let report = years.judged(file, &years.said(&[late], day(3_500)), day(3_500));
        passes(&report, Level::Lta, name);
        assert_eq!(
            (report.existed, report.stamps.len()),
            (Some(stamped), 4),
            "{name}"
        );

        judges::judge(folder.path(), file, &years, (day(101).plus(hours(6)), 3));

        // Nothing of it depends on what the signer's certificate became after it had signed.
        let revoked = CertStatus::Revoked {
            at: day(200),
            reason: Reason::KeyCompromise,
        };
        let authority = &years.world.authority;
        let mut today = years.said(&[late], day(3_500));
        for party in [alice, second] {
            today
                .answers
                .insert(authority.answer(authority, party, revoked, day(300)));
        }
        passes(&years.judged(file, &today, day(3_500)), Level::Lta, name);
    }
}

#[test]
fn only_what_a_signature_is_judged_with_is_put_in() {
    let years = Years::new();
    let World {
        alice,
        unit,
        authority,
        ..
    } = &years.world;
    for mut file in files::all([alice, &years.second], authority) {
        let at = day(100).plus(hours(1));
        years.go(&mut file, Done::Stamped, unit, &Material::default(), day(100));
        let people = [alice, &years.second, unit];
        let stranger = authority.issue((90, "Stranger"), (0, 365), person());
        let mut said = years.said(&people, at);
        let useful = said.clone();
        let noise = years.said(&[&stranger], at);
        said = said.and(noise.clone());
        said.certificates.insert(stranger.certificate.clone());
        years.go(&mut file, Done::Kept, unit, &said, at);
        let claims = match file.externals().as_slice() {
            [] => signer::claims(&file.bytes, None, &Limits::default()).unwrap(),
            [one, ..] => signer::claims(&file.bytes, Some(*one), &Limits::default()).unwrap(),
        };
        let mut inside = Material::default();
        for claim in claims {
            inside = inside.and(claim.material);
        }
        assert!(
            !inside.certificates.contains(&stranger.certificate),
            "{}",
            file.name
        );
        for answer in &noise.answers {
            assert!(!inside.answers.contains(answer), "{}", file.name);
        }
        assert_eq!(inside.answers.len(), 2, "{}", file.name);
        assert!(inside.answers.is_subset(&useful.answers), "{}", file.name);
    }
}

#[test]
fn what_is_missing_is_named_and_no_level_is_claimed() {
    let years = Years::new();
    let World {
        alice,
        unit,
        authority,
        ..
    } = &years.world;
    for mut file in files::all([alice, &years.second], authority) {
        let name = file.name;
        years.go(&mut file, Done::Stamped, unit, &Material::default(), day(100));
        let at = day(100).plus(hours(2));
        let lacking = |said: &Material| match years.step(&file, unit, said, at) {
            Err(ExtensionError::Lacking(all)) => all,
            other => panic!("{name}: {:?}", other.map(|(done, _)| done)),
        };
        let nobody = lacking(&Material::default());
        assert!(
            matches!(
                nobody.as_slice(),
                [Lacking::Status { .. } | Lacking::Path { .. }, ..]
            ),
            "{name}: {nobody:?}"
        );
        // Nobody spoke of the unit.
        let said = lacking(&years.said(&[alice, &years.second], at));
        let subject = unit.presented().subject_text();
        assert_eq!(said, [Lacking::Status { subject }], "{name}");
        // What was said of the signer is older than the signature.
        let early = day(100).minus(hours(1));
        let old = years
            .said(&[alice, &years.second], early)
            .and(years.said(&[unit], at));
        let [Lacking::Newer { known, needed, .. }] = lacking(&old)[..] else {
            panic!("{name}: {:?}", lacking(&old))
        };
        assert_eq!((known, needed), (early, day(100)), "{name}");
        assert!(lacking(&old).iter().all(Lacking::may_come));
    }
}
