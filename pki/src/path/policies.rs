//! Certificate policies along a path, RFC 5280 §6.1.2-6.1.5, for the initial set `any`.
//!
//! The tree of the standard answers one question here: whether a valid policy is left. For that its lowest level is
//! enough, so a set is kept, and no certificate can make it grow beyond what it states itself.

use std::collections::BTreeSet;

use der::asn1::ObjectIdentifier;

use crate::{Presented, oid::ANY_POLICY};

/// What is valid at the certificate that was entered last.
enum Valid {
    /// Whatever is stated.
    Any,
    /// These.
    These(BTreeSet<ObjectIdentifier>),
}

/// The state of policies.
pub(super) struct ValidPolicies {
    valid: Valid,
    explicit: u32,
    mapping: u32,
    any: u32,
}

impl ValidPolicies {
    /// Before a path of this length.
    pub(super) fn new(length: usize) -> Self {
        let never = u32::try_from(length).map_or(u32::MAX, |length| length.saturating_add(1));
        Self {
            valid: Valid::Any,
            explicit: never,
            mapping: never,
            any: never,
        }
    }

    /// §6.1.3 (d)-(f). False if a policy is demanded and none is left, or one is stated twice, which §4.2.1.4 forbids.
    pub(super) fn enter(&mut self, certificate: &Presented, is_target: bool) -> bool {
        let stated = certificate.extensions().policies.stated.as_deref();
        let each_once: BTreeSet<_> = stated.into_iter().flatten().collect();
        if each_once.len() < stated.map_or(0, <[_]>::len) {
            return false;
        }
        self.valid = match &certificate.extensions().policies.stated {
            None => Valid::These(BTreeSet::new()),
            Some(stated) => {
                let any_counts = self.any > 0 || (!is_target && certificate.is_self_issued());
                let any = any_counts && stated.contains(&ANY_POLICY);
                let named = stated.iter().copied().filter(|policy| *policy != ANY_POLICY);
                match (&self.valid, any) {
                    (Valid::Any, true) => Valid::Any,
                    (Valid::Any, false) => Valid::These(named.collect()),
                    (Valid::These(valid), true) => Valid::These(valid.clone()),
                    (Valid::These(valid), false) => {
                        Valid::These(named.filter(|policy| valid.contains(policy)).collect())
                    }
                }
            }
        };
        self.suffice()
    }

    /// §6.1.4 (a), (b), (h)-(j). False if a mapping is not one.
    pub(super) fn descend(&mut self, certificate: &Presented) -> bool {
        let policies = &certificate.extensions().policies;
        let mappings = &policies.mappings;
        if mappings
            .iter()
            .any(|(issuer, subject)| *issuer == ANY_POLICY || *subject == ANY_POLICY)
        {
            return false;
        }
        if let Valid::These(valid) = &mut self.valid {
            let mapped: Vec<ObjectIdentifier> = mappings
                .iter()
                .filter(|(issuer, _)| self.mapping > 0 && valid.contains(issuer))
                .map(|(_, subject)| *subject)
                .collect();
            for (issuer, _) in mappings {
                valid.remove(issuer);
            }
            valid.extend(mapped);
        }
        if !certificate.is_self_issued() {
            self.explicit = self.explicit.saturating_sub(1);
            self.mapping = self.mapping.saturating_sub(1);
            self.any = self.any.saturating_sub(1);
        }
        self.explicit = self.explicit.min(policies.require_explicit.unwrap_or(u32::MAX));
        self.mapping = self.mapping.min(policies.inhibit_mapping.unwrap_or(u32::MAX));
        self.any = self.any.min(policies.inhibit_any.unwrap_or(u32::MAX));
        true
    }

    /// §6.1.5 (a), (b), (g).
    pub(super) fn suffice_at_end(&mut self, target: &Presented) -> bool {
        self.explicit = self.explicit.saturating_sub(1);
        if target.extensions().policies.require_explicit == Some(0) {
            self.explicit = 0;
        }
        self.suffice()
    }

    fn suffice(&self) -> bool {
        self.explicit > 0
            || match &self.valid {
                Valid::Any => true,
                Valid::These(valid) => !valid.is_empty(),
            }
    }
}
