//! What the events say of one person, and taking the person out of them: the events remain, with the identifier and without the name.

use serde_json::Value;
use socle_db::{Conn, Db};
use socle_kernel::{Error, Result, UserId};

use crate::recorded::Recorded;
use crate::store;

/// How many events are looked at in one transaction.
const STEP: i64 = 1_000;

/// What an account has caused, after the place `after`, at most `limit` events. There is no index for it, which every
/// event would pay for: a question for a thread that may take its time.
pub fn acts_of(conn: &mut Conn, user: UserId, after: i64, limit: i64) -> Result<Vec<Recorded>> {
    store::by(conn, user, after, limit)
}

/// Replaces the name of this account by `former`, and forgets its addresses, in every event up to `until`; how many
/// were changed. Doing it again changes nothing more.
///
/// Within a letter, a name stands beside the identifier it belongs to, under a key that ends with `name` or `email`.
pub async fn forget(db: &Db, user: UserId, until: i64, former: &str) -> Result<u64> {
    let (mut after, mut changed) = (0, 0);
    while after < until {
        let (last, former) = ((after + STEP).min(until), former.to_owned());
        changed += db
            .write(move |tx| {
                let mut changed = store::forget_actor(tx, user, (after, last), &former)?;
                for about in store::mentions(tx, user, (after, last))? {
                    let mut payload: Value = serde_json::from_str(&about.payload).map_err(Error::internal)?;
                    if forget_names(&mut payload, &user.to_string(), &former) {
                        store::rewrite(tx, about.sequence, &payload.to_string())?;
                        changed += 1;
                    }
                }
                Ok(changed)
            })
            .await?;
        after = last;
    }
    Ok(changed)
}

/// Replaces the names that stand beside this identifier; were there any?
fn forget_names(value: &mut Value, id: &str, former: &str) -> bool {
    match value {
        Value::Object(object) => {
            let mut changed = false;
            if object.values().any(|value| value == id) {
                let names = object.iter_mut().filter(|(key, value)| is_name(key) && value.is_string());
                for (_, value) in names.filter(|(_, value)| *value != former) {
                    *value = former.into();
                    changed = true;
                }
            }
            for value in object.values_mut() {
                changed |= forget_names(value, id, former);
            }
            changed
        }
        Value::Array(values) => {
            let mut changed = false;
            for value in values {
                changed |= forget_names(value, id, former);
            }
            changed
        }
        _ => false,
    }
}

fn is_name(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.ends_with("name") || key.ends_with("email")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_go_and_what_stands_beside_another_identifier_stays() {
        let mut letter = json!({
            "title": "Summer party", "authorId": "u1", "authorName": "Zoé",
            "readers": [{"id": "u2", "name": "Ada"}, {"id": "u1", "name": "Zoé", "email": "zoe@example.org"}],
        });
        assert!(forget_names(&mut letter, "u1", "-"));
        assert_eq!(
            letter,
            json!({
                "title": "Summer party", "authorId": "u1", "authorName": "-",
                "readers": [{"id": "u2", "name": "Ada"}, {"id": "u1", "name": "-", "email": "-"}],
            })
        );
        assert!(!forget_names(&mut letter, "u1", "-"), "a second time changes nothing");
    }
}
