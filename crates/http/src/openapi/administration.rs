//! The operations on the service itself, which are for superusers.

use serde_json::{Map, Value, json};

use super::collection::{ok, parameter, response, schema_ref};
use super::operation::{for_superusers, with, with_body};

const TAG: &str = "administration";

pub(super) fn document() -> Value {
    json!({
        "tags": [{"name": TAG, "description": "服务本身的管理,仅超级用户"}],
        "paths": {
            "/api/settings": {
                "get": operation("view_settings", "查看设置", "密码与密钥不返回。", &settings_reply()),
                "patch": with_body(operation("update_settings", "修改设置", UPDATE, &settings_reply()), &settings()),
            },
            "/api/settings/apple/generate-client-secret": {"post": with_body(
                operation("apple_client_secret", "生成 Apple 登录的密钥", "ES256 签名的 JWT,至多约六个月。", &ok("密钥", "native.secret")),
                &schema_ref("native.appleSecret"),
            )},
            "/api/crons": {"get": operation("list_crons", "列出定时任务", "内置任务以 `__pb` 开头,排在最后;时间为 UTC。", &ok("任务", "native.crons"))},
            "/api/crons/{id}": {
                "parameters": [path_id("任务的 id")],
                "post": operation("run_cron", "立即执行定时任务", "在后台执行;同一任务不会同时执行两次。", &done()),
            },
            "/api/logs": {
                "get": with_parameters(operation("list_logs", "分页查询日志", LOGS, &ok("一页日志", "native.logPage"))),
                "delete": operation("truncate_logs", "清空日志", "删除全部日志,包括尚未写入的。", &json!({"description": "已清空"})),
            },
            "/api/logs/{id}": {
                "parameters": [path_id("日志的 id")],
                "get": operation("view_log", "查看日志", "一条日志。", &ok("日志", "native.log")),
            },
            "/api/logs/stats": {"get": operation("log_statistics", "日志统计", "按 UTC 小时计数,可用 `filter`。", &ok("每小时的条数", "native.logStatistics"))},
            "/api/sql": {"post": with_body(operation("run_sql", "执行 SQL", SQL, &ok("结果", "native.sqlReply")), &schema_ref("native.sql"))},
        },
        "components": {"schemas": schemas()},
    })
}

const UPDATE: &str = "省略的键保持原样,对象逐键合并,数组按位置合并。保存后限流计数清零。";
const LOGS: &str = "`filter`、`sort` 可用 `id`、`created`、`level`、`message` 与 `data.<路径>`。保留天数由设置 `logs.maxDays` 决定,没有上限。";
const SQL: &str = "按数据库自己的语法(SQLite 或 PostgreSQL)在一个事务里执行,至多 3 分钟、1000 行。值都是文本或 null;\
    改动数据时只返回影响的行数。";

fn operation(id: &str, summary: &str, description: &str, success: &Value) -> Value {
    let status = if success.get("content").is_some() { "200" } else { "204" };
    let responses = json!({status: success, "400": response("BadRequest"), "404": response("NotFound")});
    for_superusers(TAG, id, summary, description, &responses)
}

fn with_parameters(operation: Value) -> Value {
    let names = ["page", "perPage", "sort", "filter", "fields", "skipTotal"];
    with(operation, "parameters", json!(names.map(parameter).to_vec()))
}

fn path_id(note: &str) -> Value {
    json!({"name": "id", "in": "path", "required": true, "description": note, "schema": {"type": "string"}})
}

fn done() -> Value {
    json!({"description": "已开始"})
}

fn settings() -> Value {
    schema_ref("native.settings")
}

fn settings_reply() -> Value {
    ok("全部设置", "native.settings")
}

fn schemas() -> Map<String, Value> {
    let parts = [setting_schemas(), reply_schemas()];
    parts.into_iter().filter_map(|part| part.as_object().cloned()).flatten().collect()
}

fn setting_schemas() -> Value {
    let text = json!({"type": "string"});
    let group = json!({"type": "object"});
    json!({
        "native.settings": {
            "type": "object",
            "properties": {
                "superuserIPs": {"type": "array", "items": text, "description": "超级用户的来源地址,空为不限"},
                "smtp": group, "backups": group, "s3": group, "meta": group,
                "rateLimits": {"type": "object", "properties": {
                    "enabled": {"type": "boolean"},
                    "excludedIPs": {"type": "array", "items": text},
                    "rules": {"type": "array", "items": schema_ref("native.rateLimit")},
                }},
                "trustedProxy": group, "batch": group,
                "logs": {"type": "object", "properties": {
                    "maxDays": {"type": "integer", "minimum": 0, "description": "保留天数,没有上限"},
                    "minLevel": {"type": "integer"},
                    "logIP": {"type": "boolean"},
                    "logAuthId": {"type": "boolean"},
                }},
            },
        },
        "native.rateLimit": {
            "type": "object",
            "properties": {
                "label": {"type": "string", "examples": ["*:auth", "posts:list", "POST /api/batch", "/api/"]},
                "audience": {"enum": ["", "@guest", "@auth"]},
                "duration": {"type": "integer", "minimum": 1, "description": "秒"},
                "maxRequests": {"type": "integer", "minimum": 1},
            },
        },
        "native.secret": {"type": "object", "required": ["secret"], "properties": {"secret": text}},
        "native.appleSecret": {
            "type": "object",
            "required": ["clientId", "teamId", "keyId", "privateKey", "duration"],
            "properties": {
                "clientId": text, "teamId": text, "keyId": text, "privateKey": text,
                "duration": {"type": "integer", "minimum": 1, "maximum": 15_777_000},
            },
        },
    })
}

fn reply_schemas() -> Value {
    let text = json!({"type": "string"});
    let group = json!({"type": "object"});
    json!({
        "native.crons": {"type": "array", "items": {
            "type": "object", "required": ["id", "expression"], "properties": {"id": text, "expression": text},
        }},
        "native.log": {
            "type": "object",
            "required": ["id", "created", "data", "message", "level"],
            "properties": {
                "id": text, "created": text, "data": group, "message": text, "level": {"type": "integer"},
            },
        },
        "native.logPage": {
            "type": "object",
            "required": ["items", "page", "perPage", "totalItems", "totalPages"],
            "properties": {"items": {"type": "array", "items": schema_ref("native.log")}},
        },
        "native.logStatistics": {"type": "array", "items": {
            "type": "object", "required": ["date", "total"],
            "properties": {"date": text, "total": {"type": "integer"}},
        }},
        "native.sql": {
            "type": "object", "required": ["query"],
            "properties": {"query": {"type": "string", "minLength": 1, "maxLength": 5000}},
        },
        "native.sqlReply": {
            "type": "object",
            "required": ["execTime", "affectedRows", "columns", "rows"],
            "properties": {
                "execTime": {"type": "integer", "description": "毫秒"},
                "affectedRows": {"type": "integer"},
                "columns": {"type": "array", "items": {"type": "object"}},
                "rows": {"type": "array", "items": {"type": "array", "items": {"type": ["string", "null"]}}},
            },
        },
    })
}
