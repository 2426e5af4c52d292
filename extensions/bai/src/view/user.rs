use engine::{Engine, Record, Result};
use serde::Serialize;
use serde_json::Number;
use utoipa::ToSchema;

use super::number::number;
use super::urls::file_url;
use super::{CompanyInfo, company_of, text};
use crate::model::phone;

/// 用户信息;所有字段总是存在,没有值时为空
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserInfo {
    /// PocketBase 记录主键 id
    pub(crate) pb_id: String,
    /// 会话侧用户 ID
    pub(crate) users_convers_id: String,
    /// 用户业务 ID
    #[schema(example = "U202603190001")]
    pub(crate) users_id: String,
    /// 身份来源类型:`WeChat` 或 `ManagePlatform`
    #[schema(example = "WeChat")]
    pub(crate) users_idtype: String,
    /// 证件号
    pub(crate) users_id_number: String,
    /// 用户类型:`游客` 或 `注册用户`
    #[schema(example = "游客")]
    pub(crate) users_type: String,
    /// 用户姓名 / 昵称
    #[schema(example = "张三")]
    pub(crate) users_name: String,
    /// 用户状态
    #[schema(value_type = f64)]
    pub(crate) users_status: Number,
    /// 用户星级数值
    #[schema(value_type = f64)]
    pub(crate) users_rank_level: Number,
    /// 账户类型
    #[schema(value_type = f64)]
    pub(crate) users_auth_type: Number,
    /// 手机号
    #[schema(example = "13800138000")]
    pub(crate) users_phone: String,
    /// 手机号脱敏值
    #[schema(example = "138****8000")]
    pub(crate) users_phone_masked: String,
    /// 用户等级
    pub(crate) users_level: String,
    /// 用户标签
    pub(crate) users_tag: String,
    /// 用户头像附件的 `attachments_id`
    #[schema(example = "ATT-1774599142438-8n1UcU")]
    pub(crate) users_picture: String,
    /// 用户头像文件流链接
    pub(crate) users_picture_url: String,
    /// 证件正面附件的 `attachments_id`
    pub(crate) users_id_pic_a: String,
    /// 证件正面文件流链接
    pub(crate) users_id_pic_a_url: String,
    /// 证件反面附件的 `attachments_id`
    pub(crate) users_id_pic_b: String,
    /// 证件反面文件流链接
    pub(crate) users_id_pic_b_url: String,
    /// 资质附件的 `attachments_id`
    pub(crate) users_title_picture: String,
    /// 资质文件流链接
    pub(crate) users_title_picture_url: String,
    /// 全平台统一身份标识:微信 openid,或服务端生成的 GUID
    pub(crate) openid: String,
    /// 公司业务 id
    pub(crate) company_id: String,
    /// 上级用户业务 id
    pub(crate) users_parent_id: String,
    /// 推广码
    pub(crate) users_promo_code: String,
    /// 用户组业务 id
    pub(crate) usergroups_id: String,
    /// 用户所属公司;尚未绑定时为 `null`
    #[schema(required)]
    pub(crate) company: Option<CompanyInfo>,
    /// 用户创建时间
    pub(crate) created: String,
    /// 用户更新时间
    pub(crate) updated: String,
}

impl UserInfo {
    /// A user as itself sees it, with its company and the addresses of its pictures.
    pub(crate) async fn load(engine: &Engine, user: &Record) -> Result<Self> {
        let company = company_of(engine, user).await?;
        let url = async |field| file_url(engine, user.text(field)).await;
        let text = |field| text(user, field);
        let number = |field| number(user, field);
        Ok(Self {
            pb_id: text("id"),
            users_convers_id: text("users_convers_id"),
            users_id: text("users_id"),
            users_idtype: text("users_idtype"),
            users_id_number: text("users_id_number"),
            users_type: text("users_type"),
            users_name: text("users_name"),
            users_status: number("users_status"),
            users_rank_level: number("users_rank_level"),
            users_auth_type: number("users_auth_type"),
            users_phone: text("users_phone"),
            users_phone_masked: phone::mask(user.text("users_phone")),
            users_level: text("users_level"),
            users_tag: text("users_tag"),
            users_picture: text("users_picture"),
            users_picture_url: url("users_picture").await?,
            users_id_pic_a: text("users_id_pic_a"),
            users_id_pic_a_url: url("users_id_pic_a").await?,
            users_id_pic_b: text("users_id_pic_b"),
            users_id_pic_b_url: url("users_id_pic_b").await?,
            users_title_picture: text("users_title_picture"),
            users_title_picture_url: url("users_title_picture").await?,
            openid: text("openid"),
            company_id: text("company_id"),
            users_parent_id: text("users_parent_id"),
            users_promo_code: text("users_promo_code"),
            usergroups_id: text("usergroups_id"),
            company: company.as_ref().map(CompanyInfo::of),
            created: text("created"),
            updated: text("updated"),
        })
    }
}
