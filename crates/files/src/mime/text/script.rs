use super::{Head, bytes, starts_and_goes_on};

/// The programs that a script asks for in its first line (`#! /usr/bin/env python3`).
#[derive(Debug)]
pub(in super::super) struct Interpreters {
    /// Their whole paths.
    pub(in super::super) paths: &'static [&'static str],
    /// Their names when `/usr/bin/env` finds them.
    pub(in super::super) names: &'static [&'static str],
    /// Whether nothing may follow the name directly: `perl`, but not `perl5`.
    pub(in super::super) whole_word: bool,
}

impl Interpreters {
    pub(in super::super) fn are_asked_for(&self, head: &[u8]) -> bool {
        let mut rest = head;
        let Some(command) = bytes::line(&mut rest).strip_prefix(b"#!") else { return false };
        let command = bytes::trim_start(command);
        self.paths.iter().any(|path| self.matches(command, &[path]))
            || self.names.iter().any(|name| {
                self.matches(command, &["/usr/bin/env", name])
                    || self.matches(command, &["/usr/bin/env", "-S", name])
            })
    }

    /// Whether the command starts with these words. Between them is a blank, or any white space when the last one
    /// need not be whole.
    fn matches(&self, command: &[u8], words: &[&str]) -> bool {
        let mut rest = command;
        for (at, word) in words.iter().enumerate() {
            if at > 0 {
                let Some((gap, after)) = rest.split_first().filter(|(gap, _)| bytes::is_space(**gap)) else {
                    return false;
                };
                if self.whole_word && *gap != b' ' {
                    return false;
                }
                rest = if self.whole_word { after } else { bytes::trim_start(after) };
            }
            let Some(after) = rest.strip_prefix(word.as_bytes()) else { return false };
            rest = after;
        }
        !self.whole_word || rest.first().is_none_or(|next| bytes::is_space(*next))
    }
}

pub(in super::super) fn php(head: Head<'_>) -> bool {
    const PHP: Interpreters =
        Interpreters { paths: &["/usr/local/bin/php", "/usr/bin/php"], names: &["php"], whole_word: false };
    starts_and_goes_on(head, &[b"<?PHP", b"<?\n", b"<?\r", b"<? "]) || PHP.are_asked_for(head.bytes)
}
