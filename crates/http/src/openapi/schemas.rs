//! The shapes of the native API that belong to no collection.

use serde_json::{Map, Value, json};

use super::collection::schema_ref;

/// All of them by their names.
pub(super) fn all() -> Map<String, Value> {
    [
        ("native.error", error()),
        ("native.fieldError", field_error()),
        ("native.batch", batch()),
        ("native.batchReply", batch_reply()),
        ("native.token", token()),
        ("native.health", health()),
        ("native.authMethods", auth_methods()),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}

fn error() -> Value {
    json!({
        "type": "object",
        "required": ["status", "code", "message", "data"],
        "properties": {
            "status": {"type": "integer", "description": "HTTP 状态码"},
            "code": {"type": "integer", "description": "与 `status` 相同"},
            "message": {"type": "string"},
            "data": {
                "type": "object",
                "description": "按字段给出的原因",
                "additionalProperties": schema_ref("native.fieldError"),
            },
        },
    })
}

fn field_error() -> Value {
    json!({
        "type": "object",
        "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
        "examples": [{"code": "validation_required", "message": "Cannot be blank."}],
    })
}

fn batch() -> Value {
    let request = json!({
        "type": "object",
        "required": ["method", "url"],
        "properties": {
            "method": {"enum": ["POST", "PUT", "PATCH", "DELETE"]},
            "url": {
                "type": "string",
                "maxLength": 2000,
                "examples": ["/api/collections/posts/records?expand=author"],
            },
            "headers": {"type": "object", "additionalProperties": {"type": "string"}},
            "body": {"type": "object"},
        },
    });
    json!({
        "type": "object",
        "required": ["requests"],
        "properties": {"requests": {"type": "array", "items": request}},
    })
}

fn batch_reply() -> Value {
    json!({
        "type": "array",
        "items": {
            "type": "object",
            "required": ["body", "status"],
            "properties": {
                "body": {"type": ["object", "null"], "description": "记录;删除时为 null"},
                "status": {"type": "integer"},
            },
        },
    })
}

fn token() -> Value {
    json!({
        "type": "object",
        "required": ["token"],
        "properties": {"token": {"type": "string"}},
    })
}

fn health() -> Value {
    json!({
        "type": "object",
        "required": ["code", "message", "data"],
        "properties": {
            "code": {"type": "integer"},
            "message": {"type": "string"},
            "data": {"type": "object"},
        },
    })
}

fn auth_methods() -> Value {
    let switch = json!({"type": "object", "properties": {"enabled": {"type": "boolean"}}});
    let password = json!({
        "type": "object",
        "properties": {
            "enabled": {"type": "boolean"},
            "identityFields": {"type": "array", "items": {"type": "string"}},
        },
    });
    json!({
        "type": "object",
        "properties": {"password": password, "oauth2": switch, "mfa": switch, "otp": switch},
    })
}
