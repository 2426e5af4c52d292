use axum::extract::State;
use axum::response::Response;
use utoipa::ToSchema;

use crate::api::call::Call;
use crate::api::form::Form;
use crate::api::reply::{self, AuthReply, ErrorReply};
use crate::api::state::Shared;
use crate::error::Error;
use crate::model::kinds::{MEMBER, VISITOR};
use crate::model::phone::is_mainland_mobile;
use crate::services::platform_register::{self, NewPlatformUser};

/// The least number of characters of a password.
const MIN_PASSWORD: usize = 8;

/// The greatest number of characters of a password, and of its bytes, that can be hashed.
const MAX_PASSWORD: usize = 71;
const MAX_PASSWORD_BYTES: usize = 72;

/// 平台用户注册请求体
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body")]
pub(crate) struct PlatformRegisterRequest {
    #[schema(example = "张三")]
    users_name: String,
    /// 大陆手机号
    #[schema(example = "13800138000", pattern = r"^1[3-9]\d{9}$")]
    users_phone: String,
    #[schema(example = "12345678", min_length = 8, max_length = 71)]
    password: String,
    /// 与 `password` 相同
    #[schema(example = "12345678")]
    #[serde(rename = "passwordConfirm")]
    password_confirm: String,
    /// 用户头像附件的 `attachments_id`,或图片 URL
    #[schema(example = "https://example.com/avatar.png")]
    users_picture: String,
    /// 证件号
    users_id_number: Option<String>,
    /// 用户等级
    users_level: Option<String>,
    /// `注册用户`(默认)或 `游客`
    #[schema(example = "注册用户")]
    users_type: Option<String>,
    /// 公司业务 id
    company_id: Option<String>,
    /// 上级用户业务 id
    users_parent_id: Option<String>,
    /// 推广码
    users_promo_code: Option<String>,
    /// 用户组业务 id
    usergroups_id: Option<String>,
}

/// 平台用户注册
///
/// 创建平台用户,生成 GUID 写入 `openid`,并返回 PocketBase 原生 auth token。注册可由服务端配置关闭,关闭后仅超级用户可创建。
#[utoipa::path(
    post,
    path = "/api/platform/register",
    operation_id = "postPlatformRegister",
    tag = "平台认证",
    request_body = PlatformRegisterRequest,
    security(()),
    responses(
        (status = 200, description = "注册成功", body = AuthReply),
        (status = 400, description = "参数错误或手机号已存在", body = ErrorReply),
        (status = 401, description = "认证失败", body = ErrorReply),
        (status = 403, description = "注册未开放", body = ErrorReply),
        (status = 413, description = "请求体过大", body = ErrorReply),
        (status = 415, description = "请求体不是 JSON", body = ErrorReply),
        (status = 429, description = "重复请求过于频繁", body = ErrorReply),
        (status = 500, description = "服务端异常", body = ErrorReply),
    )
)]
pub(crate) async fn handle(State(shared): State<Shared>, call: Call) -> Result<Response, Error> {
    platform_register::check_open(shared.bai.registration, &call.asker.request)?;
    let new = read(call.form()?)?;
    shared.refuse_duplicate("platform/register", &call)?;

    let engine = shared.engine();
    let signed_in = platform_register::register(engine, &call.asker.request, new).await?;
    reply::signed_in(engine, "注册成功", &signed_in).await
}

fn read(mut form: Form) -> Result<NewPlatformUser, Error> {
    let name = form.required("users_name");
    let phone = form.required("users_phone");
    form.check(
        is_mainland_mobile(&phone),
        "users_phone",
        "validation_invalid_format",
        "不是有效的大陆手机号",
    );
    let password = form.verbatim("password");
    let length = password.chars().count();
    form.check(length >= MIN_PASSWORD, "password", "validation_min_text_constraint", "至少 8 个字符");
    form.check(
        length <= MAX_PASSWORD && password.len() <= MAX_PASSWORD_BYTES,
        "password",
        "validation_max_text_constraint",
        "过长",
    );
    let confirmation = form.verbatim("passwordConfirm");
    form.check(
        confirmation == password,
        "passwordConfirm",
        "validation_values_mismatch",
        "与 password 不一致",
    );
    let picture = form.required("users_picture");
    let users_type = form.optional("users_type").unwrap_or_else(|| MEMBER.to_owned());
    form.check(
        [MEMBER, VISITOR].contains(&users_type.as_str()),
        "users_type",
        "validation_in_invalid",
        "只能是 游客 或 注册用户",
    );
    let mut values = form.present([
        "users_id_number",
        "users_level",
        "company_id",
        "users_parent_id",
        "users_promo_code",
        "usergroups_id",
    ]);
    form.finish()?;
    values.extend([("users_name", name), ("users_picture", picture), ("users_type", users_type)]);
    Ok(NewPlatformUser { phone, password, values })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn body(changes: Value) -> Form {
        let mut body = json!({
            "users_name": "张三",
            "users_phone": "13800138000",
            "password": "12345678",
            "passwordConfirm": "12345678",
            "users_picture": "https://example.com/avatar.png",
        });
        let (Value::Object(body), Value::Object(changes)) = (&mut body, changes) else { panic!("objects") };
        body.extend(changes);
        Form::new(body.clone())
    }

    fn refused(changes: Value) -> Vec<(&'static str, &'static str)> {
        match read(body(changes)) {
            Err(Error::Invalid(issues)) => issues.iter().map(|issue| (issue.field, issue.code)).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn what_is_documented_is_taken_and_standing_is_not() {
        let changes = json!({
            "company_id": "C1", "users_idtype": "WeChat", "users_status": 9, "users_rank_level": 9,
            "users_auth_type": 9, "openid": "x", "users_id": "U1",
        });
        let new = read(body(changes)).unwrap();
        let fields: Vec<&str> = new.values.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["company_id", "users_name", "users_picture", "users_type"]);
        assert!(new.values.contains(&("users_type", MEMBER.to_owned())));
    }

    #[test]
    fn everything_that_is_required_is_named() {
        let names = ["users_name", "users_phone", "password", "passwordConfirm", "users_picture"];
        for name in names {
            assert_eq!(refused(json!({name: " "}))[0], (name, "validation_required"));
        }
        let nothing =
            json!(Value::Object(names.iter().map(|name| ((*name).to_owned(), Value::Null)).collect()));
        assert_eq!(refused(nothing).len(), names.len());
    }

    #[test]
    fn passwords_have_eight_characters_and_are_repeated() {
        let both = |password: &str| json!({"password": password, "passwordConfirm": password});
        assert_eq!(refused(both("1234567")), [("password", "validation_min_text_constraint")]);
        assert_eq!(refused(both("密码密码密码密")), [("password", "validation_min_text_constraint")]);
        assert_eq!(refused(both(&"x".repeat(72))), [("password", "validation_max_text_constraint")]);
        assert_eq!(refused(both(&"密".repeat(25))), [("password", "validation_max_text_constraint")]);
        assert_eq!(refused(both(" 12 34 5 ")), []);
        assert_eq!(
            refused(json!({"passwordConfirm": "12345678 "})),
            [("passwordConfirm", "validation_values_mismatch")]
        );
    }

    #[test]
    fn phones_and_types_are_checked() {
        assert_eq!(refused(json!({"users_phone": "12345"})), [("users_phone", "validation_invalid_format")]);
        assert_eq!(
            refused(json!({"users_phone": 13_800_138_000_u64})),
            [("users_phone", "validation_invalid_type")]
        );
        assert_eq!(refused(json!({"users_type": "管理员"})), [("users_type", "validation_in_invalid")]);
        assert_eq!(refused(json!({"users_type": VISITOR})), []);
    }
}
