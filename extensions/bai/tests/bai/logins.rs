//! Logins, many at once and too many.

use std::sync::Arc;
use std::time::Duration;

use baibase_bai::{Config, Registration};
use serde_json::json;

use crate::service::{PASSWORD, Reply, Service, registration, unique};

async fn platform_login(service: &Service, phone: &str, password: &str) -> Reply {
    service.post("/api/platform/login", "", json!({"users_phone": phone, "password": password})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn first_logins_at_once_make_one_user() {
    let service = Arc::new(Service::start().await);
    let logins: Vec<_> = (0..32)
        .map(|_| {
            let service = Arc::clone(&service);
            tokio::spawn(async move { service.log_in("anna").await })
        })
        .collect();
    let mut registered = 0;
    for login in logins {
        registered += usize::from(login.await.unwrap().at("/data/status") == "register_success");
    }
    assert_eq!(registered, 1);
    let count = service.post("/api/system/users-count", "", json!({})).await.expect(200);
    assert_eq!(count.body["data"]["total_users"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_is_open_again_when_the_window_has_passed() {
    let service = Service::start().await;
    service.register("13800138000").await;
    for _ in 0..10 {
        platform_login(&service, "13800138000", "wrong").await.expect(400);
    }
    let refused = platform_login(&service, "13800138000", PASSWORD).await.expect(429);
    assert_eq!(refused.retry_after, "600");
    platform_login(&service, "13900139000", "wrong").await.expect(404);
    service.clock.advance_ms(600_000);
    platform_login(&service, "13800138000", PASSWORD).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_right_passwords_at_once_are_no_attack() {
    let service = Arc::new(Service::start().await);
    service.register("13800138000").await;
    let logins: Vec<_> = (0..15)
        .map(|_| {
            let service = Arc::clone(&service);
            tokio::spawn(async move { platform_login(&service, "13800138000", PASSWORD).await.status })
        })
        .collect();
    for login in logins {
        assert_eq!(login.await.unwrap(), 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_waits_for_the_window() {
    let config = Config { duplicate_window: Duration::from_millis(1500), ..Config::default() };
    let service = Service::with(config).await;
    let anna = service.log_in("anna").await.at("/token").to_owned();
    let refresh = async |token: &str| service.post("/api/system/refresh-token", token, json!({})).await;
    refresh(&anna).await.expect(200);
    let refused = refresh(&anna).await.expect(429);
    assert_eq!((refused.at("/msg"), refused.retry_after.as_str()), ("重复请求过于频繁", "2"));
    service.clock.advance_ms(1500);
    refresh(&anna).await.expect(200);
    // What is refused for another reason says so however often it is asked.
    for _ in 0..2 {
        refresh("bad").await.expect(401);
        service.post("/api/wechat/login", "", json!({})).await.expect(400);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_registration_lets_superusers_register() {
    let config = Config { duplicate_window: Duration::ZERO, registration: Registration::Closed };
    let service = Service::with(config).await;
    let refused = service.post("/api/platform/register", "", registration("13800138000")).await.expect(403);
    assert_eq!(refused.at("/msg"), "平台用户注册未开放");
    let superuser = service.superuser().await;
    service.post("/api/platform/register", &superuser, registration("13800138000")).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_renewed_for_users_and_never_for_others() {
    let service = Service::start().await;
    let anna = service.log_in("anna").await.at("/token").to_owned();
    let refresh = async |token: &str, code: &str| {
        service.post("/api/system/refresh-token", token, json!({"users_wx_code": code})).await
    };
    let renewed = refresh(&anna, "").await.expect(200);
    assert_eq!(renewed.at("/data/token"), renewed.at("/token"));
    let superuser = service.superuser().await;
    refresh(&superuser, "").await.expect(401);
    refresh("bad", &unique("dev-nobody")).await.expect(404);
    refresh("bad", &unique("dev-anna")).await.expect(200);
    service.clock.advance_ms(400 * 86_400_000);
    refresh(&anna, "").await.expect(401);
}
