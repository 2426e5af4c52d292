use super::errcode;

/// What a code's text stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Code<'a> {
    /// A login as this name.
    Name(&'a str),
    /// A phone number.
    Phone { country: &'a str, number: &'a str },
    /// A refusal of the call.
    Refusal(i64),
    /// A refusal of the access token that the call needs.
    TokenRefusal(i64),
    /// A failure of the HTTP server.
    BadGateway,
    /// No reply.
    Silence,
    /// Nothing that was ever given out.
    Unknown,
}

impl<'a> Code<'a> {
    /// Reads a code. What follows a `#` only makes its text another one.
    pub(super) fn parse(text: &'a str) -> Self {
        let meaning = text.split_once('#').map_or(text, |(meaning, _)| meaning);
        let Some((kind, rest)) = meaning.split_once('-') else { return Self::Unknown };
        match kind {
            "dev" if !rest.is_empty() => Self::Name(rest),
            "phone" => phone(rest).unwrap_or(Self::Unknown),
            "error" => failure(rest).unwrap_or(Self::Unknown),
            _ => Self::Unknown,
        }
    }
}

fn phone(text: &str) -> Option<Code<'_>> {
    let (country, number) = match text.strip_prefix('+') {
        Some(foreign) => foreign.split_once('-')?,
        None => ("86", text),
    };
    let plausible = is_digits(country, 1..=4) && is_digits(number, 4..=15);
    plausible.then_some(Code::Phone { country, number })
}

fn is_digits(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn failure(text: &str) -> Option<Code<'_>> {
    match (text, text.strip_prefix("token-")) {
        ("http", _) => Some(Code::BadGateway),
        ("timeout", _) => Some(Code::Silence),
        (_, Some(token)) => errcode::parse(token).map(Code::TokenRefusal),
        (_, None) => errcode::parse(text).map(Code::Refusal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers() {
        assert_eq!(Code::parse("dev-alice"), Code::Name("alice"));
        assert_eq!(Code::parse("dev-anna-maria#2"), Code::Name("anna-maria"));
        assert_eq!(Code::parse("dev-张三"), Code::Name("张三"));
        assert_eq!(Code::parse("phone-13800138000#b"), Code::Phone { country: "86", number: "13800138000" });
        assert_eq!(Code::parse("phone-+852-51234567"), Code::Phone { country: "852", number: "51234567" });
    }

    #[test]
    fn failures_by_number_and_by_name() {
        assert_eq!(Code::parse("error-40226"), Code::Refusal(40226));
        assert_eq!(Code::parse("error--1"), Code::Refusal(-1));
        assert_eq!(Code::parse("error-busy"), Code::Refusal(-1));
        assert_eq!(Code::parse("error-token-40164"), Code::TokenRefusal(40164));
        assert_eq!(Code::parse("error-timeout#1"), Code::Silence);
        assert_eq!(Code::parse("error-http"), Code::BadGateway);
    }

    #[test]
    fn everything_else_is_unknown() {
        for text in [
            "",
            "dev",
            "dev-",
            "dev-#2",
            "phone-",
            "phone-12a",
            "phone-+852",
            "error-",
            "error-0",
            "error-x",
            "x-y",
        ] {
            assert_eq!(Code::parse(text), Code::Unknown, "{text:?}");
        }
    }
}
