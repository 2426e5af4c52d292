use engine::CollectionSpec;
use serde_json::json;

use super::{MANAGER, required};
use crate::names::USERS;

/// `tbl_auth_users`: everybody who can log in.
///
/// Nobody may natively change the own record: `users_idtype` decides who is a manager. Managers may change others,
/// but not who they are.
pub(super) fn spec() -> CollectionSpec {
    let own_or_manager =
        format!("(@request.auth.collectionName = \"{USERS}\" && id = @request.auth.id) || ({MANAGER})");
    let same_identity = "@request.body.openid:changed = false && @request.body.users_idtype:changed = false \
                         && @request.body.users_id:changed = false";
    CollectionSpec::auth(USERS)
        .rule("listRule", &own_or_manager)
        .rule("viewRule", &own_or_manager)
        .rule("updateRule", &format!("{MANAGER} && {same_identity}"))
        // The addresses of these users are made up: nobody would read a mail about a login.
        .option("authAlert", json!({"enabled": false}))
        .field("text", "openid", required())
        .fields(
            "text",
            &[
                "users_id",
                "users_convers_id",
                "users_idtype",
                "users_id_number",
                "users_type",
                "users_name",
                "users_phone",
                "users_level",
                "users_tag",
                "users_picture",
                "users_id_pic_a",
                "users_id_pic_b",
                "users_title_picture",
                "company_id",
                "users_parent_id",
                "users_promo_code",
                "usergroups_id",
            ],
        )
        .fields("number", &["users_status", "users_rank_level", "users_auth_type"])
        .timestamps()
        .unique_index(&["openid"])
        .unique_index(&["users_id"])
        .unique_index_where(&["users_phone", "users_idtype"], "`users_phone` != ''")
        // A look-up by phone cannot use the index above, which leaves rows out.
        .index(&["users_phone"])
}
