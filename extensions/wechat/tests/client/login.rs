//! Login against a scripted server.

use std::time::Duration;

use axum::{http::StatusCode, response::IntoResponse};
use baibase_wechat::Error;

use crate::fake::{APP_SECRET, Answer, Fake, LOGIN, errcode, text};

#[tokio::test]
async fn a_plain_text_reply_without_errcode_is_a_session() {
    let fake = Fake::start(|_, _| text(r#"{"openid":"o1","session_key":"key==","unionid":"u1"}"#)).await;
    let session = fake.client.login("a code&b").await.unwrap();
    assert_eq!((session.openid.as_str(), session.unionid.as_deref()), ("o1", Some("u1")));
    assert_eq!(session.session_key.expose(), "key==");
    assert!(!format!("{session:?}").contains("key=="));
    assert_eq!(
        fake.asked(LOGIN)[0].query,
        format!("appid=wx-test&secret={APP_SECRET}&js_code=a+code%26b&grant_type=authorization_code")
    );
}

#[tokio::test]
async fn a_code_is_sent_once_when_the_reply_is_late() {
    let fake = Fake::start(|_, _| Answer(Duration::from_secs(5), StatusCode::OK.into_response())).await;
    let error = fake.client.login("code").await.unwrap_err();
    assert!(matches!(&error, Error::Unavailable(cause) if cause.message.starts_with("timed out")), "{error}");
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(fake.asked(LOGIN).len(), 1);
}

#[tokio::test]
async fn a_code_is_sent_once_when_wechat_is_busy() {
    let fake = Fake::start(|_, _| errcode(-1)).await;
    let error = fake.client.login("code").await.unwrap_err();
    assert!(matches!(&error, Error::Unavailable(cause) if cause.errcode == Some(-1)), "{error}");
    assert_eq!(fake.asked(LOGIN).len(), 1);
}

#[tokio::test]
async fn refusals_are_typed() {
    let fake = Fake::start(|asked, _| {
        let code = asked.query.split("js_code=").nth(1).unwrap().split('&').next().unwrap();
        errcode(code.parse().unwrap())
    })
    .await;
    assert!(matches!(fake.client.login("40029").await, Err(Error::InvalidCode(_))));
    assert!(matches!(fake.client.login("40163").await, Err(Error::CodeUsed(_))));
    assert!(matches!(fake.client.login("40226").await, Err(Error::BlockedUser(_))));
    assert!(matches!(fake.client.login("45011").await, Err(Error::TooFrequent(_))));
    assert!(matches!(fake.client.login("40125").await, Err(Error::Misconfigured(_))));
}

#[tokio::test]
async fn replies_that_are_not_wechats_are_unavailable() {
    let redirect = || (StatusCode::FOUND, [("location", "/elsewhere")]).into_response();
    let fake = Fake::start(move |_, before| match before {
        0 => text("<html>"),
        1 => text("{}"),
        2 => text(r#"{"openid":"","session_key":"k"}"#),
        3 => text(format!(r#"{{"openid":"o","session_key":"k","padding":"{}"}}"#, "x".repeat(70_000))),
        4 => Answer(
            Duration::ZERO,
            (StatusCode::BAD_GATEWAY, r#"{"openid":"o","session_key":"k"}"#).into_response(),
        ),
        _ => Answer(Duration::ZERO, redirect()),
    })
    .await;
    for case in 0..6 {
        let outcome = fake.client.login("code").await;
        assert!(matches!(outcome, Err(Error::Unavailable(_))), "case {case}: {outcome:?}");
    }
    assert!(fake.asked("/elsewhere").is_empty());
}

#[tokio::test]
async fn no_error_repeats_a_secret() {
    let fake = Fake::start(|asked, before| match before {
        0 => text(format!(r#"{{"errcode":40125,"errmsg":"bad secret in {}"}}"#, asked.query)),
        1 => text(format!(r#"{{"openid":7,"session_key":"hush {APP_SECRET}"}}"#)),
        _ => Answer(Duration::from_secs(5), StatusCode::OK.into_response()),
    })
    .await;
    let refused = "http://127.0.0.1:9"; // Nobody listens there.
    let unreachable =
        baibase_wechat::Config::new("wx-test", baibase_wechat::Secret::from(APP_SECRET), refused).unwrap();
    let unreachable = baibase_wechat::Client::new(unreachable, fake.clock.clone()).unwrap();
    let errors = [
        fake.client.login("code").await.unwrap_err(),
        fake.client.login("code").await.unwrap_err(),
        fake.client.login("code").await.unwrap_err(),
        unreachable.login("code").await.unwrap_err(),
    ];
    for error in errors {
        let text = format!("{error} {error:?}");
        assert!(!text.contains(APP_SECRET) && !text.contains("hush") && !text.contains("http://"), "{text}");
    }
    assert!(!format!("{:?}", fake.client).contains(APP_SECRET));
}

#[tokio::test]
async fn codes_that_cannot_be_wechats_are_not_sent() {
    let fake = Fake::start(|_, _| errcode(-1)).await;
    for code in ["", " ", &"x".repeat(257)] {
        assert!(matches!(fake.client.login(code).await, Err(Error::InvalidCode(_))));
    }
    assert!(fake.asked(LOGIN).is_empty());
}
