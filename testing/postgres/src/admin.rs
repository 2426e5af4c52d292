use std::thread;

use tokio_postgres::NoTls;

/// Runs statements on a connection of their own, on a thread of their own: the caller may be in a runtime or in none.
pub(crate) fn run(url: &str, statements: &[&str]) -> Result<(), tokio_postgres::Error> {
    let work = async || {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        let driver = tokio::spawn(connection);
        for statement in statements {
            client.batch_execute(statement).await?;
        }
        drop(client);
        // The statements have run, whatever becomes of the connection.
        let _ = driver.await;
        Ok(())
    };
    thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(work())
        });
        thread.join().expect("the thread does not panic")
    })
}
