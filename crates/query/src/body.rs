//! `@request.body.*`: the fields of the collection that the filter is about have modifiers and relations there too.

use filter::Operator;
use schema::{Field, FieldKind};
use serde_json::Value;
use sql::Expr;

use crate::compare::compare;
use crate::error::{ErrorKind, NameError};
use crate::operand::{Many, Nulls, Operand, Shape, Side};
use crate::path::split_modifier;
use crate::scope::Scope;
use crate::statics;
use crate::value::takes_several;
use crate::walk::Walk;

/// The operand that a path below `@request.body` stands for.
pub(crate) fn resolve(scope: &mut Scope<'_>, props: &[&str]) -> Result<Operand, NameError> {
    let Some((first, rest)) = props.split_first() else { return Ok(Operand::null()) };
    let (name, modifier) = split_modifier(first).unwrap_or((first, ""));
    let collection = std::sync::Arc::clone(&scope.collection);
    if let Some(field) = collection.field(name) {
        match (&field.kind, modifier) {
            (FieldKind::Relation(options), _) if !rest.is_empty() => {
                return related(scope, field, &options.collection_id, rest);
            }
            (_, "each" | "length") if rest.is_empty() && !takes_several(field) => {
                let (name, modifier) = (name.to_owned(), modifier.to_owned());
                let expected = ":isset, :lower or :changed";
                return Err(ErrorKind::Modifier { name, expected, modifier }.in_part(1));
            }
            (_, "each") if rest.is_empty() => return Ok(each(scope, field)?),
            (_, "length") if rest.is_empty() => return Ok(length(scope, name)),
            (_, "lower") if rest.is_empty() => return Ok(lower(scope, field)),
            (_, "changed") if rest.is_empty() => return Ok(changed(scope, name)?),
            _ => {}
        }
    }
    let path: Vec<&str> = std::iter::once("body").chain(props.iter().copied()).collect();
    statics::resolve(scope.shared.request, &scope.collection, &path).map_err(|kind| kind.in_part(1))
}

/// The items of a submitted value; a missing one has none.
fn items(value: Option<&Value>) -> &[Value] {
    match value {
        None | Some(Value::Null) => &[],
        Some(Value::Array(items)) => items,
        Some(value) => std::slice::from_ref(value),
    }
}

fn length(scope: &Scope<'_>, name: &str) -> Operand {
    let count = items(scope.shared.request.body.get(name)).len();
    Operand::new(Shape::Known(Expr::integer(i32::try_from(count).unwrap_or(i32::MAX))))
}

/// The submitted items, one row each.
fn each(scope: &mut Scope<'_>, field: &Field) -> Result<Operand, ErrorKind> {
    let list = Value::from(items(scope.shared.request.body.get(&field.name)));
    let text = Expr::value(schema::json::to_string(&list).unwrap_or_default());
    let mut walk = Walk::from_record(scope);
    let path = format!("@request.body.{}[]", field.name);
    let items = walk.join_items(path, field.kind.is_multiple(), text.clone(), text)?;
    let value = Expr::item(&items.many);
    let many = field.kind.is_multiple().then_some(Many { joins: walk.many_joins, value });
    let side = Side { shape: Shape::Known(Expr::item(&items.one)), nulls: Nulls::Auto };
    Ok(Operand { side, many, guard: None, own: false })
}

/// The submitted value as a text in lower case; empty when there is none, and for a list.
fn lower(scope: &Scope<'_>, field: &Field) -> Operand {
    let text = match (&field.kind, scope.shared.request.body.get(&field.name)) {
        (FieldKind::Json(_) | FieldKind::GeoPoint(_), Some(value)) => {
            schema::json::to_string(value).unwrap_or_default()
        }
        (_, Some(Value::String(text))) => text.clone(),
        (_, Some(Value::Bool(value))) => value.to_string(),
        // A number of a body is a float.
        (_, Some(Value::Number(number))) => number.as_f64().unwrap_or_default().to_string(),
        (_, None | Some(Value::Null | Value::Array(_) | Value::Object(_))) => String::new(),
    };
    statics::lower(Operand::bound(text))
}

/// Whether a value was submitted that differs from the record's.
fn changed(scope: &mut Scope<'_>, name: &str) -> Result<Operand, ErrorKind> {
    let old = Walk::from_record(scope).value(name)?;
    let condition = if scope.shared.request.body.contains_key(name) {
        let new = statics::resolve(scope.shared.request, &scope.collection, &["body", name])?;
        compare(new, Operator::NotEqual, false, old)
    } else {
        Expr::FALSE
    };
    let mut operand = Operand::new(Shape::Column(condition));
    operand.side.nulls = Nulls::Distinct;
    Ok(operand)
}

/// A field of the records whose ids were submitted.
fn related(
    scope: &mut Scope<'_>,
    field: &Field,
    collection: &str,
    rest: &[&str],
) -> Result<Operand, NameError> {
    let target = scope.find(collection).map_err(|kind| kind.in_part(rest.len() + 1))?;
    let submitted = scope.shared.request.body.get(&field.name);
    let mut ids: Vec<&str> = Vec::new();
    for id in items(submitted).iter().filter_map(Value::as_str) {
        if !id.is_empty() && !ids.contains(&id) {
            ids.push(id);
        }
    }
    if ids.is_empty() {
        return Ok(Operand::null());
    }
    let mut walk = Walk::from_record(scope);
    walk.missing_is_null = true;
    walk.is_many = field.kind.is_multiple();
    walk.jump(format!("@request.body.{}", field.name), &target, &ids)?;
    walk.run(rest)
}
