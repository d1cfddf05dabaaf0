//! Many connections, slow ones, and no file descriptors left: the right answer still gets in.

use std::{net::Ipv4Addr, process::Stdio, time::Instant};

use tokio::{io::AsyncWriteExt as _, net::TcpStream, time::timeout};

use super::{GOOD, Open, SOON, get};
use crate::row::Attack;

/// Rows of floods.
pub fn rows() -> Vec<Attack> {
    let mut rows = Vec::new();
    for (name, said) in [
        ("that say nothing", ""),
        ("that begin a request", "GET /callback?"),
        ("that send a header at a time", "GET / HTTP/1.1\r\nHost: evil.example\r\nX-Evil: "),
        ("that begin like the answer", "GET /callback?code=c&state=q0-Zr"),
    ] {
        rows.push(Attack::new(format!("flood: 500 connections {name}"), crowd(500, said)));
    }
    rows.push(Attack::new("flood: 3000 requests for other paths, and then the answer", async {
        let mut open = Open::start().await?;
        let request = open.filled(&get("/evil", ""));
        for turn in 0..30 {
            let sent: Vec<_> = (0..100)
                .map(|_| {
                    let (port, request) = (open.port(), request.clone());
                    tokio::spawn(async move { super::send(port, request.as_bytes()).await })
                })
                .collect();
            for one in sent {
                let status = one.await.map_err(|error| error.to_string())??.status;
                if status != 404 {
                    return Err(format!("in turn {turn} one got {status}"));
                }
            }
        }
        if open.strays() != 3000 {
            return Err(format!("{} strays are counted", open.strays()));
        }
        open.answered().await
    }));
    rows.push(Attack::new("flood: the answer in pieces of one byte", async {
        let mut open = Open::start().await?;
        let request = open.filled(&get(GOOD, ""));
        let mut stream = connect(open.port()).await?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        for byte in request.bytes() {
            stream.write_all(&[byte]).await.map_err(|error| error.to_string())?;
        }
        let status = super::read(&mut stream).await?.status;
        let arrived = timeout(SOON, open.loopback.arrived()).await;
        (status == 200 && matches!(arrived, Ok(Some(_)))).then_some(()).ok_or(format!("{status} {arrived:?}"))
    }));
    rows.push(Attack::new("flood: the browser hangs up before it reads the page", async {
        let mut open = Open::start().await?;
        let request = open.filled(&get(GOOD, ""));
        let mut stream = connect(open.port()).await?;
        stream.write_all(request.as_bytes()).await.map_err(|error| error.to_string())?;
        drop(stream);
        matches!(timeout(SOON, open.loopback.arrived()).await, Ok(Some(_))).then_some(()).ok_or("it was lost".into())
    }));
    rows.push(Attack::new("flood: 64 MB behind a wrong request", async {
        let mut open = Open::start().await?;
        let mut stream = connect(open.port()).await?;
        let head = open.filled(&get("/evil", "Content-Length: 67108864\r\n"));
        let _ = stream.write_all(head.as_bytes()).await;
        for _ in 0..64 {
            // The listener stops reading, and then sending fails: both are right.
            if stream.write_all(&vec![b'x'; 1 << 20]).await.is_err() {
                break;
            }
        }
        open.waits().await?;
        open.answered().await
    }));
    rows.push(Attack::new("flood: no file descriptor is left, and then there are some again", async {
        let me = std::env::current_exe().map_err(|error| error.to_string())?;
        let output = tokio::process::Command::new("sh")
            .args(["-c", "ulimit -n 96; exec \"$0\" child --exact --ignored --nocapture"])
            .arg(me)
            .env("ATTACK_CHILD", "descriptors")
            .stdin(Stdio::null())
            .output()
            .await
            .map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.success() && text.contains("held with 96")).then_some(()).ok_or(text)
    }));
    rows
}

async fn connect(port: u16) -> Result<TcpStream, String> {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| error.to_string())
}

/// `number` connections that stay, and the answer among them.
async fn crowd(number: usize, said: &str) -> Result<(), String> {
    let mut open = Open::start().await?;
    let mut crowd = Vec::new();
    for _ in 0..number {
        let mut stream = connect(open.port()).await?;
        // One that was sent away to make room for another cannot say anything more.
        let _ = stream.write_all(said.as_bytes()).await;
        crowd.push(stream);
    }
    let began = Instant::now();
    open.answered().await?;
    let took = began.elapsed();
    drop(crowd);
    (took.as_secs() < 5).then_some(()).ok_or(format!("the answer took {took:?}"))
}

/// In a process that may open few files: all are taken, and the listener goes on when they are given back.
pub async fn child() {
    let mut open = Open::start().await.expect("a listener");
    let mut crowd = Vec::new();
    // The kernel takes connections for the listener that it has no descriptor to accept with.
    while let Ok(stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, open.port())).await {
        crowd.push(stream);
        if crowd.len() > 96 {
            break;
        }
    }
    crowd.truncate(crowd.len() / 2);
    timeout(SOON * 4, async {
        while let Err(why) = open.answered().await {
            println!("not yet: {why}");
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the answer gets in");
    println!("held with 96");
}
