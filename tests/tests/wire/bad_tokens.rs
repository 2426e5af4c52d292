//! Tokens that are forged, expired, foreign, of another kind, or of users that are gone.

use baibase_tests::{Forge, Server, WeChatUser, login, register, validate};
use serde_json::json;

const COMPANIES: &str = "/api/collections/tbl_company/records";

/// Asserts that a token is nobody's, on a business route, a guarded native route and a public one.
async fn is_nobodys(server: &Server, token: &str, why: &str) {
    let profile =
        server.post("/api/wechat/profile").token(token).json(&json!({"users_name": "x"})).send().await;
    assert_eq!(profile.status, 401, "{why}: {}", profile.text());
    validate("error", &profile.json);
    let refresh = server.post("/api/collections/tbl_auth_users/auth-refresh").token(token).send().await;
    assert_eq!(refresh.status, 401, "{why}: {}", refresh.text());
    validate("native-error", &refresh.json);
    let renewed = server.post("/api/system/refresh-token").token(token).send().await;
    assert_eq!(renewed.status, 401, "{why}: {}", renewed.text());
    // On a public route the caller is a guest.
    server.get(COMPANIES).token(token).send().await.expect(200);
    let users = server.get("/api/collections/tbl_auth_users/records").token(token).send().await.expect(200);
    assert_eq!(users["totalItems"], 0, "{why}");
}

async fn start() -> (Server, WeChatUser, Forge) {
    let server = Server::with_superuser().await;
    let anna = login(&server, "anna").await;
    let forge = Forge::of(&server, "tbl_auth_users", &anna.id);
    (server, anna, forge)
}

#[tokio::test]
async fn a_token_made_with_the_right_keys_is_good() {
    let (server, anna, forge) = start().await;
    let reply =
        server.post("/api/wechat/profile").token(&forge.token()).json(&json!({})).send().await.expect(200);
    assert_eq!(reply.at("/data/user/pb_id"), anna.id);
}

#[tokio::test]
async fn forged_tokens_are_nobodys() {
    let (server, anna, forge) = start().await;
    is_nobodys(&server, &forge.clone().key("guess").token(), "another key").await;
    is_nobodys(&server, &forge.clone().key("").token(), "an empty key").await;
    let [header, claims, signature]: [&str; 3] =
        anna.token.split('.').collect::<Vec<_>>().try_into().unwrap();
    // {"alg":"none","typ":"JWT"}
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    is_nobodys(&server, &format!("{none}.{claims}."), "no algorithm").await;
    is_nobodys(&server, &format!("{none}.{claims}.{signature}"), "no algorithm, with a signature").await;
    is_nobodys(&server, &format!("{header}.{claims}."), "no signature").await;
    is_nobodys(&server, &format!("{header}.{claims}"), "two parts").await;
    is_nobodys(&server, &format!("{}x", anna.token), "a longer signature").await;
    for text in [" ", ".", "..", "...", "Bearer", "null", "undefined", "%00", &"x".repeat(7000)] {
        is_nobodys(&server, text, text).await;
    }
}

#[tokio::test]
async fn expired_tokens_are_nobodys() {
    let (server, _, forge) = start().await;
    is_nobodys(&server, &forge.clone().claim("exp", json!(1_000_000_000)).token(), "expired").await;
    is_nobodys(&server, &forge.claim("nbf", json!(4_000_000_000_u64)).token(), "not yet valid").await;
}

#[tokio::test]
async fn tokens_of_another_kind_are_nobodys() {
    let (server, anna, forge) = start().await;
    for kind in ["file", "verification", "passwordReset", "emailChange", ""] {
        is_nobodys(&server, &forge.clone().claim("type", json!(kind)).token(), kind).await;
    }
    let file = server.post("/api/files/token").token(&anna.token).send().await.expect(200);
    is_nobodys(&server, file.at("/token"), "a file token").await;
    for claim in ["type", "id", "collectionId"] {
        is_nobodys(&server, &forge.clone().claim(claim, json!(null)).token(), claim).await;
        is_nobodys(&server, &forge.clone().claim(claim, json!(7)).token(), claim).await;
    }
}

#[tokio::test]
async fn foreign_tokens_are_nobodys() {
    let (server, _, forge) = start().await;
    let manager = register(&server, "13800138000").await;
    is_nobodys(&server, &forge.clone().claim("id", manager["record"]["id"].clone()).token(), "another's id")
        .await;
    is_nobodys(&server, &forge.clone().claim("collectionId", json!("pbc_3142635823")).token(), "superusers")
        .await;
    is_nobodys(&server, &forge.claim("collectionId", json!("nosuch")).token(), "no collection").await;
    let other = Server::start().await;
    let foreign = login(&other, "anna").await;
    is_nobodys(&server, &foreign.token, "another server's").await;
    let superuser = server.superuser().await;
    let refresh = server.post("/api/collections/tbl_auth_users/auth-refresh").token(&superuser).send().await;
    let refresh = refresh.expect(403);
    assert_eq!(refresh.at("/message"), "The request requires auth record from _superusers collection.");
}

#[tokio::test]
async fn tokens_of_deleted_users_are_nobodys() {
    let (server, anna, _) = start().await;
    let superuser = server.superuser().await;
    let path = format!("/api/collections/tbl_auth_users/records/{}", anna.id);
    server.delete(&path).token(&superuser).send().await.expect(204);
    is_nobodys(&server, &anna.token, "deleted").await;
    // The same openid may come back, as another record.
    let again = login(&server, "anna").await;
    assert_ne!(again.id, anna.id);
    is_nobodys(&server, &anna.token, "deleted and back").await;
}

#[tokio::test]
async fn a_changed_secret_ends_all_tokens_of_a_collection() {
    let (server, anna, _) = start().await;
    let superuser = server.superuser().await;
    let secret = json!({"authToken": {"secret": "s".repeat(50)}});
    let changed =
        server.patch("/api/collections/tbl_auth_users").token(&superuser).json(&secret).send().await;
    assert!(!changed.expect(200).text().contains("ssssss"), "a secret is never sent");
    is_nobodys(&server, &anna.token, "another secret").await;
}
