//! Processes that end with the one who started them: killed when dropped, and by the kernel when the harness dies.

use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::Result;

/// Environment of everything on one desk; nothing else is inherited.
pub type Environment = Vec<(String, String)>;

/// A running process with its output in a file.
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `words` with exactly this environment; output is appended to `log`.
    pub fn start(words: &[&str], environment: &Environment, log: &Path) -> Result<Self> {
        Self::spawn(words, environment, log, false).map(|(process, _)| process)
    }

    /// Starts a process that prints one line on its standard output when it is ready, and returns the line.
    pub fn start_and_read_line(words: &[&str], environment: &Environment, log: &Path) -> Result<(Self, String)> {
        let (process, output) = Self::spawn(words, environment, log, true)?;
        let name = process.name.clone();
        let output = output.ok_or_else(|| format!("{name}: no standard output"))?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).map_err(|e| format!("{name}: {e}"))?;
        match line.trim() {
            "" => Err(format!("{name} ended before it was ready; see {}", log.display())),
            line => Ok((process, line.to_owned())),
        }
    }

    /// Starts a process that prints one JSON value, over any number of lines, when it is ready.
    pub fn start_and_read_json(words: &[&str], environment: &Environment, log: &Path) -> Result<(Self, Value)> {
        let (process, output) = Self::spawn(words, environment, log, true)?;
        let output = output.ok_or_else(|| format!("{}: no standard output", process.name))?;
        let first = serde_json::Deserializer::from_reader(output).into_iter().next();
        match first {
            Some(Ok(value)) => Ok((process, value)),
            _ => Err(format!("{} said nothing; see {}", process.name, log.display())),
        }
    }

    /// Starts a process that reads its standard input once.
    pub fn start_with_input(words: &[&str], environment: &Environment, log: &Path, input: &str) -> Result<Self> {
        let mut command = command(words, environment, log)?;
        let mut child = command.stdin(Stdio::piped()).spawn().map_err(|e| format!("{}: {e}", words[0]))?;
        if let Some(mut pipe) = child.stdin.take() {
            pipe.write_all(input.as_bytes()).map_err(|e| format!("{}: {e}", words[0]))?;
        }
        Ok(Self { name: words[0].to_owned(), child, log: log.to_owned() })
    }

    /// Waits until it accepts connections on `port`.
    pub fn wait_for_port(&mut self, port: u16, limit: Duration) -> Result<()> {
        let end = Instant::now() + limit;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(format!("{} ended with {status}; see {}", self.name, self.log.display()));
            }
            if Instant::now() > end {
                return Err(format!("{} does not answer on port {port}; see {}", self.name, self.log.display()));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    fn spawn(
        words: &[&str],
        environment: &Environment,
        log: &Path,
        read: bool,
    ) -> Result<(Self, Option<std::process::ChildStdout>)> {
        let mut command = command(words, environment, log)?;
        if read {
            command.stdout(Stdio::piped());
        }
        let mut child = command.spawn().map_err(|e| format!("{}: {e}", words[0]))?;
        let output = child.stdout.take();
        Ok((Self { name: words[0].to_owned(), child, log: log.to_owned() }, output))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command that dies with its parent (`setpriv --pdeathsig`, util-linux), so that no display or keychain is left over.
fn command(words: &[&str], environment: &Environment, log: &Path) -> Result<Command> {
    let open = || File::options().create(true).append(true).open(log).map_err(|e| format!("{}: {e}", log.display()));
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).args(words);
    command.env_clear().envs(environment.iter().map(|(name, value)| (name, value)));
    command.stdin(Stdio::null()).stdout(open()?).stderr(open()?);
    Ok(command)
}

/// A port that was free a moment ago. Drivers take a number, not "any", so there is no better way to choose one.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|e| format!("no free port: {e}"))?;
    listener.local_addr().map(|address| address.port()).map_err(|e| format!("no free port: {e}"))
}

/// Runs a short command to its end and returns its standard output.
pub fn output(words: &[&str], environment: &Environment) -> Result<String> {
    let output = Command::new(words[0])
        .args(&words[1..])
        .env_clear()
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("{}: {e}", words[0]))?;
    if output.status.success() {
        return String::from_utf8(output.stdout).map_err(|e| format!("{}: {e}", words[0]));
    }
    Err(format!("{} ended with {}: {}", words.join(" "), output.status, String::from_utf8_lossy(&output.stderr).trim()))
}
