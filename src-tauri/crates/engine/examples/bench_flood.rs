//! What an answer of 8 MiB costs: memory, time and journal, for each kind of content, each in a process of its own. One line a
//! content: `content: MiB more at the peak, ms, kB of journal, kB of the step`. Linux only: the peak is the kernel's own.
//!
//! `cargo run --release -p engine --example bench_flood`

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    process::Command,
    sync::Arc,
    time::Instant,
};

use engine::{
    secrets::Secrets,
    workbench::Workbench,
    world::{Browser, SystemClock, SystemRandom, World},
};
use oauth::profile::Profile;
use record::operation::{Draft, Operation};
use token::text::Pair;

const SIZE: usize = 8 << 20;
const TOKEN: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSIsInNjb3BlIjoib3BlbmlkIn0.";

/// The contents by name, with their types.
fn contents() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    const JSON: &str = "application/json";
    let text = |text: String| text.into_bytes();
    let numbers = format!("[{}1]", "1,".repeat(SIZE / 2 - 2));
    let records = format!("[{}1]", "{\"id\":12345,\"name\":\"order\",\"lines\":[1,2,3]},".repeat(SIZE / 46));
    vec![
        ("numbers", JSON, text(numbers)),
        ("records", JSON, text(records)),
        ("open brackets", JSON, text("[".repeat(SIZE))),
        ("closed brackets", JSON, text(format!("{}{}", "[".repeat(SIZE / 2), "]".repeat(SIZE / 2)))),
        ("empty lists", JSON, text(format!("[{}[]]", "[],".repeat(SIZE / 3 - 2)))),
        ("one text", JSON, text(format!("{{\"a\":\"{}\"}}", "x".repeat(SIZE - 16)))),
        ("one line", "text/plain", text("x".repeat(SIZE))),
        ("short lines", "text/plain", text("x\n".repeat(SIZE / 2))),
        ("page", "text/html", text("<p a=\"b\">c</p>\n".repeat(SIZE / 16))),
        ("form", "application/x-www-form-urlencoded", text("a=b&".repeat(SIZE / 4))),
        ("bytes", "application/octet-stream", vec![0xff; SIZE]),
    ]
}

struct NoBrowser;

impl Browser for NoBrowser {
    fn open(&self, _: &str) -> Result<(), String> {
        Err("there is none".into())
    }
}

fn status(name: &str) -> i64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().unwrap_or_default()
}

/// One call of a small answer first, so that what every call costs is not counted.
fn child(base: &str, content: &str) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let folder = tempfile::tempdir()?;
        let world = World { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom), browser: Arc::new(NoBrowser) };
        let (workbench, _) = Workbench::with(folder.path(), world, Secrets::memory(folder.path().join("none")))?;
        let profile = Profile { id: "bench".into(), ..Profile::default() };
        let token = workbench.paste(TOKEN).map_err(|fault| fault.message)?.0.remove(0);
        let draft = |path: &str| Draft {
            operation: Operation::CallApi,
            profile: profile.id.clone(),
            values: [("token", format!("token:{token}")), ("method", "GET".into()), ("url", format!("{base}/{path}"))]
                .map(|(name, value)| Pair { name: name.into(), value })
                .into(),
            extra: Vec::new(),
        };
        let journal = || {
            let size = |name: &str| std::fs::metadata(folder.path().join(name)).map_or(0, |data| data.len());
            size("journal.sqlite") + size("journal.sqlite-wal")
        };
        workbench.run("warm", &draft("small"), &profile, &|_| {}).await?;
        std::fs::write("/proc/self/clear_refs", "5")?;
        let (before, written) = (status("VmRSS"), journal());
        let began = Instant::now();
        let step = workbench.run("run", &draft(&content.replace(' ', "-")), &profile, &|_| {}).await?;
        let took = began.elapsed().as_secs_f64() * 1e3;
        let sent = serde_json::to_string(&step)?.len();
        let peak = (status("VmHWM") - before) / 1024;
        println!(
            "{content}: {peak} MiB, {took:.0} ms, {} kB of journal, {} kB of step, {:?}",
            (journal() - written) / 1000,
            sent / 1000,
            step.outcome
        );
        Ok(())
    })
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().collect();
    if let [_, base, content] = words.as_slice() {
        return child(base, content);
    }
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let base = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut head = [0; 8192];
            let count = stream.read(&mut head).unwrap_or(0);
            let head = String::from_utf8_lossy(&head[..count]).into_owned();
            let path = head.split(' ').nth(1).unwrap_or_default().trim_start_matches('/').replace('-', " ");
            let found = contents().into_iter().find(|(name, ..)| *name == path);
            let (_, kind, body) = found.unwrap_or(("small", "application/json", b"{}".to_vec()));
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        }
    });
    for (name, ..) in contents() {
        let output = Command::new(std::env::current_exe()?).args([&base, name]).output()?;
        print!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
