//! Long lists: a list of a million and a half entries is searched where it lies.

use std::time::Instant;

use pki::{
    crl::{Entry, List, Listed, Reason, Received},
    x509_cert::serial_number::SerialNumber,
};

use crate::world::{PROFILE, World, day};

#[test]
fn a_list_of_fifty_megabytes_is_searched_in_place() {
    let world = World::new();
    let entry = |number: u32| {
        let digits = [&[0x40], &number.to_be_bytes()[..], &[0; 11]].concat();
        let serial = SerialNumber::new(&digits).unwrap();
        Entry::revoked(&serial, day(90), Reason::Unspecified).unwrap()
    };
    // One entry after the other is what `ca` does; here their form is known, so only the number changes.
    let template = entry(0).as_bytes().to_vec();
    let at = template
        .windows(2)
        .position(|window| window == [0x02, 0x10])
        .unwrap()
        + 3;
    let count = 1_500_000_u32;
    let mut entries = template.repeat(count as usize);
    for (number, entry) in entries.chunks_exact_mut(template.len()).enumerate() {
        entry[at..at + 4].copy_from_slice(&u32::try_from(number).unwrap().to_be_bytes());
    }
    let list = List {
        issuer: &world.authority.name,
        issuer_key: world.authority.key_identifier(),
        profile: PROFILE,
        number: 1,
        made_at: day(100),
        valid: core::time::Duration::from_hours(240),
        distribution_point: None,
        base: None,
        freshest: None,
    };
    let list = world.authority.sign(list.prepare(&entries).unwrap());
    assert!(list.len() > 50_000_000, "{}", list.len());

    let started = Instant::now();
    let read = Received::parse(&list).unwrap();
    let serial = |number: u32| [&[0x40], &number.to_be_bytes()[..], &[0; 11]].concat();
    assert!(matches!(
        read.find(&serial(count - 1)),
        Ok(Listed::Revoked { .. })
    ));
    assert_eq!(read.find(&serial(count)), Ok(Listed::No));
    read.verify(world.authority.presented().key()).unwrap();
    let took = started.elapsed();
    println!("{} bytes, two searches and the signature: {took:?}", list.len());
}
