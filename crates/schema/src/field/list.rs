use serde_json::Value;

use super::Field;
use crate::load::LoadError;

/// Adds a field to a list.
///
/// A field with an id takes the place of the field with the same id. A field without one takes the place and the id
/// of the field with the same name. One that replaces nothing goes to the end; its id is the type and the CRC-32
/// of the name where it had none, with a number from 2 on when that is taken.
pub fn add_field(fields: &mut Vec<Field>, mut field: Field) {
    let replaced = if field.id.is_empty() {
        field.id = free_id(fields, &field);
        fields.iter_mut().find(|old| !old.name.is_empty() && old.name == field.name)
    } else {
        fields.iter_mut().find(|old| old.id == field.id)
    };
    match replaced {
        Some(old) => {
            field.id.clone_from(&old.id);
            *old = field;
        }
        None => fields.push(field),
    }
}

fn free_id(fields: &[Field], field: &Field) -> String {
    let base = format!("{}{}", field.kind.name(), crc32fast::hash(field.name.as_bytes()));
    let is_free = |id: &String| fields.iter().all(|old| old.id != *id);
    if is_free(&base) {
        return base;
    }
    (2..).map(|number: u32| format!("{base}{number}")).find(is_free).unwrap_or(base)
}

/// The list that results from adding these fields one by one (see [`add_field`]).
pub fn field_list(fields: impl IntoIterator<Item = Field>) -> Vec<Field> {
    let mut list = Vec::new();
    for field in fields {
        add_field(&mut list, field);
    }
    list
}

/// Reads a list of fields from its JSON form; `null` is the empty list.
///
/// # Errors
/// [`LoadError`] when it is not a list of fields.
pub fn fields_from_json(value: &Value) -> Result<Vec<Field>, LoadError> {
    let items = match value {
        Value::Null => &[],
        Value::Array(items) => items.as_slice(),
        other => return Err(LoadError::wrong_type("an array of fields", other)),
    };
    let fields = items.iter().map(Field::from_json).collect::<Result<Vec<_>, _>>()?;
    Ok(field_list(fields))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ids_and_names(value: &Value) -> Vec<(String, String)> {
        fields_from_json(value).unwrap().into_iter().map(|field| (field.id, field.name)).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(id, name)| ((*id).into(), (*name).into())).collect()
    }

    #[test]
    fn an_id_is_made_of_the_type_and_the_name() {
        let fields = json!([{"type": "text", "name": "name"}, {"type": "autodate", "name": "created"}]);
        let expected = pairs(&[("text1579384326", "name"), ("autodate2990389176", "created")]);
        assert_eq!(ids_and_names(&fields), expected);
    }

    #[test]
    fn a_taken_id_gets_a_number() {
        let fields = json!([
            {"type": "text", "name": "other", "id": "text1579384326"},
            {"type": "text", "name": "name"},
        ]);
        assert_eq!(
            ids_and_names(&fields),
            pairs(&[("text1579384326", "other"), ("text15793843262", "name")])
        );
    }

    #[test]
    fn the_later_of_two_with_one_id_or_name_replaces_the_earlier() {
        let fields = json!([
            {"type": "text", "name": "a", "id": "x"},
            {"type": "text", "name": "b", "id": "y"},
            {"type": "number", "name": "c", "id": "x"},
            {"type": "bool", "name": "b"},
        ]);
        assert_eq!(ids_and_names(&fields), pairs(&[("x", "c"), ("y", "b")]));
    }

    #[test]
    fn unknown_types_are_errors() {
        assert!(fields_from_json(&json!([{"name": "a"}])).is_err());
        assert!(fields_from_json(&json!([{"name": "a", "type": "Text"}])).is_err());
        assert!(fields_from_json(&json!([null])).is_err());
        assert!(fields_from_json(&json!({})).is_err());
    }
}
