//! Why an operation was not done, and what the client is told of it.

mod codes;
mod native;

pub(crate) use codes::Code;
pub(crate) use native::is_taken;

use std::time::Duration;

use axum::http::StatusCode;
use engine::ErrorKind;
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
            Self::WeChat { source, .. } => codes::status(source),
            Self::Engine(error) => native::status(error.kind),
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
            Self::WeChat { code, source } => return codes::message(*code, source),
            Self::Engine(error) => return native::message(error),
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
