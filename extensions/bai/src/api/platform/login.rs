use axum::extract::State;
use axum::response::Response;
use utoipa::ToSchema;

use crate::api::call::Call;
use crate::api::reply::{self, AuthReply, ErrorReply};
use crate::api::state::Shared;
use crate::error::Error;
use crate::services::platform_login;

/// 平台用户登录请求体
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body")]
pub(crate) struct PlatformLoginRequest {
    #[schema(example = "13800138000")]
    users_phone: String,
    #[schema(example = "12345678")]
    password: String,
}

/// 平台用户登录
///
/// 用注册时的手机号与密码登录,仅限 `users_idtype = ManagePlatform` 的用户。密码错误次数过多时,在窗口期内拒绝登录。
#[utoipa::path(
    post,
    path = "/api/platform/login",
    operation_id = "postPlatformLogin",
    tag = "平台认证",
    request_body = PlatformLoginRequest,
    security(()),
    responses(
        (status = 200, description = "登录成功", body = AuthReply),
        (status = 400, description = "参数错误、密码错误或用户类型不匹配", body = ErrorReply),
        (status = 401, description = "认证失败", body = ErrorReply),
        (status = 404, description = "平台用户不存在", body = ErrorReply),
        (status = 413, description = "请求体过大", body = ErrorReply),
        (status = 415, description = "请求体不是 JSON", body = ErrorReply),
        (status = 429, description = "重复请求过于频繁,或密码错误次数过多", body = ErrorReply),
        (status = 500, description = "平台用户缺少原生登录标识,或服务端异常", body = ErrorReply),
    )
)]
pub(crate) async fn handle(State(shared): State<Shared>, call: Call) -> Result<Response, Error> {
    let mut form = call.form()?;
    let phone = form.required("users_phone");
    let password = form.verbatim("password");
    form.finish()?;
    shared.refuse_duplicate("platform/login", &call)?;

    let (engine, throttle) = (shared.engine(), &shared.bai.passwords);
    let signed_in = platform_login::sign_in(engine, throttle, &call.asker.request, &phone, &password).await?;
    reply::signed_in(engine, "登录成功", &signed_in).await
}
