//! RSASSA-PSS with a salt of any length, RFC 8017 §8.1.2: the library at hand verifies only salts as long as the digest.
//!
//! Everything here is public: key, message and value. What a stranger sends is bounded before a number is raised to a
//! power.

use core::cmp::Ordering;

use num_bigint::BigUint;

use crate::{
    elements::{Elements, INTEGER},
    scheme::HashFunction,
};

/// Bits of the largest modulus and of the largest exponent: longer ones only cost time.
const LARGEST: (u64, u64) = (8_192, 33);
const TRAILER: u8 = 0xBC;

/// Whether the value is this `RSAPublicKey`'s over the message, with a salt of so many bytes.
pub(crate) fn is_signed(
    key: &[u8],
    (hash, salt): (HashFunction, usize),
    message: &[u8],
    value: &[u8],
) -> bool {
    recovered(key, value)
        .is_some_and(|(encoded, bits)| encodes(&encoded, bits, (hash, salt), message).unwrap_or_default())
}

/// RSAVP1, §5.2.2: the encoded message, and how many bits it has room for.
fn recovered(key: &[u8], value: &[u8]) -> Option<(Vec<u8>, u64)> {
    let mut numbers = Elements::sequence(key, "an RSA public key").ok()?;
    let modulus = BigUint::from_bytes_be(numbers.take(INTEGER).ok()?.content);
    let exponent = BigUint::from_bytes_be(numbers.take(INTEGER).ok()?.content);
    numbers.end().ok()?;
    let (most_modulus, most_exponent) = LARGEST;
    let odd = modulus.bit(0) && exponent.bit(0) && exponent > BigUint::from(1_u8);
    let bits = modulus.bits();
    if !odd || bits > most_modulus || exponent.bits() > most_exponent {
        return None;
    }
    let number = BigUint::from_bytes_be(value);
    if value.len() as u64 != bits.div_ceil(8) || number.cmp(&modulus) != Ordering::Less {
        return None;
    }
    let bytes = number.modpow(&exponent, &modulus).to_bytes_be();
    let room = usize::try_from((bits - 1).div_ceil(8)).ok()?;
    let mut encoded = vec![0; room.checked_sub(bytes.len())?];
    encoded.extend(bytes);
    Some((encoded, bits - 1))
}

/// EMSA-PSS-VERIFY, §9.1.2. Absent is no as well.
fn encodes(encoded: &[u8], bits: u64, (hash, salt): (HashFunction, usize), message: &[u8]) -> Option<bool> {
    let length = usize::try_from(hash.length()).ok()?;
    let (trailer, body) = encoded.split_last()?;
    let (masked, stated) = body.split_at_checked(body.len().checked_sub(length)?)?;
    let unused = encoded.len() as u64 * 8 - bits;
    let free = 0xFF_u8.checked_shr(u32::try_from(unused).ok()?)?;
    if *trailer != TRAILER || masked.first()? & !free != 0 {
        return Some(false);
    }
    let mut block: Vec<u8> = masked
        .iter()
        .zip(mask(stated, masked.len(), hash)?)
        .map(|(byte, mask)| byte ^ mask)
        .collect();
    *block.first_mut()? &= free;
    let (padding, salt) = block.split_at_checked(block.len().checked_sub(salt)?)?;
    let (one, zeros) = padding.split_last()?;
    if *one != 1 || zeros.iter().any(|byte| *byte != 0) {
        return Some(false);
    }
    let whole = [[0; 8].as_slice(), &hash.digest(message)?, salt].concat();
    Some(hash.digest(&whole)? == stated)
}

/// MGF1, §B.2.1.
fn mask(seed: &[u8], length: usize, hash: HashFunction) -> Option<Vec<u8>> {
    let mut mask = Vec::new();
    let mut counter = 0_u32;
    while mask.len() < length {
        mask.extend(hash.digest(&[seed, &counter.to_be_bytes()].concat())?);
        counter += 1;
    }
    mask.truncate(length);
    Some(mask)
}
