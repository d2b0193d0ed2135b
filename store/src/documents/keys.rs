//! Who wraps Documents' keys: the boundary, or whoever stands for it in a test.

use hsm::{Service, Unavailable};
use zeroize::Zeroizing;

use super::WrappedKey;

/// Wraps keys of Documents and unwraps them. Every [`hsm::Service`] does.
pub trait DocumentKeys: Sync {
    /// Wraps a key under the newest version of the wrapping key.
    fn wrap(&self, key: Zeroizing<[u8; 32]>) -> impl Future<Output = Result<WrappedKey, Unavailable>> + Send;

    /// Unwraps a key.
    fn unwrap(
        &self,
        key: WrappedKey,
    ) -> impl Future<Output = Result<Zeroizing<[u8; 32]>, Unavailable>> + Send;
}

impl<S: Service> DocumentKeys for S {
    async fn wrap(&self, key: Zeroizing<[u8; 32]>) -> Result<WrappedKey, Unavailable> {
        let (version, blob) = self.wrap_document_key(key).await?;
        Ok(WrappedKey { version, blob })
    }

    async fn unwrap(&self, key: WrappedKey) -> Result<Zeroizing<[u8; 32]>, Unavailable> {
        self.unwrap_document_key(key.version, key.blob).await
    }
}
