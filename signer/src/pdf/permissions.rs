//! What earlier signatures permit (ISO 32000-2, 12.8.2.2 `DocMDP` and 12.8.2.4 `FieldMDP`).

use super::{
    PdfError,
    file::File,
    form::signature_fields,
    object::{Dictionary, Object, Reference},
};

/// What may change after a certification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// Nothing; validation data and document time stamps only.
    Nothing,
    /// Filling in forms and signing.
    Forms,
    /// That, and annotations.
    Annotations,
}

/// Fields that a signature locks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lock {
    All,
    These(Vec<String>),
    AllBut(Vec<String>),
}

/// What a signature says of later changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rules {
    pub(crate) permission: Option<Permission>,
    pub(crate) locks: Vec<Lock>,
}

const MOST_NAMES: usize = 10_000;

impl Permission {
    /// The number that `P` has.
    pub(crate) const fn number(self) -> i64 {
        match self {
            Self::Nothing => 1,
            Self::Forms => 2,
            Self::Annotations => 3,
        }
    }

    pub(crate) const fn of(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::Nothing),
            2 => Some(Self::Forms),
            3 => Some(Self::Annotations),
            _ => None,
        }
    }
}

impl Lock {
    /// Reads a lock dictionary or the parameters of a `FieldMDP`. Unknown words lock all.
    pub(crate) fn of(file: &File<'_>, dictionary: &Dictionary) -> Result<Self, PdfError> {
        let action = file.value(dictionary, "Action")?;
        let names = file.array(dictionary, "Fields")?;
        if names.len() > MOST_NAMES {
            return Err(PdfError::TooMuch {
                what: "names in a field lock",
                most: MOST_NAMES as u64,
            });
        }
        let mut fields = Vec::new();
        for name in &names {
            fields.extend(file.resolve(name)?.to_words());
        }
        Ok(match action.as_name() {
            Some(b"Include") => Self::These(fields),
            Some(b"Exclude") => Self::AllBut(fields),
            _ => Self::All,
        })
    }

    /// Whether a field is locked.
    pub(crate) fn holds(&self, field: &str) -> bool {
        let any = |names: &[String]| {
            names.iter().any(|name| {
                let rest = field.strip_prefix(name.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        };
        match self {
            Self::All => true,
            Self::These(names) => any(names),
            Self::AllBut(names) => !any(names),
        }
    }

    /// The parameters of the `FieldMDP` that says the same.
    pub(crate) fn parameters(&self) -> Dictionary {
        let (action, names) = match self {
            Self::All => ("All", None),
            Self::These(names) => ("Include", Some(names)),
            Self::AllBut(names) => ("Exclude", Some(names)),
        };
        let mut parameters = Dictionary::new()
            .with("Type", Object::name("TransformParams"))
            .with("V", Object::name("1.2"))
            .with("Action", Object::name(action));
        if let Some(names) = names {
            let names = names.iter().map(|name| Object::text(name)).collect();
            parameters.set("Fields", Object::Array(names));
        }
        parameters
    }
}

impl Rules {
    /// The rules of one signature dictionary.
    pub(crate) fn of(file: &File<'_>, signature: &Dictionary) -> Result<Self, PdfError> {
        let mut rules = Self::default();
        for reference in file.array(signature, "Reference")? {
            let Object::Dictionary(reference) = file.resolve(&reference)? else {
                continue;
            };
            let method = file.value(&reference, "TransformMethod")?;
            let parameters = file
                .dictionary(&reference, "TransformParams")?
                .unwrap_or_default();
            match method.as_name() {
                Some(b"DocMDP") => {
                    // Forms is the default (Table 257); what is no permission permits nothing.
                    let permission = match file.value(&parameters, "P")? {
                        Object::Null => Permission::Forms,
                        number => number
                            .as_integer()
                            .and_then(Permission::of)
                            .unwrap_or(Permission::Nothing),
                    };
                    rules.permission =
                        Some(rules.permission.map_or(permission, |known| known.min(permission)));
                }
                Some(b"FieldMDP") => rules.locks.push(Lock::of(file, &parameters)?),
                _ => {}
            }
        }
        Ok(rules)
    }
}

/// The strictest of what all signatures of a document say, and how many there are.
pub(crate) fn of_document(file: &File<'_>) -> Result<(Rules, usize), PdfError> {
    let mut all = Rules::default();
    let mut signatures = 0;
    for field in signature_fields(file)? {
        let Some(signature) = file.dictionary(&field.dictionary, "V")? else {
            continue;
        };
        signatures += 1;
        let rules = Rules::of(file, &signature)?;
        all.locks.extend(rules.locks);
        all.permission = match (all.permission, rules.permission) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
    Ok((all, signatures))
}

/// The signature reference of a permission or a lock.
pub(crate) fn signature_reference(method: &str, parameters: Dictionary, root: Reference) -> Object {
    let dictionary = Dictionary::new()
        .with("Type", Object::name("SigRef"))
        .with("TransformMethod", Object::name(method))
        .with("TransformParams", Object::Dictionary(parameters))
        .with("Data", Object::Reference(root));
    Object::Dictionary(dictionary)
}

/// The parameters of a `DocMDP`.
pub(crate) fn permission_parameters(permission: Permission) -> Dictionary {
    Dictionary::new()
        .with("Type", Object::name("TransformParams"))
        .with("V", Object::name("1.2"))
        .with("P", Object::Integer(permission.number()))
}
