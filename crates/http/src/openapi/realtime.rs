//! Changes of records as they happen.

use serde_json::{Value, json};

use super::collection::{response, schema_ref};

const STREAM: &str = "第一个事件 `PB_CONNECT` 给出 `clientId`,用它提交订阅。每个事件的 `id` 都是 `clientId`,`event` 是订阅时的完整字符串,\
    记录事件的 `data` 为 `{record, action}`,`action` 为 `create`、`update` 或 `delete`。\n\n\
    没有事件时每 30 秒发一行注释;5 分钟没有事件、或连接满 30 分钟即结束,客户端应重新连接并重新订阅。\
    积压超过 4096 个事件或 4 MiB 的客户端会被断开。`Last-Event-ID` 不补发事件,只结束它所指的旧连接。";

const SUBSCRIBE: &str = "替换该连接的全部订阅,并以本次请求的身份作为连接的身份:游客可以变为登录用户,其他变化一律 403。\n\n\
    主题为 `集合/*`(按列表规则)或 `集合/记录id`(按查看规则),集合用名称或 id。选项写在主题之后:\
    `?options=` 加上经过 URL 编码的 JSON `{\"query\":{\"filter\",\"expand\",\"fields\"},\"headers\":{}}`。";

/// The operations.
pub(super) fn document() -> Value {
    let connect = json!({
        "operationId": "realtime_connect",
        "tags": ["native"],
        "summary": "实时事件流",
        "description": STREAM,
        "security": [],
        "responses": {"200": {"description": "事件流", "content": {"text/event-stream": {"schema": {"type": "string"}}}}},
    });
    let subscribe = json!({
        "operationId": "realtime_subscribe",
        "tags": ["native"],
        "summary": "设置实时订阅",
        "description": SUBSCRIBE,
        "security": [{"bearerAuth": []}, {}],
        "requestBody": {
            "required": true,
            "content": {"application/json": {"schema": schema_ref("native.subscriptions")}},
        },
        "responses": {
            "204": {"description": "已生效"},
            "400": response("BadRequest"),
            "403": response("Forbidden"),
            "404": response("NotFound"),
        },
    });
    let form = json!({
        "type": "object",
        "required": ["clientId"],
        "properties": {
            "clientId": {"type": "string", "minLength": 1, "maxLength": 255},
            "subscriptions": {
                "type": "array",
                "maxItems": 1000,
                "items": {"type": "string", "maxLength": 2500, "examples": ["posts/*"]},
            },
        },
    });
    json!({
        "paths": {"/api/realtime": {"get": connect, "post": subscribe}},
        "components": {"schemas": {"native.subscriptions": form}},
    })
}
