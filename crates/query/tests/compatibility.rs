//! What filters, rules and sorts find, against what PocketBase found for the same rows.
//!
//! `golden/cases.json` holds PocketBase's answers: the ids of a list (in their order when there is a sort), the status
//! of a refused one, whether an update or create rule let a record through, or `"invalid"` for a rule that could not
//! be saved.

mod support;

use std::sync::Arc;

use baibase_query::{Caller, Compiler, List, Request, restricted_root};
use schema::{Collection, FieldKind};
use serde_json::{Map, Value, json};
use support::{Collections, Database};

#[tokio::test]
async fn finds_what_pocketbase_finds() {
    let cases: Vec<Map<String, Value>> = serde_json::from_str(include_str!("golden/cases.json")).unwrap();
    let service = Service { collections: Collections::load(), database: Database::load().await };
    let mut wrong = Vec::new();
    for case in &cases {
        let expected = case.get("expected").unwrap();
        let found = service.answer(case).await.unwrap_or_else(|error| json!(error));
        let agree = match expected {
            // A refusal is a refusal, whatever its status.
            Value::Number(_) => found.is_string(),
            Value::String(_) | Value::Bool(false) => found.is_string() || found == false,
            other => found == *other,
        };
        if !agree {
            wrong.push(format!("{}\n  found {found}", Value::Object(case.clone())));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

struct Service {
    collections: Collections,
    database: Database,
}

impl Service {
    /// What is found, or why nothing can be.
    async fn answer(&self, case: &Map<String, Value>) -> Result<Value, String> {
        let text = |key: &str| case.get(key).and_then(Value::as_str);
        let map = |key: &str| case.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
        let kind = text("kind").unwrap();
        let collection = self.collections.get(text("collection").unwrap_or("posts"));
        let headers =
            map("headers").into_iter().map(|(k, v)| (k.to_lowercase().replace('-', "_"), v)).collect();
        let (mut query, body) = (map("query"), map("body"));
        for key in ["filter", "sort"] {
            query.extend(text(key).map(|value| (key.to_owned(), json!(value))));
        }
        let request = Request {
            method: match kind {
                "list" => "GET",
                "update" => "PATCH",
                _ => "POST",
            },
            query: &query,
            headers: &headers,
            body: &self.coerced(collection, body, kind),
            auth: self.caller(text("as")),
            is_superuser: text("as") == Some("su"),
            // A moment after the rows were made.
            now: "2026-11-21T03:20:30Z".parse().unwrap(),
            ..Request::default()
        };
        let rule = match (text("rule"), kind) {
            (None, "list") => collection.rules.list.as_deref(),
            (rule, _) => rule,
        };
        if rule.is_none() && !request.is_superuser {
            return Err("for superusers".to_owned());
        }
        let rule = parse(rule)?;
        let compiler = Compiler::new(&self.collections, &request);
        let select = match kind {
            "list" => return self.list(&compiler, &request, collection, rule.as_ref(), text).await,
            "update" => compiler.meets_rule(collection, text("id").unwrap(), rule.as_ref()),
            _ => compiler.would_meet_rule(collection, row(collection, request.body), rule.as_ref()),
        };
        let found = self.database.run(&select.map_err(|error| error.to_string())?).await;
        Ok(json!(!found.map_err(|error| error.to_string())?.is_empty()))
    }

    async fn list<'a>(
        &self,
        compiler: &Compiler<'_>,
        request: &Request<'_>,
        collection: &Arc<Collection>,
        rule: Option<&filter::Expr>,
        text: impl Fn(&str) -> Option<&'a str>,
    ) -> Result<Value, String> {
        for restricted in [text("filter"), text("sort")].into_iter().flatten().filter_map(restricted_root) {
            if !request.is_superuser {
                return Err(format!("{restricted} is for superusers"));
            }
        }
        let filter = parse(text("filter"))?;
        let sort =
            text("sort").map_or(Ok(Vec::new()), filter::sort::parse).map_err(|error| error.to_string())?;
        let list = List { rule, filter: filter.as_ref(), sort: &sort, limit: 500, ..List::new(collection) };
        let page = compiler.list(&list).map_err(|error| error.to_string())?;
        let mut ids = self.database.run(&page.rows).await.map_err(|error| error.to_string())?;
        let count = self.database.run(&page.count).await.map_err(|error| error.to_string())?;
        assert_eq!(count, [ids.len().to_string()], "{:?}", text("filter"));
        if sort.is_empty() {
            ids.sort();
        }
        Ok(json!(ids))
    }

    fn caller(&self, id: Option<&str>) -> Option<Caller<'_>> {
        let caller = |collection: &str, id, email, verified| Caller {
            collection: self.collections.get(collection),
            id,
            email,
            email_visibility: email != "bob@example.com",
            verified,
        };
        Some(match id? {
            "su" => caller("_superusers", "root00000000000", "root@example.com", true),
            "user10000000000" => caller("users", "user10000000000", "ann@example.com", true),
            "user20000000000" => caller("users", "user20000000000", "bob@example.com", false),
            other => panic!("{other}"),
        })
    }

    /// The body as a record upsert sees it: hidden fields are gone.
    fn coerced(&self, collection: &Collection, body: Map<String, Value>, kind: &str) -> Map<String, Value> {
        let is_hidden = |name: &str| collection.field(name).is_some_and(|field| field.hidden);
        let mut body: Map<_, _> = body.into_iter().filter(|(name, _)| !is_hidden(name)).collect();
        if kind != "list" {
            // Lets the rule be told from the validation that follows it.
            body.insert("must".to_owned(), "".into());
        }
        body
    }
}

fn parse(text: Option<&str>) -> Result<Option<filter::Expr>, String> {
    text.filter(|text| !text.is_empty()).map(filter::parse).transpose().map_err(|error| error.to_string())
}

/// The columns of a record with these values.
fn row(collection: &Collection, body: &Map<String, Value>) -> Vec<(String, sql::Value)> {
    let column = |field: &schema::Field| {
        let json_text = |value: &Value| sql::Value::Text(value.to_string());
        let value = match (&field.kind, body.get(&field.name)) {
            (FieldKind::Json(_), None) => sql::Value::Null,
            (FieldKind::Json(_), Some(value)) => json_text(value),
            (FieldKind::GeoPoint(_), value) => json_text(value.unwrap_or(&json!({"lon": 0, "lat": 0}))),
            (kind, value) if kind.is_multiple() => json_text(value.unwrap_or(&json!([]))),
            (FieldKind::Number(_), value) => value.and_then(Value::as_f64).unwrap_or_default().into(),
            (FieldKind::Bool(_), value) => value.and_then(Value::as_bool).unwrap_or_default().into(),
            (_, value) => value.and_then(Value::as_str).unwrap_or_default().into(),
        };
        let value = match value {
            sql::Value::Text(id) if field.name == "id" && id.is_empty() => "__temp_id__".into(),
            value => value,
        };
        (field.name.clone(), value)
    };
    collection.fields.iter().map(column).collect()
}
