//! The legacy listener.

use serde_json::json;

use crate::service::{Service, unique};

#[tokio::test(flavor = "multi_thread")]
async fn a_user_has_twelve_fields_and_always_a_company() {
    let service = Service::start().await;
    let code = json!({"users_wx_code": unique("dev-anna")});
    let login = service.legacy("/api/wechat/login", "", "", code).await.expect(200);
    let user = login.body["data"]["user"].as_object().unwrap();
    assert_eq!(user.len(), 12);
    assert_eq!(user["company"]["company_id"], "");
    assert_eq!(user["created"], "2026-03-19T04:00:00.000Z");
    assert_eq!(login.at("/data/status"), "register_success");
    assert!(!login.at("/data/token").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_header_names_the_user_of_the_token() {
    let service = Service::start().await;
    let (anna, bert) = (service.log_in("anna").await, service.log_in("bert").await);
    let edit = async |openid: &str| {
        let body = json!({"users_name": "安娜", "users_phone_code": unique("phone-13800138000"), "users_picture": "p"});
        service.legacy("/api/wechat/profile", anna.at("/token"), openid, body).await
    };
    edit(bert.at("/data/user/openid")).await.expect(401);
    edit("").await.expect(401);
    let edited = edit(anna.at("/data/user/openid")).await.expect(200);
    assert_eq!(edited.at("/data/user/users_phone"), "138****8000");
    assert_eq!(edited.at("/data/user/users_type"), "注册用户");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bare_openid_gets_a_token() {
    let service = Service::start().await;
    let anna = service.log_in("anna").await;
    let refresh =
        async |openid: &str| service.legacy("/api/wechat/refresh-token", "", openid, json!({})).await;
    let token = refresh(anna.at("/data/user/openid")).await.expect(200).at("/data/token").to_owned();
    service.post("/api/wechat/profile", &token, json!({})).await.expect(200);
    refresh("").await.expect(401);
    refresh("nobody").await.expect(404);
}
