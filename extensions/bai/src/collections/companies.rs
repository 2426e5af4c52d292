use engine::CollectionSpec;

use super::{MANAGER, PUBLIC, written_by_managers};
use crate::names::COMPANIES;

/// `tbl_company`: companies, which anybody may enter and list.
pub(super) fn spec() -> CollectionSpec {
    written_by_managers(CollectionSpec::base(COMPANIES))
        .rule("listRule", PUBLIC)
        .rule("viewRule", MANAGER)
        .rule("createRule", PUBLIC)
        .fields(
            "text",
            &[
                "company_id",
                "company_name",
                "company_type",
                "company_entity",
                "company_usci",
                "company_nationality",
                "company_nationality_code",
                "company_province",
                "company_province_code",
                "company_city",
                "company_city_code",
                "company_district",
                "company_district_code",
                "company_postalcode",
                "company_add",
                "company_status",
                "company_level",
                "company_owner_openid",
                "company_remark",
            ],
        )
        .timestamps()
        .unique_index(&["company_id"])
        .index(&["company_usci"])
        .index(&["company_owner_openid"])
}
