use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::cli::clean_command;
use crate::{Call, Database, Home, run};

/// The e-mail address of the superuser of [`Setup::superuser`].
pub const SUPERUSER: &str = "root@example.com";

/// The password of that superuser.
pub const SUPERUSER_PASSWORD: &str = "correct horse battery";

/// How long a server may take to answer its first request.
const START: Duration = Duration::from_secs(20);

/// How a server is set up.
#[derive(Debug, Default)]
pub struct Setup {
    env: Vec<(String, String)>,
    args: Vec<String>,
    home: Option<Arc<Home>>,
    superuser: bool,
    legacy: bool,
}

/// A running server. It is killed with the value.
#[derive(Debug)]
pub struct Server {
    child: Child,
    home: Arc<Home>,
    address: SocketAddr,
    legacy: Option<SocketAddr>,
    client: reqwest::Client,
}

impl Setup {
    /// A setup with WeChat's simulator and without a window for duplicates.
    pub fn new() -> Self {
        Self::bare().env("BAIBASE_WECHAT_SIMULATOR", "1")
    }

    /// A setup without WeChat and without a window for duplicates.
    pub fn bare() -> Self {
        Self::default().env("BAIBASE_DUPLICATE_WINDOW_MS", "0")
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds an argument after `serve`.
    #[must_use]
    pub fn arg(mut self, arg: &str) -> Self {
        self.args.push(arg.to_owned());
        self
    }

    /// Serves the data of a server that has ended.
    #[must_use]
    pub fn home(mut self, home: Arc<Home>) -> Self {
        self.home = Some(home);
        self
    }

    /// Creates the superuser before the start.
    #[must_use]
    pub fn superuser(mut self) -> Self {
        self.superuser = true;
        self
    }

    /// Switches the legacy listener on.
    #[must_use]
    pub fn legacy(mut self) -> Self {
        self.legacy = true;
        self
    }

    /// Starts the server and waits for its first reply.
    pub async fn start(self) -> Server {
        let home = self.home.clone().unwrap_or_else(|| Arc::new(Home::new()));
        if self.superuser {
            let data = home.data();
            let args =
                ["superuser", "upsert", SUPERUSER, SUPERUSER_PASSWORD, "--dir", data.to_str().unwrap()];
            let output = run(&args, &home.env());
            assert_eq!(output.code, Some(0), "{output:?}");
        }
        // Between choosing a port and listening on it somebody else can take it.
        for _ in 0..3 {
            if let Some(server) = self.try_start(&home).await {
                return server;
            }
        }
        panic!("no port could be had");
    }

    /// `None` when the port was taken in between.
    async fn try_start(&self, home: &Arc<Home>) -> Option<Server> {
        let address = free_address();
        let legacy = self.legacy.then(free_address);
        let log = File::options().create(true).append(true).open(home.log()).expect("a log file");
        let mut command = clean_command();
        command.arg("serve").arg("--dir").arg(home.data()).envs(home.env());
        command.arg("--http").arg(address.to_string());
        if let Some(legacy) = legacy {
            command.arg("--legacy-http").arg(legacy.to_string());
        }
        command.args(&self.args).envs(self.env.iter().map(|(name, value)| (name, value)));
        command.stdout(log.try_clone().expect("a second handle")).stderr(log);
        let child = command.spawn().expect("the binary can be run");
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        let client = client.build().expect("an HTTP client");
        let mut server = Server { child, home: Arc::clone(home), address, legacy, client };
        server.is_ready().await.then_some(server)
    }
}

impl Server {
    /// Starts a server with [`Setup::new`].
    pub async fn start() -> Self {
        Setup::new().start().await
    }

    /// Starts a server with [`Setup::new`] and a superuser.
    pub async fn with_superuser() -> Self {
        Setup::new().superuser().start().await
    }

    /// A request to the main listener; the path begins with a slash.
    pub fn call(&self, method: &Method, path: &str) -> Call<'_> {
        Call::new(self, self.client.request(method.clone(), self.url(path)), format!("{method} {path}"))
    }

    /// A GET request to the main listener.
    pub fn get(&self, path: &str) -> Call<'_> {
        self.call(&Method::GET, path)
    }

    /// A POST request to the main listener.
    pub fn post(&self, path: &str) -> Call<'_> {
        self.call(&Method::POST, path)
    }

    /// A PATCH request to the main listener.
    pub fn patch(&self, path: &str) -> Call<'_> {
        self.call(&Method::PATCH, path)
    }

    /// A DELETE request to the main listener.
    pub fn delete(&self, path: &str) -> Call<'_> {
        self.call(&Method::DELETE, path)
    }

    /// A POST request to the legacy listener.
    pub fn legacy_post(&self, path: &str) -> Call<'_> {
        let address = self.legacy.expect("the legacy listener is switched on");
        Call::new(self, self.client.post(format!("http://{address}{path}")), format!("legacy POST {path}"))
    }

    /// The address of a path of the main listener.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Where the main listener listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A token of the superuser of [`Setup::superuser`].
    pub async fn superuser(&self) -> String {
        let body = json!({"identity": SUPERUSER, "password": SUPERUSER_PASSWORD});
        let reply = self.post("/api/collections/_superusers/auth-with-password").json(&body).send().await;
        reply.expect(200)["token"].as_str().expect("a token").to_owned()
    }

    /// The folder of the data.
    pub fn data(&self) -> PathBuf {
        self.home.data()
    }

    /// The database of the data, for what no request can do or see.
    pub fn database(&self) -> Database<'_> {
        self.home.database()
    }

    /// What is left of the server when it ends, to start another one on it.
    pub fn home(&self) -> Arc<Home> {
        Arc::clone(&self.home)
    }

    /// What the server wrote so far.
    pub fn log(&self) -> String {
        let bytes = std::fs::read(self.home.log()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Ends the server at once, as a loss of power would.
    pub fn kill(&mut self) {
        self.child.kill().expect("the server can be killed");
        self.child.wait().expect("the server has ended");
    }

    /// Asks the server to end, without waiting for it.
    pub fn terminate(&self) {
        self.signal("TERM");
    }

    /// Sends a signal, by its name without `SIG`.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let status = Command::new("kill").args(["-s", name, &pid]).status().expect("kill can be run");
        assert!(status.success());
    }

    /// Waits for the end of the server.
    pub async fn ended(&mut self) -> ExitStatus {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(status) = self.child.try_wait().expect("the server can be waited for") {
                return status;
            }
            assert!(Instant::now() < deadline, "the server did not end");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Whether the server answers; false when its port was taken.
    async fn is_ready(&mut self) -> bool {
        let deadline = Instant::now() + START;
        loop {
            if let Some(status) = self.child.try_wait().expect("the server can be waited for") {
                let log = self.log();
                assert!(log.contains("in use"), "the server ended with {status}:\n{log}");
                return false;
            }
            let health = self.client.get(self.url("/api/health")).send().await;
            // Beside TLS, plain HTTP only leads there.
            let answers = |status: StatusCode| status.is_success() || status.is_redirection();
            if health.is_ok_and(|reply| answers(reply.status())) {
                return true;
            }
            assert!(Instant::now() < deadline, "the server does not answer:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- log of the server\n{}---", self.log());
        }
    }
}

/// An address of this machine that nobody listens on.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address")
}
