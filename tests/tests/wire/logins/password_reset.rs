//! New passwords by a link.

use serde_json::{Value, json};

use super::{PASSWORD, World};

const NEW: &str = "a new password";

impl World {
    async fn reset_token(&self, name: &str) -> String {
        let body = json!({"email": format!("{name}@example.com")});
        self.people("request-password-reset", &body).await.expect(204);
        let mail = self.mails.next().await;
        assert_eq!(mail.subject, "reset");
        mail.token()
    }

    async fn reset(&self, token: &str, password: &str) -> baibase_tests::Reply {
        let body = json!({"token": token, "password": password, "passwordConfirm": password});
        self.people("confirm-password-reset", &body).await
    }
}

#[tokio::test]
async fn a_link_sets_a_password_once() {
    let world = World::new(json!({})).await;
    let id = world.sign_up("anna").await;
    let session = world.token("anna").await;
    let token = world.reset_token("anna").await;
    let ask = json!({"email": "anna@example.com"});
    world.people("request-password-reset", &ask).await.expect(204);
    assert!(world.mails.is_empty().await, "nobody is flooded");
    assert!(world.reset(&token, NEW).await.expect(204).bytes.is_empty());
    world.with_password("anna", PASSWORD).await.expect(400);
    world.with_password("anna", NEW).await.expect(200);
    assert!(!world.is_good(&session).await);
    assert_eq!(world.person(&id).await["verified"], true, "who read the mail owns the address");
    let again = world.reset(&token, "another password").await.expect(400);
    assert_eq!(again.at("/data/token/code"), "validation_invalid_token");
    // It may be asked for again at once.
    world.reset_token("anna").await;
}

#[tokio::test]
async fn of_two_resets_at_once_one_counts() {
    let world = World::new(json!({})).await;
    world.sign_up("anna").await;
    let token = world.reset_token("anna").await;
    let passwords = ["password one", "password two", "password three"];
    let replies = futures_util::future::join_all(passwords.map(|new| world.reset(&token, new))).await;
    let won: Vec<usize> = (0..3).filter(|&at| replies[at].status == 204).collect();
    assert_eq!(won.len(), 1, "{:?}", replies.iter().map(|reply| reply.status).collect::<Vec<_>>());
    world.with_password("anna", passwords[won[0]]).await.expect(200);
}

#[tokio::test]
async fn passwords_are_checked() {
    let world = World::new(json!({})).await;
    world.sign_up("anna").await;
    let token = world.reset_token("anna").await;
    for (body, field, code) in [
        (json!({"password": "x", "passwordConfirm": "x"}), "password", "validation_length_out_of_range"),
        (json!({"password": NEW, "passwordConfirm": "y"}), "passwordConfirm", "validation_values_mismatch"),
        (json!({"password": NEW}), "passwordConfirm", "validation_required"),
        (json!({}), "password", "validation_required"),
        (
            json!({"password": "x".repeat(73), "passwordConfirm": "x".repeat(73)}),
            "password",
            "validation_invalid_value",
        ),
    ] {
        let mut body: Value = body;
        body["token"] = token.as_str().into();
        let refused = world.people("confirm-password-reset", &body).await.expect(400);
        assert_eq!(refused["data"][field]["code"], code, "{body}");
    }
    world.reset(&token, NEW).await.expect(204);
}

#[tokio::test]
async fn passwords_that_are_off_cannot_be_reset() {
    let world = World::new(json!({"passwordAuth": {"enabled": false}})).await;
    let refused =
        world.people("request-password-reset", &json!({"email": "a@example.com"})).await.expect(400);
    assert_eq!(refused.at("/message"), "The collection is not configured to allow password authentication.");
    let unknown = World::new(json!({})).await;
    unknown.people("request-password-reset", &json!({"email": "nobody@example.com"})).await.expect(204);
    assert!(unknown.mails.is_empty().await);
}
