//! What clients hear of.

use baibase_tests::Events;
use serde_json::json;

use super::{POSTS, create, delete, person, post, start, update, with};

#[tokio::test]
async fn topics_are_collections_and_records_by_name_or_id() {
    let (server, _) = start().await;
    let (one, one_by_id) = (format!("posts/{}", post("a")), format!("pbcposts0000001/{}", post("a")));
    let mut topics = [one.as_str(), &one_by_id, "posts/*", "pbcposts0000001/*", "posts", "pbcposts0000001"];
    let mut events = Events::of(&server, "", &topics).await;
    let mut others =
        Events::of(&server, "", &["Posts/*", "posts/other", "people/*", "post", "posts/", ""]).await;
    topics.sort_unstable();
    create(&server, "a", json!({})).await;
    update(&server, "a", json!({"title": "x"})).await;
    delete(&server, "a").await;
    for action in ["create", "update", "delete"] {
        let mut names = Vec::new();
        for _ in topics {
            let event = events.next().await;
            assert_eq!(
                (event.data["action"].as_str(), &event.data["record"]["id"]),
                (Some(action), &json!(post("a")))
            );
            names.push(event.name);
        }
        names.sort_unstable();
        assert_eq!(names, topics);
    }
    create(&server, "b", json!({})).await;
    assert_eq!(events.summaries(4).await, vec![format!("create {}", post("b")); 4]);
    events.nothing().await;
    others.nothing().await;
}

#[tokio::test]
async fn subscriptions_take_the_place_of_those_before() {
    let (server, _) = start().await;
    let mut events = Events::of(&server, "", &["posts/*", "posts/*", "people/*"]).await;
    create(&server, "a", json!({})).await;
    assert_eq!(events.summaries(1).await, [format!("create {}", post("a"))]);
    events.subscribe("", &["people/*"]).await.expect(204);
    create(&server, "b", json!({})).await;
    events.nothing().await;
    events.subscribe("", &["posts/*"]).await.expect(204);
    create(&server, "c", json!({})).await;
    assert_eq!(events.summaries(1).await, [format!("create {}", post("c"))]);
    events.subscribe("", &[]).await.expect(204);
    create(&server, "d", json!({})).await;
    events.nothing().await;
}

#[tokio::test]
async fn options_decide_on_what_is_sent() {
    let (server, _) = start().await;
    let fields = with("posts/*", &json!({"fields": "id,title"}));
    let expand = with("posts/*", &json!({"expand": "author,parent", "fields": "expand.author.name"}));
    let filter = with("posts/*", &json!({"filter": "title = 'shown'"}));
    let broken = with("posts/*", &json!({"filter": "title ="}));
    let hidden = with("posts/*", &json!({"filter": "secret = ''"}));
    let restricted = with("posts/*", &json!({"filter": "@request.auth.id = ''"}));
    let topics = [fields.as_str(), &expand, &filter, &broken, &hidden, &restricted];
    let mut events = Events::of(&server, "", &topics).await;

    create(&server, "a", json!({"title": "shown", "author": person("anna")})).await;
    let mut got = Vec::new();
    for _ in 0..3 {
        let event = events.next().await;
        got.push((event.name, event.data["record"].clone()));
    }
    for expected in [
        (fields.clone(), json!({"id": post("a"), "title": "shown"})),
        (expand.clone(), json!({"expand": {"author": {"name": "anna"}}})),
    ] {
        assert!(got.contains(&expected), "{got:?}");
    }
    let whole = got.iter().find(|(name, _)| *name == filter).expect("the filter is met");
    assert_eq!((&whole.1["title"], whole.1.get("secret")), (&json!("shown"), None));
    // What leaves the filter is not told of.
    update(&server, "a", json!({"title": "other"})).await;
    let mut names = [events.next().await.name, events.next().await.name];
    names.sort_unstable();
    let mut expected = [fields, expand];
    expected.sort_unstable();
    assert_eq!(names, expected);
    events.nothing().await;
}

#[tokio::test]
async fn what_is_rolled_back_is_not_told_of() {
    let (server, token) = start().await;
    let batch = json!({"batch": {"enabled": true}});
    server.patch("/api/settings").token(&token).json(&batch).send().await.expect(200);
    create(&server, "old", json!({})).await;
    let mut events = Events::of(&server, "", &["posts/*"]).await;
    let run = async |last: &str| {
        let requests = json!([
            {"method": "POST", "url": POSTS, "body": {"id": post("a")}},
            {"method": "PATCH", "url": format!("{POSTS}/{}", post("a")), "body": {"title": "x"}},
            {"method": "DELETE", "url": format!("{POSTS}/{}", post("old"))},
            {"method": "POST", "url": POSTS, "body": {"id": last}},
        ]);
        server.post("/api/batch").json(&json!({"requests": requests})).send().await
    };
    run("not an id").await.expect(400);
    events.nothing().await;
    run(&post("b")).await.expect(200);
    let (a, b, old) = (post("a"), post("b"), post("old"));
    let expected =
        [format!("create {a}"), format!("update {a}"), format!("delete {old}"), format!("create {b}")];
    assert_eq!(events.summaries(4).await, expected);
    events.nothing().await;
}

#[tokio::test]
async fn cascades_and_released_relations_are_told_of() {
    let (server, token) = start().await;
    create(&server, "top", json!({"author": person("anna")})).await;
    create(&server, "mid", json!({"parent": post("top")})).await;
    create(&server, "low", json!({"parent": post("mid")})).await;
    let mut events = Events::of(&server, "", &["posts/*"]).await;
    server.delete(&format!("{}/{}", super::PEOPLE, person("anna"))).token(&token).send().await.expect(204);
    let event = events.next().await;
    assert_eq!(
        (event.summary(), &event.data["record"]["author"]),
        (format!("update {}", post("top")), &json!(""))
    );
    delete(&server, "top").await;
    let mut deleted = events.summaries(3).await;
    deleted.sort_unstable();
    assert_eq!(deleted, ["low", "mid", "top"].map(|name| format!("delete {}", post(name))));
    events.nothing().await;
}

#[tokio::test]
async fn a_truncated_collection_is_told_of_record_by_record() {
    let (server, token) = start().await;
    for number in 0..20 {
        create(&server, &number.to_string(), json!({})).await;
    }
    let mut events = Events::of(&server, "", &["posts/*"]).await;
    server.delete("/api/collections/posts/truncate").token(&token).send().await.expect(204);
    let expected: Vec<String> =
        (0..20).map(|number| format!("delete {}", post(&number.to_string()))).collect();
    assert_eq!(events.summaries(20).await, expected);
}

#[tokio::test]
async fn events_come_in_the_order_of_the_commits() {
    let (server, _) = start().await;
    let mut events = Events::of(&server, "", &["posts/*"]).await;
    create(&server, "a", json!({})).await;
    let server = &server;
    let writers = (0..40).map(|number| update(server, "a", json!({"title": number.to_string()})));
    futures_util::future::join_all(writers).await;
    assert_eq!(events.next().await.data["action"], "create");
    let mut last = String::new();
    for _ in 0..40 {
        last = events.next().await.data["record"]["title"].as_str().unwrap().to_owned();
    }
    let stored = server.get(&format!("{POSTS}/{}", post("a"))).send().await.expect(200);
    assert_eq!(stored.at("/title"), last);
}
