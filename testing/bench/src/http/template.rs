use std::cell::Cell;
use std::rc::Rc;

use crate::data::{Kind, mix};

/// The bytes of a request; without a token when that is empty.
pub(crate) fn request(method: &str, path: &str, token: &str, body: Option<&str>) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    if !token.is_empty() {
        text += &format!("Authorization: {token}\r\n");
    }
    if let Some(body) = body {
        text += &format!("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    } else {
        text += "\r\n";
    }
    text.into_bytes()
}

/// What differs from one request to the next. Within a body each is of one length, so that the length of the body is
/// known beforehand.
#[derive(Debug, Clone)]
pub(crate) enum Slot {
    /// The id of any of this many records.
    AnyId(Kind, u64),
    /// The id of the next one of this many records; after the last one there are no more requests.
    NextId(Kind, u64),
    /// Any number from the first one to below the second one.
    Number(u64, u64),
    /// One of these texts.
    OneOf(Rc<[String]>),
    /// The number of the request, with twelve digits.
    Counter,
}

/// A request with [slots](Slot).
#[derive(Debug, Clone)]
pub(crate) struct Template {
    pieces: Vec<(Vec<u8>, Option<Slot>)>,
}

impl Template {
    /// A request in whose text each `@` stands for the next slot.
    pub(crate) fn new(method: &str, path: &str, token: &str, body: Option<&str>, slots: Vec<Slot>) -> Self {
        let in_path = path.matches('@').count() + token.matches('@').count();
        let mut body = body.map(ToOwned::to_owned);
        if let Some(body) = &mut body {
            // The length that is announced is that of the text with its slots filled.
            for slot in slots.iter().skip(in_path) {
                let example = slot.value(0, 0).unwrap_or_default();
                *body = body.replacen('@', &"\u{1}".repeat(example.len()), 1);
            }
        }
        let text = request(method, path, token, body.as_deref());
        Self { pieces: pieces(&text, slots) }
    }
}

/// Cuts the text where its slots are.
fn pieces(text: &[u8], slots: Vec<Slot>) -> Vec<(Vec<u8>, Option<Slot>)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    for slot in slots {
        let Some(at) = rest.iter().position(|byte| matches!(byte, b'@' | 1)) else { break };
        let (before, after) = rest.split_at(at);
        pieces.push((before.to_vec(), Some(slot.clone())));
        let width = match after.first() {
            Some(1) => slot.value(0, 0).map_or(1, |example| example.len()),
            _ => 1,
        };
        rest = after.get(width..).unwrap_or_default();
    }
    pieces.push((rest.to_vec(), None));
    pieces
}

impl Slot {
    /// What stands in the slot of the request with this number.
    fn value(&self, random: u64, counter: u64) -> Option<String> {
        Some(match self {
            Self::AnyId(kind, count) => kind.id(random % (*count).max(1)),
            Self::NextId(_, count) if counter >= *count => return None,
            Self::NextId(kind, _) => kind.id(counter),
            Self::Number(low, high) => (low + random % (high - low).max(1)).to_string(),
            Self::OneOf(texts) => {
                let at = usize::try_from(random % (texts.len() as u64).max(1)).unwrap_or_default();
                texts.get(at).cloned().unwrap_or_default()
            }
            Self::Counter => format!("{counter:012}"),
        })
    }
}

/// Requests made from a template, shared by the connections to a server.
#[derive(Debug)]
pub(crate) struct Source {
    template: Template,
    seed: u64,
    counter: Cell<u64>,
}

impl Source {
    pub(crate) fn new(template: Template, seed: u64) -> Self {
        Self { template, seed, counter: Cell::new(0) }
    }

    /// Writes the next request in the place of what is there; false when there are no more.
    pub(crate) fn next(&self, request: &mut Vec<u8>) -> bool {
        let counter = self.counter.get();
        self.counter.set(counter + 1);
        request.clear();
        for (number, (text, slot)) in (0..).zip(&self.template.pieces) {
            request.extend_from_slice(text);
            let Some(slot) = slot else { continue };
            let Some(value) = slot.value(mix(self.seed + number, counter), counter) else { return false };
            request.extend_from_slice(value.as_bytes());
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(source: &Source) -> Option<String> {
        let mut request = Vec::new();
        source.next(&mut request).then(|| String::from_utf8(request).unwrap())
    }

    #[test]
    fn slots_are_filled_and_the_length_is_that_of_the_filled_body() {
        let slots = vec![Slot::AnyId(Kind::Post, 5), Slot::Counter, Slot::Number(100, 999)];
        let template = Template::new("PATCH", "/r/@", "t", Some(r#"{"a":"@","n":@}"#), slots);
        let source = Source::new(template, 1);
        for counter in 0..3 {
            let text = made(&source).unwrap();
            let (head, body) = text.split_once("\r\n\r\n").unwrap();
            assert!(head.contains(&format!("Content-Length: {}", body.len())), "{text}");
            assert!(body.contains(&format!("{counter:012}")), "{text}");
            assert!((0..5).any(|at| head.contains(&format!("/r/{} ", Kind::Post.id(at)))), "{text}");
        }
    }

    #[test]
    fn ids_in_turn_end_after_the_last_one() {
        let template = Template::new("DELETE", "/@", "", None, vec![Slot::NextId(Kind::Spare, 2)]);
        let source = Source::new(template, 1);
        let texts: Vec<_> = std::iter::from_fn(|| made(&source)).collect();
        let expected = [0, 1].map(|at| format!("DELETE /{} HTTP/1.1", Kind::Spare.id(at)));
        assert!(texts.iter().zip(&expected).all(|(text, start)| text.starts_with(start)), "{texts:?}");
        assert_eq!(texts.len(), 2);
    }
}
