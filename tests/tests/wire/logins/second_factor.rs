//! Two methods for one login.

use baibase_tests::Reply;
use serde_json::{Value, json};

use super::{PASSWORD, World};

fn mfa(rule: &str) -> Value {
    json!({"mfa": {"enabled": true, "duration": 60, "rule": rule}})
}

impl World {
    async fn second(&self, path: &str, body: Value, first: &str) -> Reply {
        let mut body = body;
        body["mfaId"] = first.into();
        self.people(path, &body).await
    }

    /// The first half of a login.
    async fn first(&self, name: &str) -> String {
        let reply = self.with_password(name, PASSWORD).await.expect(401);
        let id = reply.at("/mfaId").to_owned();
        assert_eq!(reply.json, json!({"mfaId": id}));
        assert_eq!(id.len(), 15);
        id
    }
}

fn password(name: &str) -> Value {
    json!({"identity": format!("{name}@example.com"), "password": PASSWORD})
}

#[tokio::test]
async fn two_different_methods_log_in() {
    let world = World::new(mfa("")).await;
    let id = world.sign_up("anna").await;
    let first = world.first("anna").await;
    let refused = async |body: Value, first: &str, message: &str| {
        let reply = world.second("auth-with-password", body, first).await.expect(400);
        assert_eq!(reply.at("/message"), message);
    };
    refused(password("anna"), &first, "A different authentication method is required.").await;
    refused(password("anna"), "nosuch", "Invalid or expired MFA session.").await;
    world.sign_up("bert").await;
    refused(password("bert"), &first, "Invalid MFA session.").await;
    let (otp, code) = world.otp("anna").await;
    let body = json!({"otpId": otp, "password": code});
    let login = world.second("auth-with-otp", body, &first).await.expect(200);
    assert_eq!(login.at("/record/id"), id);
    assert_eq!(world.count("_mfas").await, 0, "it is used up");
    // The password stays: it was one of the two.
    let first = world.first("anna").await;
    let (otp, code) = world.otp("anna").await;
    let path = format!("auth-with-otp?mfaId={first}");
    world.people(&path, &json!({"otpId": otp, "password": code})).await.expect(200);
    // The other way round.
    let (otp, code) = world.otp("anna").await;
    let first = world.with_otp(&otp, &code).await.expect(401).at("/mfaId").to_owned();
    world.second("auth-with-password", password("anna"), &first).await.expect(200);
}

#[tokio::test]
async fn a_first_half_does_not_wait_for_ever() {
    let world = World::new(mfa("")).await;
    let id = world.sign_up("anna").await;
    let first = world.first("anna").await;
    world.server.database().run("UPDATE _mfas SET created = '2026-01-01 00:00:00.000Z'");
    let (otp, code) = world.otp("anna").await;
    let body = json!({"otpId": otp, "password": code});
    world.second("auth-with-otp", body, &first).await.expect(400);
    assert_eq!(world.count("_mfas").await, 0);
    // A new password ends it as well.
    world.first("anna").await;
    let change = json!({"password": "new password", "passwordConfirm": "new password"});
    world.patch_as_root(&format!("/api/collections/people/records/{id}"), &change).await.expect(200);
    assert_eq!(world.count("_mfas").await, 0);
}

#[tokio::test]
async fn a_rule_says_who_needs_both() {
    let world = World::new(mfa("name = 'anna' && @request.context = 'password'")).await;
    world.sign_up("anna").await;
    world.sign_up("bert").await;
    world.first("anna").await;
    world.with_password("bert", PASSWORD).await.expect(200);
    // Superusers are no exception from a rule that is none of access.
    let as_root = world.people_as(&world.root, "auth-with-password", &password("anna")).await;
    as_root.expect(401);
    // A renewal needs no second method, nor does a superuser who asks for a token.
    let token = world.token("bert").await;
    world.configure(&json!({"mfa": {"rule": ""}})).await;
    assert!(world.is_good(&token).await);
}

#[tokio::test]
async fn whoever_may_not_log_in_is_told_before() {
    let world = World::new(mfa("")).await;
    world.sign_up("anna").await;
    world.configure(&json!({"authRule": "verified = true"})).await;
    world.with_password("anna", PASSWORD).await.expect(403);
    world.with_password("anna", "wrong").await.expect(400);
    assert_eq!(world.count("_mfas").await, 0);
}
