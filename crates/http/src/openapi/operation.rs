//! Operations put together of what many of them have in common.

use serde_json::{Value, json};

use super::collection::response;

/// An operation for superusers with these replies beside those that all of them have.
pub(super) fn for_superusers(
    tag: &str,
    id: &str,
    summary: &str,
    description: &str,
    replies: &Value,
) -> Value {
    let mut responses = json!({"401": response("Unauthorized"), "403": response("Forbidden")});
    if let (Some(all), Some(replies)) = (responses.as_object_mut(), replies.as_object()) {
        all.extend(replies.clone());
    }
    json!({
        "operationId": id,
        "tags": [tag],
        "summary": summary,
        "description": description,
        "security": [{"bearerAuth": []}],
        "responses": responses,
    })
}

/// The same operation with another member.
pub(super) fn with(mut operation: Value, name: &str, value: Value) -> Value {
    if let Some(operation) = operation.as_object_mut() {
        operation.insert(name.to_owned(), value);
    }
    operation
}

/// The same operation with a JSON body that it needs.
pub(super) fn with_body(operation: Value, schema: &Value) -> Value {
    with(operation, "requestBody", body(schema))
}

/// A JSON body that an operation needs.
pub(super) fn body(schema: &Value) -> Value {
    json!({"required": true, "content": {"application/json": {"schema": schema}}})
}
