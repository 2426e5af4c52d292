use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::call::Call;
use crate::api::reply::{Envelope, ErrorReply};
use crate::api::state::Shared;
use crate::error::Error;
use crate::model::calendar::rfc3339;

/// When this program was built, in RFC 3339, as far as those who built it said so.
const BUILD_TIME: Option<&str> = option_env!("BAIBASE_BUILD_TIME");

/// 测试结果
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HelloWorld {
    #[schema(example = "Hello, World!")]
    message: &'static str,
    /// 服务器时间
    #[schema(format = DateTime)]
    timestamp: String,
    #[schema(example = "success")]
    status: &'static str,
    /// 构建时间;未知时为 `null`
    #[schema(required, format = DateTime)]
    build_time: Option<&'static str>,
}

/// 测试接口
///
/// 返回固定的问候、服务器时间与构建时间。
#[utoipa::path(
    post,
    path = "/api/system/test-helloworld",
    operation_id = "postSystemTestHelloWorld",
    tag = "系统",
    security(()),
    responses(
        (status = 200, description = "成功", body = Envelope<HelloWorld>),
        (status = 400, description = "请求体不是合法的 JSON", body = ErrorReply),
        (status = 413, description = "请求体过大", body = ErrorReply),
        (status = 415, description = "请求体不是 JSON", body = ErrorReply),
    )
)]
pub(crate) async fn handle(State(shared): State<Shared>, call: Call) -> Result<Envelope<HelloWorld>, Error> {
    call.ignore_body()?;
    let data = HelloWorld {
        message: "Hello, World!",
        timestamp: rfc3339(shared.engine().clock().now()),
        status: "success",
        build_time: time(BUILD_TIME),
    };
    Ok(Envelope::ok("请求成功", data))
}

/// What is no time is no build time either: clients read it as one.
fn time(text: Option<&'static str>) -> Option<&'static str> {
    text.filter(|text| text.contains('T') && text.parse::<Timestamp>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_time_is_a_build_time() {
        assert_eq!(time(Some("2026-03-19T08:00:00Z")), Some("2026-03-19T08:00:00Z"));
        assert_eq!(time(Some("yesterday")), None);
        assert_eq!(time(Some("")), None);
        assert_eq!(time(None), None);
    }
}
