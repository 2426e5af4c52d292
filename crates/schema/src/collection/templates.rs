//! The texts of mails until somebody changes them.
//!
//! The placeholders in braces and the paths of the links are those that PocketBase knows, because its dashboard
//! and clients rely on them.

use super::EmailTemplate;

pub(super) fn verification() -> EmailTemplate {
    template(
        "Please confirm your email address for {APP_NAME}",
        &[
            "Hi,",
            "welcome to {APP_NAME}! One step is left: confirm that this address is yours.",
            &button("confirm-verification", "Confirm my address"),
            "You did not sign up? Then nothing is left to do, and this message can be deleted.",
        ],
    )
}

pub(super) fn reset_password() -> EmailTemplate {
    template(
        "Choose a new password for {APP_NAME}",
        &[
            "Hi,",
            "follow the link to choose a new password for your account.",
            &button("confirm-password-reset", "Choose a new password"),
            "You did not ask for this? Your password stays as it is, and this message can be deleted.",
        ],
    )
}

pub(super) fn confirm_email_change() -> EmailTemplate {
    template(
        "Please confirm your new address for {APP_NAME}",
        &[
            "Hi,",
            "follow the link to use this address for your account from now on.",
            &button("confirm-email-change", "Use this address"),
            "You did not ask for this? Your account stays as it is, and this message can be deleted.",
        ],
    )
}

pub(super) fn otp() -> EmailTemplate {
    template(
        "Your code for {APP_NAME}",
        &[
            "Hi,",
            "here is the code to log in with: <strong>{OTP}</strong>",
            "You did not ask for a code? Then nobody can use this one but you, and this message can be deleted.",
        ],
    )
}

pub(super) fn auth_alert() -> EmailTemplate {
    template(
        "Somebody logged in from a new place",
        &[
            "Hi,",
            "there was a login to your {APP_NAME} account from a place that we have not seen before:",
            "<em>{ALERT_INFO}</em>",
            "Was it you? Then all is well. <strong>If it was not, choose a new password now: this also ends all \
             other logins.</strong>",
        ],
    )
}

fn button(page: &str, label: &str) -> String {
    format!(
        r#"<a class="btn" href="{{APP_URL}}/_/#/auth/{page}/{{TOKEN}}" target="_blank" rel="noopener">{label}</a>"#
    )
}

fn template(subject: &str, paragraphs: &[&str]) -> EmailTemplate {
    let mut body = String::new();
    for paragraph in paragraphs {
        body.push_str(&format!("<p>{paragraph}</p>\n"));
    }
    body.push_str("<p>Your {APP_NAME} team</p>");
    EmailTemplate { subject: subject.to_owned(), body }
}
