//! Objects in their place: written in parts under a name that nobody sees before the last, read as a stream, removed.

use std::{
    fs, io,
    os::unix::fs::DirBuilderExt as _,
    path::{self, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use futures_util::stream::BoxStream;
use object_store::{
    Error, ObjectStore, ObjectStoreExt as _, WriteMultipart, local::LocalFileSystem, path::Path,
};

use super::{DocumentPlace, ObjectName, ObjectsError, place::Place};

/// What is sent at once. Together with [`IN_FLIGHT`] it bounds the memory of a put, and times 10,000, which is the most
/// parts that S3 takes, the size of an object: 80 GB.
const PART: usize = 8 * 1024 * 1024;
/// Parts that are on their way while the next one is filled.
const IN_FLIGHT: usize = 1;

/// A place of objects.
#[derive(Clone, Debug)]
pub(super) struct Objects {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    /// The place, where it is a folder.
    folder: Option<PathBuf>,
}

/// An object that is being read.
pub(super) struct Source {
    pub(super) size: u64,
    pub(super) bytes: BoxStream<'static, object_store::Result<Bytes>>,
}

/// An object that is being written. Nobody sees it before it is finished; whoever drops it leaves at most what
/// [`Objects::remove`] finds.
pub(super) struct Upload(WriteMultipart);

impl Objects {
    /// Opens a place; a folder that is not there is made, for its owner alone.
    pub(super) fn open(place: &DocumentPlace) -> Result<Self, ObjectsError> {
        match &place.0 {
            Place::Folder(folder) => Self::folder(folder),
            #[cfg(feature = "s3")]
            Place::Bucket { bucket, prefix } => Self::bucket(bucket, prefix),
        }
    }

    fn folder(folder: &path::Path) -> Result<Self, ObjectsError> {
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
        let folder = made
            .and_then(|()| folder.canonicalize())
            .map_err(ObjectsError::Folder)?;
        let store = LocalFileSystem::new_with_prefix(&folder)?.with_fsync(true);
        Ok(Self {
            store: Arc::new(store),
            prefix: Path::default(),
            folder: Some(folder),
        })
    }

    #[cfg(feature = "s3")]
    fn bucket(bucket: &str, prefix: &str) -> Result<Self, ObjectsError> {
        let store = object_store::aws::AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .build()?;
        Ok(Self::over(Arc::new(store), Path::from(prefix)))
    }

    /// Over a store that is there already.
    #[cfg(any(test, feature = "s3"))]
    pub(super) fn over(store: Arc<dyn ObjectStore>, prefix: Path) -> Self {
        Self {
            store,
            prefix,
            folder: None,
        }
    }

    /// Begins an object.
    pub(super) async fn begin(&self, name: ObjectName) -> Result<Upload, ObjectsError> {
        let upload = self.store.put_multipart(&self.path(name)).await?;
        Ok(Upload(WriteMultipart::new_with_chunk_size(upload, PART)))
    }

    /// An object, if it is there.
    pub(super) async fn read(&self, name: ObjectName) -> Result<Option<Source>, ObjectsError> {
        match self.store.get(&self.path(name)).await {
            Ok(found) => Ok(Some(Source {
                size: found.meta.size,
                bytes: found.into_stream(),
            })),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// How many bytes an object has, if it is there.
    pub(super) async fn size(&self, name: ObjectName) -> Result<Option<u64>, ObjectsError> {
        match self.store.head(&self.path(name)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Some bytes of an object, if it is there.
    pub(super) async fn range(
        &self,
        name: ObjectName,
        range: core::ops::Range<u64>,
    ) -> Result<Option<Bytes>, ObjectsError> {
        match self.store.get_range(&self.path(name), range).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes an object and, in a folder, what is left of it if it never was finished. One that is not there is no error.
    ///
    /// Parts of an unfinished upload in an object store go by the bucket's own rule for them (operations.md).
    pub(super) async fn remove(&self, name: ObjectName) -> Result<(), ObjectsError> {
        match self.store.delete(&self.path(name)).await {
            Ok(()) => {}
            // An object store has no such answer for an object; there it is the bucket that is missing.
            Err(Error::NotFound { .. }) if self.folder.is_some() => {}
            Err(error) => return Err(error.into()),
        }
        match &self.folder {
            Some(folder) => remove_unfinished(folder.join(shelf(name)), name)
                .await
                .map_err(ObjectsError::Folder),
            None => Ok(()),
        }
    }

    fn path(&self, name: ObjectName) -> Path {
        self.prefix.clone().join(shelf(name)).join(name.to_string())
    }
}

/// One of 256 folders, so that none holds millions of files.
fn shelf(name: ObjectName) -> String {
    name.to_string().chars().take(2).collect()
}

/// The local store writes to `NAME#1` until an object is finished, and calls nothing by that name that it lists or deletes.
async fn remove_unfinished(shelf: PathBuf, name: ObjectName) -> io::Result<()> {
    let mut files = match tokio::fs::read_dir(&shelf).await {
        Ok(files) => files,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let begins = format!("{name}#");
    while let Some(file) = files.next_entry().await? {
        if file.file_name().to_string_lossy().starts_with(&begins) {
            match tokio::fs::remove_file(file.path()).await {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
    }
    Ok(())
}

impl Upload {
    /// Adds bytes; waits while too many are on their way.
    pub(super) async fn push(&mut self, bytes: Bytes) -> Result<(), ObjectsError> {
        self.0.wait_for_capacity(IN_FLIGHT).await?;
        self.0.put(bytes);
        Ok(())
    }

    /// Makes the object durable and seen.
    pub(super) async fn finish(self) -> Result<(), ObjectsError> {
        self.0.finish().await?;
        Ok(())
    }

    /// Gives up. What cannot be taken back now, the sweep finds.
    pub(super) async fn abort(self) {
        let _ = self.0.abort().await;
    }
}
