//! Replies in the envelope `{code, msg, data}`.

use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use engine::Engine;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::error::Error;
use crate::services::{SignedIn, accounts};
use crate::view::UserInfo;

/// 统一返回结构
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Envelope<T> {
    /// 业务状态码,与 HTTP 状态码相同
    #[schema(example = 200)]
    code: u16,
    /// 业务提示信息
    #[schema(example = "操作成功")]
    msg: String,
    /// 业务响应数据
    data: T,
}

/// 错误返回结构;`data` 为空对象,或按字段给出原因 `{字段: {code, message}}`
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ErrorReply {
    /// 业务状态码,与 HTTP 状态码相同
    #[schema(example = 400)]
    code: u16,
    /// 失败原因提示
    #[schema(example = "参数错误:users_wx_code 不能为空")]
    msg: String,
    /// 错误附加信息
    data: Map<String, Value>,
}

/// 登录结果
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuthData {
    /// `register_success` 或 `login_success`
    #[schema(example = "login_success")]
    pub(super) status: &'static str,
    /// 资料是否完整:姓名、手机号、头像都不为空
    pub(super) is_info_complete: bool,
    /// 用户信息
    pub(super) user: UserInfo,
}

/// 登录返回结构:统一返回结构与 PocketBase 原生认证响应合一
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AuthReply<'a> {
    /// 业务状态码,与 HTTP 状态码相同
    #[schema(example = 200)]
    code: u16,
    /// 业务提示信息
    #[schema(example = "登录成功")]
    msg: &'a str,
    /// 业务响应数据
    data: &'a AuthData,
    /// PocketBase 原生 auth token
    token: &'a str,
    /// PocketBase auth record 原始对象
    #[schema(value_type = Object)]
    record: Box<RawValue>,
    /// 与外层相同的 `{code, msg, data}`,供使用 PocketBase 原生响应的客户端
    #[schema(value_type = Envelope<AuthData>)]
    meta: Envelope<&'a AuthData>,
}

impl<T: Serialize> Envelope<T> {
    /// 200 with this message.
    pub(super) fn ok(msg: &str, data: T) -> Self {
        Self { code: StatusCode::OK.as_u16(), msg: msg.to_owned(), data }
    }
}

impl AuthData {
    /// What a login tells of its user.
    pub(super) fn new(signed_in: &SignedIn, user: UserInfo) -> Self {
        Self {
            status: signed_in.status.name(),
            is_info_complete: accounts::essentials(&signed_in.user).is_complete(),
            user,
        }
    }
}

/// The reply to a login on the main listener.
pub(super) async fn signed_in(engine: &Engine, msg: &str, signed_in: &SignedIn) -> Result<Response, Error> {
    let data = AuthData::new(signed_in, UserInfo::load(engine, &signed_in.user).await?);
    let reply = AuthReply {
        code: StatusCode::OK.as_u16(),
        msg,
        data: &data,
        token: &signed_in.login.token,
        record: signed_in.login.raw_record()?,
        meta: Envelope::ok(msg, &data),
    };
    Ok(json(StatusCode::OK, &reply))
}

impl<T: Serialize> IntoResponse for Envelope<T> {
    fn into_response(self) -> Response {
        json(StatusCode::OK, &self)
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = self.status();
        if status.is_server_error() {
            tracing::error!(status = status.as_u16(), cause = causes(&self), "request failed");
        } else {
            tracing::debug!(status = status.as_u16(), cause = causes(&self), "request refused");
        }
        let data = match self.data() {
            Value::Object(data) => data,
            _ => Map::new(),
        };
        let mut response = json(status, &ErrorReply { code: status.as_u16(), msg: self.message(), data });
        if let Some(wait) = self.retry_after() {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(whole_seconds(wait)));
        }
        response
    }
}

/// A reply with a JSON body.
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let content_type = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    match serde_json::to_vec(body) {
        Ok(body) => (status, content_type, body).into_response(),
        Err(error) => {
            tracing::error!(%error, "a reply has no JSON form");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// An error with all that lies behind it, for the log.
fn causes(error: &dyn std::error::Error) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// The seconds of a wait, rounded up and never none.
fn whole_seconds(wait: Duration) -> u64 {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    seconds.max(1)
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    async fn body(response: Response) -> String {
        String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn the_envelope_has_its_keys_in_order() {
        let response = Envelope::ok("操作成功", Value::Null).into_response();
        assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
        assert_eq!(body(response).await, r#"{"code":200,"msg":"操作成功","data":null}"#);
    }

    #[tokio::test]
    async fn errors_come_in_the_same_envelope() {
        let response = Error::UserNotFound.into_response();
        assert_eq!(response.status(), 404);
        assert_eq!(body(response).await, r#"{"code":404,"msg":"用户不存在","data":{}}"#);
    }

    #[tokio::test]
    async fn a_client_learns_how_long_to_wait_in_whole_seconds() {
        for (wait, header) in [(1, "1"), (1000, "1"), (1001, "2"), (600_000, "600")] {
            let response = Error::Duplicate(Duration::from_millis(wait)).into_response();
            assert_eq!(response.status(), 429);
            assert_eq!(response.headers()[RETRY_AFTER], header, "{wait} ms");
        }
    }

    #[test]
    fn the_log_gets_every_cause() {
        let error = Error::from(engine::Error::internal("disk full"));
        assert!(causes(&error).ends_with("disk full"), "{}", causes(&error));
    }
}
