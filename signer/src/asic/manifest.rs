//! `ASiCManifest`, EN 319 162-1 §A.4: which files a signature of ASiC-E is over, by their digests.

use std::collections::HashSet;

use base64ct::{Base64, Encoding};
use domain::HashAlgorithm;
use roxmltree::{Document, Node, ParsingOptions};

use super::{ContainerError, directory::sound_name, package::Measured};

const MOST_NODES: u32 = 200_000;

const ASIC: &str = "http://uri.etsi.org/02918/v1.2.1#";
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
/// What a signature with CAdES is called.
pub(super) const SIGNATURE_TYPE: &str = "application/pkcs7-signature";

/// A manifest, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Manifest {
    /// The file with the signature.
    pub(super) signature: String,
    /// What that is said to be.
    pub(super) mime: Option<String>,
    pub(super) references: Vec<Reference>,
}

/// A file that is covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) name: String,
    /// Of what type the signer said that it is.
    pub(super) mime: Option<String>,
    /// Its digest's algorithm; none if it is not one of ours.
    pub(super) hash: Option<HashAlgorithm>,
    pub(super) value: Vec<u8>,
}

/// The manifest of files for the signature of this name.
pub(super) fn manifest(signature: &str, files: &[Measured]) -> Vec<u8> {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<asic:ASiCManifest xmlns:asic=\"{ASIC}\" \
         xmlns:ds=\"{DSIG}\"><asic:SigReference MimeType=\"{SIGNATURE_TYPE}\" URI=\"{}\"/>",
        uri(signature)
    );
    for file in files {
        xml.push_str("<asic:DataObjectReference");
        let mime = if file.mime.is_empty() {
            String::new()
        } else {
            format!(" MimeType=\"{}\"", escaped(&file.mime))
        };
        xml.extend([format!(
            "{mime} URI=\"{}\"><ds:DigestMethod Algorithm=\"{}\"/><ds:DigestValue>{}</ds:DigestValue>\
             </asic:DataObjectReference>",
            uri(&file.name),
            file.digest.algorithm().xml_uri(),
            Base64::encode_string(file.digest.as_bytes()),
        )]);
    }
    xml.push_str("</asic:ASiCManifest>");
    xml.into_bytes()
}

/// The list of files that ODF has, of a container of this type.
pub(super) fn file_manifest<'a>(
    container: &'a str,
    files: impl Iterator<Item = (&'a str, &'a str)>,
) -> Vec<u8> {
    const ODF: &str = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0";
    let entry = |(name, mime): (&str, &str)| {
        let (name, mime) = (escaped(name), escaped(mime));
        format!("<manifest:file-entry manifest:full-path=\"{name}\" manifest:media-type=\"{mime}\"/>")
    };
    let entries: String = core::iter::once(("/", container))
        .chain(files)
        .map(entry)
        .collect();
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest:manifest xmlns:manifest=\"{ODF}\" \
         manifest:version=\"1.2\">{entries}</manifest:manifest>"
    );
    xml.into_bytes()
}

impl Manifest {
    /// Reads a manifest. What could cover another file than it seems to is refused.
    pub(super) fn parse(file: &str, bytes: &[u8]) -> Result<Self, ContainerError> {
        let wrong = |what: String| ContainerError::Manifest {
            name: file.to_owned(),
            what,
        };
        let text = core::str::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8".to_owned()))?;
        let options = ParsingOptions {
            allow_dtd: false,
            nodes_limit: MOST_NODES,
            ..ParsingOptions::default()
        };
        let document =
            Document::parse_with_options(text, options).map_err(|error| wrong(error.to_string()))?;
        Self::read(document.root_element()).map_err(wrong)
    }

    fn read(root: Node<'_, '_>) -> Result<Self, String> {
        if !is(root, ASIC, "ASiCManifest") {
            return Err("its root is not ASiCManifest".to_owned());
        }
        let mut signature = None;
        let mut references = Vec::<Reference>::new();
        let mut names = HashSet::new();
        for child in root.children().filter(Node::is_element) {
            if is(child, ASIC, "SigReference") && signature.is_none() && references.is_empty() {
                signature = Some((target(child)?, child.attribute("MimeType").map(str::to_owned)));
            } else if is(child, ASIC, "DataObjectReference") && signature.is_some() {
                let reference = Reference::read(child)?;
                if !names.insert(reference.name.clone()) {
                    return Err(format!("it refers to {:?} twice", reference.name));
                }
                references.push(reference);
            } else if is(child, ASIC, "ASiCManifestExtensions") {
                not_critical(child)?;
            } else {
                return Err(format!("{:?} does not belong there", child.tag_name().name()));
            }
        }
        let (signature, mime) = signature.ok_or("it refers to no signature")?;
        if references.is_empty() {
            return Err("it refers to no file".to_owned());
        }
        Ok(Self {
            signature,
            mime,
            references,
        })
    }
}

impl Reference {
    fn read(node: Node<'_, '_>) -> Result<Self, String> {
        let name = target(node)?;
        let (mut method, mut value) = (None, None);
        for child in node.children().filter(Node::is_element) {
            if is(child, DSIG, "DigestMethod") && method.is_none() {
                method = child.attribute("Algorithm");
            } else if is(child, DSIG, "DigestValue")
                && value.is_none()
                && !child.children().any(|part| part.is_element())
            {
                let text: String = child
                    .text()
                    .unwrap_or_default()
                    .split_ascii_whitespace()
                    .collect();
                value = Base64::decode_vec(&text).ok();
            } else if is(child, ASIC, "DataObjectReferenceExtensions") {
                not_critical(child)?;
            } else {
                return Err(format!("the digest of {name:?} cannot be read"));
            }
        }
        let (Some(method), Some(value)) = (method, value) else {
            return Err(format!("the digest of {name:?} is missing"));
        };
        let hash = HashAlgorithm::ALL
            .into_iter()
            .find(|hash| hash.xml_uri() == method);
        let mime = node.attribute("MimeType").map(str::to_owned);
        Ok(Self {
            name,
            mime,
            hash,
            value,
        })
    }
}

fn is(node: Node<'_, '_>, namespace: &str, name: &str) -> bool {
    node.tag_name().namespace() == Some(namespace) && node.tag_name().name() == name
}

/// An extension that must be understood is not understood here.
fn not_critical(node: Node<'_, '_>) -> Result<(), String> {
    let critical = |node: Node<'_, '_>| {
        node.attribute("Critical")
            .is_some_and(|value| !matches!(value, "false" | "0"))
    };
    if node.descendants().any(critical) {
        Err("it has an extension that must be understood".to_owned())
    } else {
        Ok(())
    }
}

/// The name of the file that a URI points to: relative to the container's root, percent-decoded.
fn target(node: Node<'_, '_>) -> Result<String, String> {
    let uri = node.attribute("URI").ok_or("a reference has no URI")?;
    let wrong = || format!("{uri:?} names no file of the container");
    if uri.contains(['#', '?']) {
        return Err(wrong());
    }
    let mut bytes = Vec::new();
    let mut rest = uri.as_bytes();
    while let [first, more @ ..] = rest {
        rest = more;
        if *first == b'%' {
            let (digits, more) = rest.split_at_checked(2).ok_or_else(wrong)?;
            bytes.extend(
                domain::from_hexadecimal::<1>(&String::from_utf8_lossy(digits).to_ascii_lowercase())
                    .ok_or_else(wrong)?,
            );
            rest = more;
        } else {
            bytes.push(*first);
        }
    }
    let name = String::from_utf8(bytes).map_err(|_| wrong())?;
    sound_name(&name).map_err(|_| wrong())?;
    Ok(name)
}

/// A name as a relative URI (RFC 3986 §3.3).
fn uri(name: &str) -> String {
    let mut uri = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.extend([format!("%{byte:02X}")]);
        }
    }
    uri
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::asic::{Kind, Package, Payload};

    fn parsed(xml: &str) -> Result<Manifest, ContainerError> {
        Manifest::parse("manifest", xml.as_bytes())
    }

    proptest! {
        #[test]
        fn every_name_that_a_container_takes_is_found_again(name in "[^/]{1,20}(/[^/]{1,20}){0,2}", bytes: Vec<u8>) {
            let payload = Payload { name: name.clone(), mime: "text/plain".to_owned(), source: &bytes };
            if let Ok(package) = Package::new(Kind::Extended, &[payload], HashAlgorithm::Sha384) {
                let xml = manifest("META-INF/signature001.p7s", &package.files);
                let found = Manifest::parse("manifest", &xml).unwrap();
                prop_assert_eq!(&found.signature, "META-INF/signature001.p7s");
                prop_assert_eq!(&found.references[0].name, &name);
                let digest = HashAlgorithm::Sha384.digest(&bytes);
                prop_assert_eq!(&found.references[0].value[..], digest.as_bytes());
            }
        }
    }

    #[test]
    fn manifests_that_are_not_what_they_seem_are_refused() {
        let reference = |uri: &str| {
            format!(
                "<a:DataObjectReference URI=\"{uri}\"><d:DigestMethod Algorithm=\"{}\"/><d:DigestValue>AA==</d:DigestValue>\
                 </a:DataObjectReference>",
                HashAlgorithm::Sha256.xml_uri()
            )
        };
        let manifest = |signature: &str, inner: &str| {
            format!(
                "<a:ASiCManifest xmlns:a=\"{ASIC}\" xmlns:d=\"{DSIG}\">{signature}{inner}</a:ASiCManifest>"
            )
        };
        let signature = "<a:SigReference URI=\"META-INF/signature.p7s\"/>";
        assert!(parsed(&manifest(signature, &reference("a%20b.txt"))).is_ok());
        let doctype = format!(
            "<!DOCTYPE x [<!ENTITY e \"a\">]>{}",
            manifest(signature, &reference("a"))
        );
        let critical =
            "<a:ASiCManifestExtensions><a:Extension Critical=\"true\"/></a:ASiCManifestExtensions>";
        for bad in [
            manifest("", &reference("a")),
            manifest(signature, ""),
            manifest(&signature.repeat(2), &reference("a")),
            manifest(signature, &reference("a").repeat(2)),
            manifest(signature, &(reference("a") + &reference("%61"))),
            manifest(signature, &reference("../a")),
            manifest(signature, &reference("/a")),
            manifest(signature, &reference("https://example.test/a")),
            manifest(signature, &reference("a#b")),
            manifest(signature, &reference("a?b")),
            manifest(signature, &reference("%2e%2e/a")),
            manifest(signature, &reference("%zz")),
            manifest(signature, &reference("%F")),
            manifest(signature, &reference("%FF")),
            manifest(signature, &(reference("a") + critical)),
            manifest(signature, &(reference("a") + "<a:Other/>")),
            manifest(signature, &reference("a")).replace(ASIC, "urn:other"),
            manifest(signature, &reference("a").replace("AA==", "AA")),
            doctype,
            String::new(),
        ] {
            assert!(parsed(&bad).is_err(), "{bad}");
        }
        assert!(Manifest::parse("manifest", &[0xFF]).is_err());
    }
}
