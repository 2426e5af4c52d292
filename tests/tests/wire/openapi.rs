//! The service's description of itself.

use std::collections::BTreeSet;

use baibase_tests::Server;
use serde_json::{Value, json};

use crate::oauth2;

#[tokio::test]
async fn the_document_covers_the_contract_and_every_collection() {
    let server = Server::start().await;
    let document = server.get("/api/openapi.json").send().await.expect(200);
    assert_eq!(document.at("/openapi"), "3.1.0");
    assert!(document.header("content-type").starts_with("application/json"));
    let has = |path: &str, method: &str| document["paths"][path][method].is_object();
    for path in [
        "system/test-helloworld",
        "system/health",
        "system/users-count",
        "system/refresh-token",
        "wechat/login",
        "wechat/profile",
        "platform/register",
        "platform/login",
    ] {
        assert!(has(&format!("/api/{path}"), "post"), "{path}");
    }
    for name in [
        "tbl_auth_users",
        "tbl_company",
        "tbl_attachments",
        "tbl_document",
        "tbl_system_dict",
        "tbl_user_groups",
    ] {
        let path = format!("/api/collections/{name}/records");
        assert!(has(&path, "get") && has(&path, "post"), "{name}");
        let one = format!("{path}/{{recordId}}");
        assert!(has(&one, "get") && has(&one, "patch") && has(&one, "delete"), "{name}");
    }
    let list =
        document["paths"]["/api/collections/tbl_document/records"]["get"]["description"].as_str().unwrap();
    assert!(list.contains("listRule"), "rules are told as text: {list}");
    let fields = &document["components"]["schemas"]["tbl_company"]["properties"];
    assert_eq!(fields["company_name"]["type"], "string");
}

#[tokio::test]
async fn the_ways_to_log_in_are_described_as_they_are_sent() {
    let setup = oauth2::Setup::start().await;
    let methods = setup.server.get("/api/collections/users/auth-methods").send().await.expect(200);
    let document = setup.server.get("/api/openapi.json").send().await.expect(200);
    let schema = |name: &str| &document["components"]["schemas"][name]["properties"];
    let all = schema("native.authMethods");
    for (described, sent) in [
        (all, &methods.json),
        (&all["password"]["properties"], &methods["password"]),
        (&all["oauth2"]["properties"], &methods["oauth2"]),
        (&all["mfa"]["properties"], &methods["mfa"]),
        (&all["otp"]["properties"], &methods["otp"]),
        (schema("native.authProvider"), &methods["oauth2"]["providers"][0]),
    ] {
        let names = |object: &Value| object.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
        assert_eq!(names(described), names(sent));
        for (name, value) in sent.as_object().unwrap() {
            let kind = match value {
                Value::String(_) => "string",
                Value::Bool(_) => "boolean",
                Value::Number(_) => "integer",
                Value::Array(_) => "array",
                _ => "object",
            };
            let told = &described[name]["type"];
            assert!(
                told == kind || told.as_array().is_some_and(|kinds| kinds.contains(&kind.into())),
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn operation_ids_are_unique_and_references_lead_somewhere() {
    let server = Server::with_superuser().await;
    let document = server.get("/api/openapi.json").token(&server.superuser().await).send().await.expect(200);
    let mut ids = Vec::new();
    for item in document["paths"].as_object().unwrap().values() {
        ids.extend(
            item.as_object().unwrap().values().filter_map(|operation| operation["operationId"].as_str()),
        );
    }
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
    each_reference(&document.json, &mut |reference| {
        let pointer = reference.strip_prefix('#').expect("references are local");
        assert!(document.json.pointer(pointer).is_some(), "{reference}");
    });
}

fn each_reference(value: &Value, visit: &mut impl FnMut(&str)) {
    match value {
        Value::Object(map) => {
            if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
                visit(reference);
            }
            map.values().for_each(|value| each_reference(value, visit));
        }
        Value::Array(items) => items.iter().for_each(|item| each_reference(item, visit)),
        _ => {}
    }
}

#[tokio::test]
async fn system_collections_are_for_superusers_and_changes_show_at_once() {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let guest = server.get("/api/openapi.json").send().await.expect(200);
    assert!(!guest.text().contains("_superusers/records"));
    let all = server.get("/api/openapi.json").token(&token).send().await.expect(200);
    assert!(all.text().contains("/api/collections/_superusers/records"));
    let collection = json!({"name": "notes", "type": "base", "fields": [{"type": "text", "name": "title"}]});
    server.post("/api/collections").token(&token).json(&collection).send().await.expect(200);
    let after = server.get("/api/openapi.json").send().await.expect(200);
    assert_eq!(after["components"]["schemas"]["notes"]["properties"]["title"]["type"], "string");
}

#[tokio::test]
async fn the_mount_is_part_of_the_servers_address() {
    let server = Server::start().await;
    let url = async |path: &str| {
        let document = server.get(path).send().await.expect(200);
        document["servers"][0]["url"].as_str().unwrap().to_owned()
    };
    let plain = url("/api/openapi.json").await;
    assert_eq!(url("/pb/api/openapi.json").await, format!("{plain}/pb"));
}

#[tokio::test]
async fn the_page_asks_nobody_else() {
    let server = Server::start().await;
    for path in ["/api/docs", "/pb/api/docs"] {
        let page = server.get(path).send().await.expect(200);
        assert!(page.header("content-type").starts_with("text/html"));
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("connect-src 'self'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
        assert!(nonce.len() >= 16 && page.text().contains(&format!("<script nonce=\"{nonce}\">")));
        assert!(!page.text().contains("http://") && !page.text().contains("https://"));
    }
    let nonce = async || server.get("/api/docs").send().await.header("content-security-policy").to_owned();
    assert_ne!(nonce().await, nonce().await);
}
