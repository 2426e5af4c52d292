//! Phone numbers and the access token, against a scripted server.

use std::time::Duration;

use axum::{http::StatusCode, response::IntoResponse};
use baibase_wechat::{Error, Phone};
use serde_json::json;

use crate::fake::{APP_SECRET, Answer, Asked, Fake, PHONE, TOKEN, errcode, phone, text, token};

/// A server that gives out `t1`, `t2`, ... and takes only `accepted`.
fn accepting(accepted: &'static str) -> impl Fn(&Asked, usize) -> Answer + Send + Sync + 'static {
    move |asked, before| match asked.path.as_str() {
        TOKEN => token(&format!("t{}", before + 1)),
        _ if asked.query == format!("access_token={accepted}") => phone(),
        _ => errcode(42001),
    }
}

/// Looks up this many numbers at once.
async fn look_up(fake: &Fake, count: usize) -> Vec<Result<Phone, Error>> {
    let calls: Vec<_> = (0..count)
        .map(|number| {
            let client = fake.client.clone();
            tokio::spawn(async move { client.phone_number(&format!("code-{number}")).await })
        })
        .collect();
    let mut outcomes = Vec::new();
    for call in calls {
        outcomes.push(call.await.unwrap());
    }
    outcomes
}

#[tokio::test]
async fn fifty_look_ups_share_one_token_request() {
    let fake = Fake::start(|asked, _| match asked.path.as_str() {
        TOKEN => Answer(Duration::from_millis(100), token("t").1),
        _ => phone(),
    })
    .await;
    let outcomes = look_up(&fake, 50).await;
    let expected = Phone {
        phone_number: "13800138000".to_owned(),
        pure_phone_number: "13800138000".to_owned(),
        country_code: "86".to_owned(),
    };
    assert!(outcomes.iter().all(|outcome| outcome.as_ref() == Ok(&expected)), "{outcomes:?}");
    let asked = fake.asked(TOKEN);
    assert_eq!(asked.len(), 1);
    assert_eq!(
        asked[0].body,
        json!({ "grant_type": "client_credential", "appid": "wx-test", "secret": APP_SECRET, "force_refresh": false })
    );
    assert_eq!(fake.asked(PHONE).len(), 50);
}

#[tokio::test]
async fn a_failed_renewal_is_shared_and_then_tried_again() {
    let fake = Fake::start(|asked, before| match (asked.path.as_str(), before) {
        (TOKEN, 0) => Answer(Duration::from_millis(100), errcode(40164).1),
        (TOKEN, _) => token("t"),
        _ => phone(),
    })
    .await;
    let outcomes = look_up(&fake, 50).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Err(Error::Misconfigured(_)))), "{outcomes:?}");
    assert_eq!(fake.asked(TOKEN).len(), 1);
    assert!(fake.client.phone_number("code").await.is_ok());
    assert_eq!(fake.asked(TOKEN).len(), 2);
}

#[tokio::test]
async fn a_renewal_outlives_the_caller_that_began_it() {
    let fake = Fake::start(|asked, _| match asked.path.as_str() {
        TOKEN => Answer(Duration::from_millis(100), token("t").1),
        _ => phone(),
    })
    .await;
    let impatient = tokio::time::timeout(Duration::from_millis(20), fake.client.phone_number("a")).await;
    assert!(impatient.is_err());
    assert!(fake.client.phone_number("b").await.is_ok());
    assert_eq!(fake.asked(TOKEN).len(), 1);
}

#[tokio::test]
async fn a_stale_token_is_replaced_once_for_all_who_used_it() {
    let fake = Fake::start(accepting("t2")).await;
    let outcomes = look_up(&fake, 20).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(fake.asked(TOKEN).len(), 2);
    assert!(fake.asked(TOKEN).iter().all(|asked| asked.body["force_refresh"] == json!(false)));
}

#[tokio::test]
async fn a_late_refusal_of_the_old_token_leaves_the_new_one() {
    let fake = Fake::start(|asked, before| match asked.path.as_str() {
        TOKEN => token(&format!("t{}", before + 1)),
        _ if asked.query == "access_token=t2" => phone(),
        _ if asked.body["code"] == "late" => Answer(Duration::from_millis(300), errcode(40001).1),
        _ => errcode(40001),
    })
    .await;
    let (late, prompt) = tokio::join!(fake.client.phone_number("late"), fake.client.phone_number("prompt"));
    assert!(late.is_ok() && prompt.is_ok(), "{late:?} {prompt:?}");
    assert_eq!(fake.asked(TOKEN).len(), 2);
}

#[tokio::test]
async fn a_token_that_stays_stale_is_not_tried_a_third_time() {
    let fake = Fake::start(accepting("none")).await;
    let error = fake.client.phone_number("code").await.unwrap_err();
    assert!(matches!(&error, Error::Unavailable(cause) if cause.errcode == Some(42001)), "{error}");
    assert_eq!((fake.asked(TOKEN).len(), fake.asked(PHONE).len()), (2, 2));
}

#[tokio::test]
async fn other_refusals_are_not_tried_again() {
    let fake = Fake::start(|asked, _| match asked.path.as_str() {
        TOKEN => token("t"),
        _ => errcode(40029),
    })
    .await;
    assert!(matches!(fake.client.phone_number("code").await, Err(Error::InvalidCode(_))));
    assert_eq!(fake.asked(PHONE).len(), 1);
}

#[tokio::test]
async fn a_token_is_kept_until_shortly_before_its_end_and_renewed_while_it_works() {
    let fake = Fake::start(|asked, before| match asked.path.as_str() {
        TOKEN => token(&format!("t{}", before + 1)),
        _ => phone(),
    })
    .await;
    fake.client.phone_number("a").await.unwrap();
    fake.clock.advance_ms((7200 - 241) * 1000);
    fake.client.phone_number("b").await.unwrap();
    assert_eq!(fake.asked(TOKEN).len(), 1);

    fake.clock.advance_ms(1000);
    fake.client.phone_number("c").await.unwrap();
    fake.until_asked(TOKEN, 2).await;
    fake.client.phone_number("d").await.unwrap();
    let used: Vec<_> = fake.asked(PHONE).into_iter().map(|asked| asked.query).collect();
    assert_eq!(used, ["access_token=t1", "access_token=t1", "access_token=t1", "access_token=t2"]);
    assert_eq!(fake.asked(TOKEN).len(), 2);
}

#[tokio::test]
async fn an_early_renewal_that_fails_leaves_the_old_token_in_use() {
    let fake = Fake::start(|asked, before| match (asked.path.as_str(), before) {
        (TOKEN, 0) => token("t1"),
        (TOKEN, _) => errcode(-1),
        _ => phone(),
    })
    .await;
    fake.client.phone_number("a").await.unwrap();
    fake.clock.advance_ms((7200 - 200) * 1000);
    for code in ["b", "c", "d"] {
        fake.client.phone_number(code).await.unwrap();
        fake.until_asked(TOKEN, 2).await;
    }
    // Not with every call, but again after a while.
    assert_eq!(fake.asked(TOKEN).len(), 2);
    fake.clock.advance_ms(30_000);
    fake.client.phone_number("e").await.unwrap();
    fake.until_asked(TOKEN, 3).await;
    assert_eq!(fake.asked(TOKEN).len(), 3);
    // Its end is its end.
    fake.clock.advance_ms(170_000);
    assert!(matches!(fake.client.phone_number("f").await, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn no_error_repeats_a_token() {
    let fake = Fake::start(|asked, _| match asked.path.as_str() {
        TOKEN => token("t0ken"),
        _ if asked.body["code"] == "echo" => text(r#"{"errcode":45009,"errmsg":"quota of t0ken"}"#),
        _ => Answer(Duration::from_secs(5), StatusCode::OK.into_response()),
    })
    .await;
    let quota = fake.client.phone_number("echo").await.unwrap_err();
    assert_eq!(quota.to_string(), "quota used up (errcode 45009: quota of [redacted])");
    let late = fake.client.phone_number("late").await.unwrap_err();
    assert!(!format!("{late} {late:?}").contains("t0ken"));
}
