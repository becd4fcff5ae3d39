//! Loads the people of the demonstration.

use std::collections::BTreeMap;
use std::time::Duration;

use socle_kit::contracts::identity::UserRegistered;
use socle_kit::events::Emit;
use socle_kit::kernel::{Actor, Result, Secret, Timestamp};
use socle_kit::{Demo, DemoPerson, Kit};

use super::company::{Colleague, colleagues};
use super::store;
use crate::accounts::model::{Account, Beginning};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Adds the people who are not there yet: a second load changes nothing. An account that has one of their user
/// names already is left as it is, and takes its part in the demonstration.
pub async fn load(kit: &Kit, demo: &mut Demo) -> Result<()> {
    let colleagues = colleagues(&demo.random);
    let hashes = hashes(kit, &colleagues).await?;
    let today = demo.today;
    let accounts: Vec<Account> = colleagues
        .into_iter()
        .filter_map(|colleague| Some(account(hashes.get(colleague.password)?, colleague, today)))
        .collect();
    let (people, added) = kit
        .db
        .write(move |tx| {
            let (mut people, mut added) = (Vec::with_capacity(accounts.len()), 0);
            for account in &accounts {
                let present = match store::present(tx, account)? {
                    Some(present) => present,
                    None => {
                        store::add(tx, account)?;
                        let (username, role) = (account.username.clone(), account.role.clone());
                        tx.emit(&Actor::system(), UserRegistered { user: account.id, username, role })?;
                        added += 1;
                        account.clone()
                    }
                };
                people.push(person(present));
            }
            Ok((people, added))
        })
        .await?;
    demo.people.extend(people);
    demo.loaded.push(("accounts", added));
    Ok(())
}

/// One hash per password, not per person: hashing two hundred would take a minute for nothing, since these
/// passwords are public.
async fn hashes(kit: &Kit, colleagues: &[Colleague]) -> Result<BTreeMap<&'static str, String>> {
    let mut hashes = BTreeMap::new();
    for colleague in colleagues {
        if !hashes.contains_key(colleague.password) {
            let hash = kit.passwords.hash(Secret::new(colleague.password.to_owned())).await?;
            hashes.insert(colleague.password, hash);
        }
    }
    Ok(hashes)
}

fn account(hash: &str, colleague: Colleague, today: Timestamp) -> Account {
    let days = u32::try_from(colleague.days_here).unwrap_or(0);
    let beginning = Beginning {
        username: colleague.username,
        email: Some(colleague.email),
        password_hash: Some(hash.to_owned()),
        first_name: Some(colleague.first_name),
        last_name: Some(colleague.last_name),
        role: colleague.role.to_owned(),
        ..Beginning::default()
    };
    let made = today.minus(DAY * days);
    let mut account = Account::new(colleague.id, beginning, made);
    account.department = colleague.department.map(str::to_owned);
    account.position = colleague.position.map(str::to_owned);
    account.employee_id = colleague.employee_id;
    account.phone = colleague.phone;
    account.email_verified_at = Some(made);
    account.searchable_again();
    account
}

fn person(account: Account) -> DemoPerson {
    DemoPerson { id: account.id, name: account.name, role: account.role, department: account.department }
}
