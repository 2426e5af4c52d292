use super::super::{Head, bytes};

pub(in super::super) fn csv(head: Head<'_>) -> bool {
    is_table(head, b',')
}

pub(in super::super) fn tsv(head: Head<'_>) -> bool {
    is_table(head, b'\t')
}

/// How many rows are enough to be certain.
const ENOUGH_ROWS: usize = 10;

/// Whether it has at least two rows and two columns, and each row has as many columns as the first.
fn is_table(head: Head<'_>, comma: u8) -> bool {
    let text = if head.whole { head.bytes } else { without_last_line(head.bytes) };
    let mut rows = Rows { rest: text, comma };
    let Some(columns) = rows.next().filter(|columns| *columns >= 2) else { return false };
    let mut further = 0;
    for fields in rows.take(ENOUGH_ROWS - 1) {
        if fields != columns {
            return false;
        }
        further += 1;
    }
    further > 0
}

/// The last line of a head can be half a line.
fn without_last_line(text: &[u8]) -> &[u8] {
    match text.iter().rposition(|b| *b == b'\n') {
        Some(at) if at > 0 => bytes::first(text, at),
        _ => text,
    }
}

/// The number of fields in each row.
struct Rows<'a> {
    rest: &'a [u8],
    comma: u8,
}

impl<'a> Rows<'a> {
    /// A line, and whether two characters were cut off its end. Only those two, a line feed alone stays.
    fn line(&mut self) -> (&'a [u8], bool) {
        let end = self.rest.iter().position(|b| *b == b'\n').map_or(self.rest.len(), |at| at + 1);
        let (line, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, &[]));
        self.rest = rest;
        match line.strip_suffix(b"\r\n") {
            Some(line) => (line, true),
            None => (line.strip_suffix(b"\r").unwrap_or(line), false),
        }
    }

    /// Counts the field that starts a line and those after it. `cut` is what [`Self::line`] said.
    fn count(&mut self, mut line: &'a [u8], mut cut: bool) -> usize {
        let mut fields = 0;
        loop {
            let Some(mut quoted) = line.strip_prefix(b"\"") else {
                fields += 1;
                match line.iter().position(|b| *b == self.comma) {
                    Some(at) => line = bytes::after(line, at + 1),
                    None => return fields,
                }
                continue;
            };
            line = loop {
                match quoted.iter().position(|b| *b == b'"') {
                    Some(at) => {
                        quoted = bytes::after(quoted, at + 1);
                        match quoted.first() {
                            Some(b'"') => quoted = bytes::after(quoted, 1),
                            Some(next) if *next == self.comma => break bytes::after(quoted, 1),
                            _ if matches!(quoted, b"" | b"\n") => return fields + 1,
                            _ => {}
                        }
                    }
                    // The field goes on in the next line.
                    None if !quoted.is_empty() || cut => (quoted, cut) = self.line(),
                    None => return fields + 1,
                }
            };
            fields += 1;
        }
    }
}

impl Iterator for Rows<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        loop {
            let at_end = self.rest.is_empty();
            let (line, cut) = self.line();
            match line {
                b"" if at_end => return None,
                b"" | b"\n" | [b'#', ..] => {}
                _ => return Some(self.count(line, cut)),
            }
        }
    }
}
