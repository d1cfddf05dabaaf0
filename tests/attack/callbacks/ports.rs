//! Other processes at the port, and redirects at which no answer could arrive.

use engine::loopback::Loopback;
use oauth::profile::Redirect;
use token::secret::Secret;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use super::Open;
use crate::row::Attack;

fn redirect(host: &str, port: u16, path: &str) -> Redirect {
    Redirect { host: host.into(), port, path: path.into() }
}

/// Why nothing is listened at.
async fn fault(redirect: Redirect) -> Result<(&'static str, String), String> {
    match Loopback::listen(&redirect, &Secret::new("state")).await {
        Ok(_) => Err("it listens".into()),
        Err(fault) => Ok((fault.id, format!("{} {}", fault.message, fault.advice))),
    }
}

/// A socket of another process: `share` asks the system to let others in.
async fn other(address: &str, share: bool) -> std::io::Result<TcpListener> {
    let address: std::net::SocketAddr = address.parse().expect("an address");
    let socket = if address.is_ipv6() { TcpSocket::new_v6()? } else { TcpSocket::new_v4()? };
    socket.set_reuseaddr(share)?;
    #[cfg(all(unix, not(target_os = "solaris")))]
    socket.set_reuseport(share)?;
    socket.bind(address)?;
    socket.listen(8)
}

/// Rows about ports and redirects.
pub fn rows() -> Vec<Attack> {
    let mut rows = Vec::new();
    for share in [false, true] {
        for place in ["127.0.0.1:0", "0.0.0.0:0", "[::]:0"] {
            for host in ["127.0.0.1", "localhost"] {
                let name = format!(
                    "port: {place} is held by another process, {}, and the redirect goes to {host}",
                    if share { "shared" } else { "not shared" }
                );
                rows.push(Attack::new(name, async move {
                    let held = other(place, share).await.map_err(|error| error.to_string())?;
                    let port = held.local_addr().map_err(|error| error.to_string())?.port();
                    let (id, words) = fault(redirect(host, port, "/callback")).await?;
                    (id == "port-in-use" && words.contains("another program")).then_some(()).ok_or(words)
                }));
            }
        }
        rows.push(Attack::new(
            format!("port: [::1] alone is held, shared {share}, and the redirect goes to localhost"),
            async move {
                let held = other("[::1]:0", share).await.map_err(|error| error.to_string())?;
                let port = held.local_addr().map_err(|error| error.to_string())?.port();
                let (id, words) = fault(redirect("localhost", port, "/callback")).await?;
                let told = id == "port-in-use" && words.contains("[::1]") && words.contains("would read the authorization code");
                if !(told && words.contains("Choose 127.0.0.1")) {
                    return Err(words);
                }
                // 127.0.0.1 leads past it.
                Open::at(redirect("127.0.0.1", port, "/callback")).await?.answered().await
            },
        ));
    }
    for host in ["127.0.0.1", "localhost"] {
        for place in ["127.0.0.1", "0.0.0.0", "[::]", "[::1]"] {
            if host == "127.0.0.1" && place == "[::1]" {
                continue;
            }
            rows.push(Attack::new(format!("port: another process wants {place} while {host} is listened at"), async move {
                let open = Open::at(redirect(host, 0, "/callback")).await?;
                match other(&format!("{place}:{}", open.port()), true).await {
                    Ok(_) => Err("it got the port".into()),
                    Err(_) => Ok(()),
                }
            }));
        }
    }
    rows.push(Attack::new("port: localhost is held at both addresses, and either takes the answer", async {
        for place in ["127.0.0.1", "::1"] {
            let mut open = Open::at(redirect("localhost", 0, "/callback")).await?;
            let request = open.filled("GET /callback?code=c&state={state} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
            let mut stream = TcpStream::connect((place, open.port())).await.map_err(|error| format!("{place}: {error}"))?;
            tokio::io::AsyncWriteExt::write_all(&mut stream, request.as_bytes()).await.map_err(|error| error.to_string())?;
            let status = super::read(&mut stream).await?.status;
            if status != 200 || open.loopback.arrived().await.is_none() {
                return Err(format!("{place} got {status}"));
            }
        }
        Ok(())
    }));
    rows.push(Attack::new("port: localhost does not answer for 127.0.0.1", async {
        let open = Open::at(redirect("localhost", 0, "/callback")).await?;
        let request = open.filled(&super::get(super::GOOD, ""));
        let status = super::send(open.port(), request.as_bytes()).await?.status;
        (status == 421).then_some(()).ok_or(format!("it got {status}"))
    }));
    rows.push(Attack::new("port: a fixed port can be used again at once", async {
        let mut open = Open::start().await?;
        let port = open.port();
        open.answered().await?;
        drop(open);
        for _ in 0..1000 {
            match Open::at(redirect("127.0.0.1", port, "/callback")).await {
                Ok(mut open) => return open.answered().await,
                // The first listener's task needs a turn to end.
                Err(_) => tokio::task::yield_now().await,
            }
        }
        Err("it stays taken".into())
    }));
    for (host, path) in [
        ("localhost.", "/callback"),
        ("0.0.0.0", "/callback"),
        ("evil.example", "/callback"),
        ("", "/callback"),
        ("[::1]", "/callback"),
        ("127.0.0.1", "callback"),
        ("127.0.0.1", ""),
        ("127.0.0.1", "/callback?x=1"),
        ("127.0.0.1", "/callback#x"),
        ("127.0.0.1", "/call back"),
        ("127.0.0.1", "//evil.example/callback"),
        ("127.0.0.1", "/a/../callback"),
        ("127.0.0.1", "/callback\r\nSet-Cookie: evil"),
    ] {
        rows.push(Attack::new(format!("redirect: {host:?} {path:?} is refused with words"), async move {
            let (id, words) = fault(redirect(host, 0, path)).await?;
            (id == "bad-redirect" && words.ends_with('.') && !words.contains('\n')).then_some(()).ok_or(words)
        }));
    }
    rows
}
