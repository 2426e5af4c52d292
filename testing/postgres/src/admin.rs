use std::thread;

use tokio_postgres::{Error, NoTls, SimpleQueryMessage};

/// Runs statements, on a connection and a thread of their own: the caller may be in a runtime or in none. Gives the
/// first value of the last row that there is.
pub(crate) fn run(url: &str, statements: &[&str]) -> Result<Option<String>, Error> {
    let work = async || {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        let driver = tokio::spawn(connection);
        let mut value = None;
        for statement in statements {
            for message in client.simple_query(statement).await? {
                if let SimpleQueryMessage::Row(row) = message {
                    value = row.try_get(0)?.map(str::to_owned);
                }
            }
        }
        drop(client);
        // The statements have run, whatever becomes of the connection.
        let _ = driver.await;
        Ok(value)
    };
    thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(work())
        });
        thread.join().expect("the thread does not panic")
    })
}
