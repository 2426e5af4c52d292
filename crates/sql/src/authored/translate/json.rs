use sqlparser::ast::{Expr, Value};

use super::Result;
use super::error::Untranslatable;
use super::term::{Kind, Term};

/// A function of JSON whose other arguments are paths.
pub(super) fn at_path(name: &str, document: &Term, paths: &[&Expr]) -> Result<Term> {
    let [at] = paths else { return Err(Untranslatable::unsupported("json_extract() of several paths")) };
    let path = path(at)?;
    let text = document.as_text();
    Ok(match name {
        "json_extract" => Term::any(format!("baibase_json_value(baibase_json_part({text}, {path}))")),
        "json_type" => Term::text(format!("baibase_json_type(baibase_json_part({text}, {path}))")),
        _ => Term::integer(format!("baibase_json_size(baibase_json_part({text}, {path}))")),
    })
}

/// `->` and `->>`.
pub(super) fn arrow(document: &Term, at: &Expr, as_value: bool) -> Result<Term> {
    let path = path(at)?;
    let part = format!("baibase_json_part({}, {path})", document.as_text());
    Ok(if as_value {
        Term::any(format!("baibase_json_value({part})"))
    } else {
        Term::text(format!("baibase_json_compact({part})"))
    })
}

/// A function of JSON.
pub(super) fn function(name: &str, args: &[Term]) -> Option<Term> {
    let part = |document: &Term| format!("baibase_json({})", document.as_text());
    Some(match (name, args) {
        ("json", [document]) => Term::text(format!("baibase_json_compact({})", part(document))),
        ("json_valid", [document]) => {
            let text = document.as_text();
            Term::bool(format!("(CASE WHEN {text} IS NOT NULL THEN baibase_json({text}) IS NOT NULL END)"))
        }
        ("json_type", [document]) => Term::text(format!("baibase_json_type({})", part(document))),
        ("json_array_length", [document]) => Term::integer(format!("baibase_json_size({})", part(document))),
        ("json_quote", [value]) => Term::text(written(value)),
        ("json_array", values) => {
            let values: Vec<String> = values.iter().map(written).collect();
            Term::text(format!("('[' || baibase_concat(',', {}) || ']')", or_nothing(&values)))
        }
        ("json_object", pairs) if pairs.len() % 2 == 0 => {
            let pairs: Vec<String> = pairs
                .chunks_exact(2)
                .filter_map(|pair| match pair {
                    [key, value] => {
                        Some(format!("baibase_value({})::text || ':' || {}", key.as_text(), written(value)))
                    }
                    _ => None,
                })
                .collect();
            Term::text(format!("('{{' || baibase_concat(',', {}) || '}}')", or_nothing(&pairs)))
        }
        _ => return None,
    })
}

fn or_nothing(parts: &[String]) -> String {
    if parts.is_empty() { "NULL::text".into() } else { parts.join(", ") }
}

/// A value as JSON text.
pub(super) fn written(value: &Term) -> String {
    let text = match value.kind {
        Kind::Null => return "'null'".into(),
        Kind::Numeric | Kind::Real => value.as_text(),
        _ => format!("{}::text", value.as_any()),
    };
    format!("coalesce({text}, 'null')")
}

/// A path such as `$.a[0]`, or a key or an index alone, as an array of steps.
pub(super) fn path(expr: &Expr) -> Result<String> {
    let unknown = || Untranslatable::unsupported(format!("the JSON path {expr}"));
    let Expr::Value(value) = expr else { return Err(unknown()) };
    let steps = match &value.value {
        Value::Number(number, _) => vec![format!("#{number}")],
        Value::SingleQuotedString(text) => match text.strip_prefix('$') {
            Some(rest) => steps(rest).ok_or_else(unknown)?,
            None => vec![format!(".{text}")],
        },
        _ => return Err(unknown()),
    };
    let steps: Vec<String> = steps.iter().map(|step| format!("'{}'", step.replace('\'', "''"))).collect();
    Ok(format!("ARRAY[{}]::text[]", steps.join(", ")))
}

/// The steps of what is behind the `$`: `.key`, and `#index`, which counts from the end when it is below zero.
fn steps(mut rest: &str) -> Option<Vec<String>> {
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("[") {
            let (index, after) = after.split_once(']')?;
            let index = index.strip_prefix('#').unwrap_or(index);
            index.parse::<i64>().ok()?;
            steps.push(format!("#{index}"));
            rest = after;
        } else if let Some(after) = rest.strip_prefix(".\"") {
            let (key, after) = after.split_once('"')?;
            steps.push(format!(".{key}"));
            rest = after;
        } else {
            let after = rest.strip_prefix('.')?;
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let (key, after) = after.split_at_checked(end).filter(|(key, _)| !key.is_empty())?;
            steps.push(format!(".{key}"));
            rest = after;
        }
    }
    Some(steps)
}
