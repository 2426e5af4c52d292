//! A mail as the text that travels: headers, and the body as plain text and as HTML.

use ambient::{Clock, Entropy, EntropyExt};
use lettre::Address;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MultiPart, SinglePart};

use crate::{Error, Message, plain_text};

const ID_LENGTH: usize = 24;
const BOUNDARY_LENGTH: usize = 32;
const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz0123456789";

pub(crate) fn compose(
    message: &Message,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<lettre::Message, Error> {
    let from = address(&message.from.address)?;
    let id = format!("<{}@{}>", entropy.text(ID_LENGTH, ALPHABET), from.domain());
    let name = one_line(&message.from.name);
    let parts = MultiPart::alternative().boundary(entropy.text(BOUNDARY_LENGTH, ALPHABET));
    let part = |kind, text: String| SinglePart::builder().header(kind).body(text);
    lettre::Message::builder()
        .from(Mailbox::new((!name.is_empty()).then_some(name), from))
        .to(Mailbox::new(None, address(&message.to)?))
        .subject(one_line(&message.subject))
        .date(clock.now().into())
        .message_id(Some(id))
        .multipart(
            parts
                .singlepart(part(ContentType::TEXT_PLAIN, plain_text(&message.html)))
                .singlepart(part(ContentType::TEXT_HTML, message.html.clone())),
        )
        .map_err(Error::Compose)
}

fn address(text: &str) -> Result<Address, Error> {
    text.parse().map_err(|cause| Error::Address { address: text.to_owned(), cause })
}

/// A text without anything that could end a header.
fn one_line(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use ambient::{ManualClock, SeededEntropy};
    use mail_parser::MessageParser;

    use super::*;

    fn message() -> Message {
        let from =
            crate::Mailbox { name: "Größe, \"Acme\"".into(), address: "no-reply@example.com".into() };
        Message {
            from,
            to: "anna@example.com".into(),
            subject: "你好".into(),
            html: "<p>Hi <b>Anna</b></p>".into(),
        }
    }

    fn text(message: &Message) -> Vec<u8> {
        let clock = ManualClock::new("2026-11-14T22:13:20Z".parse().unwrap());
        compose(message, &clock, &SeededEntropy::new(1)).unwrap().formatted()
    }

    fn names(text: &[u8]) -> Vec<String> {
        let mail = MessageParser::default().parse(text).unwrap();
        mail.headers_raw().map(|(name, _)| name.to_owned()).collect()
    }

    #[test]
    fn a_mail_has_both_bodies_and_readable_headers() {
        let text = text(&message());
        let mail = MessageParser::default().parse(&text).unwrap();
        assert_eq!(mail.subject(), Some("你好"));
        assert_eq!(mail.to().unwrap().first().unwrap().address(), Some("anna@example.com"));
        let from = mail.from().unwrap().first().unwrap();
        assert_eq!((from.name(), from.address()), (Some("Größe, \"Acme\""), Some("no-reply@example.com")));
        assert!(mail.message_id().unwrap().ends_with("@example.com"));
        assert_eq!(mail.date().unwrap().to_rfc3339(), "2026-11-14T22:13:20Z");
        assert_eq!(mail.body_text(0).unwrap(), "Hi Anna");
        assert_eq!(mail.body_html(0).unwrap(), "<p>Hi <b>Anna</b></p>");
    }

    #[test]
    fn nothing_can_add_a_header_or_a_recipient() {
        let evil = "x\r\nBcc: eve@example.com\r\n\r\nbody";
        let mut mail = message();
        mail.subject = evil.into();
        mail.from.name = evil.into();
        let changed = text(&mail);
        assert_eq!(names(&changed), names(&text(&message())));
        let parsed = MessageParser::default().parse(&changed).unwrap();
        assert_eq!(parsed.subject(), Some("x  Bcc: eve@example.com    body"));
        assert!(parsed.bcc().is_none());

        for address in [evil, "a@b.co\r\nRCPT TO:<eve@example.com>", "a@b.co>, <eve@example.com", ""] {
            let mut mail = message();
            mail.to = address.into();
            let clock = ManualClock::new(jiff::Timestamp::UNIX_EPOCH);
            let refused = compose(&mail, &clock, &SeededEntropy::new(1));
            assert!(matches!(refused, Err(Error::Address { .. })), "{address}");
        }
    }
}
