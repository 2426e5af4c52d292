use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::call::Call;
use crate::api::reply::{Envelope, ErrorReply};
use crate::api::state::Shared;
use crate::error::Error;
use crate::model::calendar::rfc3339;

/// 健康状态
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    #[schema(example = "healthy")]
    status: &'static str,
    /// 服务器时间
    #[schema(format = DateTime)]
    timestamp: String,
}

/// 健康检查
///
/// 检查服务是否正常运行。
#[utoipa::path(
    post,
    path = "/api/system/health",
    operation_id = "postSystemHealth",
    tag = "系统",
    security(()),
    responses(
        (status = 200, description = "服务状态正常", body = Envelope<Health>),
        (status = 400, description = "请求体不是合法的 JSON", body = ErrorReply),
        (status = 413, description = "请求体过大", body = ErrorReply),
        (status = 415, description = "请求体不是 JSON", body = ErrorReply),
    )
)]
pub(crate) async fn handle(State(shared): State<Shared>, call: Call) -> Result<Envelope<Health>, Error> {
    call.ignore_body()?;
    let data = Health { status: "healthy", timestamp: rfc3339(shared.engine().clock().now()) };
    Ok(Envelope::ok("服务运行正常", data))
}
