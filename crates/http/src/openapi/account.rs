//! The operations by which records look after their logins: one-time passwords, mails with links, tokens of others.

use schema::AuthOptions;
use serde_json::{Map, Value, json};

use super::collection::{ok, parameter, response};
use super::operation::{self, with};

/// A field of a body: its name and its schema.
type Field = (&'static str, Value);

/// The paths of an auth collection for its logins, as they are set up.
pub(super) fn paths(name: &str, options: &AuthOptions) -> Map<String, Value> {
    let base = format!("/api/collections/{name}");
    let path = |last: &str, operation: Value| (format!("{base}/{last}"), json!({"post": operation}));
    let simple = |last, id, summary, note, fields| path(last, operation(name, id, summary, note, fields));
    let mut paths = Map::from_iter([
        path("request-otp", request_otp(name, options)),
        path("auth-with-otp", with_otp(name, options)),
        path("impersonate/{recordId}", impersonate(name)),
        simple(
            "request-password-reset",
            "request_password_reset",
            "发送重置密码邮件",
            "不论邮箱是否存在都返回 204;同一记录两分钟内只发一封。",
            vec![("email", email())],
        ),
        simple(
            "confirm-password-reset",
            "confirm_password_reset",
            "凭邮件中的令牌设置新密码",
            "此前的全部令牌随之失效;令牌只能用一次。",
            vec![("token", token()), ("password", password()), ("passwordConfirm", password())],
        ),
        simple(
            "request-verification",
            "request_verification",
            "发送验证邮箱的邮件",
            "不论邮箱是否存在都返回 204;同一记录两分钟内只发一封。",
            vec![("email", email())],
        ),
        simple(
            "confirm-verification",
            "confirm_verification",
            "凭邮件中的令牌验证邮箱",
            "邮箱已验证时也返回 204。",
            vec![("token", token())],
        ),
        simple(
            "confirm-email-change",
            "confirm_email_change",
            "凭邮件中的令牌和密码更换邮箱",
            "此前的全部令牌随之失效。",
            vec![("token", token()), ("password", password())],
        ),
    ]);
    let change = operation(
        name,
        "request_email_change",
        "向新邮箱发送确认邮件",
        "须带本集合记录的有效令牌。",
        vec![("newEmail", email())],
    );
    let change = with(change, "security", json!([{"bearerAuth": []}]));
    paths.extend([path("request-email-change", change)]);
    paths
}

fn email() -> Value {
    json!({"type": "string", "format": "email", "maxLength": 255})
}

fn token() -> Value {
    json!({"type": "string", "description": "邮件链接中的令牌"})
}

fn password() -> Value {
    json!({"type": "string", "format": "password", "minLength": 1, "maxLength": 255})
}

/// A request of a guest that is answered without a body.
fn operation(name: &str, id: &str, summary: &str, note: &str, fields: Vec<Field>) -> Value {
    json!({
        "operationId": format!("{id}_{name}"),
        "tags": [name],
        "summary": format!("{name}:{summary}"),
        "description": note,
        "security": [],
        "requestBody": body(fields),
        "responses": {
            "204": {"description": "已受理"},
            "400": response("BadRequest"),
            "404": response("NotFound"),
        },
    })
}

/// A JSON body with these fields, all of them required.
fn body(fields: Vec<Field>) -> Value {
    let required: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let properties: Map<String, Value> =
        fields.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    operation::body(&json!({"type": "object", "required": required, "properties": properties}))
}

fn request_otp(name: &str, options: &AuthOptions) -> Value {
    let state = if options.otp.enabled { "已开启" } else { "未开启" };
    let note = format!("一次性密码登录{state}。不论邮箱是否存在都返回一个 `otpId`。");
    let request = operation(name, "request_otp", "发送一次性密码", &note, vec![("email", email())]);
    let reply = json!({"type": "object", "required": ["otpId"], "properties": {"otpId": {"type": "string"}}});
    let found = json!({"description": "已受理", "content": {"application/json": {"schema": reply}}});
    let responses = json!({"200": found, "400": response("BadRequest"), "403": response("Forbidden")});
    with(request, "responses", responses)
}

fn with_otp(name: &str, options: &AuthOptions) -> Value {
    let digits = format!("邮件中的 {} 位数字", options.otp.length);
    let fields = vec![
        ("otpId", json!({"type": "string", "minLength": 1, "maxLength": 255})),
        ("password", json!({"type": "string", "minLength": 1, "maxLength": 71, "description": digits})),
    ];
    let note = "同一客户端对同一记录每三分钟最多尝试五次。集合要求两种登录方式时,第一种成功后返回 401 和 `mfaId`,\
                第二种登录须带上它。";
    let login = operation(name, "auth_with_otp", "一次性密码登录", note, fields);
    let login = with(login, "parameters", json!([parameter("expand"), parameter("fields")]));
    let responses = json!({
        "200": ok("登录成功", &format!("{name}.auth")),
        "400": response("BadRequest"),
        "401": second_factor(),
        "403": response("Forbidden"),
    });
    with(login, "responses", responses)
}

/// The reply to the first of two methods.
pub(super) fn second_factor() -> Value {
    let reply = json!({"type": "object", "required": ["mfaId"], "properties": {"mfaId": {"type": "string"}}});
    json!({"description": "还需要第二种登录方式", "content": {"application/json": {"schema": reply}}})
}

fn impersonate(name: &str) -> Value {
    let seconds = json!({"type": "integer", "minimum": 0, "description": "有效秒数;`0` 为集合的默认值"});
    let schema = json!({"type": "object", "properties": {"duration": seconds}});
    json!({
        "operationId": format!("impersonate_{name}"),
        "tags": [name],
        "summary": format!("{name}:取得某条记录的令牌"),
        "description": "仅超级用户。令牌不能续签。",
        "security": [{"bearerAuth": []}],
        "parameters": [
            parameter("recordId"),
            parameter("expand"),
            parameter("fields"),
        ],
        "requestBody": {"content": {"application/json": {"schema": schema}}},
        "responses": {
            "200": ok("令牌与记录", &format!("{name}.auth")),
            "401": response("Unauthorized"),
            "403": response("Forbidden"),
            "404": response("NotFound"),
        },
    })
}
