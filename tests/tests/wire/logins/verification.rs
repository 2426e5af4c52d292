//! Addresses are proven by a link.

use serde_json::json;

use super::{PASSWORD, World};

#[tokio::test]
async fn a_link_verifies_the_address() {
    let world = World::new(json!({})).await;
    let id = world.sign_up("anna").await;
    let session = world.token("anna").await;
    let ask =
        async |email: &str| world.people("request-verification", &json!({"email": email})).await.expect(204);
    ask("anna@example.com").await;
    let mail = world.mails.next().await;
    assert_eq!(
        (mail.subject.as_str(), mail.to.as_slice()),
        ("verification", &["anna@example.com".to_owned()][..])
    );
    // Nobody is flooded, and nobody learns who has an account.
    ask("anna@example.com").await;
    ask("nobody@example.com").await;
    let token = json!({"token": mail.find(r"eyJ[\w.-]+")});
    assert!(world.people("confirm-verification", &token).await.expect(204).bytes.is_empty());
    assert_eq!(world.person(&id).await["verified"], true);
    world.people("confirm-verification", &token).await.expect(204);
    ask("anna@example.com").await;
    assert!(world.is_good(&session).await, "who is logged in stays it");
    world.with_password("anna", PASSWORD).await.expect(200);
    assert!(world.mails.is_empty().await);
}

#[tokio::test]
async fn a_link_is_for_one_address_only() {
    let world = World::new(json!({})).await;
    let id = world.sign_up("anna").await;
    world.people("request-verification", &json!({"email": "anna@example.com"})).await.expect(204);
    let token = world.mails.next().await.token();
    // The address changes and back again: the token's key has changed twice.
    let path = format!("/api/collections/people/records/{id}");
    world.patch_as_root(&path, &json!({"email": "other@example.com"})).await.expect(200);
    let code = async || {
        let reply = world.people("confirm-verification", &json!({"token": token})).await.expect(400);
        reply.at("/data/token/code").to_owned()
    };
    assert_eq!(code().await, "validation_invalid_token");
    world.patch_as_root(&path, &json!({"email": "anna@example.com"})).await.expect(200);
    assert_eq!(code().await, "validation_invalid_token");
    assert_eq!(world.person(&id).await["verified"], false);
}

#[tokio::test]
async fn without_password_logins_an_older_password_is_worth_nothing() {
    let world = World::new(json!({"passwordAuth": {"enabled": false}})).await;
    let id = world.sign_up("anna").await;
    world.people("request-verification", &json!({"email": "anna@example.com"})).await.expect(204);
    let token = world.mails.next().await.token();
    world.people("confirm-verification", &json!({"token": token})).await.expect(204);
    assert_eq!(world.person(&id).await["verified"], true);
    world.configure(&json!({"passwordAuth": {"enabled": true}})).await;
    world.with_password("anna", PASSWORD).await.expect(400);
}

#[tokio::test]
async fn superusers_are_verified_anyway() {
    let world = World::new(json!({})).await;
    for path in ["request-verification", "confirm-verification"] {
        let path = format!("/api/collections/_superusers/{path}");
        let refused = world.server.post(&path).json(&json!({})).send().await.expect(400);
        assert_eq!(refused.at("/message"), "All superusers are verified by default.");
    }
}
