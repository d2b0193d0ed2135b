//! Session objects that do not outlive what they were made for, on any path.

use cryptoki::{object::ObjectHandle, session::Session};

/// A session object, destroyed when dropped.
pub(super) struct Temporary<'a> {
    session: &'a Session,
    handle: ObjectHandle,
}

impl<'a> Temporary<'a> {
    /// Takes charge of a session object.
    pub(super) const fn new(session: &'a Session, handle: ObjectHandle) -> Self {
        Self { session, handle }
    }

    /// Its handle.
    pub(super) const fn handle(&self) -> ObjectHandle {
        self.handle
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.session.destroy_object(self.handle) {
            // The session is thrown away after any error, and its objects with it.
            tracing::debug!(%error, "a session object was not destroyed");
        }
    }
}
