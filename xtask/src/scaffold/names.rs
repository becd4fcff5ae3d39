//! The names of a new thing, in every form that a template asks for.

use anyhow::{Result, ensure};

/// What the generated code already calls by this name: types of the prelude and of the language, modules of a
/// resource, and the language's own words.
const TAKEN: &[&str] = &[
    "accepted",
    "actor",
    "answer",
    "body",
    "box",
    "code",
    "conn",
    "created",
    "db",
    "emit",
    "error",
    "fielderror",
    "id",
    "ifmatch",
    "kind",
    "kit",
    "line",
    "listing",
    "many",
    "merge",
    "module",
    "nocontent",
    "one",
    "option",
    "page",
    "path",
    "permission",
    "public",
    "query",
    "require",
    "result",
    "routes",
    "row",
    "self",
    "signedin",
    "slice",
    "state",
    "string",
    "text",
    "timestamp",
    "tx",
    "user",
    "vec",
    "visitor",
    "api",
    "model",
    "service",
    "store",
    "events",
    "permissions",
    "tests",
    "rules",
    "demo",
    "as",
    "async",
    "await",
    "break",
    "const",
    "continue",
    "crate",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "match",
    "mod",
    "move",
    "mut",
    "pub",
    "ref",
    "return",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "type",
    "unsafe",
    "use",
    "where",
    "while",
];

/// `documents` and what follows from it.
pub(crate) struct Names {
    /// The module, `intranet`.
    pub(crate) module: String,
    /// One, in snake case: `document`.
    pub(crate) thing: String,
    /// Several, in snake case: `documents`.
    pub(crate) things: String,
}

impl Names {
    /// Of several `things` in `module`; `singular` is worked out when it is not given.
    pub(crate) fn new(module: &str, things: &str, singular: Option<&str>) -> Result<Self> {
        let thing = singular.map_or_else(|| one_of(things), str::to_owned);
        for name in [module, things, thing.as_str()] {
            ensure!(
                is_name(name),
                "`{name}`: a name is of small letters and underscores and begins with a letter"
            );
        }
        for name in [module, things, thing.as_str()] {
            ensure!(
                !TAKEN.contains(&name.replace('_', "").as_str()),
                "`{name}` means something else in the generated code: choose another word"
            );
        }
        ensure!(
            thing != things,
            "`{things}` looks like one thing: give the plural, or its singular with --singular"
        );
        Ok(Self { module: module.to_owned(), thing, things: things.to_owned() })
    }

    /// The template with its placeholders filled in.
    pub(crate) fn fill(&self, template: &str) -> String {
        let pairs = [
            ("{{Module}}", camel(&self.module)),
            ("{{module}}", self.module.clone()),
            ("{{Module words}}", sentence(&self.module)),
            ("{{module words}}", words(&self.module)),
            ("{{Things}}", camel(&self.things)),
            ("{{things}}", self.things.clone()),
            ("{{things-path}}", self.things.replace('_', "-")),
            ("{{THINGS}}", self.things.to_uppercase()),
            ("{{Things words}}", sentence(&self.things)),
            ("{{things words}}", words(&self.things)),
            ("{{Thing}}", camel(&self.thing)),
            ("{{thing}}", self.thing.clone()),
            ("{{thing words}}", words(&self.thing)),
            ("{{A thing}}", sentence(&format!("{}_{}", article(&self.thing), self.thing))),
            ("{{a thing}}", format!("{} {}", article(&self.thing), words(&self.thing))),
        ];
        pairs.iter().fold(template.to_owned(), |text, (placeholder, name)| text.replace(placeholder, name))
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_lowercase())
        && name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

fn one_of(things: &str) -> String {
    let ending =
        |suffix: &str, instead: &str| things.strip_suffix(suffix).map(|stem| format!("{stem}{instead}"));
    ending("ies", "y")
        .or_else(|| ending("sses", "ss"))
        .or_else(|| ending("xes", "x"))
        .or_else(|| ending("ches", "ch"))
        .or_else(|| ending("shes", "sh"))
        .or_else(|| ending("s", ""))
        .unwrap_or_else(|| things.to_owned())
}

fn camel(name: &str) -> String {
    let words = name.split('_').filter_map(|word| word.split_at_checked(1));
    words.map(|(first, rest)| format!("{}{rest}", first.to_uppercase())).collect()
}

fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// The words as they begin a sentence.
fn sentence(name: &str) -> String {
    let words = words(name);
    words
        .split_at_checked(1)
        .map_or_else(String::new, |(first, rest)| format!("{}{rest}", first.to_uppercase()))
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_told_from_several() {
        for (several, one) in
            [("documents", "document"), ("categories", "category"), ("taxes", "tax"), ("branches", "branch")]
        {
            assert_eq!(Names::new("intranet", several, None).unwrap().thing, one);
        }
        assert_eq!(Names::new("intranet", "people", Some("person")).unwrap().thing, "person");
        assert!(Names::new("intranet", "people", None).is_err());
    }

    #[test]
    fn a_name_that_is_no_identifier_is_refused() {
        for bad in ["Documents", "docu-ments", "../documents", "", "1s", "pages", "types", "tests"] {
            assert!(Names::new("intranet", bad, None).is_err(), "{bad}");
        }
    }

    #[test]
    fn placeholders_are_filled_in() {
        let names = Names::new("intranet", "employee_categories", None).unwrap();
        let text = "{{module}} {{Thing}} {{thing}} {{Things}} {{things-path}} {{THINGS}} {{A thing}}";
        let expected = "intranet EmployeeCategory employee_category EmployeeCategories employee-categories EMPLOYEE_CATEGORIES An employee category";
        assert_eq!(names.fill(text), expected);
    }
}
