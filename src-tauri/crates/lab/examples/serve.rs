//! Starts the lab and prints what one needs to use it by hand; ends with Ctrl-C. Run with `--release` for the real
//! start-up time.

use std::time::Instant;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let clock = Instant::now();
    let lab = lab::Lab::start(lab::Options::default()).await?;
    eprintln!("started in {} ms", clock.elapsed().as_millis());
    println!("{}", serde_json::to_string_pretty(lab.description())?);
    if std::env::args().any(|argument| argument == "--once") {
        return Ok(());
    }
    std::future::pending::<()>().await;
    Ok(())
}
