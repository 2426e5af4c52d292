//! The mails that a login needs.

mod alert;
mod layout;
mod outbox;
mod template;
mod test_mail;

pub(crate) use outbox::Outbox;

use ::mail::{AuthMethod, Mailbox, Message, Smtp, Transport};
use schema::collection::EmailTemplate;

use crate::hooks::MailEvent;
use crate::superusers::INSTALLER;
use crate::token::TokenKind;
use crate::{Engine, Error, Record, Result, SUPERUSERS, Settings};

/// What a mail to the owner of a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailKind {
    /// A link to prove the address by.
    Verification,
    /// A link to choose a new password by.
    PasswordReset,
    /// A link to use this address from now on.
    EmailChange,
    /// A one-time password.
    Otp,
    /// A login from a new place.
    AuthAlert,
}

/// A mail to the owner of a record, with what it is to carry.
pub(crate) enum RecordMail<'a> {
    Verification,
    PasswordReset,
    EmailChange { to: &'a str },
    Otp { id: &'a str, password: &'a str },
    AuthAlert { info: &'a str },
}

impl RecordMail<'_> {
    fn kind(&self) -> MailKind {
        match self {
            Self::Verification => MailKind::Verification,
            Self::PasswordReset => MailKind::PasswordReset,
            Self::EmailChange { .. } => MailKind::EmailChange,
            Self::Otp { .. } => MailKind::Otp,
            Self::AuthAlert { .. } => MailKind::AuthAlert,
        }
    }

    /// The placeholders that this mail has beside those of all, and what stands for them.
    fn placeholders(&self, engine: &Engine, record: &Record) -> Result<Vec<(&'static str, String)>> {
        let token = |kind| engine.issue_token(record, kind);
        Ok(match self {
            Self::Verification => vec![("TOKEN", token(TokenKind::Verification)?)],
            Self::PasswordReset => vec![("TOKEN", token(TokenKind::PasswordReset)?)],
            Self::EmailChange { to } => {
                let claim = |claims: &mut crate::Claims| claims.new_email = Some((*to).to_owned());
                vec![("TOKEN", engine.issue_token_with(record, TokenKind::EmailChange, claim)?)]
            }
            Self::Otp { id, password } => vec![("OTP", (*password).to_owned()), ("OTP_ID", (*id).to_owned())],
            Self::AuthAlert { info } => vec![("ALERT_INFO", template::escaped(info))],
        })
    }
}

impl MailKind {
    fn template(self, auth: &schema::AuthOptions) -> &EmailTemplate {
        match self {
            Self::Verification => &auth.verification_template,
            Self::PasswordReset => &auth.reset_password_template,
            Self::EmailChange => &auth.confirm_email_change_template,
            Self::Otp => &auth.otp.email_template,
            Self::AuthAlert => &auth.auth_alert.email_template,
        }
    }
}

impl Engine {
    /// Sends a mail to the owner of a record, and gives the address that it went to.
    ///
    /// # Errors
    /// 500 with the mailer's error as the cause, or what a hook says.
    pub(crate) async fn send_record_mail(&self, record: &Record, mail: &RecordMail<'_>) -> Result<String> {
        let settings = self.settings();
        let kind = mail.kind();
        let auth = record.collection().auth();
        let auth = auth.ok_or_else(|| Error::internal("records that do not log in get no mails"))?;
        if kind == MailKind::PasswordReset && record.is_superuser() && record.text("email") == INSTALLER {
            return Err(Error::internal(format!(
                "the account of the installer in {SUPERUSERS} has no mailbox"
            )));
        }
        let values = template::Values::new(&settings.meta, record, mail.placeholders(self, record)?);
        let template = kind.template(auth);
        let to = match mail {
            RecordMail::EmailChange { to } => to,
            _ => record.text("email"),
        };
        let meta = &settings.meta;
        let mut message = Message {
            from: Mailbox { name: meta.sender_name.clone(), address: meta.sender_address.clone() },
            to: to.to_owned(),
            subject: values.fill(&template.subject),
            html: layout::document(&values.fill(&template.body)),
        };
        for hooks in self.hooks().of(&record.collection().name) {
            let event = &mut MailEvent { engine: self, record, kind, message: &mut message };
            hooks.before_mail(event).await?;
        }
        self.mailer().send(&settings.mail_transport(), &message).await.map_err(Error::internal)?;
        Ok(message.to)
    }
}

impl Settings {
    /// The way that mails leave on.
    fn mail_transport(&self) -> Transport {
        let smtp = &self.smtp;
        if !smtp.enabled {
            return Transport::Sendmail;
        }
        Transport::Smtp(Smtp {
            host: smtp.host.clone(),
            // The settings are checked: another port is not stored.
            port: u16::try_from(smtp.port).unwrap_or_default(),
            username: smtp.username.clone(),
            password: smtp.password.clone().unwrap_or_default(),
            auth_method: if smtp.auth_method == "LOGIN" { AuthMethod::Login } else { AuthMethod::Plain },
            tls: smtp.tls,
            local_name: smtp.local_name.clone(),
        })
    }
}
