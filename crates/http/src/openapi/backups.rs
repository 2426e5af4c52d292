//! The operations on backups and on the buckets of the settings, which are for superusers.

use serde_json::{Value, json};

use super::collection::response;
use super::operation::{for_superusers, with};

const TAG: &str = "backups";

pub(super) fn document() -> Value {
    let key = json!({
        "name": "key", "in": "path", "required": true, "description": "备份的名字", "schema": {"type": "string"},
    });
    let done = json!({"204": {"description": "完成"}, "400": response("BadRequest")});
    let name = json!({"content": {"application/json": {"schema": {"type": "object", "properties": {"name": {
        "type": "string", "pattern": r"^[a-z0-9_-]+\.zip$", "maxLength": 150, "description": "留空则自动取名",
    }}}}}});
    let file = json!({"required": true, "content": {"multipart/form-data": {"schema": {
        "type": "object", "required": ["file"],
        "properties": {"file": {"type": "string", "contentMediaType": "application/zip"}},
    }}}});
    let filesystem = json!({"required": true, "content": {"application/json": {"schema": {
        "type": "object", "required": ["filesystem"],
        "properties": {"filesystem": {"type": "string", "enum": ["storage", "backups"]}},
    }}}});
    let list = json!({
        "200": {"description": "按名字排列", "content": {"application/json": {"schema": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["modified", "key", "size"],
                "properties": {
                    "modified": {"type": "string"}, "key": {"type": "string"}, "size": {"type": "integer"},
                },
            },
        }}}},
        "400": response("BadRequest"),
    });
    let text = "先检查备份,通过后服务以其中的数据重新开始;不能用的备份不改变任何数据,原因见日志。";
    json!({
        "tags": [{"name": TAG, "description": "备份与对象存储,仅超级用户"}],
        "paths": {
            "/api/backups": {
                "get": operation("list_backups", "列出备份", "", &list, None),
                "post": operation("create_backup", "新建备份", "完成后才回复。同时只能有一个备份或恢复。", &done, Some(name)),
            },
            "/api/backups/upload": {
                "post": operation("upload_backup", "上传备份", "大小不限。", &done, Some(file)),
            },
            "/api/backups/{key}": {
                "parameters": [key],
                "get": download(),
                "delete": operation("delete_backup", "删除备份", "", &done, None),
            },
            "/api/backups/{key}/restore": {
                "parameters": [key],
                "post": operation("restore_backup", "恢复备份", text, &done, None),
            },
            "/api/settings/test/s3": {
                "post": operation("test_s3", "试用设置里的 S3 存储桶", "写入、找到并删除一个小文件。", &done, Some(filesystem)),
            },
        },
    })
}

fn operation(id: &str, summary: &str, description: &str, responses: &Value, body: Option<Value>) -> Value {
    let operation = for_superusers(TAG, id, summary, description, responses);
    match body {
        Some(body) => with(operation, "requestBody", body),
        None => operation,
    }
}

fn download() -> Value {
    json!({
        "operationId": "download_backup",
        "tags": [TAG],
        "summary": "下载备份",
        "description": "支持 `Range` 与条件请求。",
        "security": [],
        "parameters": [{
            "name": "token", "in": "query", "required": true,
            "description": "超级用户的文件令牌;请求头里的令牌不算", "schema": {"type": "string"},
        }],
        "responses": {
            "200": {"description": "备份", "content": {"application/zip": {}}},
            "206": {"description": "`Range` 指定的部分", "content": {"application/zip": {}}},
            "304": {"description": "没有变化"},
            "403": response("Forbidden"),
            "404": response("NotFound"),
        },
    })
}
