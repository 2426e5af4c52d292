//! The operations by which the records of an auth collection log in.

use schema::AuthOptions;
use serde_json::{Map, Value, json};

use super::account::second_factor;
use super::collection::{ok, parameter, response, schema_ref};

/// The reply to a login: a token and the record it belongs to.
pub(super) fn reply(collection: &str) -> Value {
    json!({
        "type": "object",
        "required": ["record", "token"],
        "properties": {
            "token": {"type": "string", "description": "放入请求头 `Authorization: Bearer <token>`"},
            "record": schema_ref(collection),
            "meta": {"type": "object", "description": "仅第三方登录:服务给出的用户资料"},
        },
    })
}

/// The paths of an auth collection beside those of its records.
pub(super) fn paths(name: &str, options: &AuthOptions) -> Map<String, Value> {
    let base = format!("/api/collections/{name}");
    Map::from_iter([
        (format!("{base}/auth-methods"), json!({"get": methods(name)})),
        (format!("{base}/auth-with-password"), json!({"post": with_password(name, options)})),
        (format!("{base}/auth-with-oauth2"), json!({"post": with_oauth2(name, options)})),
        (format!("{base}/auth-refresh"), json!({"post": refresh(name)})),
    ])
}

fn methods(name: &str) -> Value {
    json!({
        "operationId": format!("auth_methods_{name}"),
        "tags": [name],
        "summary": format!("{name}:可用的登录方式"),
        "security": [],
        "parameters": [parameter("fields")],
        "responses": {"200": ok("登录方式", "native.authMethods"), "404": response("NotFound")},
    })
}

fn with_password(name: &str, options: &AuthOptions) -> Value {
    let identities = &options.password_auth.identity_fields;
    let state = if options.password_auth.enabled { "已开启" } else { "未开启" };
    let fields = identities.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join("、");
    let body = json!({
        "type": "object",
        "required": ["identity", "password"],
        "properties": {
            "identity": {"type": "string", "minLength": 1, "maxLength": 255, "description": format!("身份,取自 {fields}")},
            "password": {"type": "string", "format": "password", "minLength": 1, "maxLength": 255},
            "identityField": {"type": "string", "enum": identities, "description": "只在这个字段里找"},
        },
    });
    json!({
        "operationId": format!("auth_with_password_{name}"),
        "tags": [name],
        "summary": format!("{name}:密码登录"),
        "description": format!("密码登录{state}。"),
        "security": [],
        "parameters": [parameter("expand"), parameter("fields")],
        "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
        "responses": {
            "200": ok("登录成功", &format!("{name}.auth")),
            "400": response("BadRequest"),
            "401": second_factor(),
            "403": response("Forbidden"),
        },
    })
}

fn with_oauth2(name: &str, options: &AuthOptions) -> Value {
    let services = options.oauth2.providers.iter().map(|provider| format!("`{}`", provider.name));
    let services = services.collect::<Vec<_>>().join("、");
    let state = if options.oauth2.enabled { format!("已开启:{services}") } else { "未开启".to_owned() };
    let body = json!({
        "type": "object",
        "required": ["provider", "code"],
        "properties": {
            "provider": {"type": "string", "maxLength": 100, "description": "服务的名称"},
            "code": {"type": "string", "description": "服务返回的授权码"},
            "codeVerifier": {"type": "string", "description": "PKCE 校验码,取自 auth-methods"},
            "redirectURL": {"type": "string", "description": "授权时使用的返回地址"},
            "createData": {"type": "object", "description": "新建记录时的字段"},
        },
    });
    json!({
        "operationId": format!("auth_with_oauth2_{name}"),
        "tags": [name],
        "summary": format!("{name}:第三方登录"),
        "description": format!("第三方登录{state}。回复另有 `meta`:服务给出的用户资料及 `isNew`。"),
        "security": [],
        "parameters": [parameter("expand"), parameter("fields")],
        "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
        "responses": {
            "200": ok("登录成功", &format!("{name}.auth")),
            "400": response("BadRequest"),
            "403": response("Forbidden"),
        },
    })
}

fn refresh(name: &str) -> Value {
    json!({
        "operationId": format!("auth_refresh_{name}"),
        "tags": [name],
        "summary": format!("{name}:续签令牌"),
        "description": "须带本集合记录的有效令牌。",
        "security": [{"bearerAuth": []}],
        "parameters": [parameter("expand"), parameter("fields")],
        "responses": {
            "200": ok("新的令牌", &format!("{name}.auth")),
            "401": response("Unauthorized"),
            "403": response("Forbidden"),
        },
    })
}
