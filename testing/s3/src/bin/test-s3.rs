//! The server of this crate for tests that are not written in Rust.
//!
//! `test-s3 BUCKET...` starts a server with these buckets and prints one line: its address, the key that it knows, and
//! the secret of the key, with a space between. The server ends when the standard input does, which it does with the
//! one who asked.

use std::env;
use std::io::{self, Read, Write};

use baibase_test_s3::{ACCESS_KEY, S3Server, SECRET};

fn main() -> io::Result<()> {
    let server = S3Server::new();
    for bucket in env::args().skip(1) {
        server.make_bucket(&bucket);
    }
    let mut out = io::stdout();
    writeln!(out, "{} {ACCESS_KEY} {SECRET}", server.endpoint())?;
    out.flush()?;
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
