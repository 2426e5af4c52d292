//! Invitations, the exchange of codes, and ID tokens.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use std::sync::{Arc, Mutex};

use ambient::SeededEntropy;
use baibase_oauth2::{Answer, Failure, Registry, Settings, User};
use serde_json::{Value, json};
use url::form_urlencoded;

use support::{Fake, NOW, keys, login, settings, sign};

fn answer() -> Answer {
    Answer { code: "code".into(), code_verifier: "verifier".into(), redirect_url: "https://app/back".into() }
}

#[test]
fn an_invitation_is_an_address_to_append_to() {
    let fake = Fake::new(|_| (500, String::new()));
    let entropy = SeededEntropy::new(1);
    let invitation = login(&fake, "google", settings()).invite(&entropy);
    assert_eq!((invitation.state.len(), invitation.code_verifier.len()), (30, 43));
    let expected = format!(
        "https://fake.example/login?client_id=client&code_challenge={}&code_challenge_method=S256\
         &response_type=code&scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fuserinfo.profile\
         +https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fuserinfo.email&state={}&redirect_uri=",
        invitation.code_challenge, invitation.state
    );
    assert_eq!(invitation.auth_url, expected);
    let plain = Settings { pkce: Some(false), ..settings() };
    let invitation = login(&fake, "apple", plain).invite(&entropy);
    assert_eq!((invitation.code_verifier.as_str(), invitation.code_challenge_method), ("", ""));
    assert!(invitation.auth_url.contains("?client_id=client&response_mode=form_post&response_type=code&"));
}

#[test]
fn services_are_listed_in_their_order_and_can_be_replaced() {
    let fake = Fake::new(|_| (500, String::new()));
    let registry = Registry::new(fake);
    let names: Vec<&str> = registry.list().map(|about| about.name).collect();
    assert_eq!(names.len(), 32);
    assert_eq!((names[0], names[1], names[28], names[31]), ("apple", "google", "planningcenter", "oidc3"));
    for about in registry.list() {
        assert!(about.logo.starts_with("<svg ") && about.logo.ends_with("</svg>"), "{}", about.name);
    }
    assert!(registry.has("vk") && !registry.has("VK"));
    assert!(registry.open("nope", settings()).is_none());
}

/// What came to the token endpoint: whether the secret was in the header, and the form.
type Seen = Arc<Mutex<Vec<(bool, Vec<(String, String)>)>>>;

/// A login by `google` whose token endpoint answers each request in turn.
async fn exchange(replies: Vec<(u16, &'static str)>, settings: Settings) -> (Result<User, Failure>, Seen) {
    let seen = Seen::default();
    let (noted, replies) = (Arc::clone(&seen), Mutex::new(replies.into_iter()));
    let fake = Fake::new(move |request| {
        if request.uri().path() == "/me" {
            return (200, json!({"sub": "1"}).to_string());
        }
        let form = form_urlencoded::parse(request.body()).into_owned().collect();
        noted.lock().unwrap().push((request.headers().contains_key("authorization"), form));
        let (status, body) = replies.lock().unwrap().next().expect("no more requests");
        (status, body.to_owned())
    });
    (login(&fake, "google", settings).user(&answer(), NOW).await, seen)
}

#[tokio::test]
async fn a_code_is_exchanged_with_the_secret_in_the_header_and_then_in_the_body() {
    let token = r#"{"access_token":"a","refresh_token":"r","expires_in":"60"}"#;
    let (user, seen) = exchange(vec![(401, r#"{"error":"invalid_client"}"#), (200, token)], settings()).await;
    let user = user.unwrap();
    assert_eq!((user.access_token.as_str(), user.refresh_token.as_str()), ("a", "r"));
    assert_eq!(user.expiry.unwrap().as_second(), NOW.as_second() + 60);
    let seen = seen.lock().unwrap();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let common = [
        pair("grant_type", "authorization_code"),
        pair("code", "code"),
        pair("code_verifier", "verifier"),
        pair("redirect_uri", "https://app/back"),
    ];
    assert!(seen[0].0 && common.iter().all(|pair| seen[0].1.contains(pair)) && seen[0].1.len() == 4);
    assert!(!seen[1].0 && common.iter().all(|pair| seen[1].1.contains(pair)));
    assert!(seen[1].1.contains(&pair("client_id", "client")));
    assert!(seen[1].1.contains(&pair("client_secret", "secret")));
}

#[tokio::test]
async fn tokens_come_as_json_and_as_forms() {
    for reply in ["access_token=a&scope=&token_type=bearer&expires_in=60", r#"{"access_token":"a"}"#] {
        let (user, seen) = exchange(vec![(201, reply)], settings()).await;
        assert_eq!(user.unwrap().access_token, "a");
        assert_eq!(seen.lock().unwrap().len(), 1);
    }
    let plain = Settings { pkce: Some(false), ..settings() };
    let (_, seen) = exchange(vec![(200, "access_token=a")], plain).await;
    assert!(seen.lock().unwrap()[0].1.iter().all(|(name, _)| name != "code_verifier"));
}

#[tokio::test]
async fn refusals_are_refusals_whatever_their_status_and_say_nothing_secret() {
    for reply in [
        (200, r#"{"error":"bad_verification_code","access_token":"a-secret"}"#),
        (200, "error=bad_verification_code&access_token=a-secret"),
        (400, r#"{"error":"invalid_grant","error_description":"no"}"#),
        (500, "<html>a-secret</html>"),
        (200, r#"{"token":"a-secret"}"#),
        (200, "[]"),
        (200, ""),
    ] {
        let (user, _) = exchange(vec![reply, reply], settings()).await;
        let Err(Failure::Token(error)) = user else { panic!("{reply:?} is no token") };
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    }
    let nowhere = Settings { token_url: "not an address".into(), ..settings() };
    assert!(matches!(exchange(vec![], nowhere).await.0, Err(Failure::Token(_))));
}

/// A login by OpenID Connect without an address for profiles.
async fn by_id_token(extra: Value, claims: Value) -> Result<User, String> {
    let id_token = sign(&claims);
    let fake = Fake::new(move |request| match request.uri().path() {
        "/token" => (200, json!({"access_token": "a", "id_token": id_token}).to_string()),
        "/keys" => (200, keys().to_string()),
        path => panic!("nothing else is asked for than {path}"),
    });
    let Value::Object(extra) = extra else { panic!("options are an object") };
    let settings = Settings { user_info_url: String::new(), extra: Some(extra), ..settings() };
    match login(&fake, "oidc", settings).user(&answer(), NOW).await {
        Ok(user) => Ok(user),
        Err(Failure::User(error)) => Err(error.to_string()),
        Err(Failure::Token(error)) => panic!("{error}"),
    }
}

fn claims(change: &str, value: Value) -> Value {
    let mut claims = json!({
        "iss": "https://fake.example", "aud": ["other", "client"], "sub": "1", "email": "e@x.io",
        "email_verified": 1, "iat": NOW.as_second(), "exp": NOW.as_second() + 60,
    });
    claims[change] = value;
    claims
}

#[tokio::test]
async fn an_id_token_is_checked() {
    let now = NOW.as_second();
    let checked = json!({"jwksURL": "https://fake.example/keys", "issuers": ["https://fake.example"]});
    let user = by_id_token(checked.clone(), claims("aud", json!("client"))).await.unwrap();
    assert_eq!((user.id.as_str(), user.email.as_str()), ("1", "e@x.io"));
    assert_eq!(user.raw["sub"], "1");
    for (claim, value, why) in [
        ("aud", json!("other"), "it is meant for another client"),
        ("aud", json!(null), "it is meant for another client"),
        ("iss", json!("https://evil.example"), "it was made by another issuer"),
        ("exp", json!(now - 300), "it has expired"),
        ("exp", json!("soon"), "exp is no time"),
        ("nbf", json!(now + 301), "it is not valid yet"),
        ("iat", json!(now + 301), "it was made in the future"),
    ] {
        let error = by_id_token(checked.clone(), claims(claim, value)).await.unwrap_err();
        assert_eq!(error, format!("the ID token is not valid: {why}"));
    }
    for (claim, value) in [("exp", json!(now - 299)), ("exp", json!(null)), ("iat", json!(now + 300))] {
        assert!(by_id_token(checked.clone(), claims(claim, value)).await.is_ok(), "within the leeway");
    }
    assert!(by_id_token(json!({}), claims("iss", json!("anybody"))).await.is_ok());
}

#[tokio::test]
async fn a_forged_id_token_is_refused() {
    let good = sign(&claims("sub", json!("1")));
    let [header, _, signature] = good.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
    let forged = sign(&claims("sub", json!("2")));
    let payload = forged.split('.').nth(1).unwrap();
    let unsigned = "eyJhbGciOiJub25lIn0"; // {"alg":"none"}
    for token in [
        format!("{header}.{payload}.{signature}"),
        format!("{unsigned}.{payload}."),
        "junk".to_owned(),
        String::new(),
    ] {
        let fake = Fake::new(move |request| match request.uri().path() {
            "/token" => (200, json!({"access_token": "a", "id_token": token}).to_string()),
            _ => (200, keys().to_string()),
        });
        let extra = json!({"jwksURL": "https://fake.example/keys"}).as_object().cloned();
        let settings = Settings { user_info_url: String::new(), extra, ..settings() };
        let user = login(&fake, "oidc", settings).user(&answer(), NOW).await;
        assert!(matches!(user, Err(Failure::User(_))));
    }
}

#[tokio::test]
async fn keys_that_prove_nothing_are_refused() {
    let token = sign(&claims("sub", json!("1")));
    for key in [
        json!({"kty": "OKP", "crv": "Ed25519", "kid": "key", "alg": "EdDSA", "x": "AAAA"}),
        json!({"kty": "oct", "kid": "key", "alg": "HS256", "k": "AAAA"}),
        json!({"kty": "OKP", "crv": "Ed25519", "kid": "key", "x": "AAAA"}),
        json!({"kty": "OKP", "crv": "Ed25519", "kid": "another", "alg": "EdDSA", "x": "AAAA"}),
        json!("junk"),
    ] {
        let token = token.clone();
        let fake = Fake::new(move |request| match request.uri().path() {
            "/token" => (200, json!({"access_token": "a", "id_token": token}).to_string()),
            _ => (200, json!({"keys": [key]}).to_string()),
        });
        let extra = json!({"jwksURL": "https://fake.example/keys"}).as_object().cloned();
        let settings = Settings { user_info_url: String::new(), extra, ..settings() };
        let user = login(&fake, "oidc", settings).user(&answer(), NOW).await;
        assert!(matches!(user, Err(Failure::User(_))));
    }
}

#[tokio::test]
async fn apple_signs_what_it_says() {
    let now = NOW.as_second();
    let apple = |issuer: &'static str, exp: Value| async move {
        let claims = json!({"iss": issuer, "aud": "client", "sub": "1", "email": "e@x.io",
            "email_verified": "true", "iat": now, "exp": exp});
        let id_token = sign(&claims);
        let fake = Fake::new(move |request| match request.uri().to_string().as_str() {
            "https://fake.example/token" => {
                (200, json!({"access_token": "a", "id_token": id_token}).to_string())
            }
            "https://appleid.apple.com/auth/keys" => (200, keys().to_string()),
            other => panic!("nothing else is asked for than {other}"),
        });
        login(&fake, "apple", settings()).user(&answer(), NOW).await
    };
    let user = apple("https://appleid.apple.com", json!(now + 60)).await.unwrap();
    assert_eq!((user.id.as_str(), user.email.as_str()), ("1", "e@x.io"));
    assert!(apple("https://evil.example", json!(now + 60)).await.is_err());
    assert!(apple("https://appleid.apple.com", json!(null)).await.is_err(), "it must expire");
}
