//! What the author of a form wants of whoever signs a field: its seed value and its lock (ISO 32000-2, 12.7.5.5).
//!
//! What is wanted and can be met is met; what is wanted and cannot be met is refused in words. Wishes that are no
//! demands are passed over.

use super::{
    Intent, PdfError, Permission,
    file::File,
    form::Field,
    object::{Dictionary, Object},
    permissions::Lock,
};
use crate::SigningCertificate;

/// What is demanded of a signature.
#[derive(Clone, Debug, Default)]
pub(crate) struct Demands {
    /// What the signature must lock.
    pub(crate) lock: Option<Lock>,
    /// What the signature must permit.
    pub(crate) permission: Option<Permission>,
    /// What it must mean, if the field says.
    pub(crate) intent: Option<Intent>,
}

/// The bits of `Ff` in a seed value (Table 237).
const DEMANDS: [(u32, &str); 8] = [
    (0, "Filter"),
    (1, "SubFilter"),
    (2, "V"),
    (3, "Reasons"),
    (4, "LegalAttestation"),
    (6, "DigestMethod"),
    (7, "LockDocument"),
    (8, "AppearanceFilter"),
];

/// Reads what an empty field demands, and refuses what this signature cannot meet.
pub(crate) fn demands(
    file: &File<'_>,
    field: &Field,
    reason: Option<&str>,
    certificate: &SigningCertificate,
) -> Result<Demands, PdfError> {
    let mut demands = Demands::default();
    if let Some(lock) = file.dictionary(&field.dictionary, "Lock")? {
        demands.lock = Some(Lock::of(file, &lock)?);
        demands.permission = file.value(&lock, "P")?.as_integer().and_then(Permission::of);
    }
    let Some(seed) = file.dictionary(&field.dictionary, "SV")? else {
        return Ok(demands);
    };
    let refused = |what: &str| PdfError::Field {
        name: field.name.clone(),
        what: what.into(),
    };
    let flags = file.value(&seed, "Ff")?.as_integer().unwrap_or(0);
    for (bit, key) in DEMANDS {
        let value = file.value(&seed, key)?;
        if flags >> bit & 1 == 0 || value == Object::Null {
            continue;
        }
        match key {
            "Filter" if value.as_name() != Some(b"Adobe.PPKLite") => {
                return Err(refused(
                    "its author demands another signature handler than Adobe.PPKLite",
                ));
            }
            "SubFilter"
                if !lists(file, &value, |name| {
                    name.as_name() == Some(b"ETSI.CAdES.detached")
                })? =>
            {
                return Err(refused(
                    "its author demands another form of signature than ETSI.CAdES.detached",
                ));
            }
            "DigestMethod" if !lists(file, &value, |name| is_hash(name, certificate))? => {
                return Err(refused(
                    "its author demands another digest than the signer's key uses",
                ));
            }
            "Reasons" if !lists(file, &value, |text| text.to_words().as_deref() == reason)? => {
                return Err(refused(
                    "its author demands one of certain reasons; give one of them",
                ));
            }
            "LegalAttestation" | "LockDocument" | "AppearanceFilter" => {
                return Err(refused(
                    "its author demands something that only a person can choose; sign it in a viewer",
                ));
            }
            _ => {}
        }
    }
    if let Some(wanted) = file.dictionary(&seed, "Cert")? {
        certificate_demands(file, &wanted, certificate).map_or_else(Err, |met| {
            if met {
                Ok(())
            } else {
                Err(refused("its author demands another signing certificate"))
            }
        })?;
    }
    if let Some(wanted) = file.dictionary(&seed, "MDP")? {
        demands.intent = match file.value(&wanted, "P")?.as_integer() {
            Some(0) => Some(Intent::Approval),
            Some(number) => Permission::of(number).map(Intent::Certification),
            None => None,
        };
    }
    Ok(demands)
}

/// Whether a value or one of an array's satisfies.
fn lists(file: &File<'_>, value: &Object, satisfies: impl Fn(&Object) -> bool) -> Result<bool, PdfError> {
    for item in value.as_array().unwrap_or(core::slice::from_ref(value)) {
        if satisfies(&file.resolve(item)?) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_hash(name: &Object, certificate: &SigningCertificate) -> bool {
    let name = name.as_text().or_else(|| name.as_name()).unwrap_or_default();
    let ours = certificate.profile().hash().name().replace('-', "");
    let name = String::from_utf8_lossy(name).replace('-', "");
    name.eq_ignore_ascii_case(&ours)
}

/// Subjects and issuers are compared by their DER; what else may be demanded of a certificate cannot be judged here.
fn certificate_demands(
    file: &File<'_>,
    wanted: &Dictionary,
    certificate: &SigningCertificate,
) -> Result<bool, PdfError> {
    let flags = file.value(wanted, "Ff")?.as_integer().unwrap_or(0);
    if flags & !0b11 != 0 {
        return Ok(false);
    }
    let one_of = |key: &str, known: &[&[u8]]| -> Result<bool, PdfError> {
        let list = file.value(wanted, key)?;
        lists(file, &list, |item| match item {
            Object::Text(der) => known.contains(&der.as_slice()),
            _ => false,
        })
    };
    let above = certificate.chain().iter().map(Vec::as_slice).collect::<Vec<_>>();
    let subject = flags & 1 == 0 || one_of("Subject", &[certificate.der()])?;
    Ok(subject && (flags & 2 == 0 || one_of("Issuer", &above)?))
}
