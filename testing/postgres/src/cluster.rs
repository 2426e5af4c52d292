use std::env;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::installation::Installation;
use crate::keeper::Keeper;
use crate::owner::Owner;
use crate::{TestDatabase, admin};

/// The environment variable with the address of the server to use, without a database:
/// `postgres://user@127.0.0.1:5432`. The user must be allowed to create databases, and there must be one named
/// `postgres`.
pub const BASE_URL: &str = "BAIBASE_TEST_POSTGRES";

/// How long a server may take to accept connections.
const START: Duration = Duration::from_secs(60);

/// A PostgreSQL server.
#[derive(Debug)]
pub struct Cluster {
    base_url: String,
    own: Option<Own>,
}

/// A server that was started here.
#[derive(Debug)]
struct Own {
    installation: Installation,
    owner: Owner,
    folder: PathBuf,
    port: u16,
    settings: &'static [&'static str],
    keeper: Mutex<Option<Keeper>>,
}

/// The settings of a server that keeps what it has committed through the loss of power, as those in use do.
const DURABLE: &[&str] = &["fsync=on", "full_page_writes=on"];

/// The settings of a server that takes encrypted connections. The files are beside its data.
const TLS: &[&str] = &["ssl=on", "ssl_cert_file=../server.crt", "ssl_key_file=../server.key"];

impl Cluster {
    /// The server that all tests of a process share, started when it is first asked for.
    ///
    /// # Panics
    /// When there is no PostgreSQL, or when it does not start.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| match env::var(BASE_URL) {
            Ok(url) => Self { base_url: url.trim_end_matches('/').to_owned(), own: None },
            Err(_) => Self::new(),
        })
    }

    /// A server for a test that stops it.
    ///
    /// # Panics
    /// When there is no PostgreSQL, or when it does not start.
    #[expect(clippy::new_without_default, reason = "a server is nothing to have by default")]
    pub fn new() -> Self {
        Self::set_up(None, &[])
    }

    /// A server to be measured: it brings commits to the disk, which those of tests do not.
    ///
    /// # Panics
    /// As [`Self::new`].
    pub fn durable() -> Self {
        Self::set_up(None, DURABLE)
    }

    /// A server that takes encrypted connections, with this certificate and its key in PEM.
    ///
    /// # Panics
    /// As [`Self::new`].
    pub fn with_tls(certificate: &str, key: &str) -> Self {
        Self::set_up(Some((certificate, key)), TLS)
    }

    fn set_up(tls: Option<(&str, &str)>, settings: &'static [&'static str]) -> Self {
        let installation = Installation::find();
        let folder = tempfile::Builder::new().prefix("baibase-postgres-").tempdir();
        let folder = folder.expect("a temporary folder").keep();
        let owner = Owner::of(&folder);
        initialise(&installation, owner, &folder);
        if let Some((certificate, key)) = tls {
            owner.write_secret(&folder.join("server.crt"), certificate);
            owner.write_secret(&folder.join("server.key"), key);
        }
        // Between choosing a port and listening on it somebody else can take it.
        for _ in 0..5 {
            let port = free_port();
            let own = Own {
                installation: installation.clone(),
                owner,
                folder: folder.clone(),
                port,
                settings,
                keeper: Mutex::default(),
            };
            if own.start() {
                return Self { base_url: format!("postgres://postgres@127.0.0.1:{port}"), own: Some(own) };
            }
        }
        panic!("PostgreSQL does not start:\n{}", log(&folder));
    }

    /// Makes a database of which nobody else knows.
    ///
    /// # Panics
    /// When the server does not make it.
    pub fn database(&self) -> TestDatabase {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        TestDatabase::create(&self.base_url, format!("test_{}_{count}", process::id()))
    }

    /// The address of the server, without a database.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Ends the server at once, as a crash would.
    ///
    /// # Panics
    /// When it was not started here.
    pub fn stop(&self) {
        if let Some(keeper) = self.own().keeper().take() {
            keeper.stop();
        }
    }

    /// Starts the server again at the same address, with what was committed before.
    ///
    /// # Panics
    /// When it was not started here, or does not start.
    pub fn start(&self) {
        let own = self.own();
        assert!(own.start(), "PostgreSQL does not start again:\n{}", log(&own.folder));
    }

    /// [Stops](Self::stop) the server and [starts](Self::start) it again.
    ///
    /// # Panics
    /// When it was not started here, or does not start.
    pub fn restart(&self) {
        self.stop();
        self.start();
    }

    fn own(&self) -> &Own {
        self.own.as_ref().expect("only a server of one's own is stopped: see Cluster::new")
    }
}

impl Drop for Cluster {
    /// A server that was stopped has left its folder behind; one that runs takes it along.
    fn drop(&mut self) {
        if let Some(own) = &self.own
            && own.keeper().is_none()
        {
            // What cannot be removed is only in the way.
            let _ = fs::remove_dir_all(&own.folder);
        }
    }
}

impl Own {
    /// Starts the server and waits for it; false when it ends by itself.
    fn start(&self) -> bool {
        let Self { installation, owner, folder, port, settings, .. } = self;
        let mut keeper = Keeper::start(installation, *owner, folder, *port, settings);
        let url = format!("postgres://postgres@127.0.0.1:{}/postgres?connect_timeout=5", self.port);
        let deadline = Instant::now() + START;
        while !keeper.has_ended() {
            if admin::run(&url, &[]).is_ok() {
                *self.keeper() = Some(keeper);
                return true;
            }
            assert!(Instant::now() < deadline, "PostgreSQL does not answer:\n{}", log(&self.folder));
            thread::sleep(Duration::from_millis(20));
        }
        false
    }

    fn keeper(&self) -> std::sync::MutexGuard<'_, Option<Keeper>> {
        self.keeper.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the files of a server, with English rules for the order of text where it was built with ICU.
fn initialise(installation: &Installation, owner: Owner, folder: &Path) {
    let english = ["--locale-provider=icu", "--icu-locale=en-US"];
    let run = |more: &[&str]| {
        let mut command = owner.command(&installation.initdb(), folder);
        command.arg("-D").arg(folder.join("data")).args(["-U", "postgres", "--auth=trust", "--no-sync"]);
        command.args(["--encoding=UTF8", "--locale=C"]).args(more).output().expect("initdb can be run")
    };
    let output = Some(run(&english)).filter(|output| output.status.success()).unwrap_or_else(|| run(&[]));
    assert!(output.status.success(), "initdb failed: {}", String::from_utf8_lossy(&output.stderr));
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

fn log(folder: &Path) -> String {
    fs::read(folder.join("log")).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}
