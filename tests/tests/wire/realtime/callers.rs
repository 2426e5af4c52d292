//! Who a client is, and what becomes of that.

use baibase_tests::{Events, Server};
use serde_json::{Value, json};

use super::{PEOPLE, change, create, login, person, post, start};

async fn change_person(server: &Server, token: &str, name: &str, fields: Value) {
    server.patch(&format!("{PEOPLE}/{}", person(name))).token(token).json(&fields).send().await.expect(200);
}

/// Whether a client hears of a new post, which only those do who are logged in.
async fn is_somebody(server: &Server, events: &mut Events<'_>, name: &str) -> bool {
    create(server, name, json!({})).await;
    match tokio::time::timeout(std::time::Duration::from_millis(300), events.next()).await {
        Ok(event) => {
            assert_eq!(event.summary(), format!("create {}", post(name)));
            true
        }
        Err(_) => false,
    }
}

async fn members_only() -> (Server, String) {
    let (server, token) = start().await;
    change(&server, &token, "posts", json!({"listRule": "@request.auth.id != ''"})).await;
    (server, token)
}

#[tokio::test]
async fn a_guest_can_log_in_and_nobody_can_become_somebody_else() {
    let (server, _) = members_only().await;
    let (anna, bert) = (login(&server, "anna").await, login(&server, "bert").await);
    let mut events = Events::of(&server, "", &["posts/*"]).await;
    assert!(!is_somebody(&server, &mut events, "a").await);
    events.subscribe(&anna, &["posts/*"]).await.expect(204);
    assert!(is_somebody(&server, &mut events, "b").await);
    for token in ["", "garbage", bert.as_str()] {
        let reply = events.subscribe(token, &[]).await.expect(403);
        assert_eq!(reply.at("/message"), "The current and the previous request authorization don't match.");
    }
    assert!(is_somebody(&server, &mut events, "c").await);
    events.subscribe(&anna, &[]).await.expect(204);
}

#[tokio::test]
async fn a_client_is_a_guest_when_its_tokens_end() {
    let (server, token) = members_only().await;
    let anna = login(&server, "anna").await;
    let mut events = Events::of(&server, &anna, &["posts/*"]).await;
    change_person(&server, &token, "anna", json!({"password": "87654321", "passwordConfirm": "87654321"}))
        .await;
    assert!(!is_somebody(&server, &mut events, "a").await, "the password changed");
    let bert = login(&server, "bert").await;
    events.subscribe(&bert, &["posts/*"]).await.expect(204);
    assert!(is_somebody(&server, &mut events, "b").await);
    change(&server, &token, "people", json!({"authToken": {"secret": "x".repeat(40)}})).await;
    assert!(!is_somebody(&server, &mut events, "c").await, "the secret of the collection changed");
    let bert = login(&server, "bert").await;
    events.subscribe(&bert, &["posts/*"]).await.expect(204);
    assert!(is_somebody(&server, &mut events, "d").await);
    server.delete(&format!("{PEOPLE}/{}", person("bert"))).token(&token).send().await.expect(204);
    assert!(!is_somebody(&server, &mut events, "e").await, "the record is gone");
}

#[tokio::test]
async fn a_client_is_the_record_as_it_is_now() {
    let (server, token) = start().await;
    change(&server, &token, "posts", json!({"listRule": "@request.auth.name = 'boss'"})).await;
    let anna = login(&server, "anna").await;
    let mut events = Events::of(&server, &anna, &["posts/*"]).await;
    create(&server, "a", json!({})).await;
    change_person(&server, &token, "anna", json!({"name": "boss"})).await;
    create(&server, "b", json!({})).await;
    assert_eq!(events.summaries(1).await, [format!("create {}", post("b"))]);
    // A field that the record got since then, and the e-mail address, which is bound and not read.
    let people = server.get("/api/collections/people").token(&token).send().await.expect(200);
    let mut fields = people["fields"].clone();
    fields.as_array_mut().unwrap().push(json!({"type": "text", "name": "rank"}));
    change(&server, &token, "people", json!({"fields": fields})).await;
    let rule = "@request.auth.rank = 'high' && @request.auth.verified = true";
    change(&server, &token, "posts", json!({"listRule": rule})).await;
    create(&server, "c", json!({})).await;
    change_person(&server, &token, "anna", json!({"rank": "high", "verified": true})).await;
    create(&server, "d", json!({})).await;
    assert_eq!(events.summaries(1).await, [format!("create {}", post("d"))]);
}

#[tokio::test]
async fn topics_follow_the_names_of_collections() {
    let (server, token) = start().await;
    let mut old = Events::of(&server, "", &["posts/*"]).await;
    let mut new = Events::of(&server, "", &["articles/*"]).await;
    change(&server, &token, "posts", json!({"name": "articles"})).await;
    let path = "/api/collections/articles/records";
    server.post(path).json(&json!({"id": post("a")})).send().await.expect(200);
    let event = new.next().await;
    assert_eq!(event.data["record"]["collectionName"], "articles");
    old.nothing().await;
}
