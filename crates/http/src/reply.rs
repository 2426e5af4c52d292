use axum::response::Response;
use engine::Json;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::Value;

use crate::{ApiError, Asker};

/// How many headers a reply has, and some more.
const USUAL_HEADERS: usize = 12;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A successful reply, with only those keys that the query parameter `fields` names.
///
/// # Errors
/// 500 when the JSON is damaged.
pub(crate) fn json(asker: &Asker, json: Json) -> Result<Response, ApiError> {
    let picked = picked(&asker.request, json).map_err(ApiError::internal)?;
    // The status was decided before anybody looked at the fields: clients know an empty reply.
    Ok(raw(StatusCode::OK, picked.map_or_else(Vec::new, |json| json.0)))
}

/// The keys of a reply that the query parameter `fields` names; `None` when it cannot be understood.
///
/// # Errors
/// When the JSON is damaged.
pub(crate) fn picked(request: &engine::Request, json: Json) -> Result<Option<Json>, serde_json::Error> {
    match request.parameter("fields") {
        "" => Ok(Some(json)),
        fields => match filter::fields::parse(fields) {
            Ok(fields) => pick(&fields, &json.0).map(Some),
            Err(_) => Ok(None),
        },
    }
}

/// Picks keys of the items of a page, or of the whole reply.
fn pick(fields: &filter::fields::Fields, text: &[u8]) -> Result<Json, serde_json::Error> {
    let mut value: Value = serde_json::from_slice(text)?;
    let is_page =
        |page: &serde_json::Map<String, Value>| page.contains_key("items") && page.contains_key("totalItems");
    match value.as_object_mut().filter(|object| is_page(object)).and_then(|page| page.get_mut("items")) {
        Some(items) => fields.pick(items),
        None => fields.pick(&mut value),
    }
    let mut text = Vec::new();
    schema::value::go_json::write_value(&value, &mut text);
    Ok(Json(text))
}

/// A JSON text as a reply, closed by a line break as clients know it.
pub(crate) fn raw(status: StatusCode, mut text: Vec<u8>) -> Response {
    if !text.is_empty() {
        text.push(b'\n');
    }
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    // Those that are added to every reply have room at once.
    *response.headers_mut() = HeaderMap::with_capacity(USUAL_HEADERS);
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    response
}
