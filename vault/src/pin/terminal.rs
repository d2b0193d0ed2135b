//! A secret from a person: typed without echo at a terminal, or from standard input.

use std::io::{self, IsTerminal as _, Read as _, Write as _};

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

/// Asks for a secret of at most so many bytes. A terminal gives one line, anything else all that it has.
pub(super) fn secret(question: &str, most: usize) -> io::Result<Zeroizing<String>> {
    let input = io::stdin();
    let silence = input.is_terminal().then(Silence::begin).transpose()?;
    if silence.is_some() {
        eprint!("{question}");
        io::stderr().flush()?;
    }
    // Never grown, so that no copy is left behind; read past the buffer of standard input for the same reason.
    let mut bytes = Zeroizing::new(vec![0; most]);
    let mut length = 0;
    let mut stopped = false;
    while let Some(room) = bytes.get_mut(length..).filter(|room| !room.is_empty()) {
        let read = rustix::io::read(&input, room)?;
        length += read;
        let last = silence.as_ref().and(bytes.get(..length)).and_then(<[u8]>::last);
        stopped = last.is_some() && last == silence.as_ref().map(|silence| &silence.stop);
        if read == 0 || stopped || last == Some(&b'\n') {
            break;
        }
    }
    drop(silence);
    if stopped {
        eprintln!();
        return Err(io::Error::other("stopped; nothing was entered"));
    }
    if length == most && input.lock().read(&mut [0])? != 0 {
        return Err(io::Error::other("this is longer than any component"));
    }
    let text = core::str::from_utf8(bytes.get(..length).unwrap_or_default());
    let text = text.map_err(|_| io::Error::other("this is not text"))?;
    let mut kept = Zeroizing::new(String::with_capacity(text.len()));
    kept.push_str(text);
    Ok(kept)
}

/// A terminal that does not show what is typed, until this is dropped. Stopping the program is heard as a letter that ends
/// the line: a signal would end the program and leave a terminal that shows nothing any more.
struct Silence {
    before: Termios,
    stop: u8,
}

impl Silence {
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let stop = before.special_codes[SpecialCodeIndex::VINTR];
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO | LocalModes::ISIG);
        silent.local_modes.insert(LocalModes::ECHONL);
        silent.special_codes[SpecialCodeIndex::VEOL] = stop;
        tcsetattr(io::stdin(), OptionalActions::Flush, &silent)?;
        Ok(Self { before, stop })
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        // A terminal that is gone needs no echo.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }
}
