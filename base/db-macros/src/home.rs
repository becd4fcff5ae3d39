//! Where the generated code finds the database crate: directly, or through the door of the modules.

use std::sync::OnceLock;

use proc_macro2::TokenStream;
use quote::quote;

/// The path of the database crate as the crate being compiled can name it.
///
/// A module depends on the kit alone, which re-exports the database as `db`; everybody else names it.
pub(crate) fn path() -> TokenStream {
    static THROUGH_KIT: OnceLock<bool> = OnceLock::new();
    if *THROUGH_KIT.get_or_init(is_through_kit) { quote!(::socle_kit::db) } else { quote!(::socle_db) }
}

fn is_through_kit() -> bool {
    let manifest =
        std::env::var_os("CARGO_MANIFEST_DIR").map(|folder| std::path::Path::new(&folder).join("Cargo.toml"));
    let text = manifest.and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
    let depends_on = |name: &str| {
        text.lines().any(|line| {
            line.trim_start().strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with(['.', '=']))
        })
    };
    depends_on("socle-kit") && !depends_on("socle-db")
}
