//! One-time passwords.

use serde_json::json;

use super::{PASSWORD, World};

#[tokio::test]
async fn a_one_time_password_logs_in_once_and_proves_the_address() {
    let world = World::new(json!({})).await;
    let id = world.sign_up("anna").await;
    let before = world.token("anna").await;
    let (otp, password) = world.otp("anna").await;
    let login = world.with_otp(&otp, &password).await.expect(200);
    assert_eq!((login.at("/record/id"), login.at("/record/email")), (id.as_str(), "anna@example.com"));
    assert_eq!(login["record"]["verified"], true);
    assert!(world.is_good(login.at("/token")).await);
    let again = world.with_otp(&otp, &password).await.expect(400);
    assert_eq!(again.at("/message"), "Invalid or expired OTP.");
    // Whoever signed up with this address before did not prove to own it.
    assert!(!world.is_good(&before).await);
    world.with_password("anna", PASSWORD).await.expect(400);
    assert_eq!(world.count("_otps").await, 0);
    // From now on nothing changes by a login.
    let (otp, password) = world.otp("anna").await;
    world.with_otp(&otp, &password).await.expect(200);
    assert!(world.is_good(login.at("/token")).await);
}

#[tokio::test]
async fn two_logins_with_one_password_at_once_are_one_too_many() {
    let world = World::new(json!({})).await;
    world.sign_up("anna").await;
    let (otp, password) = world.otp("anna").await;
    let logins = (0..4).map(|_| world.with_otp(&otp, &password));
    let replies = futures_util::future::join_all(logins).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1);
}

#[tokio::test]
async fn guessing_is_limited_by_record_and_client() {
    let world = World::new(json!({})).await;
    for name in ["anna", "bert"] {
        world.sign_up(name).await;
    }
    let (otp, password) = world.otp("anna").await;
    for _ in 0..5 {
        world.with_otp(&otp, "000").await.expect(400);
    }
    let many = world.with_otp(&otp, &password).await.expect(429);
    assert_eq!(many.at("/message"), "Too many attempts, please try again later with a new OTP.");
    let (second, password) = world.otp("anna").await;
    world.with_otp(&second, &password).await.expect(429);
    let (otp, password) = world.otp("bert").await;
    world.with_otp(&otp, &password).await.expect(200);
}

#[tokio::test]
async fn nobody_learns_who_has_an_account() {
    let world = World::new(json!({})).await;
    world.sign_up("anna").await;
    let unknown = world.people("request-otp", &json!({"email": "nobody@example.com"})).await.expect(200);
    let id = unknown.at("/otpId");
    assert!(
        id.len() == 15 && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()),
        "{id}"
    );
    let (known, _) = world.otp("anna").await;
    assert_eq!(known.len(), id.len());
    let replies = [world.with_otp(id, "123456").await, world.with_otp(&known, "000").await];
    assert_eq!((replies[0].status, &replies[0].json), (400, &replies[1].json));
    assert!(world.mails.is_empty().await);
}

#[tokio::test]
async fn not_every_password_is_good() {
    let world = World::new(json!({})).await;
    let id = world.sign_up("anna").await;
    let other = json!({"name": "others", "type": "auth", "otp": {"enabled": true}});
    world.server.post("/api/collections").token(&world.root).json(&other).send().await.expect(200);
    let (otp, password) = world.otp("anna").await;
    let body = json!({"otpId": otp, "password": password});
    let foreign = world.server.post("/api/collections/others/auth-with-otp").json(&body).send().await;
    assert_eq!(foreign.expect(400).at("/message"), "Invalid or expired OTP.");
    // Its time is over.
    let old = format!("UPDATE _otps SET created = '2026-01-01 00:00:00.000Z' WHERE id = '{otp}'");
    world.server.database().run(&old);
    world.with_otp(&otp, &password).await.expect(400);
    let cleanup = "/api/crons/__pbOTPCleanup__";
    world.server.post(cleanup).token(&world.root).send().await.expect(204);
    for _ in 0..200 {
        if world.count("_otps").await == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(world.count("_otps").await, 0);
    // A new password of the record ends those that wait.
    let (otp, code) = world.otp("anna").await;
    let change = json!({"password": "new password", "passwordConfirm": "new password"});
    world.patch_as_root(&format!("/api/collections/people/records/{id}"), &change).await.expect(200);
    world.with_otp(&otp, &code).await.expect(400);
    world.configure(&json!({"otp": {"enabled": false}})).await;
    for path in ["request-otp", "auth-with-otp"] {
        let off = world.people(path, &json!({})).await.expect(403);
        assert_eq!(off.at("/message"), "The collection is not configured to allow OTP authentication.");
    }
}

#[tokio::test]
async fn a_record_has_ten_at_most_and_none_that_was_not_sent() {
    let world = World::new(json!({})).await;
    world.sign_up("anna").await;
    let body = json!({"email": "anna@example.com"});
    let mut ids = Vec::new();
    for _ in 0..12 {
        ids.push(world.people("request-otp", &body).await.expect(200).at("/otpId").to_owned());
    }
    for _ in 0..10 {
        world.mails.next().await;
    }
    assert_eq!((&ids[10], &ids[11]), (&ids[9], &ids[9]));
    assert_eq!(world.count("_otps").await, 10);
    world.mails.refuse(true);
    world.sign_up("bert").await;
    world.people("request-otp", &json!({"email": "bert@example.com"})).await.expect(200);
    for _ in 0..500 {
        if world.server.log().contains("a one-time password could not be sent")
            && world.count("_otps").await == 10
        {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it is still there: {}", world.server.log());
}
