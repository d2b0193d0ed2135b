//! Where Documents' bytes are: a folder, or a bucket of an object store that speaks S3.

use core::{fmt, str::FromStr};
use std::path::PathBuf;

/// A place: `file:PATH` or `s3://BUCKET/PREFIX`.
///
/// How to reach and enter an object store is said by the environment, in the words that every client of S3 reads:
/// `AWS_ENDPOINT_URL`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentPlace(pub(super) Place);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Folder(PathBuf),
    #[cfg(feature = "s3")]
    Bucket {
        bucket: String,
        prefix: String,
    },
}

/// The text names no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentPlaceError {
    /// Neither.
    #[error("a place of documents is file:PATH or s3://BUCKET/PREFIX")]
    Kind,
    /// A folder, but none is named.
    #[error("file: wants the path of a folder after the colon, without slashes that belong to a URL")]
    Path,
    /// A bucket, but none is named, or what is after it does not read.
    #[error(
        "s3:// wants the name of a bucket, and after it at most folders of letters, digits, dots, dashes and underscores"
    )]
    Bucket,
    /// A bucket, and this program cannot reach one.
    #[error("this program was built without S3; build it with the feature s3, or name a folder: file:PATH")]
    WithoutS3,
}

impl FromStr for DocumentPlace {
    type Err = DocumentPlaceError;

    fn from_str(text: &str) -> Result<Self, DocumentPlaceError> {
        if let Some(path) = text.strip_prefix("file:") {
            return if path.is_empty() || path.starts_with("//") {
                Err(DocumentPlaceError::Path)
            } else {
                Ok(Self(Place::Folder(path.into())))
            };
        }
        bucket(text.strip_prefix("s3://").ok_or(DocumentPlaceError::Kind)?).map(Self)
    }
}

#[cfg(feature = "s3")]
fn bucket(text: &str) -> Result<Place, DocumentPlaceError> {
    let (bucket, prefix) = text.split_once('/').unwrap_or((text, ""));
    let is_name = |name: &str| {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
        !name.is_empty() && name.chars().all(plain) && !name.chars().all(|letter| letter == '.')
    };
    let prefix = prefix.trim_end_matches('/');
    if is_name(bucket) && (prefix.is_empty() || prefix.split('/').all(is_name)) {
        Ok(Place::Bucket {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        })
    } else {
        Err(DocumentPlaceError::Bucket)
    }
}

#[cfg(not(feature = "s3"))]
const fn bucket(_: &str) -> Result<Place, DocumentPlaceError> {
    Err(DocumentPlaceError::WithoutS3)
}

impl fmt::Display for DocumentPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::Folder(path) => write!(formatter, "file:{}", path.display()),
            #[cfg(feature = "s3")]
            Place::Bucket { bucket, prefix } => write!(formatter, "s3://{bucket}/{prefix}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_buckets_read_and_nothing_else_does() {
        let without = |error| {
            if cfg!(feature = "s3") {
                error
            } else {
                Err(DocumentPlaceError::WithoutS3)
            }
        };
        for (text, expected) in [
            (
                "file:/var/lib/tamga/documents",
                Ok("file:/var/lib/tamga/documents"),
            ),
            ("file:documents", Ok("file:documents")),
            ("file:", Err(DocumentPlaceError::Path)),
            ("file:///x", Err(DocumentPlaceError::Path)),
            ("/var/lib/tamga", Err(DocumentPlaceError::Kind)),
            ("s3://tamga", without(Ok("s3://tamga/"))),
            ("s3://tamga/a/b/", without(Ok("s3://tamga/a/b"))),
            ("s3://", without(Err(DocumentPlaceError::Bucket))),
            ("s3://tamga//b", without(Err(DocumentPlaceError::Bucket))),
            ("s3://tamga/../b", without(Err(DocumentPlaceError::Bucket))),
            ("s3://key:secret@tamga", without(Err(DocumentPlaceError::Bucket))),
        ] {
            let read = text.parse::<DocumentPlace>();
            assert_eq!(
                read.map(|place| place.to_string()),
                expected.map(str::to_owned),
                "{text}"
            );
        }
    }
}
