//! The transcript of a ceremony: what was made, when, with the hash of everything that others can look at.

use core::fmt::Write as _;

use ca::CertificateRecord;
use domain::{Time, hexadecimal, sha256};

use super::Ceremony;

/// What happened, line by line.
#[derive(Clone, Debug)]
pub struct Transcript(String);

impl Transcript {
    pub(super) fn new(ceremony: &Ceremony, now: Time) -> Self {
        Self(format!(
            "{}\n\nheld at    {}\nceremony   {}\nbegun      {now}\n\n",
            ceremony.title, ceremony.place, ceremony.id
        ))
    }

    /// A line.
    pub fn tell(&mut self, at: Time, what: &str) {
        // Writing into a String cannot fail.
        let _ = writeln!(self.0, "{at}  {what}");
    }

    pub(super) fn certificate(&mut self, at: Time, what: &str, record: &CertificateRecord) {
        self.tell(at, &format!("{what}: the certificate {}", record.serial));
        let der = record.der.as_deref().unwrap_or_default();
        for (name, value) in [
            ("valid", format!("{} to {}", record.not_before, record.not_after)),
            ("SHA-256 of its key", hexadecimal(&record.key_sha256)),
            ("SHA-256 of it", hexadecimal(&sha256(der))),
        ] {
            let _ = writeln!(self.0, "    {name}: {value}");
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.0
    }
}
