//! The collections that a fresh data directory is set up with: their fields, rules and indexes.

use std::collections::{BTreeMap, BTreeSet};

use baibase_tests::{Reply, Server};
use serde_json::{Value, json};

const MANAGER: &str = "@request.auth.users_idtype";

async fn collection(server: &Server, token: &str, name: &str) -> Reply {
    server.get(&format!("/api/collections/{name}")).token(token).send().await.expect(200)
}

/// The names of a collection's fields by their type, without the fields that every collection has.
fn fields(collection: &Reply) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut by_type: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for field in collection["fields"].as_array().unwrap() {
        let name = field["name"].as_str().unwrap();
        if field["system"] == false && !["created", "updated"].contains(&name) {
            by_type.entry(field["type"].as_str().unwrap()).or_default().insert(name);
        }
    }
    by_type
}

/// Asserts that a collection has exactly these fields: each line is a type and the names of that type.
fn has_fields(collection: &Reply, lines: &[(&str, &str)]) {
    let expected: BTreeMap<&str, BTreeSet<&str>> =
        lines.iter().map(|(kind, names)| (*kind, names.split_whitespace().collect())).collect();
    assert_eq!(fields(collection), expected);
    for name in ["id", "created", "updated"] {
        assert!(collection["fields"].as_array().unwrap().iter().any(|field| field["name"] == name), "{name}");
    }
}

/// The unique and the other columns that have an index, as `unique:a,b` and `a`.
fn indexes(collection: &Reply) -> BTreeSet<String> {
    let columns = |text: &str| {
        let inside = text.split_once('(').unwrap().1.split(')').next().unwrap();
        inside.replace(['`', ' ', '\n'], "")
    };
    let texts = collection["indexes"].as_array().unwrap().iter().map(|index| index.as_str().unwrap());
    texts
        .map(|text| {
            format!("{}{}", if text.starts_with("CREATE UNIQUE") { "unique:" } else { "" }, columns(text))
        })
        .collect()
}

fn has_indexes(collection: &Reply, expected: &[&str]) {
    let missing: Vec<_> = expected.iter().filter(|index| !indexes(collection).contains(**index)).collect();
    assert!(missing.is_empty(), "{missing:?} are not among {:?}", indexes(collection));
}

/// Asserts the rules in the order list, view, create, update, delete: `public`, `manager` or `superuser`.
fn has_rules(collection: &Reply, expected: [&str; 5]) {
    let keys = ["listRule", "viewRule", "createRule", "updateRule", "deleteRule"];
    for (key, who) in keys.into_iter().zip(expected) {
        let is_it = match (&collection[key], who) {
            (Value::Null, "superuser") => true,
            (Value::String(rule), "public") => rule.is_empty(),
            (Value::String(rule), "manager") => rule.contains(MANAGER),
            _ => false,
        };
        assert!(is_it, "{key} is for {who}: {}", collection[key]);
    }
}

fn field<'a>(collection: &'a Reply, name: &str) -> &'a Value {
    collection["fields"].as_array().unwrap().iter().find(|field| field["name"] == name).unwrap()
}

#[tokio::test]
async fn a_fresh_directory_has_the_collections_of_the_business() {
    let server = Server::with_superuser().await;
    let token = server.superuser().await;
    let get = async |name: &str| collection(&server, &token, name).await;

    let users = get("tbl_auth_users").await;
    assert_eq!(users.at("/type"), "auth");
    has_fields(
        &users,
        &[
            (
                "text",
                "openid users_id users_convers_id users_idtype users_id_number users_type users_name users_phone \
                 users_level users_tag users_picture users_id_pic_a users_id_pic_b users_title_picture company_id \
                 users_parent_id users_promo_code usergroups_id",
            ),
            ("number", "users_status users_rank_level users_auth_type"),
        ],
    );
    has_rules(&users, ["manager", "manager", "superuser", "manager", "superuser"]);
    has_indexes(&users, &["unique:openid", "unique:users_id", "unique:email", "unique:tokenKey"]);
    let phone = ["unique:users_phone,users_idtype", "unique:users_idtype,users_phone"];
    assert!(phone.iter().any(|index| indexes(&users).contains(*index)), "{:?}", indexes(&users));
    assert_eq!(field(&users, "openid")["required"], true);

    let companies = get("tbl_company").await;
    has_fields(
        &companies,
        &[(
            "text",
            "company_id company_name company_type company_entity company_usci company_nationality \
             company_nationality_code company_province company_province_code company_city company_city_code \
             company_district company_district_code company_postalcode company_add company_status company_level \
             company_owner_openid company_remark",
        )],
    );
    has_rules(&companies, ["public", "manager", "public", "manager", "manager"]);
    has_indexes(&companies, &["unique:company_id", "company_usci", "company_owner_openid"]);

    let attachments = get("tbl_attachments").await;
    has_fields(
        &attachments,
        &[
            (
                "text",
                "attachments_id attachments_filename attachments_filetype attachments_owner attachments_md5 \
                 attachments_ocr attachments_status attachments_remark",
            ),
            ("number", "attachments_size"),
            ("file", "attachments_link"),
        ],
    );
    has_rules(&attachments, ["public", "public", "manager", "manager", "manager"]);
    has_indexes(&attachments, &["unique:attachments_id", "attachments_owner", "attachments_status"]);
    let link = field(&attachments, "attachments_link");
    assert_eq!((&link["maxSize"], &link["protected"]), (&json!(4_u64 << 30), &json!(false)));

    let documents = get("tbl_document").await;
    has_fields(
        &documents,
        &[
            (
                "text",
                "document_id document_type document_title document_subtitle document_summary document_content \
                 document_image document_video document_file document_owner document_relation_model \
                 document_keywords document_product_categories document_application_scenarios document_hotel_type \
                 document_status document_remark document_embedding_status document_embedding_error \
                 document_vector_version",
            ),
            ("number", "document_share_count document_download_count document_favorite_count"),
            ("date", "document_effect_date document_expiry_date document_embedding_lasttime"),
            ("autodate", "document_create"),
        ],
    );
    has_rules(&documents, ["public", "public", "manager", "manager", "manager"]);
    has_indexes(&documents, &["unique:document_id"]);
    for name in ["document_id", "document_type", "document_title"] {
        assert_eq!(field(&documents, name)["required"], true, "{name}");
    }

    let dictionary = get("tbl_system_dict").await;
    has_fields(
        &dictionary,
        &[
            (
                "text",
                "system_dict_id dict_name dict_word_enum dict_word_description dict_word_parent_id dict_word_remark",
            ),
            ("bool", "dict_word_is_enabled"),
            ("number", "dict_word_sort_order"),
        ],
    );
    has_rules(&dictionary, ["public", "public", "manager", "manager", "manager"]);
    has_indexes(&dictionary, &["unique:system_dict_id", "unique:dict_name", "dict_word_parent_id"]);

    let groups = get("tbl_user_groups").await;
    has_fields(&groups, &[("text", "usergroups_id usergroups_name usergroups_remark")]);
    has_rules(&groups, ["manager"; 5]);
    has_indexes(&groups, &["unique:usergroups_id"]);
}

#[tokio::test]
async fn long_texts_fit_where_they_belong() {
    let server = Server::start().await;
    let token = baibase_tests::register(&server, "13800138000").await.at("/token").to_owned();
    // A Markdown page is longer than the 5000 characters that a text field takes by default.
    let content = "字".repeat(20_000);
    let body = json!({"document_title": "t", "document_type": "D@U", "document_content": content});
    let documents = server.post("/api/collections/tbl_document/records").token(&token).json(&body);
    assert_eq!(documents.send().await.expect(200).at("/document_content"), content);
}
