//! The document in French: the same operations and schemas, with other words for people.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use socle_i18n::{Catalogue, Language, Texts};

use super::Document;
use super::document::REFUSALS;

/// Keys whose values are data, not words for people.
const DATA: [&str; 6] = ["const", "default", "enum", "example", "examples", "pattern"];

impl Document {
    /// The document in French, and the texts that have no French and stay as they are.
    pub fn in_french(&self, texts: &Texts, catalogue: &Catalogue) -> (Self, BTreeSet<String>) {
        let mut whole = self.0.clone();
        let mut translator = Translator { texts, missing: BTreeSet::new() };
        let refusals = whole.pointer_mut("/components/responses").and_then(Value::as_object_mut);
        for (name, response) in refusals.into_iter().flatten() {
            let key = REFUSALS.iter().find(|(known, _)| known == name).map(|(_, key)| *key);
            let Some(about) = response.get_mut("description") else { continue };
            // Where the sentence takes arguments, its name stands in the document, and is translated as a text.
            let english = key.map(|key| catalogue.text(Language::En, key, &[]));
            match key.filter(|_| english.as_deref() == about.as_str()) {
                Some(key) => *about = catalogue.text(Language::Fr, key, &[]).into(),
                None => translator.text(about),
            }
        }
        translator.walk(&mut whole);
        (Self(whole), translator.missing)
    }

    /// Every text of the document that is for people.
    pub fn texts(&self) -> BTreeSet<String> {
        let mut whole = self.0.clone();
        let nothing = Texts::default();
        let mut translator = Translator { texts: &nothing, missing: BTreeSet::new() };
        translator.walk(&mut whole);
        let refusals = whole.pointer("/components/responses").and_then(Value::as_object);
        let sentences =
            refusals.into_iter().flatten().filter_map(|(_, refusal)| refusal.get("description")?.as_str());
        translator.missing.extend(sentences.map(str::to_owned));
        translator.missing
    }
}

struct Translator<'a> {
    texts: &'a Texts,
    missing: BTreeSet<String>,
}

impl Translator<'_> {
    fn walk(&mut self, value: &mut Value) {
        match value {
            Value::Object(object) => {
                for (key, inner) in object.iter_mut() {
                    match (key.as_str(), &*inner) {
                        ("summary" | "description", Value::String(_)) => self.text(inner),
                        ("tags", Value::Array(_)) => self.tags(inner),
                        ("responses", Value::Object(shared)) if !is_operation(shared) => self.refusals(inner),
                        (key, _) if DATA.contains(&key) => {}
                        _ => self.walk(inner),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.walk(item)),
            _ => {}
        }
    }

    /// The shared refusals, but for their sentences: those are the catalogue's, and translated already.
    fn refusals(&mut self, shared: &mut Value) {
        for response in shared.as_object_mut().into_iter().flat_map(Map::values_mut) {
            for (key, inner) in response.as_object_mut().into_iter().flatten() {
                if key != "description" {
                    self.walk(inner);
                }
            }
        }
    }

    /// The groups: by name in an operation, with a description in the list of all.
    fn tags(&mut self, tags: &mut Value) {
        for tag in tags.as_array_mut().into_iter().flatten() {
            match tag {
                Value::Object(group) => {
                    group.values_mut().for_each(|word| self.text(word));
                }
                name => self.text(name),
            }
        }
    }

    fn text(&mut self, value: &mut Value) {
        let Some(english) = value.as_str() else { return };
        match self.texts.find(Language::Fr, english) {
            Some(french) => *value = french.into(),
            None => {
                self.missing.insert(english.to_owned());
            }
        }
    }
}

/// Are these the responses of an operation, by status, and not the shared ones, by name?
fn is_operation(responses: &Map<String, Value>) -> bool {
    responses.keys().all(|key| key.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use socle_i18n::Locale;

    use super::*;

    #[test]
    fn words_for_people_are_translated_data_is_not_and_what_lacks_its_french_is_named() {
        let catalogue = Catalogue::new(&[
            Locale { language: Language::En, ftl: crate::ENGLISH, origin: "http" },
            Locale { language: Language::Fr, ftl: crate::FRENCH, origin: "http" },
        ])
        .unwrap();
        let texts = Texts::new(["\"List things\" = \"Lister les choses\"\n\"things\" = \"choses\""]).unwrap();
        let document = Document(json!({
            "tags": [{"name": "things"}],
            "paths": {"/things": {"get": {"summary": "List things", "tags": ["things"], "example": {"description": "x"},
                "responses": {"200": {"description": "Odd."}, "400": {"$ref": "#/components/responses/Invalid"}}}}},
            "components": {"responses": {"Invalid": {"description": "Validation failed"}}},
        }));
        let (french, missing) = document.in_french(&texts, &catalogue);
        let at = |pointer: &str| french.0.pointer(pointer).cloned().unwrap_or_default();
        assert_eq!(at("/tags/0/name"), "choses");
        assert_eq!(at("/paths/~1things/get/summary"), "Lister les choses");
        assert_eq!(at("/paths/~1things/get/tags/0"), "choses");
        assert_eq!(at("/paths/~1things/get/example/description"), "x");
        let refusal = catalogue.text(Language::Fr, "error-validation-error", &[]);
        assert_eq!(at("/components/responses/Invalid/description"), refusal.as_str());
        assert_eq!(missing.into_iter().collect::<Vec<_>>(), ["Odd."]);
        assert_eq!(document.texts().len(), 4);
    }
}
