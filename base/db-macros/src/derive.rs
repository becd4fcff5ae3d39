//! The code a derived row consists of.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Error, Field, Fields, Ident, Result, Type};

use crate::home;

/// The implementation of `Row` for the struct in `input`.
pub(crate) fn row(input: TokenStream) -> Result<TokenStream> {
    let input: DeriveInput = syn::parse2(input)?;
    let name = &input.ident;
    let refusal = || Error::new_spanned(name, "a row is a struct with named fields");
    let Data::Struct(data) = &input.data else { return Err(refusal()) };
    let Fields::Named(fields) = &data.fields else { return Err(refusal()) };
    let fields = fields.named.iter().filter_map(Column::of).collect::<Result<Vec<_>>>()?;
    if fields.is_empty() {
        return Err(refusal());
    }
    let db = home::path();
    let columns = columns(&fields, &db);
    let names = fields.iter().map(|field| field.name);
    let readings = fields.iter().map(|field| field.reading(&db));
    let values = fields.iter().map(|field| field.values(&db));
    let (generics, arguments, conditions) = input.generics.split_for_impl();
    Ok(quote! {
        impl #generics #db::Row for #name #arguments #conditions {
            const COLUMNS: &'static [&'static str] = #columns;

            fn from_row(row: &mut #db::RowReader<'_>) -> #db::kernel::Result<Self> {
                ::std::result::Result::Ok(Self { #(#names: #readings),* })
            }

            fn values(&self) -> ::std::vec::Vec<#db::kernel::Value> {
                let mut values = ::std::vec::Vec::with_capacity(<Self as #db::Row>::COLUMNS.len());
                #(#values;)*
                values
            }
        }
    })
}

/// A field, and whether it is one column or a row of its own.
struct Column<'a> {
    name: &'a Ident,
    is_row: bool,
    of: &'a Type,
}

impl<'a> Column<'a> {
    fn of(field: &'a Field) -> Option<Result<Self>> {
        let name = field.ident.as_ref()?;
        let mut is_row = false;
        for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("row")) {
            let read = attribute.parse_nested_meta(|meta| {
                is_row = meta.path.is_ident("flatten");
                if is_row { Ok(()) } else { Err(meta.error("a field of a row knows `flatten` alone")) }
            });
            if let Err(error) = read {
                return Some(Err(error));
            }
        }
        Some(Ok(Self { name, is_row, of: &field.ty }))
    }

    fn reading(&self, db: &TokenStream) -> TokenStream {
        let of = self.of;
        if self.is_row { quote!(<#of as #db::Row>::from_row(row)?) } else { quote!(row.next()?) }
    }

    fn values(&self, db: &TokenStream) -> TokenStream {
        let name = self.name;
        if self.is_row {
            quote!(values.extend(#db::Row::values(&self.#name)))
        } else {
            quote!(values.push(#db::kernel::ToValue::to_value(&self.#name)))
        }
    }
}

/// The names of all columns: those of a flattened row stand where its field stands.
fn columns(fields: &[Column<'_>], db: &TokenStream) -> TokenStream {
    let parts: Vec<TokenStream> = fields
        .iter()
        .map(|field| {
            let of = field.of;
            let name = field.name.unraw().to_string();
            if field.is_row { quote!(<#of as #db::Row>::COLUMNS) } else { quote!(&[#name]) }
        })
        .collect();
    if fields.iter().all(|field| !field.is_row) {
        let names = fields.iter().map(|field| field.name.unraw().to_string());
        return quote!(&[#(#names),*]);
    }
    quote!({
        const PARTS: &[&[&str]] = &[#(#parts),*];
        &#db::joined::<{ #db::width(PARTS) }>(PARTS)
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

    #[test]
    fn a_field_that_is_a_row_gives_its_columns_and_no_other_word_is_known() {
        let code = row(quote!(
            struct A {
                #[row(flatten)]
                b: B,
                c: i64,
            }
        ))
        .unwrap()
        .to_string();
        assert!(code.contains("joined"), "{code}");
        let unknown = row(quote!(
            struct A {
                #[row(rename)]
                b: i64,
            }
        ));
        assert!(unknown.unwrap_err().to_string().contains("flatten"));
    }
}
