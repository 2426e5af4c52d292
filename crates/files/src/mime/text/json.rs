use super::super::{Head, bytes};

/// How deep arrays and objects are followed. What is deeper is no JSON: the reader recurses and must not run out of
/// stack.
const MAX_DEPTH: usize = 512;

/// An object or array; a text, number or constant alone is plain text.
pub(in super::super) fn json(head: Head<'_>) -> bool {
    matches!(bytes::trim_start(head.bytes).first(), Some(b'{' | b'[')) && fits(head, &[])
}

pub(in super::super) fn geo_json(head: Head<'_>) -> bool {
    const QUERY: [Query; 1] = [Query {
        path: &[b"type"],
        values: &[
            br#""Feature""#,
            br#""FeatureCollection""#,
            br#""Point""#,
            br#""LineString""#,
            br#""Polygon""#,
            br#""MultiPoint""#,
            br#""MultiLineString""#,
            br#""MultiPolygon""#,
            br#""GeometryCollection""#,
        ],
    }];
    is_object(head) && fits(head, &QUERY)
}

pub(in super::super) fn har(head: Head<'_>) -> bool {
    const QUERY: [Query; 3] = [
        Query { path: &[b"log", b"version"], values: &[] },
        Query { path: &[b"log", b"creator"], values: &[] },
        Query { path: &[b"log", b"entries"], values: &[] },
    ];
    is_object(head) && fits(head, &QUERY)
}

pub(in super::super) fn gltf(head: Head<'_>) -> bool {
    const QUERY: [Query; 1] = [Query { path: &[b"asset", b"version"], values: &[br#""1.0""#, br#""2.0""#] }];
    is_object(head) && fits(head, &QUERY)
}

/// Lines of JSON, more than one, with an object or an array among them.
pub(in super::super) fn nd_json(head: Head<'_>) -> bool {
    let (mut lines, mut structures, mut rest) = (0, 0, head.bytes);
    while !rest.is_empty() {
        let line = bytes::line(&mut rest);
        let mut reader = Reader::new(line, &[]);
        reader.value(0);
        if reader.inspected != line.len() {
            return false;
        }
        lines += 1;
        structures += usize::from(reader.starts_structure);
    }
    lines > 1 && structures > 0
}

fn is_object(head: Head<'_>) -> bool {
    bytes::trim_start(head.bytes).first() == Some(&b'{')
}

/// Whether the whole file is JSON, or the head is JSON as far as it goes, and one of the queries finds something.
fn fits(head: Head<'_>, queries: &[Query]) -> bool {
    let mut reader = Reader::new(head.bytes, queries);
    reader.value(0);
    let end = if head.whole { reader.at } else { reader.inspected };
    (queries.is_empty() || reader.found) && end == head.bytes.len()
}

/// A member to look for.
struct Query {
    /// The keys that lead to it.
    path: &'static [&'static [u8]],
    /// Its value as JSON is one of these; any when empty.
    values: &'static [&'static [u8]],
}

/// Reads JSON and keeps account of how far it got. As the reference does, it takes more than JSON: trailing commas,
/// numbers with leading zeros, any characters within strings, and for a text, array or object that does not end it
/// takes its first character and goes on behind that.
struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    /// How much of the text it has ever looked at.
    inspected: usize,
    queries: &'a [Query],
    /// The keys of the objects around the current place. An array adds an entry that stays until the next comma
    /// behind it, so members after an array are not found: the reference has it so.
    path: Vec<&'a [u8]>,
    found: bool,
    starts_structure: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a [u8], queries: &'a [Query]) -> Self {
        Self { text, at: 0, inspected: 0, queries, path: Vec::new(), found: false, starts_structure: false }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn advance(&mut self) {
        self.at += 1;
        self.inspected += 1;
    }

    /// Passes over the next byte when it is this one.
    fn skip(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        if is_next {
            self.advance();
        }
        is_next
    }

    fn spaces(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.advance();
        }
    }

    /// Reads a value and the space around it, and says whether it got on.
    fn value(&mut self, depth: usize) -> bool {
        if depth > MAX_DEPTH {
            return false;
        }
        let start = self.at;
        self.spaces();
        if depth == 0 {
            self.starts_structure = matches!(self.peek(), Some(b'{' | b'['));
        }
        let first = self.peek();
        if matches!(first, Some(b'"' | b'[' | b'{')) {
            self.advance();
        }
        let resume = self.at;
        let read = match first {
            None => return false,
            Some(b'"') => self.string(),
            Some(b'[') => self.array(depth + 1),
            Some(b'{') => self.object(depth + 1),
            Some(b't') => self.constant(b"true"),
            Some(b'f') => self.constant(b"false"),
            Some(b'n') => self.constant(b"null"),
            Some(_) => self.number(),
        };
        if read {
            self.spaces();
        } else {
            self.at = resume;
        }
        self.at > start
    }

    fn constant(&mut self, text: &[u8]) -> bool {
        text.iter().all(|byte| self.skip(*byte))
    }

    /// The rest of a string, behind its first quote.
    fn string(&mut self) -> bool {
        while let Some(byte) = self.peek() {
            self.advance();
            match byte {
                b'"' => return true,
                b'\\' => match self.peek() {
                    Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.advance(),
                    Some(b'u') => {
                        self.advance();
                        for _ in 0..4 {
                            match self.peek() {
                                Some(digit) if digit.is_ascii_hexdigit() => self.advance(),
                                Some(_) => return false,
                                None => break,
                            }
                        }
                    }
                    _ => return false,
                },
                _ => {}
            }
        }
        false
    }

    fn digits(&mut self) -> bool {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.advance();
        }
        self.at > start
    }

    fn number(&mut self) -> bool {
        self.skip(b'-');
        let whole = self.digits();
        self.skip(b'.');
        let has_digits = self.digits() || whole;
        if has_digits && (self.skip(b'e') || self.skip(b'E')) {
            let _ = self.skip(b'+') || self.skip(b'-');
            return self.digits();
        }
        has_digits
    }

    /// The rest of an array, behind its bracket.
    fn array(&mut self, depth: usize) -> bool {
        self.path.push(b"[");
        loop {
            self.spaces();
            if self.skip(b']') {
                self.path.pop();
                return true;
            }
            if !self.value(depth) {
                return false;
            }
            if self.skip(b']') {
                return true;
            }
            if !self.skip(b',') {
                return false;
            }
        }
    }

    /// The rest of an object, behind its brace.
    fn object(&mut self, depth: usize) -> bool {
        loop {
            self.spaces();
            if self.skip(b'}') {
                return true;
            }
            if !self.member(depth) {
                return false;
            }
            self.path.pop();
            if self.skip(b'}') {
                return true;
            }
            if !self.skip(b',') {
                return false;
            }
        }
    }

    fn member(&mut self, depth: usize) -> bool {
        let key_start = self.at + 1;
        if !self.skip(b'"') || !self.string() {
            return false;
        }
        self.path.push(self.text.get(key_start..self.at - 1).unwrap_or_default());
        let query = self.queries.iter().find(|query| !self.found && query.path == self.path);
        self.spaces();
        if !self.skip(b':') {
            return false;
        }
        self.spaces();
        let value_start = self.at;
        if !self.value(depth) {
            return false;
        }
        if let Some(query) = query {
            let value = self.text.get(value_start..self.at).unwrap_or_default().trim_ascii();
            self.found |= query.values.is_empty() || query.values.contains(&value);
        }
        true
    }
}
