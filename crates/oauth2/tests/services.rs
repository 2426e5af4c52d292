//! What is read of each service's profile, and how it is asked for.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use baibase_oauth2::{Answer, Failure, Settings};
use serde_json::{Value, json};

use support::{Fake, login, sign};

/// The user that a service's replies make: `[id, name, username, email, avatarURL]`.
async fn user_of(name: &str, token: Value, profile: Value) -> Result<[String; 5], String> {
    user_with(name, json!({}), token, profile, json!(null)).await
}

async fn user_with(
    name: &str,
    extra: Value,
    token: Value,
    profile: Value,
    emails: Value,
) -> Result<[String; 5], String> {
    let fake = Fake::new(move |request| {
        let path = request.uri().path();
        if path == "/token" {
            let mut reply = json!({"access_token": "access", "token_type": "bearer"});
            reply.as_object_mut().unwrap().extend(token.as_object().unwrap().clone());
            return (200, reply.to_string());
        }
        if path.ends_with("/emails") {
            return if emails.is_null() { (404, String::new()) } else { (200, emails.to_string()) };
        }
        assert_eq!(path, "/me");
        assert_eq!(request.headers()["authorization"], "Bearer access");
        (200, profile.to_string())
    });
    let Value::Object(extra) = extra else { panic!("options are an object") };
    let settings = Settings { extra: Some(extra), ..support::settings() };
    let login = login(&fake, name, settings);
    let user = login.user(&Answer { code: "code".into(), ..Answer::default() }, support::NOW).await;
    let user = user.map_err(|failure| match failure {
        Failure::Token(error) => format!("token: {error}"),
        Failure::User(error) => format!("user: {error}"),
    })?;
    Ok([user.id, user.name, user.username, user.email, user.avatar_url])
}

async fn expect(name: &str, profile: Value, user: [&str; 5]) {
    assert_eq!(user_of(name, json!({}), profile).await.unwrap(), user, "{name}");
}

#[tokio::test]
async fn profiles_that_hold_everything() {
    let flat = json!({"sub": "1", "name": "N", "picture": "p", "email": "e@x.io", "email_verified": true});
    expect("google", flat, ["1", "N", "", "e@x.io", "p"]).await;
    let yandex = json!({"id": "1", "real_name": "N", "login": "u", "default_email": "e@x.io",
        "default_avatar_id": "7"});
    let picture = "https://avatars.yandex.net/get-yapic/7/islands-200";
    expect("yandex", yandex, ["1", "N", "u", "e@x.io", picture]).await;
    let facebook = json!({"id": "1", "name": "N", "email": "e@x.io", "picture": {"data": {"url": "p"}}});
    expect("facebook", facebook, ["1", "N", "", "e@x.io", "p"]).await;
    let instagram = json!({"user_id": "1", "name": "N", "username": "u", "profile_picture_url": "p"});
    expect("instagram2", instagram, ["1", "N", "u", "", "p"]).await;
    let twitter = json!({"data": {"id": "1", "name": "N", "username": "u", "confirmed_email": "e@x.io",
        "profile_image_url": "p"}});
    expect("twitter", twitter, ["1", "N", "u", "e@x.io", "p"]).await;
    let notion = json!({"bot": {"owner": {"user": {"id": "1", "name": "N", "avatar_url": "p",
        "person": {"email": "e@x.io"}}}}});
    expect("notion", notion, ["1", "N", "", "e@x.io", "p"]).await;
    let lark = json!({"data": {"union_id": "1", "name": "N", "avatar_url": "p"}});
    expect("lark", lark, ["1", "N", "", "", "p"]).await;
    let spotify = json!({"id": "1", "display_name": "N", "email": "e@x.io", "images": [{"url": "p"}]});
    expect("spotify", spotify, ["1", "N", "", "", "p"]).await;
    let trakt = json!({"user": {"username": "u", "name": "N", "ids": {"uuid": "1", "slug": "s"},
        "images": {"avatar": {"full": "p"}}}});
    expect("trakt", trakt, ["1", "N", "u", "", "p"]).await;
    let twitch = json!({"data": [{"id": "1", "login": "u", "display_name": "N", "email": "e@x.io",
        "profile_image_url": "p"}]});
    expect("twitch", twitch, ["1", "N", "u", "e@x.io", "p"]).await;
    let strava = json!({"id": 1, "firstname": "N", "lastname": "L", "username": "u", "profile": "p"});
    expect("strava", strava, ["1", "N L", "u", "", "p"]).await;
}

#[tokio::test]
async fn an_address_counts_only_when_the_service_has_verified_it() {
    for verified in [true, false] {
        let email = if verified { "e@x.io" } else { "" };
        let flat = json!({"sub": "1", "email": "e@x.io", "email_verified": verified});
        expect("google", flat.clone(), ["1", "", "", email, ""]).await;
        expect("oidc", flat, ["1", "", "", email, ""]).await;
        let discord = json!({"id": "1", "username": "u", "email": "e@x.io", "verified": verified});
        expect("discord", discord, ["1", "u", "u", email, ""]).await;
        let kakao = json!({"id": 1, "properties": {"nickname": "u"}, "kakao_account": {"email": "e@x.io",
            "is_email_valid": true, "is_email_verified": verified}});
        expect("kakao", kakao, ["1", "", "u", email, ""]).await;
        let monday = json!({"data": {"me": {"id": "1", "enabled": true, "email": "e@x.io",
            "is_verified": verified}}});
        expect("monday", monday, ["1", "", "", email, ""]).await;
        let patreon = json!({"data": {"id": "1", "attributes": {"full_name": "N", "vanity": "u",
            "email": "e@x.io", "is_email_verified": verified}}});
        expect("patreon", patreon, ["1", "N", "u", email, ""]).await;
        let wakatime = json!({"data": {"id": "1", "email": "e@x.io", "is_email_confirmed": verified,
            "photo": "p", "photo_public": verified}});
        expect("wakatime", wakatime, ["1", "", "", email, if verified { "p" } else { "" }]).await;
        let livechat = json!({"account_id": "1", "name": "N", "email": "e@x.io", "email_verified": verified});
        expect("livechat", livechat, ["1", "N", "", email, ""]).await;
        let at = if verified { json!("2020-01-02T03:04:05.000Z") } else { json!(null) };
        let gitlab = json!({"id": 1, "name": "N", "username": "u", "email": "e@x.io", "confirmed_at": at});
        expect("gitlab", gitlab, ["1", "N", "u", email, ""]).await;
    }
    let said_as_text = json!({"sub": "1", "email": "e@x.io", "email_verified": "true"});
    expect("oidc", said_as_text.clone(), ["1", "", "", "e@x.io", ""]).await;
    assert!(user_of("google", json!({}), said_as_text).await.is_err());
}

#[tokio::test]
async fn accounts_that_are_not_active_are_refused() {
    for active in [true, false] {
        let status = if active { "active" } else { "inactive" };
        let profiles = [
            ("bitbucket", json!({"uuid": "1", "account_status": status})),
            ("gitea", json!({"id": 1, "active": active})),
            ("linear", json!({"data": {"viewer": {"id": "1", "active": active}}})),
            ("monday", json!({"data": {"me": {"id": "1", "enabled": active}}})),
            ("box", json!({"id": "1", "status": status})),
            ("mailcow", json!({"id": "1", "active": i32::from(active)})),
            ("planningcenter", json!({"data": {"id": "1", "attributes": {"status": status}}})),
        ];
        for (name, profile) in profiles {
            let user = user_of(name, json!({}), profile).await;
            match active {
                true => assert_eq!(user.unwrap()[0], "1", "{name}"),
                false => assert_eq!(user.unwrap_err(), "user: the account is not active", "{name}"),
            }
        }
    }
}

#[tokio::test]
async fn addresses_that_are_asked_for() {
    let list = json!([{"email": "e@x.io", "verified": true, "primary": true}]);
    let values = json!({"values": [{"email": "e@x.io", "is_primary": true, "is_confirmed": true}]});
    let scoped = json!([{"email": "e@x.io", "state": "confirmed", "scope": ["primary"]}]);
    for (name, profile, emails) in [
        ("github", json!({"id": 1, "email": "other@x.io"}), list.clone()),
        ("gitea", json!({"id": 1, "active": true, "email": "other@x.io"}), list),
        ("bitbucket", json!({"uuid": "1", "account_status": "active"}), values),
        ("gitee", json!({"id": 1, "email": "kept private"}), scoped),
    ] {
        for (emails, email) in [(emails, "e@x.io"), (json!(null), "")] {
            let user = user_with(name, json!({}), json!({}), profile.clone(), emails).await.unwrap();
            assert_eq!((user[0].as_str(), user[3].as_str()), ("1", email), "{name}");
        }
    }
    expect("gitee", json!({"id": 1, "email": "public@x.io"}), ["1", "", "", "public@x.io", ""]).await;
}

#[tokio::test]
async fn what_is_put_together() {
    let old = json!({"id": "1", "username": "u", "discriminator": "1234", "avatar": "a"});
    let picture = "https://cdn.discordapp.com/avatars/1/a.png";
    expect("discord", old, ["1", "u#1234", "u", "", picture]).await;
    let new = json!({"id": "1", "username": "u", "discriminator": "0", "global_name": "N"});
    expect("discord", new, ["1", "N", "u", "", ""]).await;
    let mailcow = json!({"id": "1", "username": "u@x.io", "email": "u@x.io", "active": 1});
    expect("mailcow", mailcow, ["1", "", "u", "u@x.io", ""]).await;
    let vk = json!({"response": [{"id": 1, "first_name": "N", "screen_name": "u", "photo_max": "p"}]});
    let user = user_of("vk", json!({"email": "e@x.io"}), vk).await.unwrap();
    assert_eq!(user, ["1", "N", "u", "e@x.io", "p"]);
    for empty in [json!({"response": []}), json!({})] {
        assert!(user_of("vk", json!({}), empty).await.is_err());
    }
    assert!(user_of("twitch", json!({}), json!({"data": []})).await.is_err());
}

#[tokio::test]
async fn microsofts_address_is_the_claim_that_an_option_names() {
    let token = |claims: Value| json!({"id_token": sign(&claims)});
    let both = json!({"verified_primary_email": "primary@x.io", "email": "e@x.io", "xms_edov": true});
    let profile = json!({"id": "1", "displayName": "N", "mail": "mail@x.io"});
    for (option, claims, email) in [
        ("", both.clone(), "mail@x.io"),
        ("any_verified", both.clone(), "primary@x.io"),
        ("any_verified", json!({"email": "e@x.io", "xms_edov": "1"}), "e@x.io"),
        ("verified_primary_email", json!({"email": "e@x.io"}), ""),
        ("email_and_xms_edov", both.clone(), "e@x.io"),
        ("email_and_xms_edov", json!({"email": "e@x.io", "xms_edov": false}), ""),
        ("email", json!({"email": "e@x.io"}), "e@x.io"),
        ("email", json!({"email": "e@x.io", "exp": 1}), ""),
    ] {
        let extra = json!({"idTokenEmailClaim": option});
        let user = user_with("microsoft", extra, token(claims), profile.clone(), json!(null)).await;
        assert_eq!(user.unwrap(), ["1", "N", "", email, ""], "{option}");
    }
}

#[tokio::test]
async fn services_that_want_their_own_headers_and_queries_get_them() {
    for (name, method, header, value) in [
        ("notion", "GET", "notion-version", "2022-06-28"),
        ("trakt", "GET", "trakt-api-key", "client"),
        ("twitch", "GET", "client-id", "client"),
        ("linear", "POST", "content-type", "application/json"),
        ("monday", "POST", "content-type", "application/json"),
    ] {
        let fake = Fake::new(move |request| {
            if request.uri().path() == "/token" {
                return (200, json!({"access_token": "access"}).to_string());
            }
            assert_eq!(
                (request.method().as_str(), &request.headers()[header]),
                (method, &value.parse().unwrap())
            );
            (200, json!({"data": [{"id": "1"}]}).to_string())
        });
        let login = login(&fake, name, support::settings());
        let _ = login.user(&Answer::default(), support::NOW).await;
        assert_eq!(fake.asked(), 2, "{name}");
    }
}
