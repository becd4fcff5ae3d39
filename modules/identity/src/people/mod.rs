//! The question "who are these people?", answered for the other rooms.

mod store;

use std::collections::HashMap;
use std::sync::Arc;

use socle_kit::contracts::{BoxFuture, Group, People, Person};
use socle_kit::db::Db;
use socle_kit::kernel::{Result, UserId};

/// The people of this database.
pub fn people(db: &Db) -> Arc<dyn People> {
    Arc::new(AccountPeople { db: db.clone() })
}

struct AccountPeople {
    db: Db,
}

impl People for AccountPeople {
    fn names<'a>(&'a self, ids: &'a [UserId]) -> BoxFuture<'a, Result<HashMap<UserId, String>>> {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        Box::pin(async move {
            if ids.is_empty() {
                return Ok(HashMap::new());
            }
            let named = self.db.read(move |conn| store::names(conn, &ids)).await?;
            Ok(named.into_iter().map(|person| (person.id, person.name)).collect())
        })
    }

    fn members<'a>(&'a self, group: &'a Group) -> BoxFuture<'a, Result<Vec<Person>>> {
        let group = group.clone();
        Box::pin(async move {
            let members = self.db.read_long(move |conn| store::members(conn, &group)).await?;
            Ok(members.into_iter().map(Person::from).collect())
        })
    }
}

impl From<store::Member> for Person {
    fn from(member: store::Member) -> Self {
        Self { id: member.id, name: member.name, role: member.role, department: member.department }
    }
}
