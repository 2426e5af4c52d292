//! WeChat login and profile, with every status that their documents list.

use baibase_tests::{Server, Setup, login, phone_code, unique_code, validate};
use serde_json::{Value, json};

async fn try_login(server: &Server, body: &Value) -> baibase_tests::Reply {
    server.post("/pb/api/wechat/login").json(body).send().await
}

#[tokio::test]
async fn login_200_registers_and_then_logs_in() {
    let server = Server::start().await;
    for (mount, status) in [("/api", "register_success"), ("/pb/api", "login_success")] {
        let body = json!({"users_wx_code": unique_code("dev-anna")});
        let reply = server.post(&format!("{mount}/wechat/login")).json(&body).send().await.expect(200);
        validate("login", &reply.json);
        assert_eq!(reply.at("/data/status"), status);
        assert_eq!(reply.json.pointer("/data/is_info_complete"), Some(&json!(false)));
        assert_eq!(reply.at("/data/user/users_idtype"), "WeChat");
        assert_eq!(reply.at("/data/user/users_type"), "游客");
    }
}

#[tokio::test]
async fn login_400_for_bad_input_and_refused_codes() {
    let server = Server::start().await;
    let long = "x".repeat(5000);
    for code in ["", "   ", "nonsense", "error-40029", "error-40163", "error-40226", &long] {
        let reply = try_login(&server, &json!({"users_wx_code": code})).await.expect(400);
        validate("error", &reply.json);
    }
    for body in
        [json!({}), json!({"users_wx_code": null}), json!({"users_wx_code": 5}), json!([]), json!("x")]
    {
        let reply = try_login(&server, &body).await.expect(400);
        validate("error", &reply.json);
        if body.is_object() {
            assert!(reply.text().contains("users_wx_code"), "the field is named: {}", reply.text());
        }
    }
}

#[tokio::test]
async fn login_400_for_a_code_that_was_used() {
    let server = Server::start().await;
    let body = json!({"users_wx_code": unique_code("dev-anna")});
    try_login(&server, &body).await.expect(200);
    validate("error", &try_login(&server, &body).await.expect(400).json);
}

#[tokio::test]
async fn login_401_when_the_collection_lets_nobody_in() {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let rule = json!({"authRule": "users_name = 'nobody'"});
    server.patch("/api/collections/tbl_auth_users").token(&token).json(&rule).send().await.expect(200);
    let reply = try_login(&server, &json!({"users_wx_code": unique_code("dev-anna")})).await.expect(401);
    validate("error", &reply.json);
}

#[tokio::test]
async fn login_415_for_a_body_that_is_not_json() {
    let server = Server::start().await;
    for (content_type, body) in [
        ("application/x-www-form-urlencoded", "users_wx_code=dev-anna"),
        ("text/plain", r#"{"users_wx_code":"dev-anna"}"#),
        ("text/json", r#"{"users_wx_code":"dev-anna"}"#),
    ] {
        let reply = server.post("/api/wechat/login").body(content_type, body).send().await.expect(415);
        validate("error", &reply.json);
    }
    let without_body = server.post("/api/wechat/login").send().await;
    assert!([400, 415].contains(&without_body.status), "{}", without_body.text());
    validate("error", &without_body.json);
}

#[tokio::test]
async fn login_429_for_the_same_request_again() {
    let server = Setup::new().env("BAIBASE_DUPLICATE_WINDOW_MS", "60000").start().await;
    let body = json!({"users_wx_code": unique_code("dev-anna")});
    try_login(&server, &body).await.expect(200);
    validate("error", &try_login(&server, &body).await.expect(429).json);
}

#[tokio::test]
async fn login_500_when_wechat_is_down_or_not_configured() {
    let server = Server::start().await;
    for code in ["error--1", "error-40125", "error-40013", "error-http"] {
        let reply = try_login(&server, &json!({"users_wx_code": unique_code(code)})).await.expect(500);
        validate("error", &reply.json);
    }
    let server = Setup::bare().start().await;
    validate("error", &try_login(&server, &json!({"users_wx_code": "x"})).await.expect(500).json);
}

#[tokio::test]
async fn profile_200_writes_what_is_sent() {
    let server = Server::start().await;
    let anna = login(&server, "anna").await;
    let fields = json!({
        "users_name": "安娜", "users_phone": "13800138000", "users_tag": "核心客户", "users_picture": "ATT-1-abc",
        "users_id_pic_a": "ATT-2-abc", "users_id_pic_b": "ATT-3-abc", "users_title_picture": "ATT-4-abc",
    });
    let reply = anna.edit(&server, fields.clone()).await.expect(200);
    validate("profile", &reply.json);
    for (name, value) in fields.as_object().unwrap() {
        assert_eq!(&reply["data"]["user"][name], value, "{name}");
    }
    let by_code =
        anna.edit(&server, json!({"users_phone_code": phone_code("13900139000")})).await.expect(200);
    assert_eq!(by_code.at("/data/user/users_phone"), "13900139000");
    assert_eq!(by_code.at("/data/user/users_name"), "安娜");
}

#[tokio::test]
async fn profile_400_for_bad_input() {
    let server = Server::start().await;
    let anna = login(&server, "anna").await;
    let bodies = [
        json!({"users_name": 5}),
        json!({"users_phone": ["13800138000"]}),
        json!({"users_phone_code": {"a": 1}}),
        json!({"users_phone_code": "nonsense"}),
        json!({"users_phone_code": unique_code("dev-anna")}),
        json!([1]),
        json!(null),
    ];
    for body in bodies {
        let reply = anna.edit(&server, body.clone()).await.expect(400);
        validate("error", &reply.json);
    }
    let malformed =
        server.post("/api/wechat/profile").token(&anna.token).body("application/json", r#"{"users_name":"#);
    validate("error", &malformed.send().await.expect(400).json);
    let user = anna.edit(&server, json!({})).await.expect(200);
    assert_eq!(user.at("/data/user/users_name"), "");
    assert_eq!(user.at("/data/user/users_phone"), "");
}

#[tokio::test]
async fn profile_400_for_a_phone_that_somebody_has() {
    let server = Server::start().await;
    let (anna, bert) = (login(&server, "anna").await, login(&server, "bert").await);
    anna.edit(&server, json!({"users_phone": "13800138000"})).await.expect(200);
    let plain =
        bert.edit(&server, json!({"users_phone": "13800138000", "users_name": "伯特"})).await.expect(400);
    validate("error", &plain.json);
    let code = bert.edit(&server, json!({"users_phone_code": phone_code("13800138000")})).await.expect(400);
    validate("error", &code.json);
    let user = bert.edit(&server, json!({})).await.expect(200);
    assert_eq!(user.at("/data/user/users_name"), "", "nothing of a refused edit is written");
    anna.edit(&server, json!({"users_phone": "13800138000"})).await.expect(200);
}

#[tokio::test]
async fn profile_401_without_a_good_token() {
    let server = Server::with_superuser().await;
    for token in ["", "bad", "a.b.c"] {
        let reply =
            server.post("/api/wechat/profile").token(token).json(&json!({"users_name": "x"})).send().await;
        validate("error", &reply.expect(401).json);
    }
    let without = server.post("/pb/api/wechat/profile").json(&json!({})).send().await.expect(401);
    validate("error", &without.json);
    // A superuser is no user of the platform: there is no openid.
    let superuser = server.superuser().await;
    let reply =
        server.post("/api/wechat/profile").token(&superuser).json(&json!({"users_name": "x"})).send().await;
    validate("error", &reply.expect(401).json);
}

#[tokio::test]
async fn profile_415_for_a_body_that_is_not_json() {
    let server = Server::start().await;
    let anna = login(&server, "anna").await;
    let call = server.post("/api/wechat/profile").token(&anna.token).body("text/plain", "{}");
    validate("error", &call.send().await.expect(415).json);
}

#[tokio::test]
async fn profile_429_for_the_same_request_again_and_when_wechat_says_so() {
    let server = Setup::new().env("BAIBASE_DUPLICATE_WINDOW_MS", "60000").start().await;
    let anna = login(&server, "anna").await;
    anna.edit(&server, json!({"users_name": "x"})).await.expect(200);
    validate("error", &anna.edit(&server, json!({"users_name": "x"})).await.expect(429).json);
    let quota = anna.edit(&server, json!({"users_phone_code": unique_code("error-45011")})).await.expect(429);
    validate("error", &quota.json);
}

#[tokio::test]
async fn profile_500_when_wechat_is_down() {
    let server = Server::start().await;
    let anna = login(&server, "anna").await;
    for code in ["error--1", "error-http", "error-token-40164"] {
        let reply = anna.edit(&server, json!({"users_phone_code": unique_code(code)})).await.expect(500);
        validate("error", &reply.json);
    }
}
