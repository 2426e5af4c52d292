//! Tokens of others, for superusers.

use baibase_tests::Setup;
use serde_json::json;

use super::World;

#[tokio::test]
async fn superusers_get_tokens_that_cannot_be_renewed() {
    let world = World::new(json!({"authRule": "verified = true", "mfa": {"enabled": true}})).await;
    let id = world.sign_up("anna").await;
    let path = format!("impersonate/{id}");
    let got = world.people_as(&world.root, &path, &json!({"duration": 100})).await.expect(200);
    assert_eq!(got.at("/record/email"), "anna@example.com");
    let token = got.at("/token");
    let own = world.server.patch(&format!("/api/collections/people/records/{id}")).token(token);
    own.json(&json!({"name": "Anna"})).send().await.expect(200);
    // The rule is met by then; the token stays the same.
    world.configure(&json!({"authRule": "verified = false"})).await;
    let late = world.people_as(token, "auth-refresh", &json!({})).await;
    late.expect(401);
    let token = world.people_as(&world.root, &path, &json!({})).await.expect(200).at("/token").to_owned();
    let renewed = world.people_as(&token, "auth-refresh", &json!({})).await.expect(200);
    assert_eq!(renewed.at("/token"), token);
    world.people(&path, &json!({})).await.expect(401);
    world.people_as(&token, &path, &json!({})).await.expect(403);
    world.people_as(&world.root, "impersonate/nosuch", &json!({})).await.expect(404);
    let negative = world.people_as(&world.root, &path, &json!({"duration": -1})).await.expect(400);
    assert_eq!(negative.at("/data/duration/code"), "validation_min_greater_equal_than_required");
}

#[tokio::test]
async fn a_token_lasts_as_long_as_it_was_asked_for() {
    let server = Setup::bare().superuser().start().await;
    let root = server.superuser().await;
    let me = server.post("/api/collections/_superusers/auth-refresh").token(&root).send().await.expect(200);
    let path = format!("/api/collections/_superusers/impersonate/{}", me.at("/record/id"));
    let short = server.post(&path).token(&root).json(&json!({"duration": 1})).send().await.expect(200);
    let good = || server.get("/api/settings").token(short.at("/token")).send();
    good().await.expect(200);
    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
    good().await.expect(401);
}
