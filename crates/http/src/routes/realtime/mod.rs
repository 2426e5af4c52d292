//! Changes of records as they happen, as server-sent events.

mod options;
mod pulse;
mod stream;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use engine::realtime::{Message, Subscription};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use serde_json::{Map, Value};

use self::stream::EventStream;
use crate::body::{self, Limits};
use crate::{ApiError, App, Asker};

/// Keeps nginx from collecting events before it passes them on.
const BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// `GET /api/realtime`: a stream of events. The first one, `PB_CONNECT`, has the id with which the client says what it
/// wants to hear of: `{"clientId": …}`.
///
/// A `Last-Event-ID` is welcome, but brings nothing back: the id of every event is that of the connection, so it says
/// which connection was the last one and not what came through it. That connection is closed, if it still is open.
pub(crate) async fn connect(State(app): State<App>, asker: Asker) -> Result<Response, ApiError> {
    let connection = app.engine().connect(&asker.request.ip, asker.request.header("last_event_id"))?;
    let client = connection.client();
    let hello = format!(r#"{{"clientId":"{}"}}"#, client.id());
    app.engine().realtime().send(client, Message::new("PB_CONNECT", hello.as_bytes()));
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (BUFFERING, HeaderValue::from_static("no")),
    ];
    Ok((headers, Body::new(EventStream::new(connection))).into_response())
}

/// `POST /api/realtime`: `{"clientId": …, "subscriptions": […]}`, in place of what the client wanted to hear of
/// before. The caller is from then on who the client is.
pub(crate) async fn subscribe(
    State(app): State<App>,
    asker: Asker,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let payload = body::read(&parts, body, Limits::default(), app.scratch()).await;
    let data = payload.map_err(|error| match error {
        body::Error::UnsupportedContentType => ApiError::bad_request("").because(error),
        error => error.into(),
    })?;
    let form = Form::read(&parts, &data.data).ok_or_else(|| ApiError::bad_request(""))?;
    let subscriptions = form.subscriptions.iter().map(|name| {
        let options = options::read(name);
        Subscription::new(name, options.query, options.headers)
    });
    app.engine().subscribe(&asker.request, &form.client_id, subscriptions.collect()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

struct Form {
    client_id: String,
    subscriptions: Vec<String>,
}

impl Form {
    /// `None` when something has a wrong type.
    fn read(parts: &Parts, data: &Map<String, Value>) -> Option<Self> {
        let content_type = parts.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
        // The values of a form are texts, whatever they look like, and there is no difference between one and a list.
        let is_form = !content_type.starts_with(b"application/json");
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Null => Some(String::new()),
            Value::Bool(_) | Value::Number(_) if is_form => Some(value.to_string()),
            _ => None,
        };
        let client_id = match data.get("clientId") {
            Some(Value::Array(several)) if is_form => several.first().map_or(Some(String::new()), text)?,
            value => text(value.unwrap_or(&Value::Null))?,
        };
        let subscriptions = match data.get("subscriptions") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(names)) => names.iter().map(text).collect::<Option<_>>()?,
            Some(name) if is_form => vec![text(name)?],
            Some(_) => return None,
        };
        Some(Self { client_id, subscriptions })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form(content_type: &str, data: &Value) -> Option<(String, Vec<String>)> {
        let request = http::Request::builder().header(CONTENT_TYPE, content_type).body(()).unwrap();
        let (parts, ()) = request.into_parts();
        let form = Form::read(&parts, data.as_object().unwrap())?;
        Some((form.client_id, form.subscriptions))
    }

    #[test]
    fn json_has_its_types_and_forms_have_texts() {
        let json = |data| form("application/json; charset=utf-8", &data);
        assert_eq!(json(json!({"clientId": "x"})), Some(("x".to_owned(), vec![])));
        assert_eq!(
            json(json!({"subscriptions": [null, "a"]})),
            Some((String::new(), vec![String::new(), "a".into()]))
        );
        for wrong in [json!({"clientId": 1}), json!({"subscriptions": "a"}), json!({"subscriptions": [1]})] {
            assert_eq!(json(wrong.clone()), None, "{wrong}");
        }
        let form = |data| form("application/x-www-form-urlencoded", &data);
        assert_eq!(form(json!({"clientId": 7, "subscriptions": "a"})), Some(("7".into(), vec!["a".into()])));
        assert_eq!(
            form(json!({"subscriptions": ["a", true]})),
            Some((String::new(), vec!["a".into(), "true".into()]))
        );
    }
}
