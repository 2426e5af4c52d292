use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::call::Call;
use crate::api::reply::{Envelope, ErrorReply};
use crate::api::state::Shared;
use crate::error::Error;
use crate::names::USERS;

/// 用户总数
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsersCount {
    /// `tbl_auth_users` 集合中的记录总数
    #[schema(example = 128)]
    total_users: u64,
}

/// 查询用户总数
///
/// 统计 `tbl_auth_users` 集合中的记录总数。
#[utoipa::path(
    post,
    path = "/api/system/users-count",
    operation_id = "postSystemUsersCount",
    tag = "系统",
    security(()),
    responses(
        (status = 200, description = "查询成功", body = Envelope<UsersCount>),
        (status = 400, description = "请求体不是合法的 JSON", body = ErrorReply),
        (status = 413, description = "请求体过大", body = ErrorReply),
        (status = 415, description = "请求体不是 JSON", body = ErrorReply),
        (status = 500, description = "服务端异常", body = ErrorReply),
    )
)]
pub(crate) async fn handle(State(shared): State<Shared>, call: Call) -> Result<Envelope<UsersCount>, Error> {
    call.ignore_body()?;
    let total_users = shared.engine().count(USERS, None).await?;
    Ok(Envelope::ok("查询成功", UsersCount { total_users }))
}
