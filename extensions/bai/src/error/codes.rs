//! What WeChat's failures mean to the client.

use axum::http::StatusCode;
use wechat::Error;

/// The codes that WeChat exchanges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    /// `users_wx_code`, for an openid.
    Login,
    /// `users_phone_code`, for a phone number.
    Phone,
}

impl Code {
    /// The field of the body that carries it.
    pub(super) fn field(self) -> &'static str {
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

pub(super) fn status(error: &Error) -> StatusCode {
    match error {
        Error::InvalidCode(_) | Error::CodeUsed(_) | Error::CodeExpired(_) | Error::BlockedUser(_) => {
            StatusCode::BAD_REQUEST
        }
        Error::TooFrequent(_) | Error::Quota(_) => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable(_) | Error::Misconfigured(_) | Error::NotConfigured => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

pub(super) fn message(code: Code, error: &Error) -> String {
    let name = match code {
        Code::Login => "微信登录凭证 users_wx_code",
        Code::Phone => "微信手机号凭证 users_phone_code",
    };
    match error {
        Error::InvalidCode(_) => format!("{name} 无效"),
        Error::CodeUsed(_) => format!("{name} 已被使用"),
        Error::CodeExpired(_) => format!("{name} 已过期"),
        Error::BlockedUser(_) => "该微信用户存在安全风险,已被微信拦截".to_owned(),
        Error::TooFrequent(_) | Error::Quota(_) => "微信接口调用过于频繁,请稍后再试".to_owned(),
        Error::Unavailable(_) | Error::Misconfigured(_) | Error::NotConfigured => {
            "微信服务暂时不可用,请稍后再试".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::error;

    use super::*;

    fn failed(source: Error) -> error::Error {
        error::Error::WeChat { code: Code::Login, source }
    }

    fn cause() -> wechat::Cause {
        wechat::Cause { errcode: Some(40029), message: "internal words of WeChat".into() }
    }

    #[test]
    fn wechats_refusals_say_which() {
        for (source, status, message) in [
            (Error::InvalidCode(cause()), 400, "微信登录凭证 users_wx_code 无效"),
            (Error::CodeUsed(cause()), 400, "微信登录凭证 users_wx_code 已被使用"),
            (Error::CodeExpired(cause()), 400, "微信登录凭证 users_wx_code 已过期"),
            (Error::BlockedUser(cause()), 400, "该微信用户存在安全风险,已被微信拦截"),
            (Error::TooFrequent(cause()), 429, "微信接口调用过于频繁,请稍后再试"),
            (Error::Quota(cause()), 429, "微信接口调用过于频繁,请稍后再试"),
            (Error::Unavailable(cause()), 500, "微信服务暂时不可用,请稍后再试"),
            (Error::Misconfigured(cause()), 500, "微信服务暂时不可用,请稍后再试"),
            (Error::NotConfigured, 500, "微信服务暂时不可用,请稍后再试"),
        ] {
            let error = failed(source);
            assert_eq!((error.status().as_u16(), error.message().as_str()), (status, message));
            assert!(!error.data().to_string().contains("internal words"));
            assert_eq!(error.retry_after().is_some(), status == 429);
        }
    }
}
