use serde_json::{Map, Value, json};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{platform, system, wechat};
use crate::hooks;
use crate::names::{ATTACHMENTS, DOCUMENTS};

/// The operations of the main listener.
#[derive(OpenApi)]
#[openapi(
    paths(
        system::hello_world::handle,
        system::health::handle,
        system::users_count::handle,
        system::refresh_token::handle,
        wechat::login::handle,
        wechat::profile::handle,
        platform::register::handle,
        platform::login::handle,
    ),
    tags(
        (name = "系统", description = "基础检查接口与 token 刷新"),
        (name = "微信认证", description = "微信登录与资料完善;返回 PocketBase 原生 token"),
        (name = "平台认证", description = "平台用户的注册与登录;返回 PocketBase 原生 token"),
    ),
    modifiers(&Security),
)]
struct Document;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearerAuth", SecurityScheme::Http(scheme));
    }
}

/// What goes before the names of schemas. No collection's name has a dot, so none is taken for one of these.
const NAMESPACE: &str = "bai.";

/// The OpenAPI description of the operations of the main listener, with their paths below `/api`.
///
/// It has `paths`, `tags` and `components`; what else a whole document needs is added where it is merged with the
/// description of the native API.
pub fn openapi() -> Value {
    let document = serde_json::to_value(Document::openapi()).unwrap_or_default();
    let Value::Object(document) = rename(document) else { return Value::Null };
    let own = document.into_iter().filter(|(key, _)| ["paths", "tags", "components"].contains(&key.as_str()));
    http_api::openapi::merge([own.collect(), native_differences()])
}

/// In what the hooks make the native operations differ from what the fields alone say: the size of a page, and ids
/// that need not be sent.
fn native_differences() -> Value {
    let mut paths = Map::new();
    for (collection, size) in hooks::PAGE_SIZES {
        let schema = json!({"type": "integer", "minimum": 1, "maximum": 1000, "default": size});
        let per_page = json!({"name": "perPage", "in": "query", "description": "每页条数", "schema": schema});
        let path = format!("/api/collections/{collection}/records");
        paths.insert(path, json!({"get": {"parameters": [per_page]}}));
    }
    let document = json!({"required": ["document_type", "document_title"]});
    let attachment = json!({"required": []});
    json!({
        "paths": paths,
        "components": {"schemas": {
            format!("{DOCUMENTS}.create"): document,
            format!("{ATTACHMENTS}.create"): attachment,
            format!("{ATTACHMENTS}.createForm"): attachment,
        }},
    })
}

/// Puts the namespace before the names of schemas, where they are defined and where they are referred to.
fn rename(value: Value) -> Value {
    let Value::Object(object) = value else {
        return match value {
            Value::Array(items) => items.into_iter().map(rename).collect(),
            other => other,
        };
    };
    let renamed = object.into_iter().map(|(key, value)| match (key.as_str(), value) {
        ("schemas", Value::Object(schemas)) => {
            let schemas =
                schemas.into_iter().map(|(name, schema)| (format!("{NAMESPACE}{name}"), rename(schema)));
            (key, schemas.collect())
        }
        ("$ref", Value::String(target)) => {
            let target = target.replacen("/schemas/", &format!("/schemas/{NAMESPACE}"), 1);
            (key, target.into())
        }
        (_, value) => (key, rename(value)),
    });
    renamed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operation(path: &str) -> Value {
        openapi()["paths"][path]["post"].clone()
    }

    #[test]
    fn every_route_is_described_with_its_statuses() {
        let statuses = |path: &str| {
            let responses = operation(path)["responses"].as_object().cloned().unwrap_or_default();
            responses.keys().cloned().collect::<Vec<_>>().join(" ")
        };
        for (path, expected) in [
            ("/api/system/test-helloworld", "200 400 413 415"),
            ("/api/system/health", "200 400 413 415"),
            ("/api/system/users-count", "200 400 413 415 500"),
            ("/api/system/refresh-token", "200 400 401 404 413 415 429 500"),
            ("/api/wechat/login", "200 400 401 413 415 429 500"),
            ("/api/wechat/profile", "200 400 401 413 415 429 500"),
            ("/api/platform/register", "200 400 401 403 413 415 429 500"),
            ("/api/platform/login", "200 400 401 404 413 415 429 500"),
        ] {
            assert_eq!(statuses(path), expected, "{path}");
        }
        let own = |paths: &Value| {
            paths.as_object().unwrap().values().filter(|path| path.get("post").is_some()).count()
        };
        assert_eq!(own(&openapi()["paths"]), 8);
    }

    #[test]
    fn what_the_hooks_change_about_native_operations_is_said() {
        let document = openapi();
        let list = &document["paths"]["/api/collections/tbl_attachments/records"]["get"];
        assert_eq!(list["parameters"][0]["schema"]["default"], 1);
        let required = &document["components"]["schemas"]["tbl_document.create"]["required"];
        assert_eq!(*required, json!(["document_type", "document_title"]));
    }

    #[test]
    fn users_have_thirty_fields_and_companies_twenty_two() {
        let document = openapi();
        let schemas = &document["components"]["schemas"];
        for (name, fields) in [("UserInfo", 30), ("CompanyInfo", 22)] {
            assert_eq!(
                schemas[format!("bai.{name}")]["properties"].as_object().unwrap().len(),
                fields,
                "{name}"
            );
            assert_eq!(
                schemas[format!("bai.{name}")]["required"].as_array().unwrap().len(),
                fields,
                "{name}"
            );
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn check(document: &Value, value: &Value) {
            match value {
                Value::Object(object) => {
                    if let Some(Value::String(reference)) = object.get("$ref") {
                        let pointer = reference.strip_prefix('#').unwrap();
                        assert!(document.pointer(pointer).is_some(), "{reference}");
                    }
                    object.values().for_each(|value| check(document, value));
                }
                Value::Array(items) => items.iter().for_each(|value| check(document, value)),
                _ => {}
            }
        }
        let document = openapi();
        check(&document, &document);
    }

    #[test]
    fn who_may_call_is_described() {
        assert_eq!(operation("/api/wechat/profile")["security"], serde_json::json!([{"bearerAuth": []}]));
        assert_eq!(
            operation("/api/system/refresh-token")["security"],
            serde_json::json!([{"bearerAuth": []}, {}])
        );
        assert_eq!(operation("/api/wechat/login")["security"], serde_json::json!([{}]));
        assert_eq!(openapi()["components"]["securitySchemes"]["bearerAuth"]["scheme"], "bearer");
    }
}
