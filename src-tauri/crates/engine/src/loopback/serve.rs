//! Connections at the listener: one request each, bounded in time, size and number.
//!
//! Whoever floods the listener with connections that say nothing must not keep the answer out. So a full house sends away the
//! one that has been there longest, and running out of file descriptors ends nothing.

use std::{collections::VecDeque, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::{AbortHandle, JoinSet},
    time::{Instant, sleep, sleep_until, timeout},
};

use super::{
    door::{Listener, Reply},
    strays::Stray,
};

/// Most connections at once; far below what a process may open.
const MOST: usize = 128;
/// How long a connection is let alone before it has to make room: a browser sends its request within a few milliseconds.
const GRACE: Duration = Duration::from_millis(300);
/// How long the head of a request may take.
const HEAD: Duration = Duration::from_secs(10);
/// How long a page may take to be written.
const PAGE: Duration = Duration::from_secs(5);
/// How long, and how much, is read after the page, so that who is still sending gets it.
const LINGER: Duration = Duration::from_millis(500);
const LINGER_BYTES: usize = 1 << 20;
/// Longest head of a request, in bytes: a query of 16 kB and the cookies of everything else on this host.
const LONGEST_HEAD: usize = 64 * 1024;

/// Accepts until it is dropped.
pub(super) async fn serve(listeners: Vec<TcpListener>, door: Arc<Listener>) {
    let mut open = JoinSet::new();
    let mut ages: VecDeque<(Instant, AbortHandle)> = VecDeque::new();
    loop {
        while open.try_join_next().is_some() {}
        ages.retain(|(_, handle)| !handle.is_finished());
        if ages.len() >= MOST
            && let Some((since, oldest)) = ages.front()
        {
            tokio::select! {
                _ = open.join_next() => {}
                () = sleep_until(*since + GRACE) => {
                    oldest.abort();
                    door.count(Stray::Malformed);
                    ages.pop_front();
                }
            }
            continue;
        }
        match accept(&listeners).await {
            Ok((stream, _)) => {
                let door = Arc::clone(&door);
                ages.push_back((Instant::now(), open.spawn(async move { connection(stream, &door).await })));
            }
            Err(_) => {
                // Out of file descriptors, or a peer that left between SYN and accept: neither ends the wait.
                if let Some((_, oldest)) = ages.pop_front() {
                    oldest.abort();
                    door.count(Stray::Malformed);
                }
                sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

async fn accept(listeners: &[TcpListener]) -> std::io::Result<(TcpStream, SocketAddr)> {
    match listeners {
        [one, other, ..] => tokio::select! {
            accepted = one.accept() => accepted,
            accepted = other.accept() => accepted,
        },
        [one] => one.accept().await,
        [] => std::future::pending().await,
    }
}

async fn connection(mut stream: TcpStream, door: &Listener) {
    let mut head = Vec::new();
    let reply = match timeout(HEAD, read_head(&mut stream, &mut head)).await {
        Ok(Read::Head) => door.answer(&head),
        Ok(Read::NotHttp) => door.refuse(400),
        Ok(Read::TooLong) => door.refuse(if long_address(&head) { 414 } else { 431 }),
        // Browsers open connections ahead that they never use.
        Ok(Read::Closed) | Err(_) if head.is_empty() => return,
        Ok(Read::Closed) => return door.count(Stray::Malformed),
        Err(_) => door.refuse(408),
    };
    let Reply { text, taken } = reply;
    // A browser that hung up early does not take the answer back.
    let _ = timeout(PAGE, async {
        stream.write_all(text.as_bytes()).await?;
        stream.shutdown().await
    })
    .await;
    if let Some((sender, query)) = taken {
        // Nobody waits any more when the run was cancelled meanwhile.
        let _ = sender.send(query);
    }
    let _ = timeout(LINGER, linger(&mut stream)).await;
}

/// Whether it is the address that is too long, and not the headers after it.
fn long_address(head: &[u8]) -> bool {
    head.iter().position(|byte| *byte == b'\n').is_none_or(|line| line > LONGEST_HEAD / 2)
}

enum Read {
    Head,
    NotHttp,
    TooLong,
    Closed,
}

/// Reads up to the empty line that ends the head, and never looks twice at what it read.
async fn read_head(stream: &mut TcpStream, head: &mut Vec<u8>) -> Read {
    let mut buffer = [0; 4096];
    loop {
        let count = match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return Read::Closed,
            Ok(count) => count,
        };
        let before = head.len().saturating_sub(3);
        head.extend_from_slice(&buffer[..count]);
        // A method begins with a letter; a TLS client hello and most else that is not HTTP does not.
        if !head.first().is_some_and(u8::is_ascii_uppercase) {
            return Read::NotHttp;
        }
        if let Some(end) = head[before..].windows(4).position(|window| window == b"\r\n\r\n") {
            let end = before + end + 4;
            if end > LONGEST_HEAD {
                return Read::TooLong;
            }
            head.truncate(end);
            return Read::Head;
        }
        if head.len() > LONGEST_HEAD {
            return Read::TooLong;
        }
    }
}

async fn linger(stream: &mut TcpStream) {
    let (mut buffer, mut read) = ([0; 4096], 0);
    while read < LINGER_BYTES {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(count) => read += count,
        }
    }
}
