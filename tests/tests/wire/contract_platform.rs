//! Registration and login of platform users, with every status that their document lists.

use baibase_tests::{PASSWORD, Reply, Server, Setup, login, register, validate};
use serde_json::{Value, json};

const PHONE: &str = "13800138000";

fn registration() -> Value {
    json!({
        "users_name": "管理员",
        "users_phone": PHONE,
        "password": PASSWORD,
        "passwordConfirm": PASSWORD,
        "users_picture": "https://example.com/a.png",
    })
}

fn with(key: &str, value: Value) -> Value {
    let mut body = registration();
    body[key] = value;
    body
}

async fn try_register(server: &Server, body: &Value) -> Reply {
    server.post("/api/platform/register").json(body).send().await
}

async fn try_login(server: &Server, phone: &str, password: &str) -> Reply {
    let body = json!({"users_phone": phone, "password": password});
    server.post("/api/platform/login").json(&body).send().await
}

#[tokio::test]
async fn register_200_on_both_mounts() {
    let server = Server::start().await;
    for (mount, phone) in [("/api", "13800138000"), ("/pb/api", "13800138001")] {
        let body = with("users_phone", json!(phone));
        let reply = server.post(&format!("{mount}/platform/register")).json(&body).send().await.expect(200);
        validate("login", &reply.json);
        assert_eq!(reply.at("/data/status"), "register_success");
        assert_eq!(reply.at("/data/user/users_idtype"), "ManagePlatform");
        assert_eq!(reply.at("/data/user/users_picture_url"), "https://example.com/a.png");
    }
}

#[tokio::test]
async fn register_200_takes_the_optional_fields() {
    let server = Server::start().await;
    let optional = json!({
        "users_id_number": "310000", "users_level": "A", "users_type": "游客", "company_id": "WX-COMPANY-1",
        "users_parent_id": "U1", "users_promo_code": "P1", "usergroups_id": "UG-1",
    });
    let mut body = registration();
    body.as_object_mut().unwrap().extend(optional.as_object().unwrap().clone());
    let reply = try_register(&server, &body).await.expect(200);
    for (name, value) in optional.as_object().unwrap() {
        assert_eq!(&reply["data"]["user"][name], value, "{name}");
    }
}

#[tokio::test]
async fn register_400_names_each_missing_or_blank_field() {
    let server = Server::start().await;
    for field in ["users_name", "users_phone", "password", "passwordConfirm", "users_picture"] {
        let mut missing = registration();
        missing.as_object_mut().unwrap().remove(field);
        for body in [
            missing,
            with(field, json!("")),
            with(field, json!(" ")),
            with(field, json!(7)),
            with(field, json!(null)),
        ] {
            let reply = try_register(&server, &body).await.expect(400);
            validate("error", &reply.json);
            assert!(reply.text().contains(field), "{field} is named: {}", reply.text());
        }
    }
    let count = server.post("/api/system/users-count").send().await.expect(200);
    assert_eq!(count["data"]["total_users"], 0, "nothing was written");
}

#[tokio::test]
async fn register_400_for_a_phone_that_a_platform_user_has() {
    let server = Server::start().await;
    register(&server, PHONE).await;
    let reply = try_register(&server, &with("users_name", json!("别人"))).await.expect(400);
    validate("error", &reply.json);
}

#[tokio::test]
async fn register_415_and_429() {
    let server = Setup::new().env("BAIBASE_DUPLICATE_WINDOW_MS", "60000").start().await;
    let form =
        server.post("/api/platform/register").body("application/x-www-form-urlencoded", "users_name=x");
    validate("error", &form.send().await.expect(415).json);
    try_register(&server, &registration()).await.expect(200);
    validate("error", &try_register(&server, &registration()).await.expect(429).json);
}

#[tokio::test]
async fn login_200() {
    let server = Server::start().await;
    let registered = register(&server, PHONE).await;
    for mount in ["/api", "/pb/api"] {
        let body = json!({"users_phone": PHONE, "password": PASSWORD});
        let reply = server.post(&format!("{mount}/platform/login")).json(&body).send().await.expect(200);
        validate("login", &reply.json);
        assert_eq!(reply.at("/data/status"), "login_success");
        assert_eq!(reply.at("/data/user/openid"), registered.at("/data/user/openid"));
    }
}

#[tokio::test]
async fn login_400_for_a_wrong_password_a_wrong_type_and_bad_input() {
    let server = Server::start().await;
    register(&server, PHONE).await;
    validate("error", &try_login(&server, PHONE, "wrong password").await.expect(400).json);
    let anna = login(&server, "anna").await;
    anna.edit(&server, json!({"users_phone": "13900139000"})).await.expect(200);
    validate("error", &try_login(&server, "13900139000", PASSWORD).await.expect(400).json);
    for body in
        [json!({}), json!({"users_phone": PHONE}), json!({"users_phone": 1, "password": "x"}), json!([])]
    {
        let reply = server.post("/api/platform/login").json(&body).send().await.expect(400);
        validate("error", &reply.json);
    }
}

#[tokio::test]
async fn login_404_for_an_unknown_phone() {
    let server = Server::start().await;
    validate("error", &try_login(&server, "13700137000", PASSWORD).await.expect(404).json);
}

#[tokio::test]
async fn login_415_and_429() {
    let server = Setup::new().env("BAIBASE_DUPLICATE_WINDOW_MS", "60000").start().await;
    register(&server, PHONE).await;
    let text = server.post("/api/platform/login").body("text/plain", "{}");
    validate("error", &text.send().await.expect(415).json);
    try_login(&server, PHONE, PASSWORD).await.expect(200);
    validate("error", &try_login(&server, PHONE, PASSWORD).await.expect(429).json);
}

#[tokio::test]
async fn login_500_for_a_user_without_a_native_identity() {
    let server = Server::start().await;
    register(&server, PHONE).await;
    server.database().run("UPDATE tbl_auth_users SET email = ''");
    let reply = try_login(&server, PHONE, PASSWORD).await.expect(500);
    validate("error", &reply.json);
}
