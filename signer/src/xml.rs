//! XML signatures: signed, kept and read (XMLDSig 1.1, EN 319 132-1, and the national form).
//!
//! A document is read once, by a strict reader that knows no document types; what is signed and what is judged is
//! always the canonical form of that one reading. A signed document is the original bytes with our element inserted:
//! nothing is written anew that somebody else wrote.
//!
//! | to | call |
//! | --- | --- |
//! | sign | [`Prepared::new`] or [`Prepared::detached`], then [`Prepared::finish`] |
//! | show | [`shown_octets`]: what [`Prepared::shown`] is the digest of |
//! | extend | [`open`]: [`Unstamped::stamp`], [`Stamped::keep`], [`Stamped::archive`]; open the result for the next step |
//! | judge | [`claims`] |
//!
//! Why so: `docs/decisions/0014-signed-xml-is-read-once-and-never-rewritten.md`.

mod algorithm;
mod canonical;
mod claims;
mod document;
mod error;
mod extend;
mod fault;
mod form;
mod ids;
mod limits;
mod material;
mod names;
mod prepare;
mod reader;
mod signature;
mod slot;
mod stamps;
mod tree;
mod written;

pub(crate) use self::{claims::claims_beside, prepare::Record};
pub use self::{
    claims::{Externals, claims, signature_ids},
    error::ReadError,
    extend::{ExtendError, Opened, Stamped, Unstamped, open},
    fault::XmlFault,
    form::{Around, Caution, External, Form, Others},
    limits::Limits,
    prepare::{Prepared, SignError, Signed, shown_octets},
};

use self::canonical::{Canonicalisation, Selection, canonical};

/// The canonical octets of a document, or nothing if no canonicalisation has this URI.
pub fn canonical_document(
    document: &[u8],
    canonicalisation: &str,
    limits: &Limits,
) -> Result<Option<Vec<u8>>, ReadError> {
    let tree = reader::read(document, limits)?;
    let method = Canonicalisation::named(canonicalisation);
    Ok(method.map(|method| canonical(&tree, &Selection::document().with_comments(), &method)))
}
