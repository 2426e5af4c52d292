//! Rules: who sees, creates, changes and deletes what, and how the refusals look.

use baibase_tests::{Server, WeChatUser, login, validate};
use serde_json::{Value, json};

const PATH: &str = "/api/collections/notes/records";

async fn start(rules: Value) -> (Server, String) {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let mut collection = json!({
        "name": "notes", "type": "base",
        "fields": [{"type": "text", "name": "owner"}, {"type": "text", "name": "text"}, {"type": "number", "name": "size"}],
    });
    collection.as_object_mut().unwrap().extend(rules.as_object().unwrap().clone());
    server.post("/api/collections").token(&token).json(&collection).send().await.expect(200);
    (server, token)
}

#[tokio::test]
async fn locked_rules_are_403_for_all_but_superusers() {
    let (server, superuser) = start(json!({})).await;
    let anna = login(&server, "anna").await;
    let record = server.post(PATH).token(&superuser).json(&json!({"text": "x"})).send().await.expect(200);
    let path = format!("{PATH}/{}", record.at("/id"));
    for token in ["", anna.token.as_str()] {
        for call in [
            server.get(PATH),
            server.get(&path),
            server.post(PATH).json(&json!({})),
            server.patch(&path).json(&json!({})),
            server.delete(&path),
        ] {
            let reply = call.token(token).send().await.expect(403);
            validate("native-error", &reply.json);
            assert_eq!(reply.at("/message"), "Only superusers can perform this action.");
        }
    }
    server.get(&path).token(&superuser).send().await.expect(200);
    server.delete(&path).token(&superuser).send().await.expect(204);
}

async fn owned() -> (Server, WeChatUser, WeChatUser) {
    let own = "owner = @request.auth.id && @request.auth.id != ''";
    let rules =
        json!({"listRule": own, "viewRule": own, "createRule": own, "updateRule": own, "deleteRule": own});
    let (server, _) = start(rules).await;
    let (anna, bert) = (login(&server, "anna").await, login(&server, "bert").await);
    (server, anna, bert)
}

#[tokio::test]
async fn unmet_rules_are_empty_lists_404_and_400() {
    let (server, anna, bert) = owned().await;
    let body = json!({"owner": anna.id, "text": "x"});
    let note = server.post(PATH).token(&anna.token).json(&body).send().await.expect(200);
    let path = format!("{PATH}/{}", note.at("/id"));
    assert_eq!(server.get(PATH).token(&anna.token).send().await.expect(200)["totalItems"], 1);
    server.get(&path).token(&anna.token).send().await.expect(200);
    server.patch(&path).token(&anna.token).json(&json!({"text": "y"})).send().await.expect(200);

    for token in ["", "garbage", bert.token.as_str()] {
        let list = server.get(PATH).token(token).send().await.expect(200);
        assert_eq!((&list["items"], &list["totalItems"]), (&json!([]), &json!(0)));
        let create = server.post(PATH).token(token).json(&body).send().await.expect(400);
        assert_eq!((create.at("/message"), &create["data"]), ("Failed to create record.", &json!({})));
        for call in [server.get(&path), server.patch(&path).json(&json!({"text": "z"})), server.delete(&path)]
        {
            let reply = call.token(token).send().await.expect(404);
            assert_eq!(reply.at("/message"), "The requested resource wasn't found.");
        }
    }
    // A refusal cannot be told from a record that does not exist.
    let refused = server.get(&path).token(&bert.token).send().await.expect(404);
    let unknown = server.get(&format!("{PATH}/aaaaaaaaaaaaaaa")).token(&bert.token).send().await.expect(404);
    assert_eq!(refused.bytes, unknown.bytes);
    assert_eq!(server.get(&path).token(&anna.token).send().await.expect(200).at("/text"), "y");
    server.delete(&path).token(&anna.token).send().await.expect(204);
}

#[tokio::test]
async fn an_update_rule_looks_at_the_stored_row() {
    let (server, anna, bert) = owned().await;
    let body = json!({"owner": bert.id, "text": "x"});
    let note = server.post(PATH).token(&bert.token).json(&body).send().await.expect(200);
    let path = format!("{PATH}/{}", note.at("/id"));
    // Claiming it in the same request does not help.
    server.patch(&path).token(&anna.token).json(&json!({"owner": anna.id})).send().await.expect(404);
    // Giving it away does.
    server.patch(&path).token(&bert.token).json(&json!({"owner": anna.id})).send().await.expect(200);
    server.get(&path).token(&anna.token).send().await.expect(200);
}

#[tokio::test]
async fn rules_see_the_request() {
    let cases = [
        ("@request.body.size > 5", json!({"size": 6}), json!({"size": 5})),
        ("@request.body.text:isset = false", json!({"size": 1}), json!({"text": ""})),
        ("@request.method = 'POST' && text = 'x'", json!({"text": "x"}), json!({"text": "y"})),
        ("@request.auth.openid ~ '_%' || text = 'x'", json!({"text": "x"}), json!({"text": "y"})),
        (
            "@request.query.key = 'open' && @request.headers.x_key = 'sesame' && size = 1",
            json!({"size": 1}),
            json!({"size": 2}),
        ),
    ];
    for (rule, good, bad) in cases {
        let (server, _) = start(json!({"createRule": rule})).await;
        let create =
            |body: &Value| server.post(PATH).query(&[("key", "open")]).header("X-Key", "sesame").json(body);
        let reply = create(&good).send().await;
        // The new record cannot be seen by a guest, but it is created.
        assert_eq!(reply.status, 200, "{rule}: {}", reply.text());
        assert_eq!(create(&bad).send().await.status, 400, "{rule}");
    }
}

#[tokio::test]
async fn rules_see_the_fields_of_the_caller() {
    let (server, _) = start(json!({"listRule": "@request.auth.users_name = 'boss'", "createRule": ""})).await;
    server.post(PATH).json(&json!({"text": "x"})).send().await.expect(200);
    let anna = login(&server, "anna").await;
    let count = async || server.get(PATH).token(&anna.token).send().await.expect(200)["totalItems"].clone();
    assert_eq!(count().await, 0);
    anna.edit(&server, json!({"users_name": "boss"})).await.expect(200);
    assert_eq!(count().await, 1, "the row counts as it is now, not as it was when the token was made");
}

#[tokio::test]
async fn a_filter_cannot_widen_a_rule() {
    let (server, anna, bert) = owned().await;
    let body = json!({"owner": anna.id, "text": "x"});
    server.post(PATH).token(&anna.token).json(&body).send().await.expect(200);
    for filter in ["1 = 1", "text = 'x' || 1 = 1", "owner != ''"] {
        let list = server.get(PATH).token(&bert.token).query(&[("filter", filter)]).send().await.expect(200);
        assert_eq!(list["totalItems"], 0, "{filter}");
    }
}

#[tokio::test]
async fn rules_look_at_the_body_of_every_request() {
    let rule = "@request.body.size = 5";
    let rules = json!({"listRule": rule, "viewRule": rule, "deleteRule": rule});
    let (server, superuser) = start(rules).await;
    let note = server.post(PATH).token(&superuser).json(&json!({"text": "x"})).send().await.expect(200);
    let path = format!("{PATH}/{}", note.at("/id"));
    let (met, unmet) = (json!({"size": 5}), json!({"size": 6}));
    assert_eq!(server.get(PATH).json(&unmet).send().await.expect(200)["totalItems"], 0);
    assert_eq!(server.get(PATH).json(&met).send().await.expect(200)["totalItems"], 1);
    server.get(&path).json(&unmet).send().await.expect(404);
    server.get(&path).json(&met).send().await.expect(200);
    server.delete(&path).json(&unmet).send().await.expect(404);
    server.delete(&path).json(&met).send().await.expect(204);
}

#[tokio::test]
async fn nobody_manages_a_new_record_by_a_rule_that_only_stored_ones_can_meet() {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let people = json!({"name": "people", "type": "auth", "createRule": ""});
    let people = server.post("/api/collections").token(&token).json(&people).send().await.expect(200);
    let mut fields = people["fields"].clone();
    let boss = json!({"type": "relation", "name": "boss", "collectionId": people["id"], "maxSelect": 1});
    fields.as_array_mut().unwrap().push(boss);
    let change = json!({"fields": fields, "manageRule": "people_via_boss.id != ''"});
    server.patch("/api/collections/people").token(&token).json(&change).send().await.expect(200);

    let anna = login(&server, "anna").await;
    let path = "/api/collections/people/records";
    let reply = server.post(path).token(&anna.token).json(&json!({"email": "a@example.com"})).send().await;
    let reply = reply.expect(400);
    assert_eq!(reply.at("/message"), "Failed to create record.");
    assert_eq!(reply.at("/data/password/code"), "validation_required");
}
