//! Hello world, health, users-count and refresh-token, with every status that their documents list.

use baibase_tests::{FakeWeChat, Server, login, unique_code, validate};
use serde_json::json;

const MOUNTS: [&str; 2] = ["/api", "/pb/api"];

#[tokio::test]
async fn hello_world_and_health() {
    let server = Server::start().await;
    for mount in MOUNTS {
        let hello = server.post(&format!("{mount}/system/test-helloworld")).send().await.expect(200);
        validate("hello", &hello.json);
        let health = server.post(&format!("{mount}/system/health")).send().await.expect(200);
        validate("health", &health.json);
        assert_eq!(health.header("content-type").split(';').next(), Some("application/json"));
    }
}

#[tokio::test]
async fn users_count_counts_all_users() {
    let server = Server::start().await;
    for mount in MOUNTS {
        let count = server.post(&format!("{mount}/system/users-count")).send().await.expect(200);
        validate("users-count", &count.json);
        assert_eq!(count["data"]["total_users"], 0);
    }
    login(&server, "anna").await;
    login(&server, "bert").await;
    login(&server, "anna").await;
    let count = server.post("/api/system/users-count").send().await.expect(200);
    assert_eq!(count["data"]["total_users"], 2);
}

#[tokio::test]
async fn users_count_400_for_a_malformed_body() {
    let server = Server::start().await;
    let reply = server.post("/api/system/users-count").body("application/json", "{").send().await.expect(400);
    validate("error", &reply.json);
}

#[tokio::test]
async fn refresh_200_with_a_valid_token_asks_wechat_nothing() {
    let wechat = FakeWeChat::always(r#"{"openid":"oAnna","session_key":"k"}"#).await;
    let server = wechat.setup().start().await;
    let body = json!({"users_wx_code": "one"});
    let token = server.post("/api/wechat/login").json(&body).send().await.expect(200).at("/token").to_owned();
    for mount in MOUNTS {
        let path = format!("{mount}/system/refresh-token");
        let without_body = server.post(&path).token(&token).send().await.expect(200);
        validate("refresh", &without_body.json);
        let null =
            server.post(&path).token(&token).json(&json!({"users_wx_code": null})).send().await.expect(200);
        validate("refresh", &null.json);
        let code =
            server.post(&path).token(&token).json(&json!({"users_wx_code": "two"})).send().await.expect(200);
        assert_eq!(code["data"]["token"], code["token"]);
        let again = server.post(&path).token(code.at("/token")).send().await;
        again.expect(200);
    }
    assert_eq!(wechat.asked(baibase_tests::LOGIN).len(), 1);
}

#[tokio::test]
async fn refresh_200_with_a_code_when_the_token_is_bad() {
    let server = Server::start().await;
    let anna = login(&server, "anna").await;
    let body = json!({"users_wx_code": unique_code("dev-anna")});
    let reply = server.post("/api/system/refresh-token").token("bad").json(&body).send().await.expect(200);
    validate("refresh", &reply.json);
    let profile = server.post("/api/wechat/profile").token(reply.at("/token")).json(&json!({})).send().await;
    assert_eq!(profile.expect(200).at("/data/user/pb_id"), anna.id);
}

#[tokio::test]
async fn refresh_400_for_a_code_that_wechat_refuses_and_for_wrong_types() {
    let server = Server::start().await;
    for code in [json!(unique_code("error-40029")), json!(7), json!({"a": 1}), json!(["x"])] {
        let body = json!({"users_wx_code": code});
        let reply = server.post("/api/system/refresh-token").json(&body).send().await.expect(400);
        validate("error", &reply.json);
    }
}

#[tokio::test]
async fn refresh_401_without_a_token_and_a_code() {
    let server = Server::start().await;
    for body in [json!({}), json!({"users_wx_code": null}), json!({"users_wx_code": ""})] {
        let reply = server.post("/api/system/refresh-token").json(&body).send().await.expect(401);
        validate("error", &reply.json);
    }
    let reply = server.post("/api/system/refresh-token").token("a.b.c").send().await.expect(401);
    validate("error", &reply.json);
}

#[tokio::test]
async fn refresh_404_for_an_openid_without_a_user() {
    let server = Server::start().await;
    let body = json!({"users_wx_code": unique_code("dev-nobody")});
    let reply = server.post("/api/system/refresh-token").json(&body).send().await.expect(404);
    validate("error", &reply.json);
    let count = server.post("/api/system/users-count").send().await.expect(200);
    assert_eq!(count["data"]["total_users"], 0, "refresh never registers");
}

#[tokio::test]
async fn refresh_415_for_a_body_that_is_not_json() {
    let server = Server::start().await;
    let call = server.post("/api/system/refresh-token").body("text/plain", "users_wx_code=x");
    validate("error", &call.send().await.expect(415).json);
}

#[tokio::test]
async fn refresh_429_and_500_when_wechat_fails() {
    for (errcode, status) in [("45011", 429), ("-1", 500)] {
        let server = Server::start().await;
        let body = json!({"users_wx_code": unique_code(&format!("error-{errcode}"))});
        let reply = server.post("/pb/api/system/refresh-token").json(&body).send().await.expect(status);
        validate("error", &reply.json);
    }
}
