//! What a file is, told from its first bytes.
//!
//! Content types are kept beside files and compared with the types that a field allows, by PocketBase as well as
//! here, so the names and the order of the tests must be the ones of the library that PocketBase uses
//! (gabriel-vasile/mimetype 1.4). No crate has them: the nearest port names a quarter of that library's own samples
//! differently and takes some plain text for Python. Hence the table in `tree`, which is compared with it.

mod archive;
mod binary;
mod bytes;
mod image;
mod media;
mod office;
#[cfg(test)]
mod tests;
mod text;
mod tree;

/// How much of a file is looked at, in bytes.
pub const HEAD_LENGTH: usize = 3072;

/// The type of a file.
#[derive(Debug, Clone)]
pub struct Detected {
    kind: &'static Kind,
    charset: Option<String>,
}

impl Detected {
    /// The content type, for example `text/plain; charset=utf-8`.
    pub fn content_type(&self) -> String {
        match &self.charset {
            Some(charset) => format!("{}; charset={charset}", self.kind.name),
            None => self.kind.name.to_owned(),
        }
    }

    /// The extension with its dot, for example `.png`; empty for types that have none.
    pub fn extension(&self) -> &'static str {
        self.kind.extension
    }

    /// The type's name and its other names, without parameters and in lower case: a field that allows one of them
    /// takes the file.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.kind.name).chain(self.kind.aliases.iter().copied())
    }
}

/// Tells the type of a file that starts with these bytes. A head shorter than [`HEAD_LENGTH`] is taken for the whole
/// file; more bytes than that are not looked at.
///
/// An empty file is `text/plain`, an unknown one `application/octet-stream`.
pub fn detect(head: &[u8]) -> Detected {
    let head = Head { bytes: bytes::first(head, HEAD_LENGTH), whole: head.len() < HEAD_LENGTH };
    let mut kind = &tree::UNKNOWN;
    while let Some(narrower) = kind.children.iter().find(|child| child.test.passes(head)) {
        kind = narrower;
    }
    Detected { kind, charset: text::charset_of(kind.name, head.bytes) }
}

/// The start of a file.
#[derive(Debug, Clone, Copy)]
struct Head<'a> {
    bytes: &'a [u8],
    /// Whether there is no more.
    whole: bool,
}

/// A type in the tree: a file is of the first kind whose test it passes, or of a narrower one among its children.
#[derive(Debug)]
struct Kind {
    name: &'static str,
    extension: &'static str,
    aliases: &'static [&'static str],
    test: Test,
    children: &'static [Kind],
}

impl Kind {
    const fn new(name: &'static str, extension: &'static str, test: Test) -> Self {
        Self { name, extension, aliases: &[], test, children: &[] }
    }

    const fn alias(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    const fn narrower(mut self, children: &'static [Kind]) -> Self {
        self.children = children;
        self
    }
}

/// How a kind is recognised.
#[derive(Debug)]
enum Test {
    /// It starts with one of these.
    Starts(&'static [&'static [u8]]),
    /// It has at least so many bytes, and these at these offsets.
    At(usize, &'static [(usize, &'static [u8])]),
    /// It is an ISO media file with one of these brands.
    Brand(&'static [&'static [u8]]),
    /// It is an XML document with one of these root elements (`<name`) and attributes; empty stands for any.
    Xml(&'static [(&'static str, &'static str)]),
    /// It is a script for one of these interpreters.
    Script(text::Interpreters),
    /// What takes more than a table.
    Check(fn(Head<'_>) -> bool),
}

impl Test {
    fn passes(&self, head: Head<'_>) -> bool {
        match self {
            Self::Starts(signatures) => signatures.iter().any(|signature| head.bytes.starts_with(signature)),
            Self::At(length, parts) => {
                head.bytes.len() >= *length
                    && parts.iter().all(|(offset, part)| bytes::at(head.bytes, *offset, part))
            }
            Self::Brand(brands) => {
                head.bytes.len() >= 12 && brands.iter().any(|brand| bytes::at(head.bytes, 8, brand))
            }
            Self::Xml(roots) => text::is_xml_of(head.bytes, roots),
            Self::Script(interpreters) => interpreters.are_asked_for(head.bytes),
            Self::Check(check) => check(head),
        }
    }
}
