//! Users completing their profiles, and what they see of themselves.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::service::{Reply, Service, unique};

async fn edit(service: &Service, token: &str, body: Value) -> Reply {
    service.post("/api/wechat/profile", token, body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_edit_changes_nothing() {
    let service = Service::start().await;
    let anna = service.log_in("anna").await;
    service.clock.advance_ms(5000);
    let after =
        edit(&service, anna.at("/token"), json!({"users_name": " ", "users_tag": null})).await.expect(200);
    assert_eq!(after.body["data"]["user"], anna.body["data"]["user"], "not even the time of the last change");
    assert_eq!(after.at("/data/user/created"), "2026-03-19 04:00:00.000Z");
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_numbers_keep_their_prefix() {
    let service = Service::start().await;
    let anna = service.log_in("anna").await.at("/token").to_owned();
    let phone = async |code: &str| {
        let reply = edit(&service, &anna, json!({"users_phone_code": unique(code)})).await.expect(200);
        reply.at("/data/user/users_phone").to_owned()
    };
    assert!(phone("phone-+1-13800138000").await.len() > 11);
    assert_eq!(phone("phone-13800138000").await, "13800138000");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_and_the_addresses_of_pictures_come_with_the_user() {
    let service = Service::start().await;
    let manager = service.register("13800138000").await.at("/token").to_owned();
    let company =
        service.post("/api/collections/tbl_company/records", "", json!({"company_name": "一"})).await;
    let form = "--b\r\nContent-Disposition: form-data; name=\"attachments_link\"; filename=\"a.txt\"\r\n\r\nhi\r\n--b--\r\n";
    let request = Request::post("/api/collections/tbl_attachments/records")
        .header("authorization", &manager)
        .header("content-type", "multipart/form-data; boundary=b")
        .body(Body::from(form))
        .unwrap();
    let file = service.ask(request).await.expect(200);
    assert_eq!(file.at("/attachments_md5"), "49f68a5c8493ec2c0bf489821c21fc3b");

    let anna = service.log_in("anna").await;
    let path = format!("/api/collections/tbl_auth_users/records/{}", anna.at("/record/id"));
    let change = json!({"company_id": company.at("/company_id"), "users_status": 2});
    service.send("PATCH", &path, &manager, change).await.expect(200);
    let pictures = json!({"users_picture": file.at("/attachments_id"), "users_id_pic_a": "ATT-0-none",
        "users_id_pic_b": "https://example.com/b.png"});
    let user = edit(&service, anna.at("/token"), pictures).await.expect(200).body["data"]["user"].clone();
    assert_eq!((&user["company"]["company_name"], &user["users_status"]), (&json!("一"), &json!(2)));
    let (collection, record, name) = (file.at("/collectionId"), file.at("/id"), file.at("/attachments_link"));
    let app_url = &service.engine.settings().meta.app_url;
    assert_eq!(user["users_picture_url"], format!("{app_url}/pb/api/files/{collection}/{record}/{name}"));
    assert_eq!(user["users_id_pic_a_url"], "");
    assert_eq!(user["users_id_pic_b_url"], "https://example.com/b.png");
}
