use percent_encoding::percent_decode;

/// What the `Content-Disposition` of a form's part says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Disposition {
    /// The name of the field.
    pub(super) name: String,
    /// The name of the file, without directories; `None` for a value.
    pub(super) file_name: Option<String>,
}

/// Reads `form-data; name="…"; filename="…"`, also with `filename*=utf-8''…`. `None` when it is malformed or names no
/// field: such a part is skipped.
pub(super) fn parse(header: &[u8]) -> Option<Disposition> {
    let header = String::from_utf8_lossy(header);
    let (kind, mut rest) = header.split_at_checked(header.find(';')?)?;
    if !kind.trim().eq_ignore_ascii_case("form-data") {
        return None;
    }
    let mut parameters: Vec<(String, String)> = Vec::new();
    while let Some(after) = rest.trim_start().strip_prefix(';') {
        let after = after.trim_start();
        if after.is_empty() {
            rest = after;
            break;
        }
        let (name, value, tail) = parameter(after)?;
        if parameters.iter().any(|(other, _)| *other == name) {
            return None;
        }
        parameters.push((name, value));
        rest = tail;
    }
    if !rest.trim().is_empty() {
        return None;
    }
    let take = |name: &str| {
        let encoded = parameters.iter().find(|(other, _)| other.strip_suffix('*') == Some(name));
        let plain = || parameters.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone());
        encoded.and_then(|(_, value)| decoded(value)).or_else(plain).filter(|value| !value.is_empty())
    };
    let name = take("name")?;
    Some(Disposition { name, file_name: take("filename").map(|path| last_part(&path)) })
}

/// Splits off the name in lower case, and the value.
fn parameter(text: &str) -> Option<(String, String, &str)> {
    let (name, rest) = text.split_at_checked(text.find(|c: char| !is_token(c))?)?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let (value, rest) = match rest.strip_prefix('"') {
        Some(quoted) => unquoted(quoted)?,
        None => {
            let (token, rest) =
                rest.split_at_checked(rest.find(|c: char| !is_token(c)).unwrap_or(rest.len()))?;
            (token.to_owned(), rest)
        }
    };
    if name.is_empty() { None } else { Some((name.to_ascii_lowercase(), value, rest)) }
}

/// The text up to the closing quote, and what follows it. A backslash stands for itself before a letter or digit:
/// some clients send paths as they are.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => return Some((value, chars.as_str())),
            '\\' if chars.as_str().starts_with(|next| "()<>@,;:\\\"/[]?=".contains(next)) => {
                value.extend(chars.next());
            }
            c => value.push(c),
        }
    }
    None
}

/// `charset'language'percent-encoded`
fn decoded(text: &str) -> Option<String> {
    let mut parts = text.splitn(3, '\'');
    let charset = parts.next()?;
    let encoded = parts.nth(1)?;
    if !["utf-8", "us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known)) {
        return None;
    }
    Some(percent_decode(encoded.as_bytes()).decode_utf8_lossy().into_owned())
}

fn last_part(path: &str) -> String {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned()
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parts(header: &str) -> Option<(String, Option<String>)> {
        parse(header.as_bytes()).map(|found| (found.name, found.file_name))
    }

    #[test]
    fn names_are_read_in_all_spellings() {
        let cases = [
            (r#"form-data; name="a""#, "a", None),
            ("Form-Data;NAME=a ;", "a", None),
            (r#"form-data; name="a"; filename="x.png""#, "a", Some("x.png")),
            (r#"form-data; filename="name=b"; name="a""#, "a", Some("name=b")),
            (r#"form-data; name="a"; filename="图 \"1\".png""#, "a", Some("图 \"1\".png")),
            (r#"form-data; name="a"; filename="C:\dir\x.png""#, "a", Some(r"C:\dir\x.png")),
            (r#"form-data; name="a"; filename="../../etc/passwd""#, "a", Some("passwd")),
            (r#"form-data; name="a"; filename="dir/""#, "a", Some("dir")),
            ("form-data; name=a; filename*=UTF-8''%E5%9B%BE.png", "a", Some("图.png")),
            (r#"form-data; name=a; filename="x"; filename*=utf-8'en'y"#, "a", Some("y")),
            ("form-data; name=a; filename*=koi8-r''y", "a", None),
            (r#"form-data; name="a"; filename="""#, "a", None),
        ];
        for (header, name, file_name) in cases {
            assert_eq!(parts(header), Some((name.to_owned(), file_name.map(str::to_owned))), "{header}");
        }
    }

    #[test]
    fn parts_without_a_proper_name_are_skipped() {
        for header in [
            "",
            "form-data",
            "form-data; name",
            "form-data; name=",
            r#"form-data; name="a"#,
            r#"form-data; name="""#,
            r#"attachment; name="a""#,
            "form-data; name=a; name=b",
            "form-data; name=a b",
            "form-data name=a",
        ] {
            assert_eq!(parts(header), None, "{header}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read(header in any::<Vec<u8>>()) {
            parse(&header);
        }

        #[test]
        fn file_names_have_no_directories(path in "[a./\\\\;\" ]{0,20}") {
            let found = parts(&format!("form-data; name=a; filename*=utf-8''{path}"));
            prop_assert!(found.and_then(|(_, name)| name).is_none_or(|name| !name.contains('/')));
        }
    }
}
