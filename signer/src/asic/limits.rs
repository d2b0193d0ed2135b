//! How much a container may have. What is signed is held to the bounds of what is read, so that nothing is signed here
//! that could not be examined here.

/// A container of more bytes is none: reading it takes hours.
pub(super) const MOST_BYTES: u64 = 1 << 40;
/// At most so many files, those of the container itself among them.
pub(super) const MOST_ENTRIES: u64 = 10_000;
/// Signature files, and manifests, that are examined.
pub(super) const MOST_SIGNATURES: usize = 100;
/// Files to be signed: the rest is for the type, the list of files, and for signatures with their manifests.
pub(super) const MOST_FILES: u64 = MOST_ENTRIES - 2 - 2 * MOST_SIGNATURES as u64;
/// The longest name, in bytes.
pub(super) const LONGEST_NAME: usize = 1024;
/// A comment that a container may have: its media type (EN 319 162-1 §A.1). A file's is no longer.
pub(super) const LONGEST_COMMENT: u64 = 100;
/// The directory of as many files as may be, each with a name and all that is said of it.
pub(super) const MOST_DIRECTORY: u64 = 16 << 20;
/// A manifest, or list of files, of more bytes is none.
pub(super) const MOST_MANIFEST: u64 = 8 << 20;
/// A signature file of more bytes is none.
pub(super) const MOST_SIGNATURE: u64 = 64 << 20;
/// All compressed files together do not unpack to more than this.
pub(super) const MOST_UNPACKED: u64 = 4 << 30;
