//! The derive that maps a struct to a row.

mod derive;
mod home;

use proc_macro::TokenStream;

/// Maps a struct with named fields to a row: one column per field, of the same name and in the same order.
///
/// Every field is a type that is stored (`ToValue`) and read (`FromValue`). The columns of a `SELECT` that
/// fills the struct stand in the order of its fields. A field marked `#[row(flatten)]` is itself a row, whose
/// columns stand in its place.
#[proc_macro_derive(Row, attributes(row))]
pub fn derive_row(input: TokenStream) -> TokenStream {
    derive::row(input.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}
