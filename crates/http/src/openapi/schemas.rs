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
        ("native.authProvider", auth_provider()),
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
    let (text, flag) = (json!({"type": "string"}), json!({"type": "boolean"}));
    let password = json!({
        "type": "object",
        "required": ["identityFields", "enabled"],
        "properties": {"identityFields": {"type": "array", "items": text}, "enabled": flag},
    });
    let oauth2 = json!({
        "type": "object",
        "required": ["providers", "enabled"],
        "properties": {
            "providers": {"type": "array", "items": schema_ref("native.authProvider")},
            "enabled": flag,
        },
    });
    let timed = json!({
        "type": "object",
        "required": ["enabled", "duration"],
        "properties": {"enabled": flag, "duration": {"type": "integer", "description": "有效秒数;未开启时为 0"}},
    });
    json!({
        "type": "object",
        "required": ["password", "oauth2", "mfa", "otp"],
        "properties": {
            "password": password, "oauth2": oauth2, "mfa": timed, "otp": timed,
            "authProviders": {
                "type": ["array", "null"], "deprecated": true, "items": schema_ref("native.authProvider"),
                "description": "供 v0.23 以前的客户端;未开启第三方登录时为 null,`logo` 为空",
            },
            "usernamePassword": {"type": "boolean", "deprecated": true},
            "emailPassword": {"type": "boolean", "deprecated": true},
        },
    })
}

/// What a client needs to send somebody to a service.
fn auth_provider() -> Value {
    let keys = [
        ("name", "服务的名称,登录时的 `provider`"),
        ("displayName", "给人看的名称"),
        ("logo", "SVG 图标"),
        ("state", "随机值;返回时的 `state` 须与之相同"),
        ("authURL", "授权页的地址,末尾的 `redirect_uri=` 之后须接上返回地址"),
        ("authUrl", "同 `authURL`,供 v0.23 以前的客户端"),
        ("codeVerifier", "PKCE 校验码,登录时原样带上;服务不用 PKCE 时为空"),
        ("codeChallenge", "PKCE 挑战码,已在地址里"),
        ("codeChallengeMethod", "`S256`,或为空"),
    ];
    let property = |(name, note): (&str, &str)| {
        let property = json!({"type": "string", "description": note, "deprecated": name == "authUrl"});
        (name.to_owned(), property)
    };
    json!({
        "type": "object",
        "required": keys.map(|(name, _)| name),
        "properties": keys.into_iter().map(property).collect::<Map<_, _>>(),
    })
}
