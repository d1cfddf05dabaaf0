//! `cargo xtask run`: from a clone to the open window. The first time takes minutes and shows its progress; after that only
//! what changed is done again. Without a display it does the main job in a virtual one instead.

use crate::{
    Result,
    app::{self, Build},
    packages::{self, For},
    shell, ui,
    window::{self, Pictures},
};

/// Starts the app.
pub fn run() -> Result<()> {
    let display = ["WAYLAND_DISPLAY", "DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    if !display {
        println!(
            "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can be shown.\n\
             Claimscope will be started on a virtual display and do the main job there: log in at the lab, exchange, compare, audit.\n"
        );
    }
    packages::ensure(if display { For::App } else { For::Desk })?;
    ui::install(&mut |command| {
        println!("Installing the UI's packages.");
        shell::show(command)
    })?;
    ui::build(&mut |command| {
        println!("Building the UI.");
        shell::show(command)
    })?;
    let binary = app::build("claimscope", Build::Release)?;
    if display {
        return shell::show(&mut shell::command(&[&binary.display().to_string()]));
    }
    window::main_job(&binary, Pictures::ToLookAt)
}
