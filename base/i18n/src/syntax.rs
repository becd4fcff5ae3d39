//! Reads which arguments a sentence takes.

use std::collections::BTreeSet;

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};

/// The sentences of a resource, each with the names of its arguments.
pub(crate) fn sentences(resource: &FluentResource) -> Vec<(String, BTreeSet<String>)> {
    let message = |entry: &Entry<&str>| match entry {
        Entry::Message(message) => {
            let mut arguments = BTreeSet::new();
            pattern(message.value.as_ref()?, &mut arguments);
            Some((message.id.name.to_owned(), arguments))
        }
        _ => None,
    };
    resource.entries().filter_map(message).collect()
}

fn pattern(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression: inner } = element {
            expression(inner, found);
        }
    }
}

fn expression(tree: &Expression<&str>, found: &mut BTreeSet<String>) {
    match tree {
        Expression::Inline(inner) => inline(inner, found),
        Expression::Select { selector, variants } => {
            inline(selector, found);
            variants.iter().for_each(|variant| pattern(&variant.value, found));
        }
    }
}

fn inline(tree: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
    match tree {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression: inner } => expression(inner, found),
        InlineExpression::FunctionReference { arguments, .. } => call(arguments, found),
        InlineExpression::TermReference { arguments: Some(arguments), .. } => call(arguments, found),
        _ => {}
    }
}

fn call(arguments: &CallArguments<&str>, found: &mut BTreeSet<String>) {
    arguments.positional.iter().for_each(|argument| inline(argument, found));
    arguments.named.iter().for_each(|argument| inline(&argument.value, found));
}
