//! What the engine's errors mean to the client.

use axum::http::StatusCode;
use engine::{Error, ErrorKind};
use schema::error::ErrorNode;

/// Whether the engine refused a write because another record has this field's value.
pub(crate) fn is_taken(error: &Error, field: &str) -> bool {
    matches!(error.data.0.get(field), Some(ErrorNode::Leaf(leaf)) if leaf.code == "validation_not_unique")
}

/// The documents know no 503: what is unavailable is a 500 here.
pub(super) fn status(kind: ErrorKind) -> StatusCode {
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

pub(super) fn message(error: &Error) -> String {
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
    use serde_json::json;

    use crate::error;

    use super::*;

    #[test]
    fn what_the_engine_refuses_is_named_and_what_it_suffers_is_not() {
        let fields = FieldErrors::single("users_name", FieldError::required());
        let refused = error::Error::from(Error::invalid("x", fields));
        assert_eq!((refused.status().as_u16(), refused.message().as_str()), (400, "参数错误:users_name"));
        assert_eq!(refused.data()["users_name"]["code"], "validation_required");
        let suffered = error::Error::from(Error::internal("no such table: secret"));
        assert_eq!((suffered.status().as_u16(), suffered.message().as_str()), (500, "服务端异常"));
        assert_eq!(suffered.data(), json!({}));
    }

    #[test]
    fn a_taken_value_is_recognised_by_its_field() {
        let fields =
            FieldErrors::single("openid", FieldError::new("validation_not_unique", "Value must be unique."));
        let error = Error::invalid("x", fields);
        assert!(is_taken(&error, "openid") && !is_taken(&error, "email"));
    }
}
