use super::literal;
use super::term::Term;

/// The functions of times, and the formats that they are short for.
const FORMATS: [(&str, &str); 5] = [
    ("date", "%Y-%m-%d"),
    ("time", "%H:%M:%S"),
    ("datetime", "%Y-%m-%d %H:%M:%S"),
    // Milliseconds are what is left of a day.
    ("julianday", "%s %f"),
    ("unixepoch", "%s"),
];

/// A function of times; in an index, `is_fixed`, there is no present time.
pub(super) fn function(name: &str, args: &[Term], is_fixed: bool) -> Option<Term> {
    if name == "strftime" {
        let (format, args) = args.split_first()?;
        return Some(formatted(&format.as_text(), args, is_fixed));
    }
    let (_, format) = FORMATS.iter().find(|(known, _)| *known == name)?;
    let text = formatted(&literal::text(format).sql, args, is_fixed);
    Some(match name {
        "julianday" => Term::real(format!("baibase_julian_day({})", text.sql)),
        "unixepoch" => Term::integer(format!("({})::bigint", text.sql)),
        _ => text,
    })
}

/// Whether a function of times is about the present one, or about that of a place.
pub(super) fn is_present(name: &str, args: &[Term]) -> bool {
    let args = match (name, args) {
        ("strftime", [_, args @ ..]) => args,
        _ if FORMATS.iter().any(|(known, _)| *known == name) => args,
        _ => return false,
    };
    let says = |arg: &Term, words: &[&str]| {
        arg.literal.as_deref().is_some_and(|text| words.iter().any(|word| text.eq_ignore_ascii_case(word)))
    };
    args.first().is_none_or(|moment| says(moment, &["now", "subsec", "subsecond"]))
        || args.iter().skip(1).any(|modifier| says(modifier, &["localtime", "utc"]))
}

/// `CURRENT_TIMESTAMP` and its like.
pub(super) fn current(name: &str) -> Term {
    let format = match name {
        "current_date" => "%Y-%m-%d",
        "current_time" => "%H:%M:%S",
        _ => "%Y-%m-%d %H:%M:%S",
    };
    formatted(&literal::text(format).sql, &[], false)
}

fn formatted(format: &str, args: &[Term], is_fixed: bool) -> Term {
    let (moment, modifiers) = match args {
        [] => ("'now'::text".to_owned(), &[] as &[Term]),
        [moment, modifiers @ ..] => (moment.as_text(), modifiers),
    };
    let modifiers: Vec<String> = modifiers.iter().map(Term::as_text).collect();
    let name = if is_fixed { "baibase_fixed_strftime" } else { "baibase_strftime" };
    Term::text(format!("{name}({format}, {moment}, ARRAY[{}]::text[])", modifiers.join(", ")))
}
