//! Document keys: made outside, wrapped and unwrapped by the token's `documents` key.

use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass};
use zeroize::{Zeroize, Zeroizing};

use super::{Desk, Trouble, mechanism, temporary::Temporary};
use crate::{
    KeyName, KeyRole,
    secret_bytes::SecretBytes,
    worker::{Answer, Blob, Refusal},
};

impl Desk {
    /// Wraps a document key.
    pub(super) fn wrap_document_key(&self, version: u32, key: &SecretBytes) -> Result<Answer, Trouble> {
        let wrapping = self.key(KeyName::new(KeyRole::Documents, version))?;
        let mut template = template().to_vec();
        template.push(Attribute::Value(key.0.to_vec()));
        let object = self.session.create_object(&template);
        if let Some(Attribute::Value(copy)) = template.last_mut() {
            copy.zeroize();
        }
        let object = Temporary::new(&self.session, object?);
        let bytes =
            self.session
                .wrap_key(&mechanism::key_wrap(self.profile.wrap), wrapping, object.handle())?;
        Ok(Answer::DocumentKeyWrapped(Blob { version, bytes }))
    }

    /// Unwraps one.
    pub(super) fn unwrap_document_key(&self, blob: &Blob) -> Result<Answer, Trouble> {
        let wrapping = self.key(KeyName::new(KeyRole::Documents, blob.version))?;
        let wrap = mechanism::key_wrap(self.profile.wrap);
        let object = self
            .session
            .unwrap_key(&wrap, wrapping, &blob.bytes, &template())
            .map_err(Trouble::Unwrap)?;
        let object = Temporary::new(&self.session, object);
        for attribute in self
            .session
            .get_attributes(object.handle(), &[AttributeType::Value])?
        {
            if let Attribute::Value(value) = attribute {
                return Ok(Answer::DocumentKey(SecretBytes(Zeroizing::new(value))));
            }
        }
        Err(Refusal::Token("the token does not give the document key".to_owned()).into())
    }
}

const fn template() -> [Attribute; 5] {
    [
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(KeyType::GENERIC_SECRET),
        Attribute::Token(false),
        Attribute::Sensitive(false),
        Attribute::Extractable(true),
    ]
}
