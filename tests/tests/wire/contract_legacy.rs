//! The operations of the legacy listener, with every status that their document lists.

use baibase_tests::{FakeWeChat, Reply, Server, Setup, phone_code, unique_code, validate};
use serde_json::{Value, json};

async fn start() -> Server {
    Setup::new().legacy().start().await
}

async fn login(server: &Server, name: &str) -> (String, String) {
    let body = json!({"users_wx_code": unique_code(&format!("dev-{name}"))});
    let reply = server.legacy_post("/api/wechat/login").json(&body).send().await.expect(200);
    (reply.at("/data/token").to_owned(), reply.at("/data/user/users_wx_openid").to_owned())
}

async fn edit(server: &Server, (token, openid): &(String, String), body: &Value) -> Reply {
    let call = server.legacy_post("/api/wechat/profile").token(token).header("users_wx_openid", openid);
    call.json(body).send().await
}

fn profile() -> Value {
    json!({"users_name": "张三", "users_phone_code": phone_code("13800138000"), "users_picture": "https://e.com/a.png"})
}

#[tokio::test]
async fn hello_world_and_health() {
    let server = start().await;
    validate("hello", &server.legacy_post("/api/test-helloworld").send().await.expect(200).json);
    validate("health", &server.legacy_post("/api/health").send().await.expect(200).json);
}

#[tokio::test]
async fn login_200_registers_and_then_logs_in() {
    let server = start().await;
    for status in ["register_success", "login_success"] {
        let body = json!({"users_wx_code": unique_code("dev-anna")});
        let reply = server.legacy_post("/api/wechat/login").json(&body).send().await.expect(200);
        validate("legacy-login", &reply.json);
        assert_eq!(reply.at("/data/status"), status);
    }
}

#[tokio::test]
async fn login_400_415_and_500() {
    let server = start().await;
    let post = || server.legacy_post("/api/wechat/login");
    for body in [json!({}), json!({"users_wx_code": ""}), json!({"users_wx_code": "nonsense"})] {
        validate("error", &post().json(&body).send().await.expect(400).json);
    }
    validate("error", &post().body("text/plain", "x").send().await.expect(415).json);
    let down = json!({"users_wx_code": unique_code("error--1")});
    validate("error", &post().json(&down).send().await.expect(500).json);
}

#[tokio::test]
async fn login_429_for_the_same_request_again() {
    let server = Setup::new().env("BAIBASE_DUPLICATE_WINDOW_MS", "60000").legacy().start().await;
    let body = json!({"users_wx_code": unique_code("dev-anna")});
    server.legacy_post("/api/wechat/login").json(&body).send().await.expect(200);
    let again = server.legacy_post("/api/wechat/login").json(&body).send().await.expect(429);
    validate("error", &again.json);
}

#[tokio::test]
async fn profile_200_masks_the_phone() {
    let server = start().await;
    let anna = login(&server, "anna").await;
    let reply = edit(&server, &anna, &profile()).await.expect(200);
    validate("legacy-profile", &reply.json);
    assert_eq!(reply.at("/data/status"), "update_success");
    assert_eq!(reply.at("/data/user/users_phone"), "138****8000");
    assert_eq!(reply.at("/data/user/users_type"), "注册用户");
    assert!(!reply.text().contains("13800138000"));
}

#[tokio::test]
async fn profile_400_when_one_of_the_three_is_missing() {
    let server = start().await;
    let anna = login(&server, "anna").await;
    for field in ["users_name", "users_phone_code", "users_picture"] {
        let mut missing = profile();
        missing.as_object_mut().unwrap().remove(field);
        let mut blank = profile();
        blank[field] = json!("");
        for body in [missing, blank] {
            let reply = edit(&server, &anna, &body).await.expect(400);
            validate("error", &reply.json);
            assert!(reply.text().contains(field), "{}", reply.text());
        }
    }
}

#[tokio::test]
async fn profile_401_without_one_of_the_headers_or_with_a_bad_token() {
    let server = start().await;
    let (token, openid) = login(&server, "anna").await;
    let post = || server.legacy_post("/api/wechat/profile").json(&profile());
    validate("error", &post().token(&token).send().await.expect(401).json);
    validate("error", &post().header("users_wx_openid", &openid).send().await.expect(401).json);
    let forged = post().token("a.b.c").header("users_wx_openid", &openid);
    validate("error", &forged.send().await.expect(401).json);
}

#[tokio::test]
async fn profile_415_for_a_body_that_is_not_json() {
    let server = start().await;
    let (token, openid) = login(&server, "anna").await;
    let call = server.legacy_post("/api/wechat/profile").token(&token).header("users_wx_openid", &openid);
    validate("error", &call.body("text/plain", "x").send().await.expect(415).json);
}

#[tokio::test]
async fn profile_500_when_wechat_is_down() {
    let server = start().await;
    let anna = login(&server, "anna").await;
    let mut body = profile();
    body["users_phone_code"] = json!(unique_code("error--1"));
    validate("error", &edit(&server, &anna, &body).await.expect(500).json);
}

#[tokio::test]
async fn refresh_200_for_a_bare_openid() {
    let wechat = FakeWeChat::always(r#"{"openid":"oAnna","session_key":"k"}"#).await;
    let server = wechat.setup().legacy().start().await;
    let body = json!({"users_wx_code": "one"});
    server.legacy_post("/api/wechat/login").json(&body).send().await.expect(200);
    let refresh =
        |openid: &str| server.legacy_post("/api/wechat/refresh-token").header("users_wx_openid", openid);
    let reply = refresh("oAnna").send().await.expect(200);
    validate("legacy-refresh", &reply.json);
    assert_eq!(wechat.asked(baibase_tests::LOGIN).len(), 1);
    let token = reply.at("/data/token");
    let profile = server.post("/api/wechat/profile").token(token).json(&json!({})).send().await.expect(200);
    assert_eq!(profile.at("/data/user/openid"), "oAnna");
    // Openids are compared case-sensitively.
    validate("error", &refresh("oanna").send().await.expect(404).json);
}

#[tokio::test]
async fn refresh_401_and_404() {
    let server = start().await;
    let refresh = || server.legacy_post("/api/wechat/refresh-token");
    validate("error", &refresh().send().await.expect(401).json);
    validate("error", &refresh().header("users_wx_openid", "").send().await.expect(401).json);
    validate("error", &refresh().header("users_wx_openid", "oNobody").send().await.expect(404).json);
}
