use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::call::Call;
use crate::api::reply::{ErrorReply, json};
use crate::api::state::Shared;
use crate::error::Error;
use crate::services::{refresh, wechat_login};

/// 刷新 token 请求体
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body")]
pub(crate) struct RefreshTokenRequest {
    /// 可选。当前 token 失效时,通过该微信登录凭证重新签发 token
    #[schema(example = "0a1b2c3d4e5f6g")]
    users_wx_code: Option<String>,
}

/// 新的 token
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Token<'a> {
    /// 新签发的 PocketBase 原生 auth token
    token: &'a str,
}

/// 刷新 token 返回结构
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TokenReply<'a> {
    /// 业务状态码,与 HTTP 状态码相同
    #[schema(example = 200)]
    code: u16,
    /// 业务提示信息
    #[schema(example = "刷新成功")]
    msg: &'a str,
    /// 业务响应数据
    data: Token<'a>,
    /// 新签发的 PocketBase 原生 auth token
    token: &'a str,
}

/// 刷新认证 token
///
/// 当前 token 仍有效时直接续签,不调用微信接口;缺失、过期或无效时,可传入 `users_wx_code` 重新签发。本接口从不注册新用户。
#[utoipa::path(
    post,
    path = "/api/system/refresh-token",
    operation_id = "postSystemRefreshToken",
    tag = "系统",
    request_body = Option<RefreshTokenRequest>,
    security(("bearerAuth" = []), ()),
    responses(
        (status = 200, description = "刷新成功", body = TokenReply),
        (status = 400, description = "参数错误或微信 code 换取失败", body = ErrorReply),
        (status = 401, description = "token 无效或已过期,且未提供 users_wx_code", body = ErrorReply),
        (status = 404, description = "用户不存在", body = ErrorReply),
        (status = 413, description = "请求体过大", body = ErrorReply),
        (status = 415, description = "请求体不是 JSON", body = ErrorReply),
        (status = 429, description = "重复请求过于频繁", body = ErrorReply),
        (status = 500, description = "服务端异常", body = ErrorReply),
    )
)]
pub(crate) async fn handle(State(shared): State<Shared>, call: Call) -> Result<Response, Error> {
    let mut form = call.optional_form()?;
    let code = form.optional("users_wx_code");
    form.finish()?;
    let (engine, request) = (shared.engine(), &call.asker.request);
    let token = match (call.user(), code) {
        (Some(user), _) => {
            shared.refuse_duplicate("refresh-token", &call)?;
            refresh::renew(engine, request, user, &call.asker.token).await?
        }
        (None, Some(code)) => {
            shared.refuse_duplicate("refresh-token", &call)?;
            let openid = wechat_login::exchange(&shared.bai.wechat, &code).await?;
            refresh::issue(engine, request, &openid).await?
        }
        (None, None) => return Err(Error::TokenRequired),
    };
    let reply = TokenReply {
        code: StatusCode::OK.as_u16(),
        msg: "刷新成功",
        data: Token { token: &token },
        token: &token,
    };
    Ok(json(StatusCode::OK, &reply))
}
