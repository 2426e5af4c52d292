use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::call::Call;
use crate::api::reply::{Envelope, ErrorReply};
use crate::api::state::Shared;
use crate::error::Error;
use crate::model::profile::Promotion;
use crate::services::wechat_profile::{Edit, edit};
use crate::view::UserInfo;

/// 更新资料请求体;所有字段都可选,只有非空字段才会更新
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body")]
pub(crate) struct WechatProfileRequest {
    /// 用户姓名 / 昵称
    #[schema(example = "张三")]
    users_name: Option<String>,
    /// 微信手机号凭证;优先于 `users_phone`
    #[schema(example = "2b7d9f2e3c4a5b6d7e8f")]
    users_phone_code: Option<String>,
    /// 未传 `users_phone_code` 时直接写入的手机号
    #[schema(example = "13800138000")]
    users_phone: Option<String>,
    /// 用户标签
    #[schema(example = "核心客户")]
    users_tag: Option<String>,
    /// 用户头像附件的 `attachments_id`
    #[schema(example = "ATT-1743123456789-abc123")]
    users_picture: Option<String>,
    /// 证件正面附件的 `attachments_id`
    users_id_pic_a: Option<String>,
    /// 证件反面附件的 `attachments_id`
    users_id_pic_b: Option<String>,
    /// 资质附件的 `attachments_id`
    users_title_picture: Option<String>,
}

/// 更新结果
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WechatProfileData {
    #[schema(example = "update_success")]
    status: &'static str,
    /// 用户信息
    user: UserInfo,
}

/// 更新微信用户资料
///
/// 按非空字段增量更新当前用户的资料;未传或传空的字段不会清空已有值。姓名、手机号、头像首次完整时,`游客` 变为 `注册用户`。
#[utoipa::path(
    post,
    path = "/api/wechat/profile",
    operation_id = "postWechatProfile",
    tag = "微信认证",
    request_body = WechatProfileRequest,
    security(("bearerAuth" = [])),
    responses(
        (status = 200, description = "更新成功", body = Envelope<WechatProfileData>),
        (status = 400, description = "参数错误、手机号已被占用、微信手机号换取失败或资料更新失败", body = ErrorReply),
        (status = 401, description = "token 无效或缺少 openid", body = ErrorReply),
        (status = 413, description = "请求体过大", body = ErrorReply),
        (status = 415, description = "请求体不是 JSON", body = ErrorReply),
        (status = 429, description = "重复请求过于频繁", body = ErrorReply),
        (status = 500, description = "服务端异常", body = ErrorReply),
    )
)]
pub(crate) async fn handle(
    State(shared): State<Shared>,
    call: Call,
) -> Result<Envelope<WechatProfileData>, Error> {
    let user = call.require_user()?;
    let mut form = call.form()?;
    let phone_code = form.optional("users_phone_code");
    let values = form.present([
        "users_name",
        "users_phone",
        "users_tag",
        "users_picture",
        "users_id_pic_a",
        "users_id_pic_b",
        "users_title_picture",
    ]);
    form.finish()?;
    shared.refuse_duplicate("wechat/profile", &call)?;

    let changes = Edit { values, phone_code, promotion: Promotion::OnceComplete };
    let user = edit(shared.engine(), &shared.bai.wechat, &call.asker.request, user, changes).await?;
    let data =
        WechatProfileData { status: "update_success", user: UserInfo::load(shared.engine(), &user).await? };
    Ok(Envelope::ok("更新成功", data))
}
