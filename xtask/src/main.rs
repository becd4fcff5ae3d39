//! The project's own tasks: test, tidy, generate, scaffolding, measurements and evidence.
//!
//! `cargo xtask <task>` runs one; each task is one file or one folder here.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task runner speaks to its terminal")]

mod aiosmtpd;
mod bench;
mod generate;
mod interrupt;
mod postgres;
mod process;
mod provider;
mod requirements;
mod scaffold;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's own tasks.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every test on SQLite and on PostgreSQL (a throw-away server is started for it)
    Test(test::Options),
    /// Check the rules of the house
    Tidy(tidy::Options),
    /// Write the generated files anew, or check that they are fresh
    Generate(generate::Options),
    /// Write a new resource in a module
    NewResource(scaffold::ResourceOptions),
    /// Write a new module
    NewModule(scaffold::ModuleOptions),
    /// Measure Socle against the bare server
    Bench(bench::Options),
    /// List the requirements that tests name
    Requirements,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = interrupt::listen().and_then(|()| match arguments.task {
        Task::Test(options) => test::run(&options),
        Task::Tidy(options) => tidy::run(&options),
        Task::Generate(options) => generate::run(&options),
        Task::NewResource(options) => scaffold::new_resource(&options),
        Task::NewModule(options) => scaffold::new_module(&options),
        Task::Bench(options) => bench::run(&options),
        Task::Requirements => requirements::run(),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
