//! Login through other services by OAuth2 and OpenID Connect.
//!
//! A [`Provider`] is one such service: where its endpoints are and how what it says of a user is read. [`Registry`]
//! holds all that can be configured, those of this crate and those that are added from outside ([`Registry::with`]).
//! [`Registry::open`] makes a [`Login`] of a configuration: it invites users to the service's page and turns the code
//! that they come back with into a [`User`].
//!
//! Requests to services leave through [`Http`], so that a test can answer them; [`Outgoing`] is the real thing.

mod apple_secret;
mod authorize;
mod built_in;
mod emails;
mod error;
mod http_client;
mod id_token;
mod login;
mod outgoing;
mod profile;
mod provider;
mod registry;
mod token;
mod user;

pub use apple_secret::{AppleKey, apple_client_secret};
pub use authorize::{Invitation, parameters};
pub use error::Error;
pub use http_client::{Http, HttpError};
pub use login::{Answer, Failure, Login};
pub use outgoing::Outgoing;
pub use profile::Profile;
pub use provider::{About, Client, Endpoints, Exchange, Provider, Session, Settings};
pub use registry::Registry;
pub use token::Token;
pub use user::User;
