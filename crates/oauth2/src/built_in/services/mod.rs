//! The table of the services. Addresses, permissions and names of fields are those that each service documents.

mod code_hosts;
mod companies;
mod large;
mod media;
mod tools;

use std::borrow::Cow;

use super::mapping::{Active, Email, Mapping};
use super::source::{Header, Source};
use super::{Service, finish};
use crate::emails::Emails;
use crate::{About, Endpoints};

/// The services, in no order.
pub(super) fn all() -> impl Iterator<Item = Service> {
    let oidc = ["oidc", "oidc2", "oidc3"].map(oidc);
    let named = large::all().into_iter().chain(code_hosts::all()).chain(companies::all());
    named.chain(media::all()).chain(tools::all()).chain(oidc)
}

/// A service with PKCE, whose profile is asked for with GET.
fn service(
    (order, name, display_name): (u32, &'static str, &'static str),
    logo: &'static str,
    scopes: &'static [&'static str],
    [authorize, token, user_info]: [&'static str; 3],
    mapping: Mapping,
) -> Service {
    let endpoints = Endpoints {
        authorize: Cow::Borrowed(authorize),
        token: Cow::Borrowed(token),
        user_info: Cow::Borrowed(user_info),
    };
    let logo = logo.trim_ascii_end();
    Service {
        about: About { name, display_name, logo, order, pkce: true, scopes, endpoints },
        source: Source::Get(&[]),
        mapping,
        emails: None,
        finish: None,
        parameters: &[],
        option_scope: None,
    }
}

impl Service {
    fn without_pkce(mut self) -> Self {
        self.about.pkce = false;
        self
    }
}

macro_rules! logo {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/logos/", $name, ".svg"))
    };
}
use logo;

fn oidc(name: &'static str) -> Service {
    let mapping = Mapping {
        name: "/name",
        username: "/preferred_username",
        avatar: "/picture",
        email: Email::WhenLoosely("/email", "/email_verified"),
        ..Mapping::by_text("/sub")
    };
    let scopes = &["openid", "email", "profile"];
    let service = service((99, name, "OIDC"), logo!("oidc"), scopes, ["", "", ""], mapping);
    Service { source: Source::GetOrIdToken, ..service }
}
