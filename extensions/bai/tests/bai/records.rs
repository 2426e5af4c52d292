//! What is filled into native records, and how their lists begin.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::service::{Reply, Service};

fn records(collection: &str) -> String {
    format!("/api/collections/{collection}/records")
}

async fn upload(
    service: &Service,
    method: &str,
    path: &str,
    token: &str,
    name: &str,
    content: &str,
) -> Reply {
    let form = format!(
        "--b\r\nContent-Disposition: form-data; name=\"attachments_link\"; filename=\"{name}\"\r\n\r\n{content}\r\n--b--\r\n"
    );
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", token)
        .header("content-type", "multipart/form-data; boundary=b")
        .body(Body::from(form))
        .unwrap();
    service.ask(request).await.expect(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attachment_is_described_again_when_its_file_is_replaced() {
    let service = Service::start().await;
    let manager = service.register("13800138000").await;
    let (token, path) = (manager.at("/token"), records("tbl_attachments"));
    let first = upload(&service, "POST", &path, token, "a.txt", "hi").await;
    assert_eq!((first.at("/attachments_filename"), &first.body["attachments_size"]), ("a.txt", &json!(2)));
    assert_eq!(first.at("/attachments_owner"), manager.at("/data/user/openid"));
    let second =
        upload(&service, "PATCH", &format!("{path}/{}", first.at("/id")), token, "b.txt", "hello").await;
    assert_eq!((second.at("/attachments_filename"), &second.body["attachments_size"]), ("b.txt", &json!(5)));
    assert_eq!(second.at("/attachments_md5"), "5d41402abc4b2a76b9719d911017c592");
    assert_eq!(second.at("/attachments_id"), first.at("/attachments_id"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_documents_status_follows_its_dates_unless_it_is_said() {
    let service = Service::start().await;
    let manager = service.register("13800138000").await.at("/token").to_owned();
    let document =
        json!({"document_title": "t", "document_type": "D@U", "document_expiry_date": "2026-03-18"});
    let created = service.post(&records("tbl_document"), &manager, document).await.expect(200);
    assert_eq!(created.at("/document_status"), "过期");
    let path = format!("{}/{}", records("tbl_document"), created.at("/id"));
    let patch = async |body: Value| {
        service.send("PATCH", &path, &manager, body).await.expect(200).at("/document_status").to_owned()
    };
    assert_eq!(patch(json!({"document_expiry_date": "2026-03-19"})).await, "有效");
    assert_eq!(patch(json!({"document_expiry_date": "2026-03-20", "document_status": "过期"})).await, "过期");
    assert_eq!(patch(json!({"document_title": "u"})).await, "过期");
    assert_eq!(patch(json!({"document_status": ""})).await, "有效");
    let bad = json!({"document_title": "t", "document_type": "D@U", "document_status": "草稿"});
    service.post(&records("tbl_document"), &manager, bad).await.expect(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_business_id_is_given_kept_and_never_emptied() {
    let service = Service::start().await;
    let manager = service.register("13800138000").await.at("/token").to_owned();
    let given = service.post(&records("tbl_company"), "", json!({})).await.expect(200);
    assert!(given.at("/company_id").starts_with("WX-COMPANY-20260319120000000"), "{}", given.body);
    let path = format!("{}/{}", records("tbl_company"), given.at("/id"));
    let emptied = service.send("PATCH", &path, &manager, json!({"company_id": ""})).await.expect(200);
    assert_eq!(emptied.at("/company_id"), given.at("/company_id"));
    let own = service.send("PATCH", &path, &manager, json!({"company_id": "C1"})).await.expect(200);
    assert_eq!(own.at("/company_id"), "C1");
    let again = service.post(&records("tbl_company"), "", json!({"company_id": "C1"})).await.expect(400);
    assert_eq!(again.at("/data/company_id/code"), "validation_not_unique");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_have_their_documented_size_and_managers_alone_write() {
    let service = Service::start().await;
    let manager = service.register("13800138000").await.at("/token").to_owned();
    let anna = service.log_in("anna").await.at("/token").to_owned();
    for (collection, size) in [
        ("tbl_company", 20),
        ("tbl_document", 20),
        ("tbl_attachments", 1),
        ("tbl_system_dict", 30),
        ("tbl_user_groups", 30),
    ] {
        let path = records(collection);
        assert_eq!(service.get(&path, &manager).await.expect(200).body["perPage"], size, "{collection}");
        assert_eq!(service.get(&format!("{path}?perPage=7"), &manager).await.expect(200).body["perPage"], 7);
        if collection != "tbl_company" {
            service
                .post(&path, &anna, json!({"document_title": "t", "document_type": "x"}))
                .await
                .expect(400);
        }
    }
    let longest = "字".repeat(1_000_000);
    let document = json!({"document_title": "t", "document_type": "x", "document_content": longest});
    service.post(&records("tbl_document"), &manager, document).await.expect(200);
}
