//! A field as JSON Schema.

use schema::collection::DEFAULT_ID_PATTERN;
use schema::field::TextOptions;
use schema::{Collection, Field, FieldKind};
use serde_json::{Map, Value, json};

/// The form of a time, as it is stored and sent.
const TIME: &str = "UTC 时间,形如 `2026-01-02 03:04:05.678Z`;没有值时为空字符串";

/// The value of a field in a reply.
pub(super) fn reply(field: &Field, collections: &[&Collection]) -> Value {
    let mut schema = one_or_several(field, item(field, collections));
    if matches!(field.kind, FieldKind::Autodate(_)) {
        schema.insert("readOnly".into(), true.into());
    }
    describe(&mut schema, field);
    Value::Object(schema)
}

/// The value of a field in a JSON body.
pub(super) fn input(field: &Field, collections: &[&Collection]) -> Value {
    let mut schema = one_or_several(field, item(field, collections));
    limit(&mut schema, field);
    describe(&mut schema, field);
    Value::Object(schema)
}

/// The value of a field in a form: files are sent as such.
pub(super) fn form(field: &Field, collections: &[&Collection]) -> Value {
    if !matches!(field.kind, FieldKind::File(_)) {
        return input(field, collections);
    }
    let binary = map(json!({"type": "string", "format": "binary"}));
    let mut schema = one_or_several(field, binary);
    limit(&mut schema, field);
    describe(&mut schema, field);
    Value::Object(schema)
}

/// Whether a create must send the field. A text that the server can generate may be left out.
pub(super) fn is_required(field: &Field) -> bool {
    match &field.kind {
        FieldKind::Text(options) => options.required && options.autogenerate_pattern.is_empty(),
        FieldKind::Editor(options) => options.required,
        FieldKind::Number(options) => options.required,
        FieldKind::Bool(options) => options.required,
        FieldKind::Email(options) | FieldKind::Url(options) => options.required,
        FieldKind::Date(options) => options.required,
        FieldKind::Select(options) => options.required,
        FieldKind::File(options) => options.required,
        FieldKind::Relation(options) => options.required,
        FieldKind::Json(options) => options.required,
        FieldKind::Password(options) => options.required,
        FieldKind::GeoPoint(options) => options.required,
        FieldKind::Autodate(_) => false,
    }
}

/// One value of a field, or one item of its list.
fn item(field: &Field, collections: &[&Collection]) -> Map<String, Value> {
    map(match &field.kind {
        FieldKind::Text(_) => json!({"type": "string"}),
        FieldKind::Editor(_) => json!({"type": "string", "contentMediaType": "text/html"}),
        FieldKind::Number(options) if options.only_int => json!({"type": "integer"}),
        FieldKind::Number(_) => json!({"type": "number"}),
        FieldKind::Bool(_) => json!({"type": "boolean"}),
        FieldKind::Email(_) => json!({"type": "string", "format": "email"}),
        FieldKind::Url(_) => json!({"type": "string", "format": "uri"}),
        FieldKind::Date(_) | FieldKind::Autodate(_) => {
            json!({"type": "string", "description": TIME, "examples": ["2026-01-02 03:04:05.678Z"]})
        }
        FieldKind::Select(options) => {
            let mut values = options.values.clone();
            if !options.required && !field.kind.is_multiple() {
                values.push(String::new());
            }
            json!({"type": "string", "enum": values})
        }
        FieldKind::File(_) => {
            let note = "已存文件的名字;下载地址为 `/api/files/{collectionId}/{id}/{文件名}`";
            json!({"type": "string", "description": note})
        }
        FieldKind::Relation(options) => {
            let target = collections.iter().find(|collection| collection.id == options.collection_id);
            let name = target.map_or(options.collection_id.as_str(), |target| target.name.as_str());
            json!({"type": "string", "description": format!("`{name}` 的记录 id")})
        }
        FieldKind::Json(_) => json!({"description": "任意 JSON"}),
        FieldKind::Password(_) => json!({"type": "string", "format": "password", "writeOnly": true}),
        FieldKind::GeoPoint(_) => json!({
            "type": "object",
            "properties": {"lon": {"type": "number"}, "lat": {"type": "number"}},
            "examples": [{"lon": 116.4, "lat": 39.9}],
        }),
    })
}

fn one_or_several(field: &Field, item: Map<String, Value>) -> Map<String, Value> {
    if !field.kind.is_multiple() {
        return item;
    }
    map(json!({"type": "array", "items": item}))
}

/// Adds what a value must keep to. An empty value of a field that is not required is never refused, so that most
/// limits hold for required fields alone.
fn limit(schema: &mut Map<String, Value>, field: &Field) {
    let mut set = |key: &str, value: Value| {
        schema.insert(key.to_owned(), value);
    };
    match &field.kind {
        FieldKind::Text(options) => limit_text(&mut set, options),
        FieldKind::Number(options) => {
            if let Some(min) = options.min.filter(|min| options.required || *min <= 0.0) {
                set("minimum", min.into());
            }
            if let Some(max) = options.max.filter(|max| options.required || *max >= 0.0) {
                set("maximum", max.into());
            }
        }
        FieldKind::Bool(options) if options.required => set("const", true.into()),
        FieldKind::Password(options) => {
            set("minLength", options.min.into());
            set("maxLength", if options.max == 0 { 71 } else { options.max }.into());
        }
        FieldKind::Select(options) if field.kind.is_multiple() => set("maxItems", options.max_select.into()),
        FieldKind::File(options) if field.kind.is_multiple() => set("maxItems", options.max_select.into()),
        FieldKind::Relation(options) if field.kind.is_multiple() => {
            set("maxItems", options.max_select.into());
            if options.required {
                set("minItems", options.min_select.max(1).into());
            }
        }
        _ => {}
    }
}

fn limit_text(set: &mut impl FnMut(&str, Value), options: &TextOptions) {
    if options.required && options.autogenerate_pattern.is_empty() {
        set("minLength", options.min.max(1).into());
    }
    set("maxLength", if options.max == 0 { 5000 } else { options.max }.into());
    // Another pattern may use what the regular expressions of JSON Schema do not know.
    if options.pattern == DEFAULT_ID_PATTERN {
        set("pattern", options.pattern.clone().into());
    }
}

/// Adds the field's own words before those of its type, and behind them the limits that have no keyword.
fn describe(schema: &mut Map<String, Value>, field: &Field) {
    let of_type = schema.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    let limits = match &field.kind {
        FieldKind::Text(options) if !options.pattern.is_empty() && options.pattern != DEFAULT_ID_PATTERN => {
            format!("须匹配 `{}`", options.pattern)
        }
        FieldKind::File(options) => {
            let size = if options.max_size == 0 { 5 << 20 } else { options.max_size };
            let types = options.mime_types.as_deref().unwrap_or_default().join("、");
            let types = if types.is_empty() { types } else { format!(",类型 {types}") };
            let protected = if options.protected { ",下载需要文件令牌" } else { "" };
            format!("每个文件至多 {size} 字节{types}{protected}")
        }
        _ => String::new(),
    };
    let words = [field.help.as_str(), &of_type, &limits];
    let text = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("。");
    if !text.is_empty() {
        schema.insert("description".into(), text.into());
    }
}

/// The object that a `json!` with braces made.
fn map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
