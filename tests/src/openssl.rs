//! openssl as a judge of signatures: a program that we did not write.

use std::{fs, process::Command};

use domain::SignatureProfile;

/// Whether openssl accepts a signature (RSA value or `r ‖ s`) over these bytes.
pub fn openssl_accepts(
    public_key: &[u8],
    profile: SignatureProfile,
    message: &[u8],
    signature: &[u8],
) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("key.der"), public_key).unwrap();
    fs::write(path("message"), message).unwrap();
    fs::write(path("signature"), in_openssl_form(profile, signature)).unwrap();
    let mut command = Command::new("openssl");
    command
        .arg("dgst")
        .arg(format!("-{}", profile.hash().name()))
        .arg("-keyform")
        .arg("DER");
    command
        .arg("-verify")
        .arg(path("key.der"))
        .arg("-signature")
        .arg(path("signature"));
    if profile.name().starts_with("rsa-pss") {
        command.args([
            "-sigopt",
            "rsa_padding_mode:pss",
            "-sigopt",
            "rsa_pss_saltlen:digest",
        ]);
    }
    let output = command
        .arg(path("message"))
        .output()
        .expect("openssl is not installed");
    output.status.success() && String::from_utf8_lossy(&output.stdout).contains("Verified OK")
}

fn in_openssl_form(profile: SignatureProfile, signature: &[u8]) -> Vec<u8> {
    if profile.name().starts_with("rsa") {
        return signature.to_vec();
    }
    let (r, s) = signature.split_at(signature.len() / 2);
    let body = [integer(r), integer(s)].concat();
    [vec![0x30, u8::try_from(body.len()).unwrap()], body].concat()
}

fn integer(bytes: &[u8]) -> Vec<u8> {
    let start = bytes
        .iter()
        .position(|byte| *byte != 0)
        .unwrap_or(bytes.len() - 1);
    let bytes = &bytes[start..];
    let sign = if bytes[0] & 0x80 == 0 { vec![] } else { vec![0] };
    [
        vec![2, u8::try_from(bytes.len() + sign.len()).unwrap()],
        sign,
        bytes.to_vec(),
    ]
    .concat()
}
