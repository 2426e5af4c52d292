use indexmap::IndexMap;
use reqwest::{Client, Response};
use serde_json::json;

use super::json::Json;
use super::normalise::{name_values, normalise};
use super::scenario::{Case, Reply};

/// Sends the requests of cases to a server and keeps the variables between them.
#[derive(Debug)]
pub struct Runner {
    client: Client,
    base: String,
    variables: IndexMap<String, String>,
}

impl Runner {
    /// Logs a superuser in at the server of this address. Cases know the token as `superuser`.
    ///
    /// # Panics
    /// When the server does not let the superuser in.
    pub async fn new(base: &str, email: &str, password: &str) -> Self {
        let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let client = client.build().expect("an HTTP client");
        let url = format!("{base}/api/collections/_superusers/auth-with-password");
        let body = json!({"identity": email, "password": password});
        let reply = client.post(url).json(&body).send().await.expect("the server answers");
        let text = reply.text().await.expect("a reply");
        let json: Json = text.parse().expect("JSON");
        let at = |pointer| json.at(pointer).unwrap_or_else(|| panic!("no superuser: {text}"));
        let variables = IndexMap::from([
            ("superuser".to_owned(), at("/token")),
            ("superuser.id".to_owned(), at("/record/id")),
            ("superuser.email".to_owned(), at("/record/email")),
        ]);
        Self { client, base: base.to_owned(), variables }
    }

    /// Sends the request of a case, keeps what it saves, and brings the reply into the form for comparing.
    ///
    /// # Panics
    /// When there is no reply.
    pub async fn run(&mut self, case: &Case) -> Reply {
        let request = case.request(&self.client, &self.base, &self.variables);
        let response = request.send().await.unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let status = response.status().as_u16();
        let mut lines = headers(case, &response);
        let bytes = response.bytes().await.expect("a whole reply");
        let text = String::from_utf8_lossy(&bytes);
        match text.parse::<Json>() {
            Ok(mut json) => {
                let saved = saved(case, &json);
                normalise(&mut json, &self.variables);
                name_values(&mut json, &saved);
                self.variables.extend(saved);
                lines.extend(json.pretty().lines().map(str::to_owned));
            }
            Err(_) if bytes.is_empty() => {}
            Err(_) => lines.push(describe(&bytes)),
        }
        Reply { status, lines }
    }

    /// Whether everything that a case saves was in its reply.
    pub fn has_saved(&self, case: &Case) -> bool {
        case.saves.iter().all(|(name, _)| self.variables.contains_key(name))
    }

    /// The reply to a request of the superuser.
    pub(super) async fn ask(&self, method: reqwest::Method, path: &str) -> (u16, Json) {
        let request = self.client.request(method, format!("{}{path}", self.base));
        let request = request.header("Authorization", &self.variables["superuser"]);
        let reply = request.send().await.expect("the server answers");
        let status = reply.status().as_u16();
        let text = reply.text().await.expect("a whole reply");
        (status, text.parse().unwrap_or_else(|_| Json::text(&text)))
    }
}

fn headers(case: &Case, response: &Response) -> Vec<String> {
    let header = |name: &String| {
        let value = response.headers().get(name).map_or("", |value| value.to_str().unwrap_or("?"));
        let mut value = Json::text(value);
        normalise(&mut value, &IndexMap::new());
        format!("{name}: {}", value.at("").unwrap_or_default())
    };
    case.shown.iter().map(header).collect()
}

/// What a case saves, as far as it is there. A short value could stand anywhere, and its name in its place would
/// mean nothing.
fn saved(case: &Case, json: &Json) -> IndexMap<String, String> {
    let value = |(name, pointer): &(String, String)| {
        json.at(pointer).filter(|value| value.len() >= 8).map(|value| (name.clone(), value))
    };
    case.saves.iter().filter_map(value).collect()
}

/// A body that is no JSON: a text, the size of a picture, or the number of bytes.
fn describe(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return format!("text: {}", Json::text(text).pretty());
    }
    // The header of a PNG has the width and the height at fixed places.
    if let (true, Some(&[a, b, c, d, e, f, g, h])) = (bytes.starts_with(b"\x89PNG"), bytes.get(16..24)) {
        let (width, height) = (u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h]));
        return format!("picture: {width}x{height}");
    }
    format!("bytes: {}", bytes.len())
}
