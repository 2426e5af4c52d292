//! Native authentication: passwords, tokens and what they are good for.

use baibase_tests::{Reply, SUPERUSER, SUPERUSER_PASSWORD, Server, validate};
use serde_json::{Value, json};

const USERS: &str = "/api/collections/members";

async fn start(more: Value) -> (Server, String) {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let own = "id = @request.auth.id";
    let mut collection = json!({"name": "members", "type": "auth", "createRule": "", "listRule": "", "viewRule": "",
        "updateRule": own, "deleteRule": own});
    collection.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    server.post("/api/collections").token(&token).json(&collection).send().await.expect(200);
    (server, token)
}

async fn sign_up(server: &Server, email: &str) -> Reply {
    let body = json!({"email": email, "password": "12345678", "passwordConfirm": "12345678"});
    server.post(&format!("{USERS}/records")).json(&body).send().await
}

async fn sign_in(server: &Server, email: &str, password: &str) -> Reply {
    let body = json!({"identity": email, "password": password});
    server.post(&format!("{USERS}/auth-with-password")).json(&body).send().await
}

#[tokio::test]
async fn a_user_signs_up_and_in_and_refreshes() {
    let (server, _) = start(json!({})).await;
    let created = sign_up(&server, "anna@example.com").await.expect(200);
    assert!(created.json.get("email").is_none(), "nobody else sees an address");
    for hidden in ["password", "tokenKey"] {
        assert!(created.json.get(hidden).is_none());
    }
    let login = sign_in(&server, "anna@example.com", "12345678").await.expect(200);
    validate("native-login", &login.json);
    assert_eq!(login.at("/record/email"), "anna@example.com");
    assert!(!login.text().contains("$2a$"));
    let refreshed =
        server.post(&format!("{USERS}/auth-refresh")).token(login.at("/token")).send().await.expect(200);
    validate("native-login", &refreshed.json);
    assert_eq!(refreshed["record"], login["record"]);
    let path = format!("{USERS}/records/{}", login.at("/record/id"));
    for header in [format!("Bearer {}", refreshed.at("/token")), refreshed.at("/token").to_owned()] {
        let own = server.get(&path).header("Authorization", &header).send().await.expect(200);
        assert_eq!(own.at("/email"), "anna@example.com");
    }
    assert!(server.get(&path).send().await.expect(200).json.get("email").is_none());
}

#[tokio::test]
async fn wrong_credentials_all_look_alike() {
    let (server, _) = start(json!({})).await;
    sign_up(&server, "anna@example.com").await.expect(200);
    let wrong = sign_in(&server, "anna@example.com", "wrong password").await.expect(400);
    let unknown = sign_in(&server, "nobody@example.com", "12345678").await.expect(400);
    assert_eq!(wrong.at("/message"), "Failed to authenticate.");
    assert_eq!(wrong.bytes, unknown.bytes);
    let blank = sign_in(&server, "", "").await.expect(400);
    assert_eq!(blank.at("/data/identity/code"), "validation_required");
    assert_eq!(blank.at("/data/password/code"), "validation_required");
    let long = sign_in(&server, "anna@example.com", &"x".repeat(256)).await.expect(400);
    assert_eq!(long.at("/data/password/code"), "validation_length_out_of_range");
    let base = server
        .post("/api/collections/tbl_company/auth-with-password")
        .json(&json!({}))
        .send()
        .await
        .expect(404);
    assert_eq!(base.at("/message"), "Missing or invalid auth collection context.");
}

#[tokio::test]
async fn sign_up_is_checked() {
    let (server, _) = start(json!({})).await;
    let create =
        async |body: Value| server.post(&format!("{USERS}/records")).json(&body).send().await.expect(400);
    let good = json!({"email": "a@example.com", "password": "12345678", "passwordConfirm": "12345678"});
    let with = |key: &str, value: Value| {
        let mut body = good.clone();
        body[key] = value;
        body
    };
    for (body, field, code) in [
        (with("passwordConfirm", json!("87654321")), "passwordConfirm", "validation_values_mismatch"),
        (with("verified", json!(true)), "verified", "validation_values_mismatch"),
        (with("email", json!("")), "email", "validation_required"),
        (with("email", json!("x")), "email", "validation_is_email"),
        (json!({"email": "a@example.com"}), "password", "validation_required"),
    ] {
        assert_eq!(create(body.clone()).await["data"][field]["code"], code, "{body}");
    }
    let mut short = with("password", json!("1234567"));
    short["passwordConfirm"] = json!("1234567");
    assert_eq!(create(short).await.at("/data/password/code"), "validation_min_text_constraint");
    sign_up(&server, "a@example.com").await.expect(200);
    let taken = sign_up(&server, "a@example.com").await.expect(400);
    assert_eq!(taken.at("/data/email/code"), "validation_not_unique");
}

#[tokio::test]
async fn a_new_password_ends_all_tokens() {
    let (server, superuser) = start(json!({})).await;
    sign_up(&server, "anna@example.com").await.expect(200);
    let login = sign_in(&server, "anna@example.com", "12345678").await.expect(200);
    let path = format!("{USERS}/records/{}", login.at("/record/id"));
    let change = |old: &str| json!({"password": "new password", "passwordConfirm": "new password", "oldPassword": old});
    let patch = async |body: Value| server.patch(&path).token(login.at("/token")).json(&body).send().await;
    let wrong = patch(change("wrong")).await.expect(400);
    assert_eq!(wrong.at("/data/oldPassword/code"), "validation_invalid_old_password");
    patch(json!({"email": "other@example.com"})).await.expect(400);
    patch(change("12345678")).await.expect(200);
    server.post(&format!("{USERS}/auth-refresh")).token(login.at("/token")).send().await.expect(401);
    sign_in(&server, "anna@example.com", "12345678").await.expect(400);
    let second = sign_in(&server, "anna@example.com", "new password").await.expect(200);
    // A superuser needs no old password.
    let reset = json!({"password": "third password", "passwordConfirm": "third password"});
    server.patch(&path).token(&superuser).json(&reset).send().await.expect(200);
    server.post(&format!("{USERS}/auth-refresh")).token(second.at("/token")).send().await.expect(401);
    sign_in(&server, "anna@example.com", "third password").await.expect(200);
}

#[tokio::test]
async fn the_auth_rule_decides_who_gets_in() {
    let (server, superuser) = start(json!({"authRule": "verified = true"})).await;
    let id = sign_up(&server, "anna@example.com").await.expect(200).at("/id").to_owned();
    let refused = sign_in(&server, "anna@example.com", "12345678").await.expect(403);
    assert_eq!(
        refused.at("/message"),
        "The request doesn't satisfy the collection requirements to authenticate."
    );
    let verified = json!({"verified": true});
    server.patch(&format!("{USERS}/records/{id}")).token(&superuser).json(&verified).send().await.expect(200);
    sign_in(&server, "anna@example.com", "12345678").await.expect(200);
    let off = json!({"passwordAuth": {"enabled": false}});
    server.patch(USERS).token(&superuser).json(&off).send().await.expect(200);
    sign_in(&server, "anna@example.com", "12345678").await.expect(403);
}

#[tokio::test]
async fn auth_methods_are_told() {
    let (server, _) = start(json!({})).await;
    let methods = server.get(&format!("{USERS}/auth-methods")).send().await.expect(200);
    assert_eq!(methods["password"], json!({"enabled": true, "identityFields": ["email"]}));
    assert_eq!(methods["oauth2"], json!({"enabled": false, "providers": []}));
    assert_eq!((&methods["mfa"]["enabled"], &methods["otp"]["enabled"]), (&json!(false), &json!(false)));
}

#[tokio::test]
async fn superusers_sign_in_and_the_last_one_stays() {
    let (server, token) = start(json!({})).await;
    let path = "/api/collections/_superusers/records";
    let list = server.get(path).token(&token).send().await.expect(200);
    assert_eq!(list["totalItems"], 1);
    assert_eq!(list["items"][0]["email"], SUPERUSER);
    let last = format!("{path}/{}", list["items"][0]["id"].as_str().unwrap());
    server.delete(&last).token(&token).send().await.expect(400);
    let second =
        json!({"email": "second@example.com", "password": "12345678", "passwordConfirm": "12345678"});
    server.post(path).json(&second).send().await.expect(403);
    let second = server.post(path).token(&token).json(&second).send().await.expect(200);
    server.delete(&format!("{path}/{}", second.at("/id"))).token(&token).send().await.expect(204);
    let wrong = json!({"identity": SUPERUSER, "password": format!("{SUPERUSER_PASSWORD}!")});
    server.post("/api/collections/_superusers/auth-with-password").json(&wrong).send().await.expect(400);
}
