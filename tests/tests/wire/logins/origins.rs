//! Places of logins, and mails about new ones.

use baibase_tests::Reply;
use serde_json::json;

use super::{PASSWORD, World};

impl World {
    async fn log_in_from(&self, place: &str) -> Reply {
        let body = json!({"identity": "anna@example.com", "password": PASSWORD});
        let login = self.server.post("/api/collections/people/auth-with-password").json(&body);
        login.header("User-Agent", place).send().await
    }
}

#[tokio::test]
async fn a_login_from_a_new_place_is_told() {
    let world = World::new(json!({"authAlert": {"enabled": true}})).await;
    let id = world.sign_up("anna").await;
    world.log_in_from("first").await.expect(200);
    world.log_in_from("first").await.expect(200);
    assert!(world.mails.is_empty().await, "the first place is no surprise");
    assert_eq!(world.count("_authOrigins").await, 1);
    let login = world.log_in_from("second <b>").await.expect(200);
    let mail = world.mails.next().await;
    assert_eq!((mail.subject.as_str(), mail.to.as_slice()), ("alert", &["anna@example.com".to_owned()][..]));
    assert!(mail.text.contains("Z - 127.0.0.1 second <b>"), "{}", mail.text);
    assert!(mail.html.contains("second &lt;b&gt;"), "{}", mail.html);
    // A renewal is no login.
    let refresh = world.server.post("/api/collections/people/auth-refresh").token(login.at("/token"));
    refresh.header("User-Agent", "third").send().await.expect(200);
    for place in ["3", "4", "5", "6"] {
        world.log_in_from(place).await.expect(200);
        world.mails.next().await;
    }
    assert_eq!(world.count("_authOrigins").await, 5, "the oldest one is forgotten");
    // Its owner can see and forget places.
    let path = "/api/collections/_authOrigins/records";
    let own = world.server.get(path).token(login.at("/token")).send().await.expect(200);
    assert_eq!(own["totalItems"], 5);
    let first = format!("{path}/{}", own.at("/items/0/id"));
    world.server.delete(&first).send().await.expect(404);
    world.server.delete(&first).token(login.at("/token")).send().await.expect(204);
    // With a new password all of them are new.
    let change = json!({"password": "new password", "passwordConfirm": "new password"});
    world.patch_as_root(&format!("/api/collections/people/records/{id}"), &change).await.expect(200);
    assert_eq!(world.count("_authOrigins").await, 0);
    assert!(world.mails.is_empty().await);
}

#[tokio::test]
async fn a_mail_that_cannot_be_sent_is_sent_with_the_next_login() {
    let world = World::new(json!({"authAlert": {"enabled": true}})).await;
    world.sign_up("anna").await;
    world.log_in_from("first").await.expect(200);
    world.mails.refuse(true);
    world.log_in_from("second").await.expect(200);
    assert_eq!(world.count("_authOrigins").await, 1);
    world.mails.refuse(false);
    world.log_in_from("second").await.expect(200);
    world.mails.next().await;
    assert_eq!(world.count("_authOrigins").await, 2);
}
