use axum::extract::State;
use axum::response::Response;
use utoipa::ToSchema;

use crate::api::call::Call;
use crate::api::reply::{self, AuthReply, ErrorReply};
use crate::api::state::Shared;
use crate::error::Error;
use crate::services::{SignedIn, wechat_login};

/// 微信小程序登录 / 注册请求体
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body")]
pub(crate) struct WechatLoginRequest {
    /// 微信小程序登录临时凭证 code
    #[schema(example = "0a1b2c3d4e5f6g")]
    users_wx_code: String,
}

/// 微信登录或首次注册
///
/// 用微信 `users_wx_code` 换取 openid;用户不存在时自动创建,随后返回 PocketBase 原生 auth token。
#[utoipa::path(
    post,
    path = "/api/wechat/login",
    operation_id = "postWechatLogin",
    tag = "微信认证",
    request_body = WechatLoginRequest,
    security(()),
    responses(
        (status = 200, description = "登录或注册成功", body = AuthReply),
        (status = 400, description = "参数错误、微信 code 换取失败或保存用户失败", body = ErrorReply),
        (status = 401, description = "认证失败", body = ErrorReply),
        (status = 413, description = "请求体过大", body = ErrorReply),
        (status = 415, description = "请求体不是 JSON", body = ErrorReply),
        (status = 429, description = "重复请求过于频繁", body = ErrorReply),
        (status = 500, description = "服务端异常", body = ErrorReply),
    )
)]
pub(crate) async fn handle(State(shared): State<Shared>, call: Call) -> Result<Response, Error> {
    let signed_in = sign_in(&shared, &call).await?;
    reply::signed_in(shared.engine(), "登录成功", &signed_in).await
}

/// The login itself, which the legacy listener replies to in another way.
pub(crate) async fn sign_in(shared: &Shared, call: &Call) -> Result<SignedIn, Error> {
    let mut form = call.form()?;
    let code = form.required("users_wx_code");
    form.finish()?;
    shared.refuse_duplicate("wechat/login", call)?;
    let openid = wechat_login::exchange(&shared.bai.wechat, &code).await?;
    wechat_login::sign_in(shared.engine(), &call.asker.request, &openid).await
}
