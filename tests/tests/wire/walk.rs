//! The walk of the README: what a newcomer does in the first ten minutes.

use baibase_tests::{Server, login, phone_code, register};
use reqwest::multipart::{Form, Part};
use serde_json::json;

#[tokio::test]
async fn from_the_first_login_to_a_document_that_is_found() {
    let server = Server::start().await;
    let anna = login(&server, "anna").await;
    let profile = json!({"users_name": "安娜", "users_phone_code": phone_code("13800138000"), "users_picture": "ATT-1-a"});
    let profile = anna.edit(&server, profile).await.expect(200);
    assert_eq!(profile.at("/data/user/users_type"), "注册用户");

    let companies = "/pb/api/collections/tbl_company/records";
    let body = json!({"company_name": "示例科技有限公司", "company_owner_openid": anna.openid});
    let company = server.post(companies).token(&anna.token).json(&body).send().await.expect(200);

    let manager = register(&server, "13900139000").await;
    let token = manager.at("/token");
    let path = format!("{companies}/{}", company.at("/id"));
    let edited =
        server.patch(&path).token(token).json(&json!({"company_level": "S"})).send().await.expect(200);
    assert_eq!((edited.at("/company_level"), edited.at("/company_name")), ("S", "示例科技有限公司"));

    let part = Part::bytes(b"%PDF-1.4\n".to_vec()).file_name("手册.pdf");
    let upload = server.post("/pb/api/collections/tbl_attachments/records").token(token);
    let file = upload.form(Form::new().part("attachments_link", part)).send().await.expect(200);
    let entry = json!({"dict_name": "文档类型", "dict_word_enum": "UT1", "dict_word_is_enabled": true});
    let dictionary = server.post("/pb/api/collections/tbl_system_dict/records").token(token);
    let entry = dictionary.json(&entry).send().await.expect(200);

    let documents = "/pb/api/collections/tbl_document/records";
    let kind = format!("{}@UT1", entry.at("/system_dict_id"));
    let body =
        json!({"document_title": "手册", "document_type": kind, "document_file": file["attachments_id"]});
    let document = server.post(documents).token(token).json(&body).send().await.expect(200);
    assert_eq!(document.at("/document_status"), "有效");

    let filter = format!(r#"document_type ~ "{}" && document_type ~ "@UT1""#, entry.at("/system_dict_id"));
    let query = [("filter", filter.as_str()), ("sort", "-document_create")];
    let found = server.get(documents).query(&query).send().await.expect(200);
    assert_eq!(found["items"], json!([document.json]));
}
