//! A token is good for one purpose, one record and one collection.

use baibase_tests::Forge;
use serde_json::json;

use super::{PASSWORD, World};

#[tokio::test]
async fn tokens_are_good_for_what_they_were_made_for() {
    let world = World::new(json!({})).await;
    world.sign_up("anna").await;
    let other = json!({"name": "others", "type": "auth"});
    world.server.post("/api/collections").token(&world.root).json(&other).send().await.expect(200);
    let session = world.token("anna").await;
    let email = json!({"email": "anna@example.com"});
    world.people("request-verification", &email).await.expect(204);
    let verification = world.mails.next().await.token();
    world.people("request-password-reset", &email).await.expect(204);
    let reset = world.mails.next().await.token();
    let change = json!({"newEmail": "new@example.com"});
    world.people_as(&session, "request-email-change", &change).await.expect(204);
    let change = world.mails.next().await.token();
    let file = world.server.post("/api/files/token").token(&session).send().await.expect(200);
    let file = file.at("/token").to_owned();
    let tokens = [
        ("session", session),
        ("verification", verification),
        ("reset", reset),
        ("change", change),
        ("file", file),
    ];
    let routes = [
        ("confirm-verification", "verification"),
        ("confirm-password-reset", "reset"),
        ("confirm-email-change", "change"),
    ];
    for (name, token) in &tokens {
        if *name != "session" {
            assert!(!world.is_good(token).await, "{name}");
        }
        let body = json!({"token": token, "password": PASSWORD, "passwordConfirm": PASSWORD});
        for (route, purpose) in routes {
            let path = format!("/api/collections/others/{route}");
            let foreign = world.server.post(&path).json(&body).send().await.expect(400);
            let code = foreign.at("/data/token/code").to_owned();
            if purpose == *name {
                assert_eq!(code, "validation_token_collection_mismatch", "{route}");
            } else {
                assert!(code.starts_with("validation_invalid_token"), "{name} at {route}: {code}");
                world.people(route, &body).await.expect(400);
            }
        }
    }
}

#[tokio::test]
async fn forged_and_expired_tokens_are_not_good() {
    let world = World::new(json!({})).await;
    let id = world.sign_up("anna").await;
    let verify = async |token: String| {
        let reply = world.people("confirm-verification", &json!({"token": token})).await;
        (reply.status, reply.at("/data/token/code").to_owned())
    };
    let invalid = || (400, "validation_invalid_token".to_owned());
    let claims = || {
        let forge = Forge::of(&world.server, "people", &id).claim("type", json!("verification"));
        forge.claim("email", json!("anna@example.com"))
    };
    // Signed with the key of other tokens, with none, and not at all.
    assert_eq!(verify(claims().token()).await, invalid());
    assert_eq!(verify(claims().key("").token()).await, invalid());
    let good = claims().of_kind(&world.server, "people", "verificationToken");
    let unsigned = good.token().rsplit_once('.').unwrap().0.to_owned();
    assert_eq!(verify(format!("{unsigned}.")).await, invalid());
    assert_eq!(verify(good.clone().claim("exp", json!(1000)).token()).await, invalid());
    let other = good.clone().claim("email", json!("other@example.com"));
    assert_eq!(verify(other.token()).await, (400, "validation_token_email_mismatch".to_owned()));
    let none = good.clone().claim("email", json!(null));
    assert_eq!(verify(none.token()).await, (400, "validation_invalid_token_claims".to_owned()));
    assert_eq!(verify("x".to_owned()).await, (400, "validation_invalid_token_claims".to_owned()));
    assert_eq!(verify(good.token()).await, (204, String::new()));
}

#[tokio::test]
async fn a_changed_secret_ends_all_tokens_of_its_kind() {
    let world = World::new(json!({})).await;
    world.sign_up("anna").await;
    let session = world.token("anna").await;
    world.people("request-password-reset", &json!({"email": "anna@example.com"})).await.expect(204);
    let reset = world.mails.next().await.token();
    world.configure(&json!({"passwordResetToken": {"secret": "x".repeat(50)}})).await;
    assert!(world.is_good(&session).await);
    let body = json!({"token": reset, "password": PASSWORD, "passwordConfirm": PASSWORD});
    world.people("confirm-password-reset", &body).await.expect(400);
    world.configure(&json!({"authToken": {"secret": "x".repeat(50)}})).await;
    assert!(!world.is_good(&session).await);
}

#[tokio::test]
async fn ids_of_logins_are_good_in_their_collection() {
    let both = json!({"mfa": {"enabled": true, "duration": 60}});
    let world = World::new(both).await;
    world.sign_up("anna").await;
    let other = json!({
        "name": "others", "type": "auth", "createRule": "", "otp": {"enabled": true, "length": 6, "duration": 60},
        "mfa": {"enabled": true, "duration": 60},
    });
    world.server.post("/api/collections").token(&world.root).json(&other).send().await.expect(200);
    let others = async |path: &str, body: serde_json::Value| {
        world.server.post(&format!("/api/collections/others/{path}")).json(&body).send().await
    };
    // The same person, with the same address and the same password.
    let body = json!({"email": "anna@example.com", "password": PASSWORD, "passwordConfirm": PASSWORD});
    others("records", body).await.expect(200);
    let (otp, code) = world.otp("anna").await;
    let foreign = others("auth-with-otp", json!({"otpId": otp, "password": code})).await.expect(400);
    assert_eq!(foreign.at("/message"), "Invalid or expired OTP.");
    let first = world.with_password("anna", PASSWORD).await.expect(401).at("/mfaId").to_owned();
    let asked = others("request-otp", json!({"email": "anna@example.com"})).await.expect(200);
    let mail = world.mails.next().await;
    let digits = mail.find(r"\b\d{6,8}\b");
    let body = json!({"otpId": asked.at("/otpId"), "password": digits, "mfaId": first});
    let foreign = others("auth-with-otp", body).await.expect(400);
    assert_eq!(foreign.at("/message"), "Invalid MFA session.");
    // Where they belong, they are good.
    let body = json!({"otpId": otp, "password": code, "mfaId": first});
    let login = world.people("auth-with-otp", &body).await.expect(200);
    let path = "/api/collections/others/auth-refresh";
    world.server.post(path).token(login.at("/token")).send().await.expect(403);
}
