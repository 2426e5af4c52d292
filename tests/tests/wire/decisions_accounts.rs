//! Decisions 10 to 17, 22, 25 and 27: who is who, and how one becomes it.

use baibase_tests::{
    Forge, PASSWORD, Reply, Server, Setup, login, phone_code, register, unique_code, validate,
};
use futures_util::future::join_all;
use serde_json::{Value, json};

const USERS: &str = "/api/collections/tbl_auth_users/records";

#[tokio::test]
async fn decision_10_login_creates_a_user_once() {
    let server = Server::start().await;
    let attempts = join_all((0..2).map(|_| async {
        let body = json!({"users_wx_code": unique_code("dev-anna")});
        server.post("/api/wechat/login").json(&body).send().await.expect(200)
    }))
    .await;
    let mut status: Vec<&str> = attempts.iter().map(|reply| reply.at("/data/status")).collect();
    status.sort_unstable();
    assert_eq!(status, ["login_success", "register_success"]);
    assert_eq!(attempts[0].at("/data/user/pb_id"), attempts[1].at("/data/user/pb_id"));
    assert_eq!(attempts[0].at("/data/user/users_idtype"), "WeChat");
    assert_eq!(attempts[0].at("/data/user/users_type"), "游客");
}

#[tokio::test]
async fn decision_11_complete_means_name_phone_and_picture() {
    let server = Server::start().await;
    let anna = login(&server, "anna").await;
    let complete = async || {
        let body = json!({"users_wx_code": unique_code("dev-anna")});
        let reply = server.post("/api/wechat/login").json(&body).send().await.expect(200);
        reply.json.pointer("/data/is_info_complete").cloned()
    };
    for (edit, expected) in [
        (json!({"users_name": "安娜"}), false),
        (json!({"users_picture": "ATT-1-a"}), false),
        (json!({"users_phone": "13800138000"}), true),
    ] {
        anna.edit(&server, edit).await.expect(200);
        assert_eq!(complete().await, Some(json!(expected)));
    }
}

#[tokio::test]
async fn decision_12_a_profile_edit_writes_only_what_is_not_empty() {
    let server = Server::start().await;
    let anna = login(&server, "anna").await;
    let all = json!({"users_name": "安娜", "users_phone": "13800138000", "users_tag": "t", "users_picture": "ATT-1-a"});
    let before = anna.edit(&server, all).await.expect(200)["data"]["user"].clone();
    for nothing in
        [json!({}), json!({"users_name": "", "users_tag": null, "users_phone": "", "users_picture": ""})]
    {
        let after = anna.edit(&server, nothing).await.expect(200);
        validate("profile", &after.json);
        assert_eq!(after["data"]["user"], before, "nothing is cleared, and nothing changes");
    }
    let both = json!({"users_phone": "13900139000", "users_phone_code": phone_code("13700137000")});
    let after = anna.edit(&server, both).await.expect(200);
    assert_eq!(after.at("/data/user/users_phone"), "13700137000", "the code beats the plain number");
    let standing = json!({"users_idtype": "ManagePlatform", "openid": "x", "users_status": 9, "nosuch": 1});
    let after = anna.edit(&server, standing).await.expect(200);
    assert_eq!(after.at("/data/user/users_idtype"), "WeChat");
    assert_eq!(after.at("/data/user/openid"), anna.openid);
    assert_eq!(after["data"]["user"]["users_status"], 0);
}

#[tokio::test]
async fn decision_13_a_visitor_becomes_registered_once() {
    let server = Setup::new().legacy().superuser().start().await;
    let anna = login(&server, "anna").await;
    for (edit, kind) in [
        (json!({"users_name": "安娜"}), "游客"),
        (json!({"users_phone": "13800138000"}), "游客"),
        (json!({"users_picture": "ATT-1-a"}), "注册用户"),
        (json!({"users_name": "安"}), "注册用户"),
    ] {
        let reply = anna.edit(&server, edit).await.expect(200);
        assert_eq!(reply.at("/data/user/users_type"), kind);
    }
    // Never back, even when a field becomes empty by another way.
    let superuser = server.superuser().await;
    let path = format!("{USERS}/{}", anna.id);
    server.patch(&path).token(&superuser).json(&json!({"users_name": ""})).send().await.expect(200);
    assert_eq!(anna.edit(&server, json!({})).await.expect(200).at("/data/user/users_type"), "注册用户");

    // On the legacy listener only an edit that fills all three at once counts.
    let legacy = async |name: &str, number: &str, before: Value| {
        let user = login(&server, name).await;
        user.edit(&server, before).await.expect(200);
        let body = json!({"users_name": "n", "users_phone_code": phone_code(number), "users_picture": "https://e.com/p"});
        let call = server.legacy_post("/api/wechat/profile").token(&user.token);
        let reply = call.header("users_wx_openid", &user.openid).json(&body).send().await.expect(200);
        reply.at("/data/user/users_type").to_owned()
    };
    assert_eq!(legacy("bert", "13800138001", json!({})).await, "注册用户");
    assert_eq!(legacy("cora", "13800138002", json!({"users_name": "柯"})).await, "游客");
}

#[tokio::test]
async fn decision_14_a_phone_is_unique_for_each_kind_of_user() {
    let server = Server::with_superuser().await;
    let (anna, bert) = (login(&server, "anna").await, login(&server, "bert").await);
    anna.edit(&server, json!({"users_phone": "13800138000"})).await.expect(200);
    let platform = register(&server, "13800138000").await;
    assert_ne!(platform.at("/data/user/openid"), anna.openid, "the accounts are not linked");
    validate("error", &bert.edit(&server, json!({"users_phone": "13800138000"})).await.expect(400).json);
    // The database itself refuses it too.
    let superuser = server.superuser().await;
    let path = format!("{USERS}/{}", bert.id);
    let native = server.patch(&path).token(&superuser).json(&json!({"users_phone": "13800138000"}));
    let native = native.send().await.expect(400);
    assert_eq!(native.at("/data/users_phone/code"), "validation_not_unique");
    // Two users without a phone are no conflict.
    login(&server, "cora").await;
    let edits = join_all((0..8).map(|number| {
        let server = &server;
        async move {
            let user = login(server, &format!("racer{number}")).await;
            user.edit(server, json!({"users_phone": "13900139000"})).await.status
        }
    }))
    .await;
    assert_eq!(edits.iter().filter(|status| **status == 200).count(), 1, "{edits:?}");
    assert_eq!(edits.iter().filter(|status| **status == 400).count(), 7, "{edits:?}");
}

fn registration(phone: &str) -> Value {
    json!({"users_name": "n", "users_phone": phone, "password": PASSWORD, "passwordConfirm": PASSWORD,
        "users_picture": "https://example.com/a.png"})
}

async fn try_register(server: &Server, changes: Value) -> Reply {
    let mut body = registration("13800138000");
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    server.post("/api/platform/register").json(&body).send().await
}

#[tokio::test]
async fn decision_15_registration_of_platform_users() {
    let server = Server::start().await;
    let refused = [
        json!({"password": "1234567", "passwordConfirm": "1234567"}),
        json!({"passwordConfirm": "something else"}),
        json!({"users_phone": "12800138000"}),
        json!({"users_phone": "138001380000"}),
        json!({"users_phone": "+8613800138000"}),
        json!({"users_type": "管理员"}),
    ];
    for changes in refused {
        validate("error", &try_register(&server, changes).await.expect(400).json);
    }
    let standing = json!({"users_idtype": "WeChat", "users_status": 9, "users_rank_level": 9, "users_auth_type": 9,
        "openid": "mine", "users_id": "U1", "verified": true, "email": "me@example.com"});
    let reply = try_register(&server, standing).await.expect(200);
    let user = &reply["data"]["user"];
    assert_eq!(user["users_idtype"], "ManagePlatform");
    for field in ["users_status", "users_rank_level", "users_auth_type"] {
        assert_eq!(user[field], 0, "{field} is never taken from the request");
    }
    let openid = user["openid"].as_str().unwrap();
    let parts: Vec<&str> = openid.split('-').collect();
    assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{openid}");
    assert!(parts[2].starts_with('4') && parts[3].starts_with(['8', '9', 'a', 'b']), "{openid} is a GUID v4");
    assert_eq!(user["users_type"], "注册用户");
    assert_eq!(reply["record"]["verified"], false);
    // The native login works with the identity that the record has.
    let native = json!({"identity": reply["record"]["email"], "password": PASSWORD});
    server.post("/api/collections/tbl_auth_users/auth-with-password").json(&native).send().await.expect(200);
}

#[tokio::test]
async fn decision_15_registration_can_be_closed() {
    let server = Setup::new().superuser().env("BAIBASE_PLATFORM_REGISTRATION", "closed").start().await;
    validate("error", &try_register(&server, json!({})).await.expect(403).json);
    let user = json!({"openid": "0c5c1e6c-6a5e-4a3e-9d3a-5b1f6f1f6f1f", "users_idtype": "ManagePlatform",
        "users_name": "n", "users_phone": "13800138000", "password": PASSWORD, "passwordConfirm": PASSWORD,
        "email": "0c5c1e6c-6a5e-4a3e-9d3a-5b1f6f1f6f1f@manage.local"});
    let superuser = server.superuser().await;
    server.post(USERS).token(&superuser).json(&user).send().await.expect(200);
    let body = json!({"users_phone": "13800138000", "password": PASSWORD});
    server.post("/api/platform/login").json(&body).send().await.expect(200);
}

#[tokio::test]
async fn decision_17_refresh_renews_or_exchanges_a_code() {
    let server = Server::start().await;
    let anna = login(&server, "anna").await;
    let expired = Forge::of(&server, "tbl_auth_users", &anna.id).claim("exp", json!(1_000_000_000)).token();
    let refresh = async |token: &str, body: Value| {
        server.post("/api/system/refresh-token").token(token).json(&body).send().await
    };
    refresh(&anna.token, json!({})).await.expect(200);
    for token in ["", "bad", &expired] {
        validate("error", &refresh(token, json!({})).await.expect(401).json);
        let code = json!({"users_wx_code": unique_code("dev-anna")});
        validate("refresh", &refresh(token, code).await.expect(200).json);
        let nobody = json!({"users_wx_code": unique_code("dev-nobody")});
        validate("error", &refresh(token, nobody).await.expect(404).json);
    }
}

#[tokio::test]
async fn decision_22_native_identities() {
    let server = Server::start().await;
    let body = json!({"users_wx_code": unique_code("dev-anna")});
    let wechat = server.post("/api/wechat/login").json(&body).send().await.expect(200);
    let platform = register(&server, "13800138000").await;
    for (reply, domain) in [(wechat, "wechat.local"), (platform, "manage.local")] {
        let email = format!("{}@{domain}", reply.at("/data/user/openid"));
        assert!(reply.at("/record/email").eq_ignore_ascii_case(&email), "{}", reply.at("/record/email"));
        assert_eq!(reply["record"]["emailVisibility"], false);
    }
}

#[tokio::test]
async fn decision_25_managers() {
    let server = Server::with_superuser().await;
    let (anna, bert) = (login(&server, "anna").await, login(&server, "bert").await);
    let manager = register(&server, "13800138000").await;
    let superuser = server.superuser().await;
    let path = format!("{USERS}/{}", anna.id);
    for (token, status) in [
        (manager.at("/token"), 200),
        (superuser.as_str(), 200),
        (anna.token.as_str(), 200),
        (bert.token.as_str(), 404),
        ("", 404),
    ] {
        server.get(&path).token(token).send().await.expect(status);
    }
    let own_list = server.get(USERS).token(&anna.token).send().await.expect(200);
    assert_eq!(own_list["totalItems"], 1);
    let all = server.get(USERS).token(manager.at("/token")).send().await.expect(200);
    assert_eq!(all["totalItems"], 3);
    // Nobody updates the own record natively, for `users_idtype` decides who is a manager.
    let promote = json!({"users_idtype": "ManagePlatform"});
    server.patch(&path).token(&anna.token).json(&promote).send().await.expect(404);
    server.patch(&path).token(manager.at("/token")).json(&json!({"users_tag": "t"})).send().await.expect(200);
    for change in [json!({"openid": "x"}), promote.clone(), json!({"users_id": "U1"})] {
        let reply = server.patch(&path).token(manager.at("/token")).json(&change).send().await;
        assert!((400..500).contains(&reply.status), "a manager cannot set {change}: {}", reply.text());
    }
    let user = server.get(&path).token(&superuser).send().await.expect(200);
    assert_eq!((user.at("/users_idtype"), user.at("/openid")), ("WeChat", anna.openid.as_str()));
    server.patch(&path).token(&superuser).json(&promote).send().await.expect(200);
    server.delete(&path).token(manager.at("/token")).send().await.expect(403);
    server.delete(&path).token(&superuser).send().await.expect(204);
}

#[tokio::test]
async fn decision_27_the_openid_header_must_be_the_tokens_own() {
    let server = Setup::new().legacy().start().await;
    let (anna, bert) = (login(&server, "anna").await, login(&server, "bert").await);
    let body = json!({"users_name": "n", "users_phone_code": phone_code("13800138000"), "users_picture": "https://e.com/p"});
    let swapped: String =
        anna.openid.chars().map(|c| if c.is_lowercase() { c.to_ascii_uppercase() } else { c }).collect();
    for openid in [bert.openid.as_str(), swapped.as_str(), "nobody"] {
        let call =
            server.legacy_post("/api/wechat/profile").token(&anna.token).header("users_wx_openid", openid);
        validate("error", &call.json(&body).send().await.expect(401).json);
    }
    let call =
        server.legacy_post("/api/wechat/profile").token(&anna.token).header("users_wx_openid", &anna.openid);
    call.json(&body).send().await.expect(200);
}
