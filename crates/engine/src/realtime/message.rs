use std::sync::Arc;

use bytes::Bytes;

/// An event on its way to clients. A copy of it is another handle on the same bytes.
#[derive(Debug, Clone)]
pub struct Message(Arc<Event>);

#[derive(Debug)]
struct Event {
    /// `event:<name>\ndata:<data>\n\n`
    text: Bytes,
    name: usize,
}

/// What stands before the name, between the name and the data, and after the data.
const PARTS: [&str; 3] = ["event:", "\ndata:", "\n\n"];

impl Message {
    /// An event of this name (the subscription that it is for) with data that is one line, usually JSON.
    pub fn new(name: &str, data: &[u8]) -> Self {
        let [before, between, after] = PARTS.map(str::as_bytes);
        let text = Bytes::from([before, name.as_bytes(), between, data, after].concat());
        Self(Arc::new(Event { text, name: name.len() }))
    }

    /// The event in the form of `text/event-stream`, without an id.
    pub fn text(&self) -> &Bytes {
        &self.0.text
    }

    /// The name of the event.
    pub fn name(&self) -> &str {
        let start = PARTS[0].len();
        let name = self.0.text.get(start..start + self.0.name).unwrap_or_default();
        std::str::from_utf8(name).unwrap_or_default()
    }

    /// The data of the event.
    pub fn data(&self) -> &[u8] {
        let [before, between, after] = PARTS.map(str::len);
        let end = self.0.text.len().saturating_sub(after);
        self.0.text.get(before + self.0.name + between..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_an_event_are_found_again() {
        let message = Message::new("posts/*?options=ü", b"{\"a\":1}");
        assert_eq!(message.text(), "event:posts/*?options=ü\ndata:{\"a\":1}\n\n".as_bytes());
        assert_eq!((message.name(), message.data()), ("posts/*?options=ü", b"{\"a\":1}".as_slice()));
    }
}
