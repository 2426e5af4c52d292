//! Answers a case as the service would.

use std::sync::Arc;

use baibase_query::{Caller, Compiler, Headers, List, Request, restricted_root};
use schema::{Collection, FieldKind};
use serde_json::{Map, Value, json};

use super::Collections;
use super::database::Database;

/// The small service.
pub(crate) struct Service {
    collections: Collections,
    database: Database,
}

impl Service {
    pub(crate) async fn on_sqlite() -> Self {
        let collections = Collections::load();
        Self { database: Database::sqlite(&collections).await, collections }
    }

    pub(crate) async fn on_postgres() -> Self {
        let collections = Collections::load();
        Self { database: Database::postgres(&collections).await, collections }
    }

    /// What is found, or why nothing can be.
    pub(crate) async fn answer(&self, case: &Map<String, Value>) -> Result<Value, String> {
        let text = |key: &str| case.get(key).and_then(Value::as_str);
        let map = |key: &str| case.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
        let kind = text("kind").unwrap();
        let name = text("collection").unwrap_or("posts");
        // A list rule holds for the same collection behind a relation too.
        let collections = match (text("rule"), kind) {
            (Some(rule), "list") => self.collections.with_list_rule(name, rule),
            _ => self.collections.clone(),
        };
        let collection = collections.get(name);
        let named = |(name, value): (String, _)| (name.to_lowercase().replace('-', "_"), value);
        let headers = Headers::from(map("headers").into_iter().map(named).collect::<Map<_, _>>());
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
            body: &coerced(collection, body, kind),
            auth: self.caller(text("as")),
            is_superuser: text("as") == Some("su"),
            // A moment after the rows were made.
            now: "2026-11-21T03:20:30Z".parse().unwrap(),
            ..Request::default()
        };
        let rule = if kind == "list" { collection.rules.list.as_deref() } else { text("rule") };
        if rule.is_none() && !request.is_superuser {
            return Err("for superusers".to_owned());
        }
        let rule = parse(rule)?;
        let compiler = Compiler::new(&collections, &request);
        let select = match kind {
            "list" => return self.list(&compiler, &request, collection, rule.as_ref(), text).await,
            "update" => compiler.meets_rule(collection, text("id").unwrap(), rule.as_ref()),
            _ => compiler.would_meet_rule(collection, row(collection, request.body), rule.as_ref()),
        };
        let found = self.database.run(&select.map_err(|error| error.to_string())?).await;
        Ok(json!(!found.is_empty()))
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
        let mut ids = self.database.run(&page.rows).await;
        let count = self.database.run(&page.count).await;
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

/// The body as a record upsert sees it: hidden fields are gone.
fn coerced(collection: &Collection, body: Map<String, Value>, kind: &str) -> Map<String, Value> {
    let is_hidden = |name: &str| collection.field(name).is_some_and(|field| field.hidden);
    let mut body: Map<_, _> = body.into_iter().filter(|(name, _)| !is_hidden(name)).collect();
    if kind != "list" {
        // Lets the rule be told from the validation that follows it.
        body.insert("must".to_owned(), "".into());
    }
    body
}
