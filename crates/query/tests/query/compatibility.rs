//! What filters, rules and sorts find, against what PocketBase found for the same rows.
//!
//! `golden/cases.json` holds PocketBase's answers: the ids of a list (in their order when there is a sort), the status
//! of a refused one, whether an update or create rule let a record through, or `"invalid"` for a rule that could not
//! be saved.

use crate::support::service::Service;
use serde_json::{Map, Value, json};

#[tokio::test]
async fn finds_what_pocketbase_finds_on_sqlite() {
    check(Service::on_sqlite().await).await;
}

#[tokio::test]
async fn finds_what_pocketbase_finds_on_postgres() {
    check(Service::on_postgres().await).await;
}

async fn check(service: Service) {
    let cases: Vec<Map<String, Value>> = serde_json::from_str(include_str!("golden/cases.json")).unwrap();
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
