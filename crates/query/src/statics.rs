//! The values of a request that are known before the query runs.

use schema::{Collection, FieldKind};
use serde_json::Value;
use sql::Literal;

use crate::error::ErrorKind;
use crate::operand::{Operand, Shape};
use crate::path::split_modifier;
use crate::request::Request;

/// A value of the request by its path below `@request`: `context`, `method`, `query.*`, `headers.*` or `body.*`.
///
/// What is missing is null. `fields` are those of the collection that the filter is about: a text that is compared as
/// one of its number fields becomes a number.
pub(crate) fn resolve(
    request: &Request<'_>,
    fields: &Collection,
    path: &[&str],
) -> Result<Operand, ErrorKind> {
    let Some((last, parents)) = path.split_last() else { return Ok(Operand::null()) };
    let (name, modifier) = match split_modifier(last) {
        Some((name, modifier)) => (name, modifier),
        None => (*last, ""),
    };
    let keys: Vec<&str> = parents.iter().copied().chain([name]).collect();
    let value = lookup(request, &keys);
    match modifier {
        "" => {}
        "isset" => return Ok(Operand::truth(value.is_some())),
        "lower" => return Ok(lower(bind(value, fields, &keys))),
        _ => {
            let (name, modifier) = (name.to_owned(), modifier.to_owned());
            return Err(ErrorKind::Modifier { name, expected: ":isset or :lower", modifier });
        }
    }
    Ok(bind(value, fields, &keys))
}

/// The same operand in lower case.
pub(crate) fn lower(mut operand: Operand) -> Operand {
    if let Shape::Bound(value) = operand.side.shape {
        operand.side.shape = Shape::BoundLower(value);
    }
    operand
}

fn lookup(request: &Request<'_>, keys: &[&str]) -> Option<Value> {
    let (root, rest) = keys.split_first()?;
    let map = match *root {
        "context" => return Some(request.context.name().into()),
        "method" => return Some(request.method.into()),
        "query" => request.query,
        "headers" => request.headers,
        "body" => request.body,
        _ => return None,
    };
    let (first, rest) = rest.split_first()?;
    rest.iter()
        .try_fold(map.get(*first)?, |value, key| match value {
            Value::Object(object) => object.get(*key),
            Value::Array(items) => items.get(key.parse::<usize>().ok()?),
            _ => None,
        })
        .cloned()
}

fn bind(value: Option<Value>, fields: &Collection, keys: &[&str]) -> Operand {
    let Some(value) = value else { return Operand::null() };
    let field = keys.last().and_then(|name| fields.field(name)).map(|field| &field.kind);
    match (value, field) {
        // A JSON field of the body is JSON text, whatever it holds.
        (value, Some(FieldKind::Json(_))) if matches!(keys, ["body", _]) => json_text(&value),
        (Value::String(text), Some(FieldKind::Number(_))) => match text.parse::<f64>() {
            Ok(number) => Operand::bound(number),
            Err(_) => Operand::bound(text),
        },
        (Value::Null, _) => Operand::null(),
        (Value::Bool(value), _) => Operand::bound(value),
        (Value::String(text), _) => Operand::bound(text),
        (Value::Number(number), _) => match number.as_f64() {
            Some(number) => Operand::bound(number),
            None => Operand::new(Shape::Literal(Literal::Null)),
        },
        (value @ (Value::Array(_) | Value::Object(_)), _) => json_text(&value),
    }
}

fn json_text(value: &Value) -> Operand {
    // A JSON value has a text; if it had none, it would be null.
    schema::json::to_string(value).map_or_else(|_| Operand::null(), Operand::bound)
}
