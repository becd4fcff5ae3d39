//! Which kinds a reader wants, and how many streams one user may hold: pure rules.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use socle_kit::kernel::{Error, FieldError, Result, UserId, codes};

/// The kinds a reader wants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Kinds(Vec<Wanted>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    Exactly(String),
    /// Everything that begins so, the dot included.
    Below(String),
}

impl Kinds {
    /// Reads `announcement.published`, `announcement.*`; all at once says which are neither. An empty list is
    /// every kind.
    pub(crate) fn parse(texts: &[String]) -> Result<Self> {
        let mut wanted = Vec::new();
        let mut wrong = Vec::new();
        for (index, text) in texts.iter().enumerate() {
            match Wanted::parse(text) {
                Some(kind) => wanted.push(kind),
                None => {
                    let field = FieldError::new(format!("kinds[{index}]"), codes::BAD_FORMAT);
                    wrong.push(field.arg("format", "announcement.published, announcement.*"));
                }
            }
        }
        if wrong.is_empty() { Ok(Self(wanted)) } else { Err(Error::invalid(wrong)) }
    }

    /// Is an event of this kind wanted?
    pub(crate) fn wants(&self, kind: &str) -> bool {
        self.0.is_empty()
            || self.0.iter().any(|wanted| match wanted {
                Wanted::Exactly(name) => name == kind,
                Wanted::Below(prefix) => kind.starts_with(prefix),
            })
    }
}

impl Wanted {
    fn parse(text: &str) -> Option<Self> {
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
        };
        match text.split_once('.') {
            Some((thing, "*")) if is_word(thing) => Some(Self::Below(format!("{thing}."))),
            Some((thing, what)) if is_word(thing) && is_word(what) => Some(Self::Exactly(text.to_owned())),
            _ => None,
        }
    }
}

/// The streams that are open, by user. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Places(Arc<Mutex<HashMap<UserId, usize>>>);

/// One open stream of a user; given back when dropped.
pub(crate) struct Place {
    places: Places,
    user: UserId,
}

impl Places {
    /// A place for one more stream of this user; `None` when `max` are open.
    pub(crate) fn take(&self, user: UserId, max: usize) -> Option<Place> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.get(&user).copied().unwrap_or_default();
        if count >= max {
            return None;
        }
        open.insert(user, count + 1);
        Some(Place { places: self.clone(), user })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut entry) = open.entry(self.user) {
            match entry.get() {
                0 | 1 => drop(entry.remove()),
                count => {
                    let fewer = count - 1;
                    entry.insert(fewer);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(texts: &[&str]) -> Result<Kinds> {
        Kinds::parse(&texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_kind_is_wanted_by_its_name_or_by_what_it_is_about() {
        let wanted = kinds(&["announcement.read", "user.*"]).unwrap();
        assert!(wanted.wants("announcement.read") && wanted.wants("user.signed_in"));
        assert!(!wanted.wants("announcement.published") && !wanted.wants("username.taken"));
        assert!(kinds(&[]).unwrap().wants("anything.at_all"));
    }

    #[test]
    fn every_kind_that_is_none_is_named_at_once() {
        let error = kinds(&["a.b", "*", "A.b", "a.b.c", "a.*"]).unwrap_err();
        let paths: Vec<&str> = error.fields().iter().map(|field| field.path.as_str()).collect();
        assert_eq!(paths, ["kinds[1]", "kinds[2]", "kinds[3]"]);
    }

    #[test]
    fn a_user_holds_so_many_places_and_one_given_back_is_free_again() {
        let places = Places::default();
        let (ann, bob) = (UserId::from_u128(1), UserId::from_u128(2));
        let first = places.take(ann, 2).unwrap();
        let second = places.take(ann, 2).unwrap();
        assert!(places.take(ann, 2).is_none());
        assert!(places.take(bob, 2).is_some());
        drop(first);
        assert!(places.take(ann, 2).is_some());
        drop(second);
        assert!(places.0.lock().unwrap().is_empty());
    }
}
