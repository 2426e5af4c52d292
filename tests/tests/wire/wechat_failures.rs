//! WeChat as it fails in earnest: slow, gone, broken, and with tokens that go stale.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use baibase_tests::{FakeWeChat, LOGIN, PHONE, Server, Setup, TOKEN, validate};
use serde_json::json;

const ANNA: &str = r#"{"openid":"oAnna","session_key":"k"}"#;

fn now(text: &str) -> (Duration, String) {
    (Duration::ZERO, text.to_owned())
}

async fn login(server: &Server, code: &str) -> baibase_tests::Reply {
    server.post("/api/wechat/login").json(&json!({"users_wx_code": code})).send().await
}

#[tokio::test]
async fn a_wechat_that_is_gone_is_500() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let setup = Setup::bare().env("BAIBASE_WECHAT_APP_ID", "wx").env("BAIBASE_WECHAT_APP_SECRET", "s");
    let server = setup.env("BAIBASE_WECHAT_API_BASE", &format!("http://{free}")).start().await;
    let reply = login(&server, "one").await.expect(500);
    validate("error", &reply.json);
    assert!(!reply.text().contains(&free.to_string()), "{}", reply.text());
}

#[tokio::test]
async fn a_wechat_that_does_not_answer_is_500_and_the_code_is_not_sent_again() {
    let wechat = FakeWeChat::start(|_| (Duration::from_secs(60), ANNA.to_owned())).await;
    let server = wechat.setup().start().await;
    let begun = Instant::now();
    validate("error", &login(&server, "one").await.expect(500).json);
    assert!(begun.elapsed() < Duration::from_secs(30));
    assert_eq!(wechat.asked(LOGIN).len(), 1);
    server.get("/api/health").send().await.expect(200);
}

#[tokio::test]
async fn replies_that_make_no_sense_are_500() {
    for text in
        ["", "<html>502</html>", "{}", "[]", r#"{"openid":""}"#, r#"{"openid":5}"#, r#"{"errcode":"x"}"#]
    {
        let wechat = FakeWeChat::always(text).await;
        let server = wechat.setup().start().await;
        let reply = login(&server, "one").await;
        assert_eq!(reply.status, 500, "{text}: {}", reply.text());
        validate("error", &reply.json);
    }
}

#[tokio::test]
async fn credentials_go_to_wechat_as_documented() {
    let wechat = FakeWeChat::always(ANNA).await;
    let server = wechat.setup().start().await;
    login(&server, "a b&c=ü").await.expect(200);
    let asked = wechat.asked(LOGIN);
    let query = &asked[0].query;
    for part in ["appid=wx-test", "grant_type=authorization_code", "js_code=a", "%26c%3D%C3%BC"] {
        assert!(query.contains(part), "{part}: {query}");
    }
}

async fn edit_phone(server: &Server, token: &str, code: &str) -> baibase_tests::Reply {
    server.post("/api/wechat/profile").token(token).json(&json!({"users_phone_code": code})).send().await
}

#[tokio::test]
async fn a_stale_access_token_is_renewed_once() {
    static TOKENS: AtomicUsize = AtomicUsize::new(0);
    let wechat = FakeWeChat::start(|asked| match asked.path.as_str() {
        TOKEN => {
            let number = TOKENS.fetch_add(1, Ordering::SeqCst);
            now(&format!(r#"{{"access_token":"t{number}","expires_in":7200}}"#))
        }
        PHONE if asked.query.contains("access_token=t0") => now(r#"{"errcode":42001,"errmsg":"expired"}"#),
        PHONE => {
            now(r#"{"errcode":0,"phone_info":{"phoneNumber":"+85251234567","purePhoneNumber":"51234567","countryCode":852}}"#)
        }
        _ => now(ANNA),
    })
    .await;
    let server = wechat.setup().start().await;
    let token = login(&server, "one").await.expect(200).at("/token").to_owned();
    let reply = edit_phone(&server, &token, "p").await.expect(200);
    assert!(reply.at("/data/user/users_phone").ends_with("51234567"), "{}", reply.text());
    assert_eq!((wechat.asked(TOKEN).len(), wechat.asked(PHONE).len()), (2, 2));
    assert!(wechat.asked(TOKEN).iter().all(|asked| asked.body["force_refresh"] != true));
}

#[tokio::test]
async fn a_wrong_secret_is_500_and_does_not_loop() {
    let wechat = FakeWeChat::start(|asked| match asked.path.as_str() {
        TOKEN => now(r#"{"errcode":40125,"errmsg":"invalid appsecret"}"#),
        _ => now(ANNA),
    })
    .await;
    let server = wechat.setup().start().await;
    let token = login(&server, "one").await.expect(200).at("/token").to_owned();
    validate("error", &edit_phone(&server, &token, "p").await.expect(500).json);
    assert!(wechat.asked(TOKEN).len() <= 2 && wechat.asked(PHONE).is_empty());
    assert!(server.log().contains("40125"), "{}", server.log());
}
