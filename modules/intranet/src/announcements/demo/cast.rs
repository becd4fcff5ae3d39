//! Who writes and who is spoken of in the demonstration.

use std::sync::Arc;

use socle_kit::DemoPerson;
use socle_kit::kernel::{Actor, ActorKind, PermissionSet, Random, fold};

use super::draw::pick;
use super::theme::{Language, Voice};

/// The roles whose holders write in their department's name.
const LEADERS: [&str; 2] = ["manager", "moderator"];
/// A voice has so many writers at most.
const WRITERS: usize = 6;

/// The departments that French companies have, as their colleagues from elsewhere call them.
const IN_ENGLISH: [(&str, &str); 8] = [
    ("Direction générale", "General Management"),
    ("Ressources humaines", "Human Resources"),
    ("Informatique", "IT"),
    ("Commercial", "Sales"),
    ("Logistique", "Logistics"),
    ("Juridique", "Legal"),
    ("Comptabilité", "Accounting"),
    ("Recherche et développement", "Research and Development"),
];

/// The people of the demonstration by what they do in it.
pub(super) struct Cast<'a> {
    /// Those who work in a department.
    pub(super) colleagues: Vec<&'a DemoPerson>,
    /// The departments to speak of, sorted: all but the management, which is not spoken of as a team.
    pub(super) departments: Vec<&'a str>,
    /// The roles, sorted.
    pub(super) roles: Vec<&'a str>,
    writers: Vec<(Voice, Vec<&'a DemoPerson>)>,
}

impl<'a> Cast<'a> {
    pub(super) fn of(people: &'a [DemoPerson]) -> Self {
        let colleagues: Vec<&DemoPerson> =
            people.iter().filter(|person| person.department.is_some()).collect();
        let mut departments: Vec<&str> =
            colleagues.iter().filter_map(|person| person.department.as_deref()).collect();
        departments.sort_unstable();
        departments.dedup();
        if departments.iter().any(|name| !is_management(name)) {
            departments.retain(|name| !is_management(name));
        }
        let mut roles: Vec<&str> = colleagues.iter().map(|person| person.role.as_str()).collect();
        roles.sort_unstable();
        roles.dedup();
        let writers = Voice::ALL.map(|voice| (voice, writers(voice, &colleagues, people))).into();
        Self { colleagues, departments, roles, writers }
    }

    /// Somebody who may speak in this voice.
    pub(super) fn author(&self, voice: Voice, random: &Random) -> Option<&'a DemoPerson> {
        let (_, writers) = self.writers.iter().find(|(of, _)| *of == voice)?;
        pick(random, writers).copied()
    }

    /// Somebody to speak of.
    pub(super) fn colleague(&self, random: &Random) -> &'a str {
        pick(random, &self.colleagues).map(|person| person.name.as_str()).unwrap_or_default()
    }

    /// A department to speak of.
    pub(super) fn department(&self, random: &Random) -> &'a str {
        pick(random, &self.departments).copied().unwrap_or_default()
    }
}

/// Those who may speak in this voice: of the right department, and leading wherever possible.
fn writers<'a>(
    voice: Voice,
    colleagues: &[&'a DemoPerson],
    everybody: &'a [DemoPerson],
) -> Vec<&'a DemoPerson> {
    let leads = |person: &&&DemoPerson| LEADERS.contains(&person.role.as_str());
    let department: Vec<&DemoPerson> =
        colleagues.iter().copied().filter(|person| belongs(person, voice)).collect();
    let mut writers: Vec<&DemoPerson> = department.iter().filter(leads).copied().collect();
    if matches!(voice, Voice::HumanResources | Voice::Communication) {
        let others = department.iter().filter(|person| person.role == "employee");
        writers.extend(others.take(WRITERS.saturating_sub(writers.len())));
    }
    if writers.is_empty() {
        writers = colleagues.iter().filter(leads).copied().collect();
    }
    if writers.is_empty() { everybody.iter().collect() } else { writers }
}

fn is_management(department: &str) -> bool {
    department.starts_with("Direction")
}

/// The name of a department in a text.
pub(super) fn department_written(department: &str, language: Language) -> &str {
    let known = IN_ENGLISH.iter().find(|(french, _)| language == Language::English && *french == department);
    known.map_or(department, |(_, english)| english)
}

/// The person, acting, with the permissions of those who write in the company's name.
pub(super) fn acting(person: &DemoPerson) -> Actor {
    Actor {
        kind: ActorKind::User,
        user: Some(person.id),
        name: person.name.as_str().into(),
        role: person.role.as_str().into(),
        department: person.department.as_deref().map(Into::into),
        permissions: Arc::new(PermissionSet::all()),
        address: None,
    }
}

/// Is this somebody of the department that speaks in this voice?
fn belongs(person: &DemoPerson, voice: Voice) -> bool {
    let beginnings: &[&str] = match voice {
        Voice::HumanResources => &["ressources", "human", "rh"],
        Voice::Communication => &["communication", "marketing"],
        Voice::Technology => &["informatique", "information", "technolog", "it"],
        Voice::Site => &["logisti", "generaux", "facilit"],
        Voice::Management => return person.role == "manager",
        Voice::Finance => &["financ", "comptab", "account"],
        Voice::Council => return person.role == "moderator",
    };
    let department = fold(person.department.as_deref().unwrap_or_default());
    department.split(' ').any(|word| {
        // Two letters are a name of their own (IT, RH), not the beginning of one.
        beginnings.iter().any(|known| if known.len() > 2 { word.starts_with(known) } else { word == *known })
    })
}
