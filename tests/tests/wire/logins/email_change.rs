//! New addresses by a link.

use serde_json::json;

use super::{PASSWORD, World};

#[tokio::test]
async fn a_link_and_the_password_change_the_address() {
    let world = World::new(json!({})).await;
    let id = world.sign_up("anna").await;
    let session = world.token("anna").await;
    let ask = async |email: &str| {
        world.people_as(&session, "request-email-change", &json!({"newEmail": email})).await
    };
    ask("new@example.com").await.expect(204);
    let mail = world.mails.next().await;
    assert_eq!((mail.subject.as_str(), mail.to.as_slice()), ("change", &["new@example.com".to_owned()][..]));
    let token = mail.token();
    let confirm = async |password: &str| {
        world.people("confirm-email-change", &json!({"token": token, "password": password})).await
    };
    let wrong = confirm("wrong").await.expect(400);
    assert_eq!(wrong.at("/data/password/code"), "validation_invalid_password");
    assert!(wrong["data"].get("token").is_none());
    confirm(PASSWORD).await.expect(204);
    let changed = world.person(&id).await;
    assert_eq!((changed.at("/email"), &changed["verified"]), ("new@example.com", &json!(true)));
    assert!(!world.is_good(&session).await);
    world.with_password("anna", PASSWORD).await.expect(400);
    world.with_password("new", PASSWORD).await.expect(200);
    let again = confirm(PASSWORD).await.expect(400);
    assert_eq!(again.at("/data/token/code"), "validation_invalid_token");
}

#[tokio::test]
async fn an_address_is_one_persons() {
    let world = World::new(json!({})).await;
    world.sign_up("anna").await;
    let session = world.token("anna").await;
    let ask = async |email: &str| {
        world.people_as(&session, "request-email-change", &json!({"newEmail": email})).await
    };
    ask("bert@example.com").await.expect(204);
    let token = world.mails.next().await.token();
    world.sign_up("bert").await;
    for (email, code) in [
        ("bert@example.com", "validation_invalid_new_email"),
        ("anna@example.com", "validation_not_in_invalid"),
        ("nothing", "validation_is_email"),
        ("", "validation_required"),
    ] {
        let refused = ask(email).await.expect(400);
        assert_eq!(refused.at("/data/newEmail/code"), code, "{email}");
    }
    // Bert came first.
    let late = world.people("confirm-email-change", &json!({"token": token, "password": PASSWORD})).await;
    assert_eq!(late.expect(400).at("/data/token/code"), "validation_invalid_token_email");
    assert!(world.mails.is_empty().await);
}

#[tokio::test]
async fn callers_have_to_be_somebody_of_the_collection() {
    let world = World::new(json!({})).await;
    let body = json!({"newEmail": "new@example.com"});
    world.people("request-email-change", &body).await.expect(401);
    let foreign = world.people_as(&world.root, "request-email-change", &body).await.expect(403);
    assert_eq!(foreign.at("/message"), "The request requires auth record from _superusers collection.");
    let path = "/api/collections/_superusers/request-email-change";
    let own = world.server.post(path).token(&world.root).json(&body).send().await.expect(400);
    assert_eq!(own.at("/message"), "All superusers can change their emails directly.");
    world.sign_up("anna").await;
    let session = world.token("anna").await;
    world.mails.refuse(true);
    let failed = world.people_as(&session, "request-email-change", &body).await.expect(400);
    assert_eq!(failed.at("/message"), "Failed to request email change.");
}
