use std::cell::RefCell;
use std::rc::Rc;
use std::time::Instant;

use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

use super::Tally;
use super::pacer::{Until, pace};
use crate::error::{Result, What};
use crate::http::{Connection, Source};
use crate::server::Server;

type Due = mpsc::UnboundedReceiver<Instant>;

/// Sends requests at a rate (for each second). A request that finds
/// no connection free waits for one. Its latency counts from the time it was due: a server that stalls is charged for
/// all the requests that it keeps from being sent.
pub(crate) async fn open(
    server: &Server,
    source: &Rc<Source>,
    (rate, connections): (f64, usize),
    expected: u16,
    until: Until,
) -> Result<Tally> {
    let mut open = Vec::with_capacity(connections);
    for _ in 0..connections {
        open.push(server.connect().await?);
    }
    let total = Rc::new(RefCell::new(Tally::default()));
    let mut tasks = JoinSet::new();
    let (cpu, begin) = (server.process.cpu_seconds()?, Instant::now());
    let receiver = Rc::new(Mutex::new(pace(rate, until)));
    for connection in open {
        let (source, total, receiver) = (Rc::clone(source), Rc::clone(&total), Rc::clone(&receiver));
        tasks.spawn_local(async move {
            let tally = send(connection, &source, expected, &receiver).await;
            total.borrow_mut().merge(&tally);
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.map_err(std::io::Error::other).what("a connection's task")?;
    }
    let mut total = total.take();
    total.elapsed = begin.elapsed();
    total.cpu_seconds = server.process.cpu_seconds()? - cpu;
    Ok(total)
}

async fn send(mut connection: Connection, source: &Source, expected: u16, receiver: &Mutex<Due>) -> Tally {
    let (mut tally, mut request) = (Tally::default(), Vec::new());
    loop {
        let due = receiver.lock().await.recv().await;
        let Some(due) = due else { break };
        if !source.next(&mut request) {
            break;
        }
        let status = connection.status(&request).await;
        let lost = status.is_err();
        tally.outcome(status, expected, due.elapsed());
        if lost {
            break;
        }
    }
    tally
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::http::Template;

    /// A server that takes one connection, and stalls this long before its first reply.
    async fn stalling(stall: Duration) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::task::spawn_local(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let (mut buffer, mut left) = ([0; 4096], stall);
            while let Ok(1..) = stream.read(&mut buffer).await {
                tokio::time::sleep(std::mem::take(&mut left)).await;
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await.unwrap();
            }
        });
        // This process is the server.
        Server::running("stalling", &address).unwrap()
    }

    #[test]
    fn a_stall_is_charged_to_every_request_that_was_due_meanwhile() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let stall = Duration::from_millis(200);
        let tally = tokio::task::LocalSet::new().block_on(&runtime, async {
            let server = stalling(stall).await;
            let source = Rc::new(Source::new(Template::new("GET", "/", "", None, Vec::new()), 1));
            let until = Until::after(Duration::from_millis(400));
            open(&server, &source, (100.0, 1), 200, until).await.unwrap()
        });
        // 40 requests were due, one each 10 ms; the first 20 of them during the stall.
        assert_eq!((tally.replies(), tally.errors), (40, 0));
        let slowest = tally.quantile(1.0);
        assert!(slowest >= 200_000, "{slowest}");
        // The latencies of those 20 fall from 200 ms to 0: a quarter of all are above 100 ms. A generator that counts
        // from the sending of a request finds a single slow one.
        let upper_quarter = tally.quantile(0.8);
        assert!(upper_quarter >= 80_000, "{upper_quarter}");
    }

    #[test]
    fn the_end_can_be_called_from_outside() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let tally = tokio::task::LocalSet::new().block_on(&runtime, async {
            let server = stalling(Duration::ZERO).await;
            let source = Rc::new(Source::new(Template::new("GET", "/", "", None, Vec::new()), 1));
            let until = Until::after(Duration::from_secs(60));
            let run = open(&server, &source, (100.0, 1), 200, until.clone());
            let (tally, ()) = tokio::join!(run, async {
                tokio::time::sleep(Duration::from_millis(100)).await;
                until.stop();
            });
            tally.unwrap()
        });
        assert!((2..=100).contains(&tally.replies()), "{}", tally.replies());
    }
}
