use std::ops::Index;

use reqwest::header::HeaderMap;
use reqwest::multipart::Form;
use reqwest::{Body, RequestBuilder};
use serde_json::Value;

use crate::Server;

/// A request that is being put together.
#[derive(Debug)]
pub struct Call<'a> {
    // A call cannot outlive the server that it is made to.
    _server: &'a Server,
    request: RequestBuilder,
    name: String,
}

/// A reply, read to its end.
#[derive(Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub bytes: Vec<u8>,
    /// The body as JSON; `null` when it is none.
    pub json: Value,
    name: String,
}

impl<'a> Call<'a> {
    pub(crate) fn new(server: &'a Server, request: RequestBuilder, name: String) -> Self {
        Self { _server: server, request, name }
    }

    /// Sends a token as `Bearer`.
    #[must_use]
    pub fn token(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    /// Sends a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// Adds query parameters, escaped.
    #[must_use]
    pub fn query(mut self, parameters: &[(&str, &str)]) -> Self {
        let query: Vec<String> =
            parameters.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
        let (client, request) = self.request.build_split();
        let mut request = request.expect("a request");
        request.url_mut().set_query(Some(&query.join("&")));
        self.request = RequestBuilder::from_parts(client, request);
        self
    }

    /// Sends a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Sends any body.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<Body>) -> Self {
        self.request = self.request.header("Content-Type", content_type).body(body);
        self
    }

    /// Sends a form with files.
    #[must_use]
    pub fn form(mut self, form: Form) -> Self {
        self.request = self.request.multipart(form);
        self
    }

    /// Sends the request and reads the reply.
    pub async fn send(self) -> Reply {
        self.try_send().await.expect("the server answers")
    }

    /// Sends the request and reads the reply, if the server lives long enough.
    ///
    /// # Errors
    /// When there is no reply, or no whole one.
    pub async fn try_send(self) -> reqwest::Result<Reply> {
        let response = self.request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await?.to_vec();
        let json = serde_json::from_slice(&bytes).unwrap_or_default();
        Ok(Reply { status, headers, bytes, json, name: self.name })
    }
}

impl Reply {
    /// The reply itself when it has this status.
    ///
    /// # Panics
    /// With the reply when it has another.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.name, self.text());
        self
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// A header; empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The text at a pointer such as `/data/user/openid`; empty when there is none.
    pub fn at(&self, pointer: &str) -> &str {
        self.json.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }
}

impl Index<&str> for Reply {
    type Output = Value;

    fn index(&self, key: &str) -> &Value {
        &self.json[key]
    }
}

/// Escapes everything but letters and digits.
fn escape(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
