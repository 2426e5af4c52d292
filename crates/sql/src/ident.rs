use std::borrow::Cow;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::Dialect;

/// The name of a table, column, index or alias. It is quoted when it is rendered, so it can hold anything. To clone one
/// costs nothing.
#[derive(Debug, Clone)]
pub struct Ident(Name);

#[derive(Debug, Clone)]
enum Name {
    Static(&'static str),
    Shared(Arc<str>),
}

impl Ident {
    /// The name as it was given, without quotes.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Name::Static(name) => name,
            Name::Shared(name) => name,
        }
    }
}

impl PartialEq for Ident {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Ident {}

impl PartialOrd for Ident {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ident {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Ident {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl From<&'static str> for Ident {
    fn from(name: &'static str) -> Self {
        Self(Name::Static(name))
    }
}

impl From<String> for Ident {
    fn from(name: String) -> Self {
        Self(Name::Shared(name.into()))
    }
}

impl From<&String> for Ident {
    fn from(name: &String) -> Self {
        Self(Name::Shared(name.as_str().into()))
    }
}

impl From<&Self> for Ident {
    fn from(name: &Self) -> Self {
        name.clone()
    }
}

/// How many bytes of a name PostgreSQL keeps.
const KEPT: usize = 63;

/// What stands between the beginning of a name and its hash.
const MARK: char = '~';

/// How many hexadecimal digits of the hash of a name are kept.
const DIGITS: usize = 20;

/// The columns that every table of PostgreSQL has.
const SYSTEM_COLUMNS: [&str; 6] = ["xmin", "xmax", "cmin", "cmax", "ctid", "tableoid"];

/// What the names of our own tables, types and functions begin with.
const OWN: &str = "baibase_";

/// The name under which PostgreSQL keeps another one. It is the name itself, unless that would be cut off, or is that
/// of something else: then it is its beginning and its hash. A name that looks so itself gets a hash of its own, so
/// that no two names are kept as one. What a kept one stands for is in the table `baibase_names`.
pub(crate) fn kept_by_postgres(name: &str) -> Cow<'_, str> {
    // It has no names of no length; an import is checked after there are tables for it.
    let is_taken = name.is_empty() || SYSTEM_COLUMNS.contains(&name) || name.starts_with(OWN);
    if name.len() <= KEPT && !is_taken && !has_hash(name) {
        return Cow::Borrowed(name);
    }
    let room = KEPT - DIGITS - MARK.len_utf8();
    let mut kept: String = name
        .chars()
        .scan(0, |length, char| {
            *length += char.len_utf8();
            (*length <= room).then_some(char)
        })
        .collect();
    kept.push(MARK);
    let hash = Sha256::digest(name);
    kept.extend(
        hash.iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .take(DIGITS)
            .filter_map(|digit| char::from_digit(digit.into(), 16)),
    );
    Cow::Owned(kept)
}

/// Whether a name ends with a mark and a hash.
fn has_hash(name: &str) -> bool {
    let Some((_, hash)) = name.rsplit_once(MARK) else { return false };
    hash.len() == DIGITS && hash.chars().all(|char| matches!(char, '0'..='9' | 'a'..='f'))
}

/// Writes a name in quotes. This is the only place that quotes one.
pub(crate) fn push_quoted(name: &str, dialect: Dialect, text: &mut String) {
    let (quote, name) = match dialect {
        Dialect::Sqlite => ('`', Cow::Borrowed(name)),
        Dialect::Postgres => ('"', kept_by_postgres(name)),
    };
    text.push(quote);
    if !name.bytes().any(|byte| byte == 0 || char::from(byte) == quote) {
        text.push_str(&name);
        return text.push(quote);
    }
    // No database takes NUL in a name; without it the name is merely unknown.
    for plain in name.split_inclusive(quote).flat_map(|part| part.split('\0')) {
        text.push_str(plain);
        if plain.ends_with(quote) {
            text.push(quote);
        }
    }
    text.push(quote);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_postgres_can_keep_is_kept_as_it_is() {
        for name in ["title", "XMIN", "a~b", "~", &"x".repeat(63), &"é".repeat(31)] {
            assert_eq!(kept_by_postgres(name), name);
        }
    }

    #[test]
    fn no_two_names_are_kept_as_one() {
        let long = "x".repeat(64);
        let kept = kept_by_postgres(&long).into_owned();
        let names = [
            "",
            "xmin",
            "ctid",
            "baibase_names",
            &long,
            &"x".repeat(65),
            &"é".repeat(32),
            &"語".repeat(90),
            &kept,
        ];
        let mut all: Vec<String> = names.iter().map(|name| kept_by_postgres(name).into_owned()).collect();
        assert!(all.iter().all(|kept| kept.len() <= KEPT && has_hash(kept)), "{all:?}");
        assert!(all.iter().zip(names).all(|(kept, name)| kept != name), "{all:?}");
        all.sort();
        all.dedup();
        assert_eq!(all.len(), names.len());
        assert_eq!(kept_by_postgres("xmin"), "xmin~eafb2f50be97cbeb84f9");
    }
}
