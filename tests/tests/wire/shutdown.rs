//! A graceful end.

use std::time::Duration;

use baibase_tests::{FakeWeChat, LOGIN, Server, Setup};
use serde_json::json;

#[tokio::test]
async fn sigterm_lets_running_requests_finish() {
    let wechat = FakeWeChat::start(|_| {
        (Duration::from_millis(1500), r#"{"openid":"oAnna","session_key":"k"}"#.to_owned())
    })
    .await;
    let mut server = wechat.setup().start().await;
    let body = json!({"users_wx_code": "one"});
    let login = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .post(server.url("/api/wechat/login"))
        .json(&body);
    let login = tokio::spawn(async move { login.send().await.expect("a reply").status().as_u16() });
    while wechat.asked(LOGIN).is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    server.terminate();
    assert_eq!(login.await.unwrap(), 200, "the running request is answered");
    assert!(server.ended().await.success());
    let server = Setup::bare().home(server.home()).start().await;
    let count = server.post("/api/system/users-count").send().await.expect(200);
    assert_eq!(count["data"]["total_users"], 1);
}

#[tokio::test]
async fn both_signals_write_the_log_back_and_end_soon() {
    for signal in ["TERM", "INT"] {
        let mut server = Server::start().await;
        for _ in 0..5 {
            server.post("/api/collections/tbl_company/records").json(&json!({})).send().await.expect(200);
        }
        // A connection that is kept alive does not hold the end up.
        server.get("/api/health").send().await.expect(200);
        server.signal(signal);
        let begun = std::time::Instant::now();
        assert!(server.ended().await.success(), "{signal}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{signal}");
        for name in ["data.db-wal", "auxiliary.db-wal"] {
            let left = std::fs::metadata(server.data().join(name)).map(|file| file.len()).unwrap_or_default();
            assert_eq!(left, 0, "{name} is checkpointed");
        }
        assert_eq!(server.database().text("SELECT count(*) FROM tbl_company"), "5");
    }
}
