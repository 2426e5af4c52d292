//! What a client sends as a batch: `{"requests": [{"method", "url", "headers", "body"}, …]}`, and files with the keys
//! `requests.N.field` or `requests[N].field`.

use std::collections::BTreeMap;

use ambient::{Entropy, EntropyExt};
use engine::{Change, Context, Error, ErrorKind};
use files::Upload;
use schema::{FieldError, FieldErrors};
use serde_json::{Map, Value};

use super::UNREADABLE;
use super::target::Target;
use crate::{ApiError, body, extract};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// The longest address, in bytes.
const MAX_URL: usize = 2000;

/// A part of a batch, as it was sent.
#[derive(Debug, Default)]
pub(super) struct Item {
    method: String,
    url: String,
    headers: BTreeMap<String, String>,
    body: Map<String, Value>,
    files: Vec<(String, Upload)>,
}

/// Reads the parts of a batch.
///
/// # Errors
/// 400 when something has the wrong type.
pub(super) fn items(data: &Map<String, Value>) -> Result<Vec<Item>, ApiError> {
    let items = match field(data, "requests") {
        None => Some(Vec::new()),
        Some(Value::Array(items)) => items.iter().map(Item::read).collect(),
        Some(_) => None,
    };
    items.ok_or_else(|| ApiError::bad_request(UNREADABLE))
}

/// The value of a key in letters of any case, as PocketBase reads the keys of a batch; `None` for null.
fn field<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let in_any_case =
        || object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    object.get(name).or_else(in_any_case).filter(|value| !value.is_null())
}

/// Gives the files to their items. A field's files take the place of what the body says about it; files of no item
/// are dropped.
pub(super) fn add_files(items: &mut [Item], files: Vec<(String, Upload)>) {
    for (key, upload) in files {
        let Some((index, field)) = file_key(&key) else { continue };
        if let Some(item) = items.get_mut(index) {
            item.body.remove(field);
            item.files.push((field.to_owned(), upload));
        }
    }
}

/// The position and the field of `requests.N.field` or `requests[N].field`.
fn file_key(key: &str) -> Option<(usize, &str)> {
    let (digits, field) = match key.strip_prefix("requests.") {
        Some(rest) => rest.split_once('.')?,
        None => key.strip_prefix("requests[")?.split_once("].")?,
    };
    let index: usize = digits.parse().ok()?;
    (index.to_string() == digits).then_some((index, field))
}

/// What is wrong with the parts of a batch, before any of them is done.
pub(super) fn check(items: &[Item], max: i64) -> FieldErrors {
    if items.is_empty() {
        return FieldErrors::single("requests", FieldError::required());
    }
    if items.len() as u64 > max.unsigned_abs() {
        return FieldErrors::single("requests", too_long(max));
    }
    let mut errors = FieldErrors::new();
    for (index, item) in items.iter().enumerate() {
        errors.push_nested(index.to_string(), item.check());
    }
    errors.under("requests")
}

fn too_long(max: i64) -> FieldError {
    FieldError::new("validation_length_too_long", format!("The length must be no more than {max}."))
        .with_param("max", max)
        .with_param("min", 0)
}

/// The refusal of a part that asks for something that no batch does. PocketBase has this status for it.
pub(super) fn misunderstood(index: usize) -> Error {
    let kind = if index == 0 { ErrorKind::BadRequest } else { ErrorKind::Internal };
    Error::new(kind, "")
}

impl Item {
    /// `None` when something has the wrong type. Whatever is missing is empty.
    fn read(item: &Value) -> Option<Self> {
        let item = match item {
            Value::Null => return Some(Self::default()),
            item => item.as_object()?,
        };
        let text = |name| field(item, name).map_or(Some(""), Value::as_str).map(str::to_owned);
        let headers = match field(item, "headers") {
            None => BTreeMap::new(),
            Some(headers) => headers.as_object()?.iter().map(header).collect::<Option<_>>()?,
        };
        let body = match field(item, "body") {
            None => Map::new(),
            Some(body) => body.as_object()?.clone(),
        };
        Some(Self { method: text("method")?, url: text("url")?, headers, body, files: Vec::new() })
    }

    fn check(&self) -> FieldErrors {
        let mut errors = FieldErrors::new();
        if self.method.is_empty() {
            errors.push("method", FieldError::required());
        } else if !METHODS.contains(&self.method.as_str()) {
            errors.push("method", FieldError::new("validation_in_invalid", "Must be a valid value."));
        }
        if self.url.is_empty() {
            errors.push("url", FieldError::required());
        } else if let Ok(max) = i64::try_from(MAX_URL)
            && self.url.len() > MAX_URL
        {
            errors.push("url", too_long(max));
        }
        errors
    }

    /// The change that it asks for, by whoever sent the batch.
    ///
    /// # Errors
    /// What the batch is refused with when its turn comes.
    pub(super) fn into_change(
        self,
        index: usize,
        mount: &str,
        batch: &engine::Request,
        entropy: &dyn Entropy,
    ) -> engine::Result<Change> {
        let Self { method, url, headers, body, files } = self;
        let target = Target::parse(&method, &url, mount).ok_or_else(|| misunderstood(index))?;
        let body = body::with_query(target.query, body);
        let body = body.map_err(|error| Error::bad_request("").because(error))?;
        let request = engine::Request {
            context: Context::Batch,
            method,
            query: extract::query(target.query),
            headers: merged(&batch.headers, headers, entropy).into(),
            body,
            auth: batch.auth.clone(),
            ip: batch.ip.clone(),
        };
        Ok(Change { request, collection: target.collection.to_owned(), action: target.action, files })
    }
}

/// The headers of a part, under the names that rules know them by: those of the batch, and its own in their place. It
/// cannot speak for somebody else, and is a form whatever the batch is.
fn merged(
    batch: &Map<String, Value>,
    own: BTreeMap<String, String>,
    entropy: &dyn Entropy,
) -> Map<String, Value> {
    let mut headers = batch.clone();
    for (name, value) in own {
        if !name.eq_ignore_ascii_case("authorization") {
            headers.insert(extract::header_name(&name), value.into());
        }
    }
    let boundary = entropy.text(60, "0123456789abcdef");
    headers.insert("content_type".to_owned(), format!("multipart/form-data; boundary={boundary}").into());
    headers
}

/// A header with a text, or null for none.
fn header((name, value): (&String, &Value)) -> Option<(String, String)> {
    let value = if value.is_null() { "" } else { value.as_str()? };
    Some((name.clone(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use ambient::SeededEntropy;
    use serde_json::json;

    use super::*;

    fn read(data: &Value) -> Option<Vec<Item>> {
        items(data.as_object().unwrap()).ok()
    }

    #[test]
    fn parts_are_read_with_keys_in_any_case() {
        let items = read(&json!({"Requests": [
            {"METHOD": "POST", "url": "/x", "Body": {"a": 1}, "headers": {"X-A": "b", "X-C": null}},
            {"method": null, "headers": null, "body": null},
            null,
        ]}));
        let items = items.unwrap();
        assert_eq!((items[0].method.as_str(), items[0].url.as_str()), ("POST", "/x"));
        assert_eq!(Value::Object(items[0].body.clone()), json!({"a": 1}));
        assert_eq!(items[0].headers, [("X-A".into(), "b".into()), ("X-C".into(), String::new())].into());
        assert_eq!(items.len(), 3);
        assert!(read(&json!({})).unwrap().is_empty());
        for wrong in [
            json!({"requests": 1}),
            json!({"requests": {}}),
            json!({"requests": ["x"]}),
            json!({"requests": [{"method": 1}]}),
            json!({"requests": [{"body": []}]}),
            json!({"requests": [{"headers": {"a": 1}}]}),
        ] {
            assert!(read(&wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn files_are_told_apart_by_their_keys() {
        assert_eq!(file_key("requests.0.cover"), Some((0, "cover")));
        assert_eq!(file_key("requests[12].cover+"), Some((12, "cover+")));
        assert_eq!(file_key("requests.3.a.b"), Some((3, "a.b")));
        for key in ["requests.01.a", "requests.+1.a", "requests.a", "requests[1]a", "requests.-1.a", "cover"]
        {
            assert_eq!(file_key(key), None, "{key}");
        }
    }

    #[test]
    fn a_part_has_the_headers_of_its_batch_and_its_own() {
        let json =
            json!({"authorization": "mine", "x_a": "1", "x_b": "2", "content_type": "application/json"});
        let own = [("X-B", "3"), ("AUTHORIZATION", "theirs"), ("X_C", "4")];
        let own = own.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let merged = merged(json.as_object().unwrap(), own, &SeededEntropy::new(1));
        let header = |name: &str| merged[name].as_str().unwrap();
        assert_eq!(["authorization", "x_a", "x_b", "x_c"].map(header), ["mine", "1", "3", "4"]);
        assert!(header("content_type").starts_with("multipart/form-data; boundary="));
    }

    #[test]
    fn batches_have_a_length_and_their_parts_a_method_and_an_address() {
        let errors = |data: Value, max| check(&read(&data).unwrap(), max).to_json();
        let required = json!({"code": "validation_required", "message": "Cannot be blank."});
        assert_eq!(errors(json!({}), 1), json!({"requests": required}));
        assert_eq!(
            errors(json!({"requests": [{}, {}]}), 1)["requests"]["params"],
            json!({"max": 1, "min": 0})
        );
        let parts = [json!({"method": "GET", "url": "/"}), json!({"method": "get", "url": "/".repeat(2001)})];
        let errors = errors(json!({"requests": parts}), 2);
        assert_eq!(errors["requests"]["0"], Value::Null);
        assert_eq!(errors["requests"]["1"]["method"]["code"], "validation_in_invalid");
        assert_eq!(errors["requests"]["1"]["url"]["code"], "validation_length_too_long");
    }
}
