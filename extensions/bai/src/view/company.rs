use engine::Record;
use serde::Serialize;
use utoipa::ToSchema;

use super::text;

/// 用户所属公司
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CompanyInfo {
    /// PocketBase 记录主键 id
    pub(crate) pb_id: String,
    /// 公司业务 id
    #[schema(example = "WX-COMPANY-2026032716122243812345678")]
    pub(crate) company_id: String,
    /// 公司名称
    pub(crate) company_name: String,
    /// 公司类型
    pub(crate) company_type: String,
    /// 公司法人
    pub(crate) company_entity: String,
    /// 统一社会信用代码
    pub(crate) company_usci: String,
    /// 国家名称
    pub(crate) company_nationality: String,
    /// 国家编码
    pub(crate) company_nationality_code: String,
    /// 省份名称
    pub(crate) company_province: String,
    /// 省份编码
    pub(crate) company_province_code: String,
    /// 城市名称
    pub(crate) company_city: String,
    /// 城市编码
    pub(crate) company_city_code: String,
    /// 区 / 县名称
    pub(crate) company_district: String,
    /// 区 / 县编码
    pub(crate) company_district_code: String,
    /// 邮政编码
    pub(crate) company_postalcode: String,
    /// 公司地址
    pub(crate) company_add: String,
    /// 公司状态
    pub(crate) company_status: String,
    /// 公司等级
    pub(crate) company_level: String,
    /// 公司所有者 openid
    pub(crate) company_owner_openid: String,
    /// 备注
    pub(crate) company_remark: String,
    /// 记录创建时间
    pub(crate) created: String,
    /// 记录更新时间
    pub(crate) updated: String,
}

impl CompanyInfo {
    pub(super) fn of(company: &Record) -> Self {
        let text = |field| text(company, field);
        Self {
            pb_id: text("id"),
            company_id: text("company_id"),
            company_name: text("company_name"),
            company_type: text("company_type"),
            company_entity: text("company_entity"),
            company_usci: text("company_usci"),
            company_nationality: text("company_nationality"),
            company_nationality_code: text("company_nationality_code"),
            company_province: text("company_province"),
            company_province_code: text("company_province_code"),
            company_city: text("company_city"),
            company_city_code: text("company_city_code"),
            company_district: text("company_district"),
            company_district_code: text("company_district_code"),
            company_postalcode: text("company_postalcode"),
            company_add: text("company_add"),
            company_status: text("company_status"),
            company_level: text("company_level"),
            company_owner_openid: text("company_owner_openid"),
            company_remark: text("company_remark"),
            created: text("created"),
            updated: text("updated"),
        }
    }
}
