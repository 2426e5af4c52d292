use std::borrow::Cow;
use std::error::Error;

use axum::Extension;
use axum::response::{IntoResponse, Response};
use engine::{ErrorKind, ExpressionError};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::middleware::Refusal;

/// What lies behind an [`ApiError`], for the log.
pub type Cause = Box<dyn Error + Send + Sync>;

const GENERIC: &str = "Something went wrong while processing your request.";

/// An error reply: `{"code":…,"data":{…},"message":"…","status":…}`; `code` is the status once more, for clients that
/// know PocketBase from before v0.23.
///
/// The cause goes to the log when the reply is made; the client never sees it.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    message: Cow<'static, str>,
    data: Map<String, Value>,
    cause: Option<Cause>,
}

impl ApiError {
    /// An error with this status; an empty message stands for the status's default text. A message becomes a
    /// sentence: its first letter is raised, a full stop is added where missing.
    pub fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        let message = message.into();
        let message = if message.is_empty() {
            default_message(status).into()
        } else {
            schema::error::sentence(&message).into()
        };
        Self { status, message, data: Map::new(), cause: None }
    }

    /// 400
    pub fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 401
    pub fn unauthorized(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, message)
    }

    /// 403
    pub fn forbidden(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// 404
    pub fn not_found(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// 413 with its default text.
    pub fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "")
    }

    /// 429 with its default text.
    pub fn too_many_requests() -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "")
    }

    /// 500 with its default text.
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "").because(cause)
    }

    /// The same error with what the client may know, by field.
    #[must_use]
    pub fn with_data(mut self, data: Map<String, Value>) -> Self {
        self.data = data;
        self
    }

    /// The same error with a cause for the log.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Cause>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The status of the reply.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The body of the reply as an object: `code`, `data`, `message` and `status`.
    pub fn to_json(&self) -> Value {
        let message = self.message.as_ref();
        let status = self.status.as_u16();
        serde_json::json!({"code": status, "data": self.data, "message": message, "status": status})
    }

    /// The error as a part of another one, `{"data", "message", "status"}`. The cause goes to the log.
    pub(crate) fn into_nested(self) -> Value {
        if let Some(cause) = &self.cause {
            log(cause.as_ref(), self.status);
        }
        serde_json::json!({"data": self.data, "message": self.message, "status": self.status.as_u16()})
    }
}

fn default_message(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "Missing or invalid authentication.",
        StatusCode::FORBIDDEN => "You are not allowed to perform this request.",
        StatusCode::NOT_FOUND => "The requested resource wasn't found.",
        StatusCode::PAYLOAD_TOO_LARGE => "Request entity too large.",
        StatusCode::TOO_MANY_REQUESTS => "Too Many Requests.",
        _ => GENERIC,
    }
}

#[derive(Serialize)]
struct Envelope<'a> {
    code: u16,
    data: &'a Map<String, Value>,
    message: &'a str,
    status: u16,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let details = match &self.cause {
            Some(cause) if self.data.is_empty() => Value::from(cause.to_string()),
            _ => Value::from(self.data.clone()),
        };
        let refusal = Refusal { message: self.message.clone().into_owned(), details };
        let status = self.status.as_u16();
        if let Some(cause) = &self.cause {
            log(cause.as_ref(), self.status);
        }
        let envelope = Envelope { code: status, data: &self.data, message: &self.message, status };
        let mut body = schema::json::to_string(&envelope).unwrap_or_default();
        body.push('\n');
        (self.status, [(CONTENT_TYPE, "application/json")], Extension(refusal), body).into_response()
    }
}

/// What the client is not told. Where a filter, a sort or a rule is wrong is worth a line also where debugging is off:
/// clients other than superusers get no reason, and a rule that fails closes its collection.
fn log(cause: &(dyn Error + 'static), status: StatusCode) {
    let is_failure = status.is_server_error();
    let status = status.as_u16();
    match cause.downcast_ref::<ExpressionError>() {
        _ if is_failure => tracing::error!(cause, status, "request failed"),
        Some(ExpressionError { part, position, problem, .. }) => {
            let (line, column) = (position.line, position.column);
            tracing::info!(%part, position = position.character, line, column, problem, status, "request refused");
        }
        None => tracing::debug!(cause, status, "request refused"),
    }
}

impl From<engine::Error> for ApiError {
    fn from(error: engine::Error) -> Self {
        let status = match error.kind {
            ErrorKind::BadRequest => StatusCode::BAD_REQUEST,
            ErrorKind::Unauthorized => StatusCode::UNAUTHORIZED,
            ErrorKind::Forbidden => StatusCode::FORBIDDEN,
            ErrorKind::NotFound => StatusCode::NOT_FOUND,
            ErrorKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ErrorKind::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            ErrorKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        };
        let data = match error.data.to_json() {
            Value::Object(data) => data,
            _ => Map::new(),
        };
        Self { cause: error.cause, ..Self::new(status, error.message).with_data(data) }
    }
}

impl From<files::Error> for ApiError {
    fn from(error: files::Error) -> Self {
        match error {
            files::Error::NotFound | files::Error::InvalidKey(_) => Self::not_found("").because(error),
            files::Error::NoThumbnail(_) | files::Error::Io(_) => Self::internal(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    async fn reply(error: ApiError) -> (u16, String, String) {
        let response = error.into_response();
        let content_type = response.headers()[CONTENT_TYPE].to_str().unwrap().to_owned();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, content_type, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn the_envelope_is_the_one_that_clients_know() {
        let data = Map::from_iter([("title".to_owned(), serde_json::json!({"code": "x", "message": "<b>"}))]);
        let error = ApiError::bad_request("failed to create record").with_data(data).because("secret");
        let expected = concat!(
            r#"{"code":400,"data":{"title":{"code":"x","message":"\u003cb\u003e"}},"#,
            r#""message":"Failed to create record.","status":400}"#,
            "\n"
        );
        assert_eq!(reply(error).await, (400, "application/json".into(), expected.into()));
    }

    #[tokio::test]
    async fn an_empty_message_stands_for_the_default() {
        let cases = [
            (ApiError::bad_request(""), GENERIC),
            (ApiError::unauthorized(""), "Missing or invalid authentication."),
            (ApiError::forbidden(""), "You are not allowed to perform this request."),
            (ApiError::not_found(""), "The requested resource wasn't found."),
            (ApiError::too_large(), "Request entity too large."),
            (ApiError::too_many_requests(), "Too Many Requests."),
            (ApiError::internal("secret"), GENERIC),
        ];
        for (error, message) in cases {
            let status = error.status().as_u16();
            let body = format!(
                "{{\"code\":{status},\"data\":{{}},\"message\":\"{message}\",\"status\":{status}}}\n"
            );
            assert_eq!(reply(error).await.2, body);
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_no_fault_of_the_server() {
        assert_eq!(ApiError::from(files::Error::NotFound).status(), 404);
        assert_eq!(ApiError::from(files::Error::InvalidKey(String::new())).status(), 404);
        assert_eq!(ApiError::from(files::Error::Io(std::io::Error::other("disk"))).status(), 500);
    }
}
