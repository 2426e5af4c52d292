//! The operations on one collection's records.

use schema::Collection;
use serde_json::{Map, Value, json};

use super::record::Record;
use super::{Audience, account, auth};

/// Paths and components of one collection.
pub(super) fn document(collection: &Collection, collections: &[&Collection], audience: Audience) -> Value {
    let name = &collection.name;
    let record = Record { collection, collections, audience };
    let mut schemas = Map::new();
    schemas.insert(name.clone(), record.reply());
    schemas.insert(format!("{name}.page"), record.page());
    let mut paths = paths(collection, record.has_files());
    if !collection.is_view() {
        for (suffix, schema) in [("create", record.create(false)), ("update", record.update(false))] {
            schemas.insert(format!("{name}.{suffix}"), schema);
        }
        if record.has_files() {
            schemas.insert(format!("{name}.createForm"), record.create(true));
            schemas.insert(format!("{name}.updateForm"), record.update(true));
        }
    }
    if let Some(options) = collection.auth() {
        schemas.insert(format!("{name}.auth"), auth::reply(name));
        paths.extend(auth::paths(name, options));
        paths.extend(account::paths(name, options));
    }
    let tag =
        json!({"name": name, "description": format!("集合 `{name}`({})的记录", collection.kind.name())});
    json!({"tags": [tag], "paths": paths, "components": {"schemas": schemas}})
}

fn paths(collection: &Collection, has_files: bool) -> Map<String, Value> {
    let rules = &collection.rules;
    let mut all = json!({"get": list(collection)});
    let mut one = json!({"get": view(collection), "parameters": [parameter("recordId")]});
    if !collection.is_view() {
        let (all, one) = (all.as_object_mut(), one.as_object_mut());
        if let (Some(all), Some(one)) = (all, one) {
            all.insert(
                "post".into(),
                write(collection, "create", "新建", rules.create.as_deref(), has_files),
            );
            one.insert(
                "patch".into(),
                write(collection, "update", "修改", rules.update.as_deref(), has_files),
            );
            one.insert("delete".into(), delete(collection));
        }
    }
    let base = format!("/api/collections/{}/records", collection.name);
    Map::from_iter([(format!("{base}/{{recordId}}"), one), (base, all)])
}

fn list(collection: &Collection) -> Value {
    let name = &collection.name;
    let parameters =
        ["page", "perPage", "sort", "filter", "expand", "fields", "skipTotal"].map(parameter).to_vec();
    json!({
        "operationId": format!("list_{name}"),
        "tags": [name],
        "summary": format!("{name}:分页查询"),
        "description": rule_text("listRule", collection.rules.list.as_deref()),
        "security": security(collection.rules.list.as_deref()),
        "parameters": parameters,
        "responses": {
            "200": ok("一页记录", &format!("{name}.page")),
            "400": response("BadRequest"),
            "403": response("Forbidden"),
        },
    })
}

fn view(collection: &Collection) -> Value {
    let name = &collection.name;
    json!({
        "operationId": format!("view_{name}"),
        "tags": [name],
        "summary": format!("{name}:查看一条"),
        "description": rule_text("viewRule", collection.rules.view.as_deref()),
        "security": security(collection.rules.view.as_deref()),
        "parameters": [parameter("expand"), parameter("fields")],
        "responses": {
            "200": ok("记录", name),
            "403": response("Forbidden"),
            "404": response("NotFound"),
        },
    })
}

fn write(collection: &Collection, verb: &str, label: &str, rule: Option<&str>, has_files: bool) -> Value {
    let name = &collection.name;
    let mut content = Map::new();
    content.insert("application/json".into(), json!({"schema": schema_ref(&format!("{name}.{verb}"))}));
    if has_files {
        let form = json!({"schema": schema_ref(&format!("{name}.{verb}Form"))});
        content.insert("multipart/form-data".into(), form);
    }
    let mut responses = Map::new();
    responses.insert("200".into(), ok("保存后的记录", name));
    responses.insert("400".into(), response("BadRequest"));
    responses.insert("403".into(), response("Forbidden"));
    responses.insert("413".into(), response("TooLarge"));
    if verb == "update" {
        responses.insert("404".into(), response("NotFound"));
    }
    json!({
        "operationId": format!("{verb}_{name}"),
        "tags": [name],
        "summary": format!("{name}:{label}"),
        "description": rule_text(&format!("{verb}Rule"), rule),
        "security": security(rule),
        "parameters": [parameter("expand"), parameter("fields")],
        "requestBody": {"required": true, "content": content},
        "responses": responses,
    })
}

fn delete(collection: &Collection) -> Value {
    let name = &collection.name;
    json!({
        "operationId": format!("delete_{name}"),
        "tags": [name],
        "summary": format!("{name}:删除"),
        "description": rule_text("deleteRule", collection.rules.delete.as_deref()),
        "security": security(collection.rules.delete.as_deref()),
        "responses": {
            "204": {"description": "已删除"},
            "400": response("BadRequest"),
            "403": response("Forbidden"),
            "404": response("NotFound"),
        },
    })
}

/// A rule for people to read.
fn rule_text(key: &str, rule: Option<&str>) -> String {
    match rule {
        None => format!("权限规则 `{key}`:仅超级用户。"),
        Some("") => format!("权限规则 `{key}`:任何人。"),
        Some(rule) => format!("权限规则 `{key}`:超级用户,以及满足下列条件者\n\n```\n{rule}\n```"),
    }
}

/// A rule with a condition may let guests pass, so that a token is neither demanded nor useless.
fn security(rule: Option<&str>) -> Value {
    match rule {
        None => json!([{"bearerAuth": []}]),
        Some("") => json!([]),
        Some(_) => json!([{"bearerAuth": []}, {}]),
    }
}

pub(super) fn parameter(name: &str) -> Value {
    json!({"$ref": format!("#/components/parameters/native.{name}")})
}

pub(super) fn response(name: &str) -> Value {
    json!({"$ref": format!("#/components/responses/native.{name}")})
}

pub(super) fn schema_ref(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

pub(super) fn ok(description: &str, schema: &str) -> Value {
    json!({"description": description, "content": {"application/json": {"schema": schema_ref(schema)}}})
}
