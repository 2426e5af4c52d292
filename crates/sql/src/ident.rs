use std::borrow::Cow;

/// The name of a table, column, index or alias. It is quoted when it is rendered, so it can hold anything.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ident(Cow<'static, str>);

impl Ident {
    /// The name as it was given, without quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&'static str> for Ident {
    fn from(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }
}

impl From<String> for Ident {
    fn from(name: String) -> Self {
        Self(Cow::Owned(name))
    }
}

impl From<&String> for Ident {
    fn from(name: &String) -> Self {
        Self(Cow::Owned(name.clone()))
    }
}

impl From<&Self> for Ident {
    fn from(name: &Self) -> Self {
        name.clone()
    }
}

/// Writes a name in quotes. This is the only place that quotes one.
pub(crate) fn push_quoted(name: &str, quote: char, text: &mut String) {
    text.push(quote);
    for char in name.chars() {
        // No database takes NUL in a name; without it the name is merely unknown.
        if char == '\0' {
            continue;
        }
        if char == quote {
            text.push(quote);
        }
        text.push(char);
    }
    text.push(quote);
}
