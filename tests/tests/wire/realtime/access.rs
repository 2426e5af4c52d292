//! Who hears of what.

use baibase_tests::{Events, Server};
use serde_json::{Value, json};

use super::{change, create, delete, login, person, post, start, update, with};

/// Whether each of the clients gets one event, of this action.
async fn heard(clients: &mut [(&str, Events<'_>)], action: &str) -> Vec<String> {
    let mut heard = Vec::new();
    for (name, events) in clients {
        let next = tokio::time::timeout(std::time::Duration::from_millis(400), events.next()).await;
        if let Ok(event) = next {
            assert_eq!(event.data["action"], action, "{name}");
            heard.push((*name).to_owned());
        }
    }
    heard
}

async fn clients<'a>(server: &'a Server, superuser: &str, topic: &str) -> [(&'static str, Events<'a>); 4] {
    let (anna, bert) = (login(server, "anna").await, login(server, "bert").await);
    [
        ("guest", Events::of(server, "", &[topic]).await),
        ("anna", Events::of(server, &anna, &[topic]).await),
        ("bert", Events::of(server, &bert, &[topic]).await),
        ("superuser", Events::of(server, superuser, &[topic]).await),
    ]
}

#[tokio::test]
async fn locked_collections_are_for_superusers() {
    let (server, token) = start().await;
    change(&server, &token, "posts", json!({"listRule": null})).await;
    let mut clients = clients(&server, &token, "posts/*").await;
    // Only superusers can write it.
    let secret = json!({"id": post("a"), "secret": "x"});
    server.post(super::POSTS).token(&token).json(&secret).send().await.expect(200);
    assert_eq!(clients[3].1.next().await.data["record"]["secret"], "x", "superusers see hidden fields");
    update(&server, "a", json!({"title": "x"})).await;
    assert_eq!(heard(&mut clients, "update").await, ["superuser"]);
    delete(&server, "a").await;
    assert_eq!(heard(&mut clients, "delete").await, ["superuser"]);
}

#[tokio::test]
async fn the_list_rule_is_for_all_records_and_the_view_rule_for_one() {
    let (server, token) = start().await;
    let rules =
        json!({"listRule": "author = @request.auth.id || public = true", "viewRule": "title = 'shown'"});
    change(&server, &token, "posts", rules).await;
    let mut all = clients(&server, &token, "posts/*").await;
    let mut one = Events::of(&server, "", &[&format!("posts/{}", post("a"))]).await;
    create(&server, "a", json!({"author": person("anna")})).await;
    assert_eq!(heard(&mut all, "create").await, ["anna", "superuser"]);
    update(&server, "a", json!({"author": person("bert"), "title": "shown"})).await;
    assert_eq!(heard(&mut all, "update").await, ["bert", "superuser"]);
    assert_eq!(one.next().await.data["record"]["title"], "shown");
    update(&server, "a", json!({"public": true})).await;
    assert_eq!(heard(&mut all, "update").await, ["guest", "anna", "bert", "superuser"]);
    one.next().await;
    update(&server, "a", json!({"public": false, "title": "hidden"})).await;
    assert_eq!(heard(&mut all, "update").await, ["bert", "superuser"]);
    delete(&server, "a").await;
    assert_eq!(heard(&mut all, "delete").await, ["bert", "superuser"]);
    one.nothing().await;
}

#[tokio::test]
async fn rules_see_the_options_of_a_subscription() {
    let (server, token) = start().await;
    let rule = "@request.context = 'realtime' && @request.method = 'GET' && @request.query.key = 'open' && \
                @request.headers.x_key = 'k'";
    change(&server, &token, "posts", json!({"listRule": rule})).await;
    let (open, shut) = (with("posts/*", &json!({"key": "open"})), with("posts/*", &json!({"key": "shut"})));
    let mut events = Events::of(&server, "", &["posts/*", &open, &shut]).await;
    create(&server, "a", json!({})).await;
    assert_eq!(events.next().await.name, open);
    events.nothing().await;
}

#[tokio::test]
async fn a_delete_is_judged_before_it_happens() {
    let (server, token) = start().await;
    // A cascade deletes the parent first: the rule of the child still sees it.
    change(
        &server,
        &token,
        "posts",
        json!({"listRule": "parent.title = 'shown' || posts_via_parent.id != ''"}),
    )
    .await;
    create(&server, "top", json!({"title": "shown"})).await;
    create(&server, "low", json!({"parent": post("top")})).await;
    let mut events = Events::of(&server, "", &["posts/*"]).await;
    delete(&server, "top").await;
    let mut deleted = events.summaries(2).await;
    deleted.sort_unstable();
    assert_eq!(deleted, ["low", "top"].map(|name| format!("delete {}", post(name))));
}

#[tokio::test]
async fn an_event_is_for_those_who_may_see_what_it_shows() {
    let (server, token) = start().await;
    change(&server, &token, "posts", json!({"listRule": "public = true"})).await;
    let batch = json!({"batch": {"enabled": true}});
    server.patch("/api/settings").token(&token).json(&batch).send().await.expect(200);
    let mut events = Events::of(&server, "", &["posts/*"]).await;
    let path = format!("{}/{}", super::POSTS, post("a"));
    let requests = json!([
        {"method": "POST", "url": super::POSTS, "body": {"id": post("a"), "title": "draft"}},
        {"method": "PATCH", "url": path, "body": {"title": "final", "public": true}},
    ]);
    server.post("/api/batch").json(&json!({"requests": requests})).send().await.expect(200);
    let event = events.next().await;
    assert_eq!((&event.data["action"], &event.data["record"]["title"]), (&json!("update"), &json!("final")));
    let requests = json!([
        {"method": "PATCH", "url": path, "body": {"title": "secret", "public": false}},
        {"method": "DELETE", "url": path},
    ]);
    server.post("/api/batch").json(&json!({"requests": requests})).send().await.expect(200);
    events.nothing().await;
}

#[tokio::test]
async fn email_addresses_are_for_their_owners_and_managers() {
    let (server, token) = start().await;
    let mut clients = clients(&server, &token, "people/*").await;
    let rename = async |name: &str| {
        let path = format!("{}/{}", super::PEOPLE, person("anna"));
        server.patch(&path).json(&json!({"name": name})).send().await.expect(200);
    };
    let mut seen = async || {
        let mut seen = Vec::new();
        for (_, events) in &mut clients {
            seen.push(events.next().await.data["record"].get("email").is_some());
        }
        seen
    };
    rename("a").await;
    assert_eq!(seen().await, [false, true, false, true]);
    change(&server, &token, "people", json!({"manageRule": "@request.auth.name = 'bert'"})).await;
    rename("b").await;
    assert_eq!(seen().await, [false, true, true, true]);
}

#[tokio::test]
async fn who_is_sent_along_is_up_to_the_rules_of_the_other_collection() {
    let (server, token) = start().await;
    change(&server, &token, "people", json!({"viewRule": "id = @request.auth.id"})).await;
    let topic = with("posts/*", &json!({"expand": "author", "fields": "expand.author.email"}));
    let mut clients = clients(&server, &token, &topic).await;
    create(&server, "a", json!({"author": person("anna")})).await;
    let mut seen: Vec<Value> = Vec::new();
    for (_, events) in &mut clients {
        seen.push(events.next().await.data["record"].clone());
    }
    let anna = json!({"expand": {"author": {"email": "anna@example.com"}}});
    assert_eq!(seen, [json!({"expand": {}}), anna.clone(), json!({"expand": {}}), anna]);
}
