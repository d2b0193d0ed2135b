//! The keys of a log, one after the other, each for the sizes of the tree whose checkpoints it signed.
//!
//! A key that was renewed signs nothing new: its checkpoints count up to the size at which the next key took over, and what
//! it signs behind that is refused. Below that size a thief of the former key can still sign a history of his own; only a
//! checkpoint of the next key, or one that somebody kept, tells it from the true one. The form is one line for each key,
//! oldest first:
//!
//! ```text
//! ledger.example.kz+1a2b3c4d+AjBZ… 1-41        the sizes that this key signed
//! ledger.example.kz+5e6f7a8b+AjBZ… 42-         from here on, until there is another line
//! ```
//!
//! A single key may stand without its span; then it signed everything.

use core::fmt;

use crate::{Checkpoint, NoteError, SignedNote, VerifierKey};

/// The keys with which a log's notes are verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKeys {
    /// Former keys, each with the last size that it signed.
    former: Vec<(VerifierKey, u64)>,
    newest: VerifierKey,
}

impl From<VerifierKey> for VerifierKeys {
    fn from(newest: VerifierKey) -> Self {
        Self {
            former: Vec::new(),
            newest,
        }
    }
}

impl VerifierKeys {
    /// The key takes over from the newest one, which signed up to this size.
    pub fn followed_by(mut self, key: VerifierKey, last: u64) -> Result<Self, NoteError> {
        let from = self.former.last().map_or(0, |(_, last)| *last);
        if last <= from || key.name() != self.newest.name() {
            return Err(NoteError::Spans);
        }
        let former = core::mem::replace(&mut self.newest, key);
        self.former.push((former, last));
        Ok(self)
    }

    /// Reads one line for each key.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let first = lines.next().ok_or(NoteError::Key)?;
        let Some((key, span)) = first.trim().split_once(' ') else {
            let alone = VerifierKey::parse(first)?;
            return lines.next().map_or(Ok(alone.into()), |_| Err(NoteError::Spans));
        };
        let mut keys = Self::from(VerifierKey::parse(key)?);
        let mut until = end(span, 1)?;
        for line in lines {
            let last = until.ok_or(NoteError::Spans)?;
            let (key, span) = line.trim().split_once(' ').ok_or(NoteError::Spans)?;
            until = end(span, last.saturating_add(1))?;
            keys = keys.followed_by(VerifierKey::parse(key)?, last)?;
        }
        match until {
            None => Ok(keys),
            Some(_) => Err(NoteError::Spans),
        }
    }

    /// The checkpoint of a note, if the key signed it whose turn it was at this size.
    pub fn verify(&self, note: &SignedNote) -> Result<Checkpoint, NoteError> {
        let mut from = 1;
        let mut wrong = NoteError::Unsigned;
        let former = self.former.iter().map(|(key, last)| (key, *last));
        for (key, last) in former.chain([(&self.newest, u64::MAX)]) {
            match note.verify(key) {
                Ok(checkpoint) if (from..=last).contains(&checkpoint.size) => return Ok(checkpoint),
                Ok(_) => wrong = NoteError::Turn,
                // Most keys are not the one; what is wrong with the one that is counts more.
                Err(NoteError::Unsigned) => {}
                Err(error) => wrong = error,
            }
            from = last.saturating_add(1);
        }
        Err(wrong)
    }
}

/// The end of a span that begins where it must.
fn end(span: &str, begin: u64) -> Result<Option<u64>, NoteError> {
    let (from, last) = span.trim().split_once('-').ok_or(NoteError::Spans)?;
    if from != begin.to_string() {
        return Err(NoteError::Spans);
    }
    match last {
        "" => Ok(None),
        last => last.parse().map(Some).map_err(|_| NoteError::Spans),
    }
}

impl fmt::Display for VerifierKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.former.is_empty() {
            return write!(f, "{}", self.newest);
        }
        let mut from = 1;
        for (key, last) in &self.former {
            writeln!(f, "{key} {from}-{last}")?;
            from = last.saturating_add(1);
        }
        write!(f, "{} {from}-", self.newest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::tests::{key, signed_by};

    #[test]
    fn each_key_counts_for_the_sizes_that_it_signed() {
        let keys = VerifierKeys::from(key(1)).followed_by(key(2), 10).unwrap();
        let keys = keys.followed_by(key(3), 20).unwrap();
        for (by, size, found) in [
            (1, 1, Ok(())),
            (1, 10, Ok(())),
            (1, 11, Err(NoteError::Turn)),
            (2, 10, Err(NoteError::Turn)),
            (2, 11, Ok(())),
            (2, 20, Ok(())),
            (2, 21, Err(NoteError::Turn)),
            (3, 20, Err(NoteError::Turn)),
            (3, u64::MAX, Ok(())),
            (4, 15, Err(NoteError::Unsigned)),
        ] {
            assert_eq!(
                keys.verify(&signed_by(by, size)).map(drop),
                found,
                "key {by}, size {size}"
            );
        }
    }

    #[test]
    fn keys_read_as_they_are_written_and_gaps_are_refused() {
        let one = VerifierKeys::from(key(1));
        assert_eq!(one.to_string(), key(1).to_string());
        assert_eq!(VerifierKeys::parse(&format!("{}\n", key(1))), Ok(one.clone()));
        assert_eq!(VerifierKeys::parse(&format!("{} 1-\n", key(1))), Ok(one.clone()));
        let two = one.clone().followed_by(key(2), 7).unwrap();
        assert_eq!(two.to_string(), format!("{} 1-7\n{} 8-", key(1), key(2)));
        assert_eq!(VerifierKeys::parse(&two.to_string()), Ok(two.clone()));
        assert_eq!(one.followed_by(key(2), 0), Err(NoteError::Spans));
        assert_eq!(two.followed_by(key(3), 7), Err(NoteError::Spans));
        for (first, second) in [
            ("", ""),
            (" 1-7", " 9-"),
            (" 1-7", " 8-9"),
            (" 1-7", ""),
            (" 2-7", " 8-"),
            (" 1-", " 8-"),
            (" 1-x", " 8-"),
            (" 1-0", " 1-"),
        ] {
            let text = format!("{}{first}\n{}{second}\n", key(1), key(2));
            assert_eq!(
                VerifierKeys::parse(&text),
                Err(NoteError::Spans),
                "{first} {second}"
            );
        }
        assert_eq!(VerifierKeys::parse(""), Err(NoteError::Key));
    }
}
