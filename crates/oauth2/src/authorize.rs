//! The way to a service's login page.

use ambient::{Entropy, EntropyExt};
use oauth2::{PkceCodeChallenge, PkceCodeVerifier};

use crate::{Client, Provider};

const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const STATE_LENGTH: usize = 30;
/// The shortest that RFC 7636 allows.
const VERIFIER_LENGTH: usize = 43;
/// How the challenge is made of the verifier.
const CHALLENGE_METHOD: &str = "S256";

/// What a client needs to send its user to a service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Invitation {
    /// Comes back with the user, so that the client knows its own.
    pub state: String,
    /// The address of the login page. It ends with `redirect_uri=`, for the client to append where to come back to.
    pub auth_url: String,
    /// The client keeps it, to send it with the code; empty without PKCE.
    pub code_verifier: String,
    /// What the service gets of it; empty without PKCE.
    pub code_challenge: String,
    /// How that was made; empty without PKCE.
    pub code_challenge_method: &'static str,
}

impl Invitation {
    pub(crate) fn new(provider: &dyn Provider, client: &Client, entropy: &dyn Entropy) -> Self {
        let mut invitation = Self { state: entropy.text(STATE_LENGTH, ALPHABET), ..Self::default() };
        if client.pkce {
            let verifier = PkceCodeVerifier::new(entropy.text(VERIFIER_LENGTH, ALPHABET));
            let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
            challenge.as_str().clone_into(&mut invitation.code_challenge);
            verifier.secret().clone_into(&mut invitation.code_verifier);
            invitation.code_challenge_method = CHALLENGE_METHOD;
        }
        let parameters = provider.parameters(client, &invitation);
        invitation.auth_url = address(&client.endpoints.authorize, &parameters);
        invitation
    }
}

/// The parameters that the standard asks for, by name.
pub fn parameters(client: &Client, invitation: &Invitation) -> Vec<(&'static str, String)> {
    let mut parameters = vec![("client_id", client.client_id.clone())];
    if !invitation.code_challenge.is_empty() {
        parameters.push(("code_challenge", invitation.code_challenge.clone()));
        parameters.push(("code_challenge_method", invitation.code_challenge_method.to_owned()));
    }
    parameters.push(("response_type", "code".to_owned()));
    if !client.scopes.is_empty() {
        parameters.push(("scope", client.scopes.join(" ")));
    }
    parameters.push(("state", invitation.state.clone()));
    parameters
}

fn address(page: &str, parameters: &[(&'static str, String)]) -> String {
    let mut address = page.to_owned();
    let mut separator = if page.contains('?') { '&' } else { '?' };
    for (name, value) in parameters {
        address.push(separator);
        address.push_str(name);
        address.push('=');
        push_escaped(value, &mut address);
        separator = '&';
    }
    address.push_str("&redirect_uri=");
    address
}

/// Escapes a value as PocketBase does: everything but letters, digits and `-_.~`, with `+` for a space.
fn push_escaped(value: &str, out: &mut String) {
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_and_the_client_appends_its_address() {
        let parameters = [("a", "x y&z".to_owned()), ("b", "~*中".to_owned())];
        assert_eq!(
            address("https://s.example/login", &parameters),
            "https://s.example/login?a=x+y%26z&b=~%2A%E4%B8%AD&redirect_uri="
        );
        assert!(address("https://s.example/?x=1", &parameters).starts_with("https://s.example/?x=1&a="));
    }
}
