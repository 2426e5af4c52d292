//! What kind of name an identifier is.

/// An identifier, taken apart.
#[derive(Debug, PartialEq)]
pub(crate) enum Path<'a> {
    /// A path from the record that the filter is about.
    Record(Vec<&'a str>),
    /// `@request.context`, `.method`, `.query.*` or `.headers.*`: what follows `@request`.
    Static(Vec<&'a str>),
    /// What follows `@request.body`.
    Body(Vec<&'a str>),
    /// What follows `@request.auth`.
    Auth(Vec<&'a str>),
    /// `@collection.<name>[:alias].*`
    Collection { name: &'a str, alias: &'a str, rest: Vec<&'a str> },
}

impl<'a> Path<'a> {
    /// Takes an identifier apart; `None` when it has no meaning anywhere.
    pub(crate) fn parse(name: &'a str) -> Option<Self> {
        let split = |text: &'a str| text.split('.').collect::<Vec<_>>();
        if let Some(rest) = name.strip_prefix("@collection.") {
            let (head, tail) = rest.split_once('.')?;
            let (name, alias) = head.split_once(':').unwrap_or((head, ""));
            let well_formed = is_word(name) && (is_word(alias) || !head.contains(':')) && is_path(tail);
            return well_formed.then(|| Self::Collection { name, alias, rest: split(tail) });
        }
        if let Some(rest) = name.strip_prefix("@request.") {
            if matches!(rest, "context" | "method") {
                return Some(Self::Static(vec![rest]));
            }
            let (root, tail) = rest.split_once('.')?;
            return match root {
                _ if !is_path(tail) => None,
                "auth" => Some(Self::Auth(split(tail))),
                "body" => Some(Self::Body(split(tail))),
                "query" | "headers" => Some(Self::Static(split(rest))),
                _ => None,
            };
        }
        (name.starts_with(is_word_char) && name.chars().all(is_path_char)).then(|| Self::Record(split(name)))
    }
}

/// What may stand where a name without a meaning does.
pub(crate) fn expected(name: &str) -> &'static str {
    if name.starts_with("@request") {
        "@request.context, .method, .query.*, .headers.*, .body.* or .auth.*"
    } else if name.starts_with("@collection") {
        "@collection.<name>.<field>"
    } else if name.starts_with('@') {
        "a macro such as @now, @request.* or @collection.*"
    } else {
        "a field"
    }
}

/// Splits `name:modifier`; a name with more or fewer colons has no modifier.
pub(crate) fn split_modifier(prop: &str) -> Option<(&str, &str)> {
    prop.split_once(':').filter(|(_, modifier)| !modifier.contains(':'))
}

fn is_path(text: &str) -> bool {
    text.chars().all(is_path_char) && text.ends_with(is_word_char)
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_word_char)
}

fn is_path_char(char: char) -> bool {
    is_word_char(char) || matches!(char, '.' | ':')
}

fn is_word_char(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_told_apart() {
        assert_eq!(Path::parse("a.b:each"), Some(Path::Record(vec!["a", "b:each"])));
        assert_eq!(Path::parse("@request.context"), Some(Path::Static(vec!["context"])));
        assert_eq!(Path::parse("@request.query.a:isset"), Some(Path::Static(vec!["query", "a:isset"])));
        assert_eq!(Path::parse("@request.body.a.0"), Some(Path::Body(vec!["a", "0"])));
        assert_eq!(Path::parse("@request.auth.id"), Some(Path::Auth(vec!["id"])));
        assert_eq!(
            Path::parse("@collection.a:b.c.d"),
            Some(Path::Collection { name: "a", alias: "b", rest: vec!["c", "d"] })
        );
    }

    #[test]
    fn other_names_have_no_meaning() {
        for name in [
            "",
            "#a",
            "@a",
            "@request",
            "@request.auth",
            "@request.context.a",
            "@request.context:lower",
            "@request.x.y",
            "@request.query.a:",
            "@collection.a",
            "@collection.a:.b",
            "@collection.a:b:c.d",
            "a b",
            "é",
            "-a",
        ] {
            assert_eq!(Path::parse(name), None, "{name}");
        }
    }
}
