//! The operations on collections themselves, which are for superusers.

use serde_json::{Value, json};

use super::collection::{ok, parameter, response, schema_ref};
use super::operation::{for_superusers, with, with_body};

const TAG: &str = "collections";

pub(super) fn document() -> Value {
    json!({
        "tags": [{"name": TAG, "description": "集合本身的管理,仅超级用户"}],
        "paths": {
            "/api/collections": {"get": list(), "post": create()},
            "/api/collections/{collection}": {
                "parameters": [collection()],
                "get": view(),
                "patch": update(),
                "delete": delete(),
            },
            "/api/collections/{collection}/truncate": {"parameters": [collection()], "delete": truncate()},
            "/api/collections/import": {"put": import()},
            "/api/collections/meta/scaffolds": {"get": scaffolds()},
        },
        "components": {"schemas": schemas()},
    })
}

fn operation(id: &str, summary: &str, description: &str, responses: &Value) -> Value {
    for_superusers(TAG, id, summary, description, responses)
}

fn collection() -> Value {
    json!({
        "name": "collection", "in": "path", "required": true,
        "description": "集合的 id 或名称", "schema": {"type": "string"},
    })
}

fn list() -> Value {
    let responses = json!({"200": ok("一页集合", "native.collectionPage"), "400": response("BadRequest")});
    let text = "`filter`、`sort` 可用 `id`、`created`、`updated`、`name`、`system`、`type`;写错时 `data` 里给出位置与期望。";
    let parameters = ["page", "perPage", "sort", "filter", "fields", "skipTotal"].map(parameter).to_vec();
    with(operation("list_collections", "分页查询集合", text, &responses), "parameters", json!(parameters))
}

fn create() -> Value {
    let responses = json!({"200": ok("保存后的集合", "native.collection"), "400": response("BadRequest")});
    let text = "省略的选项取默认值;缺少的系统字段与索引自动补上。规则写错时 `data` 里给出位置与期望。";
    let operation = operation("create_collection", "新建集合", text, &responses);
    with_body(operation, &schema_ref("native.collection"))
}

fn view() -> Value {
    let responses = json!({"200": ok("集合", "native.collection"), "404": response("NotFound")});
    operation("view_collection", "查看集合", "不含令牌密钥。", &responses)
}

fn update() -> Value {
    let responses = json!({
        "200": ok("保存后的集合", "native.collection"),
        "400": response("BadRequest"),
        "404": response("NotFound"),
    });
    let text = "省略的键保持原样;`fields` 整体替换,以 `id` 辨认改名的字段,数据随之保留。";
    let operation = operation("update_collection", "修改集合", text, &responses);
    with_body(operation, &schema_ref("native.collection"))
}

fn delete() -> Value {
    let responses = json!({
        "204": {"description": "已删除"},
        "400": response("BadRequest"),
        "404": response("NotFound"),
    });
    operation("delete_collection", "删除集合", "连同记录与文件;被其他集合引用时拒绝。", &responses)
}

fn truncate() -> Value {
    let responses = json!({
        "204": {"description": "已清空"},
        "400": response("BadRequest"),
        "404": response("NotFound"),
    });
    operation(
        "truncate_collection",
        "清空集合",
        "逐条删除记录及其级联与文件,全部成功或全部不变。",
        &responses,
    )
}

fn import() -> Value {
    let responses = json!({
        "204": {"description": "已导入"},
        "400": response("BadRequest"),
        "413": response("TooLarge"),
    });
    let text = "按 `id`、其次按 `name` 对应已有集合,未提到的字段与选项保留;`deleteMissing` 为真时删除未提到的\
                非系统集合与字段,连同数据。全部成功或全部不变。";
    let schema = json!({
        "type": "object",
        "required": ["collections"],
        "properties": {
            "collections": {"type": "array", "minItems": 1, "items": schema_ref("native.collection")},
            "deleteMissing": {"type": "boolean", "default": false},
        },
    });
    with_body(operation("import_collections", "导入集合", text, &responses), &schema)
}

fn scaffolds() -> Value {
    let collection = schema_ref("native.collection");
    let schema = json!({
        "type": "object",
        "required": ["auth", "base", "view"],
        "properties": {"auth": collection, "base": collection, "view": collection},
    });
    let content = json!({"application/json": {"schema": schema}});
    let responses = json!({"200": {"description": "每种类型一个未保存的集合", "content": content}});
    operation("collection_scaffolds", "新集合的样板", "`id` 与 `name` 为空,其余为默认值。", &responses)
}

fn schemas() -> Value {
    let text = json!({"type": "string"});
    let rule =
        json!({"type": ["string", "null"], "description": "null 为仅超级用户,空为任何人,其余为过滤表达式"});
    json!({
        "native.collection": {
            "type": "object",
            "properties": {
                "id": text,
                "listRule": rule,
                "viewRule": rule,
                "createRule": rule,
                "updateRule": rule,
                "deleteRule": rule,
                "name": text,
                "type": {"type": "string", "enum": ["base", "auth", "view"]},
                "fields": {"type": "array", "items": {"type": "object"}},
                "indexes": {"type": "array", "items": text, "description": "`CREATE INDEX` 语句"},
                "created": text,
                "updated": text,
                "system": {"type": "boolean"},
                "viewQuery": {"type": "string", "description": "仅视图集合"},
            },
        },
        "native.collectionPage": {
            "type": "object",
            "required": ["items", "page", "perPage", "totalItems", "totalPages"],
            "properties": {
                "items": {"type": "array", "items": schema_ref("native.collection")},
                "page": {"type": "integer"},
                "perPage": {"type": "integer"},
                "totalItems": {"type": "integer"},
                "totalPages": {"type": "integer"},
            },
        },
    })
}
