//! What happens to records of the business's collections whoever writes or reads them.

mod attachments;
mod business_id;
mod documents;
mod page_size;
mod users;

use std::sync::Arc;

use engine::{HookRegistry, Record, Request};

use self::business_id::BusinessId;
use self::page_size::PageSize;
use crate::model::ids;
use crate::names::{ATTACHMENTS, COMPANIES, DICTIONARY, DOCUMENTS, USER_GROUPS, USERS};

/// How many records a page of a list has when the client does not say, where it is not what the native API has.
pub(crate) const PAGE_SIZES: [(&str, i64); 3] = [(COMPANIES, 20), (ATTACHMENTS, 1), (DOCUMENTS, 20)];

/// Registers all of them.
pub(crate) fn register(registry: &mut HookRegistry) {
    registry.on(USERS, Arc::new(users::Users));

    registry.on(COMPANIES, Arc::new(BusinessId { field: "company_id", new: ids::company }));

    registry.on(ATTACHMENTS, Arc::new(BusinessId { field: "attachments_id", new: ids::attachment }));
    registry.on(ATTACHMENTS, Arc::new(attachments::Attachments));

    registry.on(DOCUMENTS, Arc::new(BusinessId { field: "document_id", new: ids::document }));
    registry.on(DOCUMENTS, Arc::new(documents::Documents));

    registry.on(DICTIONARY, Arc::new(BusinessId { field: "system_dict_id", new: ids::dictionary }));
    for (collection, size) in PAGE_SIZES {
        registry.on(collection, Arc::new(PageSize(size)));
    }
    registry.on(USER_GROUPS, Arc::new(BusinessId { field: "usergroups_id", new: ids::user_group }));
}

/// Sets a text that is empty.
fn fill(record: &mut Record, field: &str, text: &str) {
    if record.text(field).is_empty() {
        record.set(field, text);
    }
}

/// The openid of the caller; empty for a guest and for a superuser.
fn caller_openid(request: &Request) -> &str {
    request.auth.as_deref().map(|caller| caller.text("openid")).unwrap_or_default()
}
