//! The same decoding by other people's programs: the crate jwt-cli as a whole process beside ours, and PyJWT inside a running
//! Python beside ours inside a running program. Both are brought into `target/bench-tools` and measured in the same run.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use super::median;
use crate::{Result, shell};

/// Starts of each program that are measured, after one that is not.
const ROUNDS: usize = 60;

/// PyJWT's decoding without checking the signature, fastest of several rounds, one line a token.
const PYTHON: &str = r#"
import sys, timeit, jwt
for line in open(sys.argv[1]):
    name, text = line.split()
    work = lambda: jwt.decode(text, options={"verify_signature": False})
    work()
    count = 200 if len(text) > 10000 else 2000
    best = min(timeit.repeat(work, number=count, repeat=9)) / count
    print(name.replace("token", "pyjwt_decode"), best * 1e6, "us")
"#;

/// Lines `name value unit`. `ours` are the figures of the crate token's benchmark, whose program stands at `bench`.
pub fn figures(bench: &Path, ours: &[(String, f64)]) -> Result<String> {
    let tokens = shell::read(Command::new(bench).arg("tokens"))?;
    let small = tokens.lines().find_map(|line| line.strip_prefix("token_1k ")).ok_or("the benchmark printed no token")?;
    let jwt = jwt_cli()?;
    let (mut own, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let one = once(Command::new(bench).args(["decode", small]))?;
        let other = once(Command::new(&jwt).args(["decode", small]))?;
        if round > 0 {
            own.push(one);
            theirs.push(other);
        }
    }
    let (own, theirs) = (median(own.into_iter()), median(theirs.into_iter()));
    let mut lines = format!("decode_process {own:.3} ms\njwt_cli_decode_process {theirs:.3} ms\n");
    lines.push_str(&format!("decode_process_of_jwt_cli {:.3} times\n", own / theirs));
    let python = python(&tokens)?;
    for line in python.lines() {
        let mut words = line.split_whitespace();
        let (Some(name), Some(Ok(value))) = (words.next(), words.next().map(str::parse::<f64>)) else { continue };
        let size = name.trim_start_matches("pyjwt_decode_");
        if let Some((_, model)) = ours.iter().find(|(name, _)| *name == format!("decode_{size}")) {
            lines.push_str(&format!("{name} {value:.2} us\ndecode_{size}_of_pyjwt {:.3} times\n", model / value));
        }
    }
    Ok(lines)
}

/// A whole process, milliseconds.
fn once(command: &mut Command) -> Result<f64> {
    let began = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().map_err(|e| e.to_string())?;
    let took = began.elapsed().as_secs_f64() * 1e3;
    if status.success() { Ok(took) } else { Err(format!("{command:?} does not decode the token")) }
}

fn tools() -> PathBuf {
    shell::root().join("target/bench-tools")
}

fn jwt_cli() -> Result<PathBuf> {
    let program = tools().join("bin/jwt");
    if !program.exists() {
        println!("Bringing jwt-cli.");
        shell::show(shell::command(&["cargo", "install", "jwt-cli", "--locked", "--root"]).arg(tools()))?;
    }
    Ok(program)
}

fn python(tokens: &str) -> Result<String> {
    let folder = tools().join("python");
    let program = folder.join("bin/python");
    if !program.exists() {
        println!("Bringing PyJWT.");
        shell::show(shell::command(&["python3", "-m", "venv"]).arg(&folder))?;
        shell::show(Command::new(&program).args(["-m", "pip", "install", "--quiet", "PyJWT"]))?;
    }
    let input = tools().join("tokens.txt");
    fs::write(&input, tokens).map_err(|e| format!("{}: {e}", input.display()))?;
    shell::read(Command::new(&program).args(["-c", PYTHON]).arg(&input))
}
