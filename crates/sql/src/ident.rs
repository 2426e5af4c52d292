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
