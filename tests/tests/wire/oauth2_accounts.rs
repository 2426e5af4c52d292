//! Which record somebody from another service becomes, and that nobody takes over what is somebody else's.

use serde_json::{Value, json};

use crate::oauth2::{Setup, profile};

impl Setup {
    /// Creates a user, and gives a token of theirs.
    async fn user(&self, email: &str, verified: bool) -> String {
        let body = json!({"email": email, "password": "12345678", "passwordConfirm": "12345678",
            "verified": verified});
        let path = "/api/collections/users/records";
        self.server.post(path).token(&self.root).json(&body).send().await.expect(200);
        self.password_login(email).await.expect("the password is good")
    }

    async fn password_login(&self, email: &str) -> Option<String> {
        let body = json!({"identity": email, "password": "12345678"});
        let path = "/api/collections/users/auth-with-password";
        let reply = self.server.post(path).json(&body).send().await;
        (reply.status == 200).then(|| reply.at("/token").to_owned())
    }

    async fn is_good(&self, token: &str) -> bool {
        self.server.post("/api/collections/users/auth-refresh").token(token).send().await.status == 200
    }

    /// `provider:providerId` of all links of a record, in order.
    async fn accounts_of(&self, record: &Value) -> Vec<String> {
        let path = format!(
            "/api/collections/_externalAuths/records?sort=created&filter=recordRef='{}'",
            record["id"].as_str().unwrap()
        );
        let reply = self.server.get(&path).token(&self.root).send().await.expect(200);
        let items = reply["items"].as_array().unwrap().clone();
        let text = |link: &Value, name: &str| link[name].as_str().unwrap().to_owned();
        items.iter().map(|link| format!("{}:{}", text(link, "provider"), text(link, "providerId"))).collect()
    }
}

#[tokio::test]
async fn a_verified_record_of_the_same_address_is_linked_and_keeps_its_password() {
    let setup = Setup::start().await;
    let token = setup.user("anna@example.com", true).await;
    let reply = setup.login("oidc", "", profile("1", "anna@example.com"), json!({})).await.expect(200);
    assert_eq!(reply["meta"]["isNew"], false);
    assert!(setup.is_good(&token).await && setup.password_login("anna@example.com").await.is_some());
    assert_eq!(setup.accounts_of(&reply["record"]).await, ["oidc:1"]);
}

#[tokio::test]
async fn who_made_an_unverified_record_in_advance_is_locked_out_by_its_owner() {
    let setup = Setup::start().await;
    let token = setup.user("victim@example.com", false).await;
    let reply = setup.login("oidc", "", profile("1", "victim@example.com"), json!({})).await.expect(200);
    assert_eq!(reply["record"]["verified"], true);
    assert!(!setup.is_good(&token).await, "tokens of before are worthless");
    assert_eq!(setup.password_login("victim@example.com").await, None);
}

#[tokio::test]
async fn a_link_that_was_made_in_advance_is_dropped_when_the_owner_comes() {
    let setup = Setup::start().await;
    let prepared =
        json!({"email": "owner@example.com", "password": "12345678", "passwordConfirm": "12345678"});
    let evil = setup.login("oidc", "", json!({"sub": "evil"}), prepared).await.expect(200);
    assert_eq!(evil["record"]["verified"], false);
    let owner = setup.login("oidc2", "", profile("owner", "owner@example.com"), json!({})).await.expect(200);
    assert_eq!(owner["record"]["id"], evil["record"]["id"]);
    assert_eq!(owner["record"]["verified"], true);
    assert_eq!(setup.accounts_of(&owner["record"]).await, ["oidc2:owner"]);
    assert!(!setup.is_good(evil.at("/token")).await);
    assert_eq!(setup.password_login("owner@example.com").await, None);
    let again = setup.login("oidc", "", json!({"sub": "evil"}), json!({"email": "evil@example.com"})).await;
    assert_ne!(again.expect(200)["record"]["id"], owner["record"]["id"]);
}

#[tokio::test]
async fn links_are_dropped_when_a_record_is_verified_in_another_way() {
    let setup = Setup::start().await;
    let create = json!({"email": "anna@example.com"});
    let reply = setup.login("oidc", "", json!({"sub": "1"}), create).await.expect(200);
    let path = format!("/api/collections/users/records/{}", reply.at("/record/id"));
    let verified = json!({"verified": true});
    setup.server.patch(&path).token(&setup.root).json(&verified).send().await.expect(200);
    assert_eq!(setup.accounts_of(&reply["record"]).await, Vec::<String>::new());
    assert!(!setup.is_good(reply.at("/token")).await);
}

#[tokio::test]
async fn an_address_that_nobody_verified_finds_nobody() {
    let setup = Setup::start().await;
    setup.user("anna@example.com", true).await;
    let claim = json!({"sub": "evil", "email": "anna@example.com", "email_verified": false});
    let reply = setup.login("oidc", "", claim.clone(), json!({})).await.expect(400);
    assert_eq!(reply.at("/data/email/code"), "validation_required");
    let create = json!({"email": "anna@example.com"});
    let reply = setup.login("oidc", "", claim, create).await.expect(400);
    assert_eq!(reply.at("/data/email/code"), "validation_not_unique");
}

#[tokio::test]
async fn a_signed_in_user_links_further_accounts_and_unlinks_them() {
    let setup = Setup::start().await;
    let token = setup.user("anna@example.com", true).await;
    let linked = setup.login("oidc", &token, profile("1", "other@example.com"), json!({})).await.expect(200);
    assert_eq!(linked["record"]["email"], "anna@example.com");
    let second = setup.login("oidc2", &token, profile("2", ""), json!({})).await.expect(200);
    assert_eq!(second["record"]["id"], linked["record"]["id"]);
    assert_eq!(setup.accounts_of(&linked["record"]).await, ["oidc:1", "oidc2:2"]);
    // One account of each service.
    setup.login("oidc", &token, profile("3", ""), json!({})).await.expect(400);
    let links = setup.server.get("/api/collections/_externalAuths/records").token(&token).send().await;
    let path = format!("/api/collections/_externalAuths/records/{}", links.at("/items/0/id"));
    setup.server.delete(&path).send().await.expect(404);
    setup.server.delete(&path).token(&token).send().await.expect(204);
    assert_eq!(setup.accounts_of(&linked["record"]).await.len(), 1);
}

#[tokio::test]
async fn an_account_that_is_linked_already_logs_its_own_record_in() {
    let setup = Setup::start().await;
    let anna = setup.login("oidc", "", profile("1", "anna@example.com"), json!({})).await.expect(200);
    let bert = setup.user("bert@example.com", true).await;
    let reply = setup.login("oidc", &bert, profile("1", "anna@example.com"), json!({})).await.expect(200);
    assert_eq!(reply["record"]["id"], anna["record"]["id"]);
}

#[tokio::test]
async fn a_signed_in_user_who_is_not_verified_keeps_the_password() {
    let setup = Setup::start().await;
    let token = setup.user("anna@example.com", false).await;
    let reply = setup.login("oidc", &token, profile("1", "other@example.com"), json!({})).await.expect(200);
    assert_eq!(reply["record"]["verified"], false);
    assert!(setup.password_login("anna@example.com").await.is_some());
    setup.login("oidc2", &token, profile("2", "other@example.com"), json!({})).await.expect(200);
    assert_eq!(setup.accounts_of(&reply["record"]).await, ["oidc2:2"], "an unverified record has one link");
}

#[tokio::test]
async fn two_first_logins_at_once_make_one_record() {
    let setup = Setup::start().await;
    let login = || setup.login("oidc", "", profile("1", "anna@example.com"), json!({}));
    let (first, second) = tokio::join!(login(), login());
    let (first, second) = (first.expect(200), second.expect(200));
    assert_eq!(first["record"]["id"], second["record"]["id"]);
    assert_eq!(setup.accounts_of(&first["record"]).await, ["oidc:1"]);
}
