//! `cargo xtask new-resource` and `new-module`: files written once, from templates, and then their author's.

mod edits;
mod names;
mod prove;
mod template;
#[cfg(test)]
mod tests;
mod writing;

use anyhow::Result;

use crate::workspace;
use names::Names;

/// What `new-resource` is told.
#[derive(clap::Args)]
pub(crate) struct ResourceOptions {
    /// The module it belongs to: `intranet`
    module: String,
    /// Its name in the plural, in snake case: `documents`
    things: String,
    /// Its name in the singular, when that is not the plural without its ending
    #[arg(long)]
    singular: Option<String>,
    /// Change nothing here: write it in a copy of the repository, check it by the rules, build it, run its tests
    #[arg(long)]
    prove: bool,
}

/// What `new-module` is told.
#[derive(clap::Args)]
pub(crate) struct ModuleOptions {
    /// Its name, in snake case: `library`
    name: String,
}

/// Writes a resource.
pub(crate) fn new_resource(options: &ResourceOptions) -> Result<()> {
    let names = Names::new(&options.module, &options.things, options.singular.as_deref())?;
    if options.prove {
        return prove::resource(&workspace::root(), &names);
    }
    writing::resource(&workspace::root(), &names)?;
    println!(
        "say its sentences in French in fr.ftl and fr.toml of modules/{}/src/{}/i18n,",
        names.module, names.things
    );
    println!("then run `cargo xtask generate` and `cargo xtask test -p socle-{}`", names.module);
    Ok(())
}

/// Writes a module.
pub(crate) fn new_module(options: &ModuleOptions) -> Result<()> {
    let names = Names::new(&options.name, "things", None)?;
    writing::module(&workspace::root(), &names)?;
    println!("say its name in French in modules/{}/i18n/fr.ftl, then:", names.module);
    println!("cargo xtask new-resource {} THINGS", names.module);
    Ok(())
}
