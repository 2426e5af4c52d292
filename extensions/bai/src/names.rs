//! The names of the collections.

/// Everybody who can log in.
pub(crate) const USERS: &str = "tbl_auth_users";

/// Companies.
pub(crate) const COMPANIES: &str = "tbl_company";

/// Uploaded files.
pub(crate) const ATTACHMENTS: &str = "tbl_attachments";

/// Published documents.
pub(crate) const DOCUMENTS: &str = "tbl_document";

/// The data dictionary.
pub(crate) const DICTIONARY: &str = "tbl_system_dict";

/// Groups of users.
pub(crate) const USER_GROUPS: &str = "tbl_user_groups";
