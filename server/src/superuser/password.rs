use std::io::{self, BufRead, IsTerminal};

use crate::error::Error;

/// More than any password may have, so that what is piped in by mistake is not read to its end.
const LONGEST: u64 = 4096;

/// The password that was given; without one, asks for it without showing it, or takes the first line of what is
/// piped in.
pub(super) fn given_or_read(given: Option<String>) -> Result<String, Error> {
    given.map_or_else(read, Ok)
}

fn read() -> Result<String, Error> {
    let input = io::stdin();
    let password =
        if input.is_terminal() { rpassword::prompt_password("Password: ") } else { first_line(input.lock()) };
    match password {
        Ok(password) if password.is_empty() => Err(Error::NoPassword),
        other => other.map_err(Error::Password),
    }
}

fn first_line(input: impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    input.take(LONGEST).read_line(&mut line)?;
    let end = line.trim_end_matches(['\r', '\n']).len();
    line.truncate(end);
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_the_password_without_its_break() {
        assert_eq!(first_line(&b"a b \r\nsecond\n"[..]).unwrap(), "a b ");
        assert_eq!(first_line(&b"no break"[..]).unwrap(), "no break");
        assert_eq!(first_line(&b""[..]).unwrap(), "");
        assert!(first_line(&b"\xff\n"[..]).is_err());
        assert_eq!(first_line(&[b'x'; 10_000][..]).unwrap().len(), 4096);
    }
}
