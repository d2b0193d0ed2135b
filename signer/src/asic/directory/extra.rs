//! Extra fields (APPNOTE 4.5), of which only the numbers of ZIP64 mean something here.

use super::{Common, record::Record};
use crate::asic::ContainerError;

const ZIP64: u16 = 0x0001;
const STRONG_ENCRYPTION: u16 = 0x0017;
const UNICODE_PATH: u16 = 0x7075;
const AES: u16 = 0x9901;
/// Says that the number stands in the extra field.
pub(super) const MASK: u64 = u32::MAX as u64;

/// Puts in place what does not fit into a header: exactly the numbers that it leaves to the extra field, and nothing
/// that it says itself. True if there was something.
pub(super) fn read(
    bytes: &[u8],
    name: &str,
    common: &mut Common,
    offset: Option<&mut u64>,
) -> Result<bool, ContainerError> {
    let contradiction =
        || ContainerError::file(name, "has numbers of ZIP64 that do not belong to its header");
    let wide = zip64(bytes, name)?;
    let numbers = [Some(&mut common.length), Some(&mut common.packed), offset];
    let masked = numbers.into_iter().flatten().filter(|number| **number == MASK);
    let mut masked = masked.peekable();
    let Some(wide) = wide else {
        return match masked.peek() {
            None => Ok(false),
            Some(_) => Err(contradiction()),
        };
    };
    if masked.peek().is_none() {
        return Err(contradiction());
    }
    let mut record = Record { bytes: wide, at: 0 };
    for number in masked {
        *number = record.u64().map_err(|_| contradiction())?;
    }
    record.end().map_err(|_| contradiction())?;
    Ok(true)
}

/// The field of ZIP64. Fields must be whole, and none may say again, and otherwise, what the header says.
fn zip64<'b>(bytes: &'b [u8], name: &str) -> Result<Option<&'b [u8]>, ContainerError> {
    let mut record = Record { bytes, at: 0 };
    let mut wide = None;
    while !record.bytes.is_empty() {
        let broken = |_| ContainerError::file(name, "has an extra field that is cut off");
        let kind = record.u16().map_err(broken)?;
        let length = record.u16().map_err(broken)?;
        let field = record.take(usize::from(length)).map_err(broken)?;
        match kind {
            ZIP64 if wide.replace(field).is_some() => {
                return Err(ContainerError::file(name, "has numbers of ZIP64 twice"));
            }
            STRONG_ENCRYPTION | AES => return Err(ContainerError::Unsupported { what: "encryption" }),
            UNICODE_PATH => return Err(ContainerError::name(name, "has a second name in an extra field")),
            _ => {}
        }
    }
    Ok(wide)
}
