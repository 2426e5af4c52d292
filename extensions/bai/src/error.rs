use std::time::Duration;

use axum::http::StatusCode;
use engine::ErrorKind;
use schema::error::ErrorNode;
use serde_json::{Map, Value, json};

/// Why an operation was not done. [`Self::status`], [`Self::message`] and [`Self::data`] are what the client gets; the
/// texts of `Display` are for the log.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The body is there and is not sent as JSON, or is missing where one is needed.
    #[error("the body is not application/json")]
    UnsupportedMediaType,
    /// The body is larger than allowed.
    #[error("the body is too large")]
    TooLarge,
    /// The body broke off.
    #[error("the body could not be read: {0}")]
    Unreadable(String),
    /// The body is not JSON, or no object where one is needed.
    #[error("the body is not the JSON that was expected")]
    Malformed,
    /// Fields of the body are missing or wrong.
    #[error("invalid fields: {0:?}")]
    Invalid(Vec<Issue>),
    /// Another user of the same kind has this phone number.
    #[error("the phone number is taken")]
    PhoneTaken,
    /// There is no valid token, or it belongs to no user of this business.
    #[error("no valid token of a user")]
    TokenRequired,
    /// The header that names the user is missing.
    #[error("the header with the openid is missing")]
    OpenidMissing,
    /// The header that names the user is missing or names another than the token.
    #[error("the openid of the header is not that of the token")]
    OpenidMismatch,
    /// The native authentication does not let this user in.
    #[error("the user may not log in")]
    LoginRefused(#[source] engine::Error),
    /// Platform users are created by superusers alone.
    #[error("registration is closed")]
    RegistrationClosed,
    /// There is no such user.
    #[error("no such user")]
    UserNotFound,
    /// There is no platform user with this phone number.
    #[error("no such platform user")]
    PlatformUserNotFound,
    /// The phone number belongs to a user who is none of the platform.
    #[error("the user is none of the platform")]
    NotPlatformUser,
    /// The password is not the user's.
    #[error("wrong password")]
    WrongPassword,
    /// The user has nothing by which the native authentication knows it.
    #[error("the user has no native identity")]
    IdentityMissing,
    /// The same request came just before.
    #[error("the same request came just before")]
    Duplicate(Duration),
    /// Too many wrong passwords came before.
    #[error("too many wrong passwords")]
    TooManyPasswords(Duration),
    /// WeChat did not exchange the code of this field.
    #[error("WeChat did not exchange {code}")]
    WeChat {
        /// Which code it was.
        code: Code,
        /// Why.
        #[source]
        source: wechat::Error,
    },
    /// Everything else.
    #[error(transparent)]
    Engine(#[from] engine::Error),
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Issue {
    /// The field's name.
    pub(crate) field: &'static str,
    /// A stable code, for clients to branch on.
    pub(crate) code: &'static str,
    /// In Chinese, to follow the field's name.
    pub(crate) message: &'static str,
}

/// The codes that WeChat exchanges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    /// `users_wx_code`, for an openid.
    Login,
    /// `users_phone_code`, for a phone number.
    Phone,
}

impl Code {
    fn field(self) -> &'static str {
        match self {
            Self::Login => "users_wx_code",
            Self::Phone => "users_phone_code",
        }
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.field())
    }
}

/// How long a client should wait when WeChat's own limits, which are per minute, are used up.
const WECHAT_WAIT: Duration = Duration::from_secs(60);

/// How long a client should wait when too many passwords are being checked.
const BUSY_WAIT: Duration = Duration::from_secs(1);

impl Error {
    /// The status of the reply, and its `code`.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unreadable(_)
            | Self::Malformed
            | Self::Invalid(_)
            | Self::PhoneTaken
            | Self::NotPlatformUser
            | Self::WrongPassword => StatusCode::BAD_REQUEST,
            Self::TokenRequired | Self::OpenidMissing | Self::OpenidMismatch | Self::LoginRefused(_) => {
                StatusCode::UNAUTHORIZED
            }
            Self::RegistrationClosed => StatusCode::FORBIDDEN,
            Self::UserNotFound | Self::PlatformUserNotFound => StatusCode::NOT_FOUND,
            Self::Duplicate(_) | Self::TooManyPasswords(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::IdentityMissing => StatusCode::INTERNAL_SERVER_ERROR,
            Self::WeChat { source, .. } => wechat_status(source),
            Self::Engine(error) => engine_status(error.kind),
        }
    }

    /// What the client is told, in Chinese.
    pub(crate) fn message(&self) -> String {
        let message = match self {
            Self::UnsupportedMediaType => "请求体必须为 application/json",
            Self::TooLarge => "请求体过大",
            Self::Unreadable(_) => "请求体读取失败",
            Self::Malformed => "请求体不是合法的 JSON 对象",
            Self::Invalid(issues) => return invalid_message(issues),
            Self::PhoneTaken => "手机号已被占用",
            Self::TokenRequired => "token 缺失、无效或已过期",
            Self::OpenidMissing => "请求头缺少 users_wx_openid",
            Self::OpenidMismatch => "请求头 users_wx_openid 缺失,或与 token 不符",
            Self::LoginRefused(_) => "认证失败",
            Self::RegistrationClosed => "平台用户注册未开放",
            Self::UserNotFound => "用户不存在",
            Self::PlatformUserNotFound => "平台用户不存在",
            Self::NotPlatformUser => "用户类型不匹配,该手机号不是平台用户",
            Self::WrongPassword => "密码错误",
            Self::IdentityMissing => "平台用户缺少原生登录标识",
            Self::Duplicate(_) => "重复请求过于频繁",
            Self::TooManyPasswords(_) => "密码错误次数过多,请稍后再试",
            Self::WeChat { code, source } => return wechat_message(*code, source),
            Self::Engine(error) => return engine_message(error),
        };
        message.to_owned()
    }

    /// What the client is told of single fields: `{field: {code, message}}`.
    pub(crate) fn data(&self) -> Value {
        match self {
            Self::Invalid(issues) => {
                issues.iter().map(|issue| field(issue.field, issue.code, issue.message)).collect()
            }
            Self::PhoneTaken => field_data("users_phone", "validation_not_unique", "手机号已被占用"),
            Self::WeChat { code, .. } if self.status() == StatusCode::BAD_REQUEST => {
                field_data(code.field(), "validation_invalid_code", &self.message())
            }
            Self::Engine(error) if !self.status().is_server_error() => error.data.to_json(),
            _ => json!({}),
        }
    }

    /// How long to wait before the next try, where waiting helps.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Duplicate(wait) | Self::TooManyPasswords(wait) => Some(*wait),
            Self::WeChat { .. } if self.status() == StatusCode::TOO_MANY_REQUESTS => Some(WECHAT_WAIT),
            Self::Engine(error) if error.kind == ErrorKind::TooManyRequests => Some(BUSY_WAIT),
            _ => None,
        }
    }
}

/// Whether the engine refused a write because another record has this field's value.
pub(crate) fn is_taken(error: &engine::Error, field: &str) -> bool {
    matches!(error.data.0.get(field), Some(ErrorNode::Leaf(leaf)) if leaf.code == "validation_not_unique")
}

fn field(name: &str, code: &str, message: &str) -> (String, Value) {
    (name.to_owned(), json!({"code": code, "message": message}))
}

fn field_data(name: &str, code: &str, message: &str) -> Value {
    Value::Object(Map::from_iter([field(name, code, message)]))
}

fn invalid_message(issues: &[Issue]) -> String {
    let issues: Vec<String> =
        issues.iter().map(|issue| format!("{} {}", issue.field, issue.message)).collect();
    format!("参数错误:{}", issues.join(";"))
}

fn wechat_status(error: &wechat::Error) -> StatusCode {
    match error {
        wechat::Error::InvalidCode(_)
        | wechat::Error::CodeUsed(_)
        | wechat::Error::CodeExpired(_)
        | wechat::Error::BlockedUser(_) => StatusCode::BAD_REQUEST,
        wechat::Error::TooFrequent(_) | wechat::Error::Quota(_) => StatusCode::TOO_MANY_REQUESTS,
        wechat::Error::Unavailable(_) | wechat::Error::Misconfigured(_) | wechat::Error::NotConfigured => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

fn wechat_message(code: Code, error: &wechat::Error) -> String {
    let name = match code {
        Code::Login => "微信登录凭证 users_wx_code",
        Code::Phone => "微信手机号凭证 users_phone_code",
    };
    match error {
        wechat::Error::InvalidCode(_) => format!("{name} 无效"),
        wechat::Error::CodeUsed(_) => format!("{name} 已被使用"),
        wechat::Error::CodeExpired(_) => format!("{name} 已过期"),
        wechat::Error::BlockedUser(_) => "该微信用户存在安全风险,已被微信拦截".to_owned(),
        wechat::Error::TooFrequent(_) | wechat::Error::Quota(_) => {
            "微信接口调用过于频繁,请稍后再试".to_owned()
        }
        wechat::Error::Unavailable(_) | wechat::Error::Misconfigured(_) | wechat::Error::NotConfigured => {
            "微信服务暂时不可用,请稍后再试".to_owned()
        }
    }
}

/// The documents know no 503: what is unavailable is a 500 here.
fn engine_status(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::BadRequest => StatusCode::BAD_REQUEST,
        ErrorKind::Unauthorized => StatusCode::UNAUTHORIZED,
        ErrorKind::Forbidden => StatusCode::FORBIDDEN,
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorKind::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        ErrorKind::Internal | ErrorKind::Unavailable => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn engine_message(error: &engine::Error) -> String {
    let message = match error.kind {
        ErrorKind::BadRequest if !error.data.is_empty() => {
            let fields: Vec<&str> = error.data.0.keys().map(String::as_str).collect();
            return format!("参数错误:{}", fields.join("、"));
        }
        ErrorKind::BadRequest => "保存用户失败",
        ErrorKind::Unauthorized => "认证失败",
        ErrorKind::Forbidden => "没有权限",
        ErrorKind::NotFound => "用户不存在",
        ErrorKind::TooLarge => "请求体过大",
        ErrorKind::TooManyRequests => "请求过于频繁,请稍后再试",
        ErrorKind::Internal | ErrorKind::Unavailable => "服务端异常",
    };
    message.to_owned()
}

#[cfg(test)]
mod tests {
    use schema::{FieldError, FieldErrors};

    use super::*;

    fn wechat(source: wechat::Error) -> Error {
        Error::WeChat { code: Code::Login, source }
    }

    fn cause() -> wechat::Cause {
        wechat::Cause { errcode: Some(40029), message: "internal words of WeChat".into() }
    }

    #[test]
    fn invalid_fields_are_named_in_the_message_and_in_the_data() {
        let error = Error::Invalid(vec![
            Issue { field: "users_name", code: "validation_required", message: "不能为空" },
            Issue { field: "users_phone", code: "validation_invalid_type", message: "必须是字符串" },
        ]);
        assert_eq!(error.message(), "参数错误:users_name 不能为空;users_phone 必须是字符串");
        assert_eq!(
            error.data(),
            json!({
                "users_name": {"code": "validation_required", "message": "不能为空"},
                "users_phone": {"code": "validation_invalid_type", "message": "必须是字符串"},
            })
        );
    }

    #[test]
    fn wechats_refusals_say_which() {
        for (source, status, message) in [
            (wechat::Error::InvalidCode(cause()), 400, "微信登录凭证 users_wx_code 无效"),
            (wechat::Error::CodeUsed(cause()), 400, "微信登录凭证 users_wx_code 已被使用"),
            (wechat::Error::CodeExpired(cause()), 400, "微信登录凭证 users_wx_code 已过期"),
            (wechat::Error::BlockedUser(cause()), 400, "该微信用户存在安全风险,已被微信拦截"),
            (wechat::Error::TooFrequent(cause()), 429, "微信接口调用过于频繁,请稍后再试"),
            (wechat::Error::Quota(cause()), 429, "微信接口调用过于频繁,请稍后再试"),
            (wechat::Error::Unavailable(cause()), 500, "微信服务暂时不可用,请稍后再试"),
            (wechat::Error::Misconfigured(cause()), 500, "微信服务暂时不可用,请稍后再试"),
            (wechat::Error::NotConfigured, 500, "微信服务暂时不可用,请稍后再试"),
        ] {
            let error = wechat(source);
            assert_eq!((error.status().as_u16(), error.message().as_str()), (status, message));
            assert!(!error.data().to_string().contains("internal words"));
            assert_eq!(error.retry_after().is_some(), status == 429);
        }
    }

    #[test]
    fn what_the_engine_refuses_is_named_and_what_it_suffers_is_not() {
        let fields = FieldErrors::single("users_name", FieldError::required());
        let refused = Error::from(engine::Error::invalid("x", fields));
        assert_eq!((refused.status().as_u16(), refused.message().as_str()), (400, "参数错误:users_name"));
        assert_eq!(refused.data()["users_name"]["code"], "validation_required");
        let suffered = Error::from(engine::Error::internal("no such table: secret"));
        assert_eq!((suffered.status().as_u16(), suffered.message().as_str()), (500, "服务端异常"));
        assert_eq!(suffered.data(), json!({}));
    }

    #[test]
    fn a_taken_value_is_recognised_by_its_field() {
        let fields =
            FieldErrors::single("openid", FieldError::new("validation_not_unique", "Value must be unique."));
        let error = engine::Error::invalid("x", fields);
        assert!(is_taken(&error, "openid") && !is_taken(&error, "email"));
    }
}
