//! Decisions 16, 18, 19, 20 and 28: what is refused, and how often.

use std::time::Duration;

use baibase_tests::{
    FakeWeChat, PASSWORD, PHONE, Reply, Server, Setup, TOKEN, login, register, unique_code, validate,
};
use futures_util::future::join_all;
use serde_json::{Value, json};

async fn platform_login(server: &Server, phone: &str, password: &str) -> Reply {
    let body = json!({"users_phone": phone, "password": password});
    server.post("/api/platform/login").json(&body).send().await
}

fn retry_after(reply: &Reply) -> u64 {
    reply.header("retry-after").parse().expect("seconds until the next attempt")
}

#[tokio::test]
async fn decision_16_wrong_passwords_are_throttled_for_a_phone() {
    let server = Server::start().await;
    register(&server, "13800138000").await;
    register(&server, "13800138001").await;
    for _ in 0..9 {
        platform_login(&server, "13800138000", "wrong password").await.expect(400);
    }
    // A right password within the limit resets the count.
    platform_login(&server, "13800138000", PASSWORD).await.expect(200);
    for _ in 0..10 {
        platform_login(&server, "13800138000", "wrong password").await.expect(400);
    }
    for password in ["wrong password", PASSWORD] {
        let refused = platform_login(&server, "13800138000", password).await.expect(429);
        validate("error", &refused.json);
        assert!((1..=600).contains(&retry_after(&refused)));
    }
    platform_login(&server, "13800138001", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn decision_16_wrong_passwords_are_throttled_for_an_address() {
    let server = Server::start().await;
    let phones: Vec<String> = (0..12).map(|number| format!("138001380{number:02}")).collect();
    for phone in &phones {
        register(&server, phone).await;
    }
    for phone in &phones[..10] {
        let attempts = join_all((0..10).map(|_| platform_login(&server, phone, "wrong password"))).await;
        assert!(attempts.iter().all(|reply| reply.status == 400));
    }
    let refused = platform_login(&server, &phones[11], "wrong password").await.expect(429);
    assert!((1..=600).contains(&retry_after(&refused)));
}

#[tokio::test]
async fn decision_18_bodies() {
    let server = Server::start().await;
    let anna = login(&server, "anna").await;
    let post = |path: &str| server.post(&format!("/api/{path}")).token(&anna.token);
    for path in ["wechat/login", "wechat/profile", "platform/register", "platform/login"] {
        for content_type in
            ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "multipart/form-data"]
        {
            validate("error", &post(path).body(content_type, "{}").send().await.expect(415).json);
        }
        for body in ["{", "", "nonsense", r#"{"a":1"#, "[]", "1", "null"] {
            let reply = post(path).body("application/json", body).send().await;
            validate("error", &reply.expect(400).json);
        }
    }
    for path in ["system/refresh-token", "system/health", "system/users-count", "system/test-helloworld"] {
        post(path).send().await.expect(200);
        validate("error", &post(path).body("text/plain", "x").send().await.expect(415).json);
        post(path).body("application/json", "{}").send().await.expect(200);
    }
    let code = json!({"users_wx_code": unique_code("dev-bert"), "unknown": [1, {"a": null}]}).to_string();
    post("wechat/login").body("application/json; charset=utf-8", code).send().await.expect(200);
    let code = json!({"users_wx_code": unique_code("dev-bert")}).to_string();
    post("wechat/login").body("Application/JSON;charset=GBK", code).send().await.expect(200);
}

#[tokio::test]
async fn decision_19_the_same_request_again_is_refused() {
    let server = Setup::new().env("BAIBASE_DUPLICATE_WINDOW_MS", "2000").start().await;
    let (anna, bert) = (login(&server, "anna").await, login(&server, "bert").await);
    let name = |name: &str| json!({"users_name": name});
    anna.edit(&server, name("x")).await.expect(200);
    let refused = anna.edit(&server, name("x")).await.expect(429);
    validate("error", &refused.json);
    assert_eq!(refused.at("/msg"), "重复请求过于频繁");
    assert!((1..=2).contains(&retry_after(&refused)));
    anna.edit(&server, name("y")).await.expect(200);
    bert.edit(&server, name("x")).await.expect(200);
    server.post("/api/system/refresh-token").token(&anna.token).send().await.expect(200);
    server.post("/api/system/refresh-token").token(&anna.token).send().await.expect(429);
    server.post("/api/system/refresh-token").token(&bert.token).send().await.expect(200);
    // Routes whose document does not list 429 know no window.
    for path in ["health", "users-count", "test-helloworld"] {
        for _ in 0..2 {
            server.post(&format!("/api/system/{path}")).send().await.expect(200);
        }
    }
    tokio::time::sleep(Duration::from_millis(2100)).await;
    anna.edit(&server, name("x")).await.expect(200);
}

#[tokio::test]
async fn decision_19_the_window_can_be_off() {
    let server = Server::start().await;
    let anna = login(&server, "anna").await;
    for _ in 0..3 {
        anna.edit(&server, json!({"users_name": "x"})).await.expect(200);
    }
}

#[tokio::test]
async fn decision_20_wechats_failures() {
    let server = Server::start().await;
    let anna = login(&server, "anna").await;
    let mut messages: Vec<String> = Vec::new();
    for (code, status) in
        [("40029", 400), ("40163", 400), ("40226", 400), ("45011", 429), ("-1", 500), ("40125", 500)]
    {
        let body = json!({"users_wx_code": unique_code(&format!("error-{code}"))});
        let reply = server.post("/api/wechat/login").json(&body).send().await.expect(status);
        validate("error", &reply.json);
        messages.push(reply.at("/msg").to_owned());
    }
    messages[..3].sort_unstable();
    assert!(messages[..3].windows(2).all(|pair| pair[0] != pair[1]), "each says which: {messages:?}");
    let phone = anna.edit(&server, json!({"users_phone_code": unique_code("error-40029")})).await.expect(400);
    validate("error", &phone.json);
    for errcode in ["40125", "-1"] {
        assert!(server.log().contains(errcode), "the cause of a 500 is logged: {errcode}");
    }
}

#[tokio::test]
async fn decision_20_a_code_is_sent_once_and_secrets_stay_secret() {
    let wechat = FakeWeChat::start(|asked| {
        let login = asked.query.contains("js_code=good");
        let reply = match asked.path.as_str() {
            TOKEN => r#"{"access_token":"TOPSECRETTOKEN","expires_in":7200}"#,
            PHONE => r#"{"errcode":-1,"errmsg":"busy"}"#,
            _ if login => r#"{"openid":"oAnna","session_key":"TOPSECRETKEY"}"#,
            _ => r#"{"errcode":-1,"errmsg":"busy"}"#,
        };
        (Duration::ZERO, reply.to_owned())
    })
    .await;
    let server = wechat.setup().arg("--dev").start().await;
    let login = async |code: &str| {
        let body = json!({"users_wx_code": code});
        server.post("/api/wechat/login").json(&body).send().await
    };
    let mut replies: Vec<Value> = vec![login("bad").await.expect(500).json];
    assert_eq!(wechat.asked(baibase_tests::LOGIN).len(), 1, "a code is never sent twice");
    let good = login("good").await.expect(200);
    let phone = server.post("/api/wechat/profile").token(good.at("/token"));
    replies.push(phone.json(&json!({"users_phone_code": "p"})).send().await.expect(500).json);
    replies.push(good.json.clone());
    let text = format!("{}{replies:?}", server.log());
    for secret in [wechat.secret(), "TOPSECRETTOKEN", "TOPSECRETKEY"] {
        assert!(!text.contains(secret), "{secret} is in a log or a reply");
    }
}

#[tokio::test]
async fn decision_28_many_phone_look_ups_cause_one_request_for_a_token() {
    let wechat = FakeWeChat::start(|asked| match asked.path.as_str() {
        TOKEN => (Duration::from_millis(300), r#"{"access_token":"t","expires_in":7200}"#.to_owned()),
        PHONE => {
            let number = asked.body["code"].as_str().unwrap_or_default();
            let info =
                format!(r#"{{"phoneNumber":"{number}","purePhoneNumber":"{number}","countryCode":"86"}}"#);
            (Duration::ZERO, format!(r#"{{"errcode":0,"errmsg":"ok","phone_info":{info}}}"#))
        }
        _ => {
            let name =
                asked.query.split('&').find_map(|pair| pair.strip_prefix("js_code=")).unwrap_or_default();
            (Duration::ZERO, format!(r#"{{"openid":"o{name}","session_key":"k"}}"#))
        }
    })
    .await;
    let server = wechat.setup().start().await;
    let mut tokens = Vec::new();
    for number in 0..20 {
        let body = json!({"users_wx_code": format!("u{number}")});
        tokens.push(
            server.post("/api/wechat/login").json(&body).send().await.expect(200).at("/token").to_owned(),
        );
    }
    assert!(wechat.asked(TOKEN).len() <= 1);
    let edits = join_all(tokens.iter().enumerate().map(|(number, token)| {
        let body = json!({"users_phone_code": format!("138001380{number:02}")});
        server.post("/api/wechat/profile").token(token).json(&body).send()
    }))
    .await;
    assert!(edits.iter().all(|reply| reply.status == 200));
    assert_eq!(wechat.asked(PHONE).len(), 20);
    assert_eq!(wechat.asked(TOKEN).len(), 1);
}
