//! The code a derived row consists of.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Error, Fields, Result};

use crate::home;

/// The implementation of `Row` for the struct in `input`.
pub(crate) fn row(input: TokenStream) -> Result<TokenStream> {
    let input: DeriveInput = syn::parse2(input)?;
    let name = &input.ident;
    let refusal = || Error::new_spanned(name, "a row is a struct with named fields");
    let Data::Struct(data) = &input.data else { return Err(refusal()) };
    let Fields::Named(fields) = &data.fields else { return Err(refusal()) };
    let fields: Vec<_> = fields.named.iter().filter_map(|field| field.ident.as_ref()).collect();
    if fields.is_empty() {
        return Err(refusal());
    }
    let columns: Vec<String> = fields.iter().map(|field| field.unraw().to_string()).collect();
    let db = home::path();
    let (generics, arguments, conditions) = input.generics.split_for_impl();
    Ok(quote! {
        impl #generics #db::Row for #name #arguments #conditions {
            const COLUMNS: &'static [&'static str] = &[#(#columns),*];

            fn from_row(row: &mut #db::RowReader<'_>) -> #db::kernel::Result<Self> {
                ::std::result::Result::Ok(Self { #(#fields: row.next()?),* })
            }

            fn values(&self) -> ::std::vec::Vec<#db::kernel::Value> {
                ::std::vec![#(#db::kernel::ToValue::to_value(&self.#fields)),*]
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_struct_without_named_fields_is_refused() {
        for bad in [
            quote!(
                struct A;
            ),
            quote!(
                struct A(i64);
            ),
            quote!(
                enum A {
                    B,
                }
            ),
            quote!(
                struct A {}
            ),
        ] {
            assert!(row(bad.clone()).unwrap_err().to_string().contains("named fields"), "{bad}");
        }
    }

    #[test]
    fn a_raw_identifier_names_the_plain_column() {
        let code = row(quote!(
            struct A {
                r#type: String,
            }
        ))
        .unwrap()
        .to_string();
        assert!(code.contains("\"type\""), "{code}");
    }
}
