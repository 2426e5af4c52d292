//! What the operations of all collections share, and the native operations that belong to none.

use serde_json::{Map, Value, json};

use super::collection::{ok, response, schema_ref};
use super::schemas;

/// What the document says about the native API as a whole.
const INTRODUCTION: &str = "\
兼容 PocketBase 的原生接口,以及扩展的业务接口。\n\n\
- 令牌放在请求头 `Authorization: Bearer <token>`;无效或过期的令牌视同未登录。\n\
- 原生接口的错误为 `{status, code, message, data}`,`data` 按字段给出原因。\n\
- 列表规则不满足时得到空列表;查看、修改、删除规则不满足时为 404,新建为 400;规则为“仅超级用户”时为 403。\n\
- 多值字段在修改时可写作 `字段+`(追加)、`+字段`(前置)、`字段-`(移除),数字字段 `字段+`、`字段-` 为加减。";

pub(super) fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "baibase API", "version": env!("CARGO_PKG_VERSION"), "description": INTRODUCTION},
        "tags": [{"name": "native", "description": "与集合无关的原生接口"}],
        "paths": paths(),
        "components": {
            "securitySchemes": {"bearerAuth": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "parameters": parameters(),
            "responses": responses(),
            "schemas": schemas::all(),
        },
    })
}

const THUMB: &str = "图片缩略图的尺寸:`100x100` 或文件字段 `thumbs` 中列出的尺寸。`宽x高` 居中裁剪,`宽x高t` 从顶部、`宽x高b` 从底部裁剪,\
    `宽x高f` 完整缩放到框内,`0x高` 与 `宽x0` 保持比例。支持 PNG、JPEG、GIF(首帧)与 WebP(结果为 PNG);尺寸未列出、不是图片、图片损坏或过大时返回原文件";

fn paths() -> Value {
    let part = |name: &str, note: &str| json!({"name": name, "in": "path", "required": true, "description": note, "schema": {"type": "string"}});
    let query = |name: &str, note: &str| json!({"name": name, "in": "query", "description": note, "schema": {"type": "string"}});
    let file = json!({
        "operationId": "download_file",
        "tags": ["native"],
        "summary": "下载文件",
        "description": "支持 `Range` 与条件请求。图片可以带 `thumb` 取得缩略图。受保护的文件需要 `token`,没有权限与不存在都是 404。",
        "security": [],
        "parameters": [
            part("collection", "集合的 id 或名称"),
            part("recordId", "记录 id"),
            part("filename", "文件字段里的名字"),
            query("token", "文件令牌,受保护的文件必需"),
            query("thumb", THUMB),
            query("download", "为真时作为附件下载"),
        ],
        "responses": {
            "200": {"description": "文件内容", "content": {"application/octet-stream": {}}},
            "206": {"description": "`Range` 指定的部分", "content": {"application/octet-stream": {}}},
            "304": {"description": "没有变化"},
            "404": response("NotFound"),
            "416": {"description": "`Range` 超出文件"},
        },
    });
    let token = json!({
        "operationId": "file_token",
        "tags": ["native"],
        "summary": "取得文件令牌",
        "description": "短期令牌,供当前用户下载受保护的文件。",
        "security": [{"bearerAuth": []}],
        "responses": {"200": ok("令牌", "native.token"), "401": response("Unauthorized")},
    });
    let health = json!({
        "operationId": "health",
        "tags": ["native"],
        "summary": "服务是否正常",
        "security": [],
        "responses": {"200": ok("正常", "native.health")},
    });
    json!({
        "/api/health": {"get": health},
        "/api/batch": {"post": batch()},
        "/api/files/token": {"post": token},
        "/api/files/{collection}/{recordId}/{filename}": {"get": file},
    })
}

const BATCH: &str = "在一个事务里依次新建(POST)、修改(PATCH)、保存(PUT:`body.id` 存在则修改,否则新建)、删除(DELETE)记录,后面的请求看得到前面的结果;\
    任何一个失败则全部撤销,原因在 `data.requests.<序号>.response`。默认关闭,由设置 `batch` 开启并限制个数、时长与大小。\
    上传文件时用表单:JSON 放在 `@jsonPayload`,文件的键为 `requests.<序号>.<字段>`。";

fn batch() -> Value {
    json!({
        "operationId": "batch",
        "tags": ["native"],
        "summary": "批量写入记录",
        "description": BATCH,
        "security": [{"bearerAuth": []}, {}],
        "requestBody": {"required": true, "content": {
            "application/json": {"schema": schema_ref("native.batch")},
            "multipart/form-data": {"schema": {
                "type": "object",
                "required": ["@jsonPayload"],
                "properties": {"@jsonPayload": schema_ref("native.batch")},
                "additionalProperties": {"type": "string", "contentMediaType": "application/octet-stream"},
            }},
        }},
        "responses": {
            "200": ok("每个请求的结果,按请求的顺序", "native.batchReply"),
            "400": response("BadRequest"),
            "403": response("Forbidden"),
            "413": response("TooLarge"),
        },
    })
}

fn parameters() -> Map<String, Value> {
    let text = json!({"type": "string"});
    let query = [
        ("page", json!({"type": "integer", "minimum": 1, "default": 1}), "页码"),
        ("perPage", json!({"type": "integer", "minimum": 1, "maximum": 1000}), "每页条数"),
        ("sort", text.clone(), "排序字段,逗号分隔,`-` 表示倒序,如 `-created,id`"),
        (
            "filter",
            text.clone(),
            "过滤表达式,如 `name ~ \"abc\" && created >= \"2026-01-01\"`,至多 3500 字节",
        ),
        ("expand", text.clone(), "一并返回的关联,逗号分隔,如 `author.company`"),
        ("fields", text.clone(), "只返回这些字段,逗号分隔,如 `id,name`"),
        ("skipTotal", json!({"type": "boolean"}), "不计总数,`totalItems` 与 `totalPages` 为 -1"),
    ];
    let record =
        json!({"name": "recordId", "in": "path", "required": true, "description": "记录 id", "schema": text});
    query
        .into_iter()
        .map(|(name, schema, note)| {
            let parameter = json!({"name": name, "in": "query", "description": note, "schema": schema});
            (format!("native.{name}"), parameter)
        })
        .chain([("native.recordId".to_owned(), record)])
        .collect()
}

fn responses() -> Map<String, Value> {
    let errors = [
        (
            "BadRequest",
            400,
            "请求有误;字段的原因在 `data` 里",
            "Something went wrong while processing your request.",
        ),
        ("Unauthorized", 401, "需要有效的令牌", "The request requires valid record authorization token."),
        ("Forbidden", 403, "规则只让超级用户通过", "Only superusers can perform this action."),
        ("NotFound", 404, "不存在,或不满足规则", "The requested resource wasn't found."),
        ("TooLarge", 413, "请求体过大", "Request entity too large."),
    ];
    errors
        .into_iter()
        .map(|(name, status, note, message)| {
            let example = json!({"status": status, "code": status, "message": message, "data": {}});
            let content = json!({"schema": schema_ref("native.error"), "example": example});
            (format!("native.{name}"), json!({"description": note, "content": {"application/json": content}}))
        })
        .collect()
}
