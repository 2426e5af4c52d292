//! What waits for one client.

use std::collections::VecDeque;
use std::task::{Context, Poll, Waker};

use parking_lot::Mutex;

use super::Message;

/// The most events that wait for a client.
const MAX_EVENTS: usize = 4096;

/// The most bytes that wait for a client, unless it is a single event. Clients share the bytes of an event.
const MAX_BYTES: usize = 4 << 20;

/// A queue with an end. Without events in it, it takes no memory of its own.
#[derive(Debug, Default)]
pub(super) struct Outbox(Mutex<Queue>);

#[derive(Debug, Default)]
struct Queue {
    events: VecDeque<Message>,
    bytes: usize,
    closed: bool,
    /// Who waits for the next event.
    waker: Option<Waker>,
}

impl Outbox {
    /// Adds an event; false when the client is so far behind that it has to be given up. What is added to a closed
    /// queue is lost.
    pub(super) fn push(&self, message: Message) -> bool {
        let mut queue = self.0.lock();
        if queue.closed {
            return true;
        }
        let bytes = queue.bytes + message.text().len();
        if !queue.events.is_empty() && (queue.events.len() >= MAX_EVENTS || bytes > MAX_BYTES) {
            return false;
        }
        queue.bytes = bytes;
        queue.events.push_back(message);
        queue.wake();
        true
    }

    /// The next event; `None` when there will be none.
    pub(super) fn poll_next(&self, context: &mut Context<'_>) -> Poll<Option<Message>> {
        let mut queue = self.0.lock();
        if let Some(message) = queue.events.pop_front() {
            queue.bytes -= message.text().len();
            if queue.events.is_empty() {
                // A burst should not be paid for until the end of the connection.
                queue.events = VecDeque::new();
            }
            return Poll::Ready(Some(message));
        }
        if queue.closed {
            return Poll::Ready(None);
        }
        match &mut queue.waker {
            Some(waker) => waker.clone_from(context.waker()),
            none => *none = Some(context.waker().clone()),
        }
        Poll::Pending
    }

    /// Ends the queue, after what is in it.
    pub(super) fn close(&self) {
        let mut queue = self.0.lock();
        queue.closed = true;
        queue.wake();
    }

    /// Ends the queue at once.
    pub(super) fn discard(&self) {
        let mut queue = self.0.lock();
        queue.events = VecDeque::new();
        queue.bytes = 0;
        queue.closed = true;
        queue.wake();
    }
}

impl Queue {
    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(outbox: &Outbox) -> Poll<Option<String>> {
        let next = outbox.poll_next(&mut Context::from_waker(Waker::noop()));
        next.map(|message| message.map(|message| message.name().to_owned()))
    }

    #[test]
    fn events_come_in_order_and_then_the_end() {
        let outbox = Outbox::default();
        assert_eq!(next(&outbox), Poll::Pending);
        assert!(outbox.push(Message::new("a", b"")) && outbox.push(Message::new("b", b"")));
        outbox.close();
        assert!(outbox.push(Message::new("late", b"")), "nobody is behind on a closed queue");
        assert_eq!(next(&outbox), Poll::Ready(Some("a".to_owned())));
        assert_eq!(next(&outbox), Poll::Ready(Some("b".to_owned())));
        assert_eq!(next(&outbox), Poll::Ready(None));
    }

    #[test]
    fn a_client_that_reads_nothing_is_given_up() {
        let outbox = Outbox::default();
        let message = Message::new("a", b"{}");
        assert!((0..MAX_EVENTS).all(|_| outbox.push(message.clone())));
        assert!(!outbox.push(message.clone()));
        assert_eq!(next(&outbox), Poll::Ready(Some("a".to_owned())));
        assert!(outbox.push(message));
        outbox.discard();
        assert_eq!(next(&outbox), Poll::Ready(None));
    }

    #[test]
    fn bytes_are_bounded_but_one_event_always_fits() {
        let outbox = Outbox::default();
        let large = Message::new("a", &vec![b'x'; MAX_BYTES]);
        assert!(outbox.push(large.clone()));
        assert!(!outbox.push(Message::new("b", b"")));
        assert_eq!(next(&outbox), Poll::Ready(Some("a".to_owned())));
        assert!(outbox.push(Message::new("b", b"")));
        assert!(!outbox.push(large));
    }
}
