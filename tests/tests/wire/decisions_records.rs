//! Decisions 21, 23, 24 and 26: business ids, lists, filled fields and existing data.

use baibase_tests::{Reply, Server, Setup, login, register, validate};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

fn records(collection: &str) -> String {
    format!("/api/collections/{collection}/records")
}

async fn manager(server: &Server) -> Reply {
    register(server, "13800138000").await
}

/// `prefix`, milliseconds since 1970, `-` and six letters or digits.
fn is_stamped(id: &str, prefix: &str) -> bool {
    id.strip_prefix(prefix).and_then(|rest| rest.split_once('-')).is_some_and(|(millis, random)| {
        millis.len() == 13
            && millis.bytes().all(|byte| byte.is_ascii_digit())
            && random.len() == 6
            && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

#[tokio::test]
async fn decision_21_business_ids() {
    let server = Server::start().await;
    let manager = manager(&server).await;
    let token = manager.at("/token");
    let created: jiff::Timestamp = manager.at("/data/user/created").replace(' ', "T").parse().unwrap();
    let shanghai = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    let day = created.to_zoned(shanghai).strftime("%Y%m%d").to_string();
    let second = login(&server, "anna").await.edit(&server, json!({})).await;
    let ids = [manager.at("/data/user/users_id"), second.at("/data/user/users_id")];
    assert_eq!(ids, [format!("U{day}0001"), format!("U{day}0002")]);

    let create = async |collection: &str, body: Value| {
        server.post(&records(collection)).token(token).json(&body).send().await.expect(200)
    };
    let company = create("tbl_company", json!({})).await;
    let stamp = company.at("/company_id").strip_prefix("WX-COMPANY-").unwrap();
    assert!(
        stamp.starts_with(&day) && stamp.len() >= 14 && stamp.bytes().all(|byte| byte.is_ascii_digit()),
        "{stamp}"
    );
    let document = create("tbl_document", json!({"document_title": "t", "document_type": "D@U"})).await;
    assert!(is_stamped(document.at("/document_id"), "DOC-"), "{}", document.text());
    let entry = create("tbl_system_dict", json!({"dict_name": "类型"})).await;
    assert!(is_stamped(entry.at("/system_dict_id"), "DICT-"), "{}", entry.text());
    let group = create("tbl_user_groups", json!({"usergroups_name": "组"})).await;
    assert!(is_stamped(group.at("/usergroups_id"), "UG-"), "{}", group.text());
    let attachment = create("tbl_attachments", json!({})).await;
    assert!(is_stamped(attachment.at("/attachments_id"), "ATT-"), "{}", attachment.text());

    for (collection, field, more) in [
        ("tbl_company", "company_id", json!({})),
        ("tbl_document", "document_id", json!({"document_title": "t", "document_type": "D@U"})),
        ("tbl_system_dict", "system_dict_id", json!({"dict_name": "别的"})),
        ("tbl_attachments", "attachments_id", json!({})),
        ("tbl_user_groups", "usergroups_id", json!({})),
    ] {
        let mut body = more;
        body[field] = json!("MINE-1");
        assert_eq!(create(collection, body.clone()).await[field], "MINE-1", "what the client sends is kept");
        body["dict_name"] = json!("又一个");
        let again = server.post(&records(collection)).token(token).json(&body).send().await.expect(400);
        assert_eq!(again["data"][field]["code"], "validation_not_unique", "{}", again.text());
    }
}

#[tokio::test]
async fn decision_23_list_sizes() {
    let server = Server::start().await;
    let token = manager(&server).await.at("/token").to_owned();
    for (collection, size) in [
        ("tbl_company", 20),
        ("tbl_document", 20),
        ("tbl_attachments", 1),
        ("tbl_system_dict", 30),
        ("tbl_auth_users", 30),
    ] {
        for mount in ["", "/pb"] {
            let path = format!("{mount}{}", records(collection));
            let page = server.get(&path).token(&token).send().await.expect(200);
            assert_eq!(page["perPage"], size, "{collection}");
            let asked = server.get(&path).token(&token).query(&[("perPage", "7")]).send().await.expect(200);
            assert_eq!(asked["perPage"], 7, "{collection}");
        }
    }
}

#[tokio::test]
async fn decision_24_attachments_are_filled() {
    let server = Server::start().await;
    let manager = manager(&server).await;
    let upload = async |form: Form| {
        server
            .post(&records("tbl_attachments"))
            .token(manager.at("/token"))
            .form(form)
            .send()
            .await
            .expect(200)
    };
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0".to_vec();
    let part = || Part::bytes(png.clone()).file_name("头像 1.png");
    let record = upload(Form::new().part("attachments_link", part())).await;
    validate("attachment-record", &record.json);
    assert_eq!(record.at("/attachments_filename"), "头像 1.png");
    assert_eq!(record.at("/attachments_filetype"), "image/png");
    assert_eq!(record["attachments_size"], png.len());
    assert_eq!(record.at("/attachments_md5"), "8dd522d68f1a90fb5626dbdf72ddbde4");
    assert_eq!(record.at("/attachments_owner"), manager.at("/data/user/openid"));
    let own = [
        ("attachments_filename", "x"),
        ("attachments_filetype", "y"),
        ("attachments_size", "3"),
        ("attachments_md5", "0123456789abcdef0123456789abcdef"),
        ("attachments_owner", "z"),
    ];
    let form = own
        .iter()
        .fold(Form::new().part("attachments_link", part()), |form, (name, value)| form.text(*name, *value));
    let record = upload(form).await;
    for (name, value) in own {
        assert_eq!(record[name].as_str().map_or_else(|| record[name].to_string(), str::to_owned), value);
    }
}

#[tokio::test]
async fn decision_24_documents_are_filled() {
    let server = Server::start().await;
    let manager = manager(&server).await;
    let create = async |mut body: Value| {
        body["document_title"] = json!("t");
        body["document_type"] = json!("D@U");
        server.post(&records("tbl_document")).token(manager.at("/token")).json(&body).send().await.expect(200)
    };
    let (past, future) = ("2001-01-01 00:00:00.000Z", "2099-01-01 00:00:00.000Z");
    let plain = create(json!({})).await;
    validate("document-record", &plain.json);
    assert_eq!(plain.at("/document_owner"), manager.at("/data/user/openid"));
    for (effect, expiry, status) in [
        ("", "", "有效"),
        (past, "", "有效"),
        ("", future, "有效"),
        (past, future, "有效"),
        ("", past, "过期"),
        (past, past, "过期"),
    ] {
        let dates = json!({"document_effect_date": effect, "document_expiry_date": expiry});
        assert_eq!(create(dates).await.at("/document_status"), status, "{effect} to {expiry}");
    }
    let own = json!({"document_status": "过期", "document_owner": "o1", "document_id": "DOC-1"});
    let record = create(own.clone()).await;
    for (name, value) in own.as_object().unwrap() {
        assert_eq!(&record[name], value);
    }
}

#[tokio::test]
async fn decision_26_existing_collections_stay_as_they_are() {
    let mut server = Server::with_superuser().await;
    let token = server.superuser().await;
    let company =
        server.post(&records("tbl_company")).json(&json!({"company_name": "一"})).send().await.expect(200);
    let collection = async |server: &Server, name: &str| {
        server.get(&format!("/api/collections/{name}")).token(&token).send().await
    };
    let mut fields = collection(&server, "tbl_company").await.expect(200)["fields"].clone();
    let list = fields.as_array_mut().unwrap();
    list.retain(|field| field["name"] != "company_remark");
    for field in list.iter_mut().filter(|field| field["name"] == "company_level") {
        field["max"] = json!(3);
        field["required"] = json!(true);
    }
    list.push(json!({"type": "bool", "name": "company_extra"}));
    let change = json!({"fields": fields, "listRule": null, "updateRule": "company_extra = true"});
    server.patch("/api/collections/tbl_company").token(&token).json(&change).send().await.expect(200);
    let before = collection(&server, "tbl_company").await.expect(200);
    server.delete("/api/collections/tbl_user_groups").token(&token).send().await.expect(204);

    server.terminate();
    server.ended().await;
    let server = Setup::new().home(server.home()).start().await;
    let after = collection(&server, "tbl_company").await.expect(200);
    for key in ["listRule", "updateRule", "createRule", "id", "name", "indexes"] {
        assert_eq!(after[key], before[key], "{key}");
    }
    let (before, after) = (before["fields"].as_array().unwrap(), after["fields"].as_array().unwrap());
    for field in before {
        assert!(after.contains(field), "{field} is as it was");
    }
    assert_eq!(after.len(), before.len() + 1, "only what is missing is added");
    assert!(after.iter().any(|field| field["name"] == "company_remark"));
    collection(&server, "tbl_user_groups").await.expect(200);
    let row =
        server.get(&format!("{}/{}", records("tbl_company"), company.at("/id"))).token(&token).send().await;
    assert_eq!(row.expect(200).at("/company_name"), "一");
}
