//! Decisions 1 to 9: where things are served and how replies look.

use baibase_tests::{Server, Setup, login, register, unique_code, validate};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

#[tokio::test]
async fn decision_01_the_main_api_is_served_at_api_and_at_pb_api() {
    let server = Server::start().await;
    let company = json!({"company_name": "一"});
    let created = server.post("/api/collections/tbl_company/records").json(&company).send().await.expect(200);
    let list = server.get("/pb/api/collections/tbl_company/records").send().await.expect(200);
    assert_eq!(list["items"], json!([created.json]));
    for mount in ["/api", "/pb/api"] {
        server.get(&format!("{mount}/health")).send().await.expect(200);
        server.post(&format!("{mount}/system/health")).send().await.expect(200);
        server.get(&format!("{mount}/openapi.json")).send().await.expect(200);
        let body = json!({"users_wx_code": unique_code("dev-anna")});
        server.post(&format!("{mount}/wechat/login")).json(&body).send().await.expect(200);
    }
    for path in ["/health", "/pb/health", "/pb/pb/api/health", "/x/api/health"] {
        assert_eq!(server.get(path).send().await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn decision_02_the_legacy_documents_have_a_listener_of_their_own() {
    let off = Server::start().await;
    for path in ["/api/wechat/refresh-token", "/api/test-helloworld"] {
        off.post(path).header("users_wx_openid", "x").send().await.expect(404);
    }
    assert!(!off.log().contains("legacy"), "{}", off.log());

    let on = Setup::new().legacy().start().await;
    let log = on.log();
    let warning = log.lines().find(|line| line.contains("WARN") && line.contains("openid"));
    assert!(warning.is_some(), "a warning says what the listener does: {log}");
    let body = json!({"users_wx_code": unique_code("dev-anna")});
    let legacy = on.legacy_post("/api/wechat/login").json(&body).send().await.expect(200);
    validate("legacy-login", &legacy.json);
    let body = json!({"users_wx_code": unique_code("dev-anna")});
    validate("login", &on.post("/api/wechat/login").json(&body).send().await.expect(200).json);
    on.legacy_post("/api/platform/login").json(&json!({})).send().await.expect(404);
    on.legacy_post("/pb/api/wechat/login").json(&body).send().await.expect(404);

    // The identity of a platform user can be read off public records: it must not be worth a manager's token.
    let manager = register(&on, "13800138099").await;
    let openid = manager["record"]["openid"].as_str().unwrap();
    on.legacy_post("/api/wechat/refresh-token").header("users_wx_openid", openid).send().await.expect(404);
}

#[tokio::test]
async fn decision_03_business_endpoints_answer_in_the_envelope() {
    let server = Server::start().await;
    let paths = [
        ("system/test-helloworld", 200),
        ("system/health", 200),
        ("system/users-count", 200),
        ("system/refresh-token", 401),
        ("wechat/login", 400),
        ("wechat/profile", 401),
        ("platform/register", 400),
        ("platform/login", 400),
    ];
    for (path, status) in paths {
        let reply = server.post(&format!("/api/{path}")).json(&json!({})).send().await.expect(status);
        validate("envelope", &reply.json);
        assert_eq!(reply["code"], status, "{path}");
    }
    // Native operations have no envelope.
    let native = server.get("/api/collections/tbl_company/records").send().await.expect(200);
    validate("company-page", &native.json);
}

#[tokio::test]
async fn decision_04_a_login_is_the_envelope_and_the_native_reply_in_one() {
    let server = Server::start().await;
    let code = json!({"users_wx_code": unique_code("dev-anna")});
    let wechat = server.post("/api/wechat/login").json(&code).send().await.expect(200);
    let registered = register(&server, "13800138000").await;
    let credentials = json!({"users_phone": "13800138000", "password": baibase_tests::PASSWORD});
    let platform = server.post("/api/platform/login").json(&credentials).send().await.expect(200);
    for reply in [wechat, registered, platform] {
        validate("login", &reply.json);
        assert_eq!(reply["meta"]["data"], reply["data"]);
        assert_eq!(reply["meta"]["msg"], reply["msg"]);
        assert_eq!(reply["record"]["id"], reply["data"]["user"]["pb_id"]);
        let path = format!("/api/collections/tbl_auth_users/records/{}", reply.at("/record/id"));
        let native = server.get(&path).token(reply.at("/token")).send().await.expect(200);
        assert_eq!(native.json, reply["record"]);
    }
}

#[tokio::test]
async fn decision_05_refresh_token_sends_the_token_twice() {
    let server = Server::start().await;
    let anna = login(&server, "anna").await;
    let reply = server.post("/api/system/refresh-token").token(&anna.token).send().await.expect(200);
    validate("refresh", &reply.json);
    assert_eq!(reply["data"]["token"], reply["token"]);
}

#[tokio::test]
async fn decision_06_native_errors_carry_status_and_code() {
    let server = Server::start().await;
    let company = "/api/collections/tbl_company/records";
    let replies = [
        server.get("/api/collections/nosuch/records").send().await.expect(404),
        server.get(company).query(&[("filter", "(")]).send().await.expect(400),
        server.get("/api/collections").send().await.expect(401),
        server.get("/api/collections/_superusers/records").send().await.expect(403),
        server.get("/api/nosuch").send().await.expect(404),
    ];
    for reply in replies {
        validate("native-error", &reply.json);
        assert_eq!((&reply["status"], &reply["code"]), (&json!(reply.status), &json!(reply.status)));
    }
}

#[tokio::test]
async fn decision_07_a_user_has_all_30_fields_and_a_company_22() {
    let server = Setup::new().legacy().superuser().start().await;
    let anna = login(&server, "anna").await;
    let user = |reply: &baibase_tests::Reply| reply["data"]["user"].clone();
    let fresh = user(&anna.edit(&server, json!({})).await.expect(200));
    validate("user", &fresh);
    assert_eq!(fresh.as_object().unwrap().len(), 30);
    assert_eq!(fresh["company"], Value::Null);
    assert!(fresh["users_status"].is_number());

    let company = json!({"company_name": "一"});
    let company = server.post("/api/collections/tbl_company/records").json(&company).send().await.expect(200);
    let path = format!("/api/collections/tbl_auth_users/records/{}", anna.id);
    let change = json!({"company_id": company["company_id"], "users_status": 2, "users_rank_level": 1.5});
    let superuser = server.superuser().await;
    server.patch(&path).token(&superuser).json(&change).send().await.expect(200);
    let full = user(&anna.edit(&server, json!({})).await.expect(200));
    validate("user", &full);
    assert_eq!(full["company"].as_object().unwrap().len(), 22);
    assert_eq!(full["company"]["pb_id"], company["id"]);
    assert_eq!(full["company"]["company_name"], "一");
    assert_eq!((&full["users_status"], &full["users_rank_level"]), (&json!(2), &json!(1.5)));

    let code = json!({"users_wx_code": unique_code("dev-anna")});
    let legacy = server.legacy_post("/api/wechat/login").json(&code).send().await.expect(200);
    let legacy = user(&legacy);
    validate("legacy-user", &legacy);
    assert_eq!(legacy.as_object().unwrap().len(), 12);
    assert_eq!(legacy["users_wx_openid"], json!(anna.openid));
}

#[tokio::test]
async fn decision_08_the_masked_phone() {
    let server = Setup::new().legacy().start().await;
    let anna = login(&server, "anna").await;
    let fresh = anna.edit(&server, json!({})).await.expect(200);
    assert_eq!((fresh.at("/data/user/users_phone"), fresh.at("/data/user/users_phone_masked")), ("", ""));
    let edited = anna.edit(&server, json!({"users_phone": "13800138000"})).await.expect(200);
    assert_eq!(edited.at("/data/user/users_phone"), "13800138000");
    assert_eq!(edited.at("/data/user/users_phone_masked"), "138****8000");
    let code = json!({"users_wx_code": unique_code("dev-anna")});
    let legacy = server.legacy_post("/api/wechat/login").json(&code).send().await.expect(200);
    assert_eq!(legacy.at("/data/user/users_phone"), "138****8000");
    assert_eq!(legacy.at("/data/user/users_phone_masked"), "138****8000");
    assert!(!legacy.text().contains("13800138000"));
}

#[tokio::test]
async fn decision_09_picture_urls() {
    let server = Server::start().await;
    let manager = register(&server, "13800138000").await;
    let part = Part::bytes(b"PNG".to_vec()).file_name("a.png");
    let upload = server.post("/api/collections/tbl_attachments/records").token(manager.at("/token"));
    let file = upload.form(Form::new().part("attachments_link", part)).send().await.expect(200);
    let pictures = json!({
        "users_picture": file["attachments_id"],
        "users_id_pic_a": "ATT-0-nosuch",
        "users_id_pic_b": "https://example.com/b.png",
        "users_title_picture": "javascript:alert(1)",
    });
    let user = login(&server, "anna").await.edit(&server, pictures).await.expect(200)["data"]["user"].clone();
    let path = format!(
        "/pb/api/files/{}/{}/{}",
        file.at("/collectionId"),
        file.at("/id"),
        file.at("/attachments_link")
    );
    let url = user["users_picture_url"].as_str().unwrap();
    assert!(url.starts_with("http") && url.ends_with(&path) && !url.contains("//pb"), "{url}");
    assert_eq!(server.get(&path).send().await.expect(200).text(), "PNG");
    assert_eq!(user["users_id_pic_a_url"], "");
    assert_eq!(user["users_id_pic_b_url"], "https://example.com/b.png");
    assert_eq!(user["users_title_picture_url"], "");
}
