//! A believable company: who works in it, the same every time.

use socle_kit::kernel::{Id, Random, UserId, fold};

use super::names::{FRENCH_FIRST, FRENCH_LAST, INTERNATIONAL};

/// The people besides the four whom the documentation names.
pub(super) const CROWD: usize = 224;
/// Each so-manieth of the crowd comes from elsewhere.
const ELSEWHERE: usize = 7;
/// The password of all but the four.
pub(super) const CROWD_PASSWORD: &str = "socle-demo-2026";
const DOMAIN: &str = "socle-demo.example";

/// The identifiers of the demonstration are these and the following: fixed, so that a second load finds the first.
const FIRST_ID: u128 = 0x0190_0000_de30_7000_8000_0000_0000_0000;
/// The identifiers of the demonstration as a range of texts, the end excluded.
pub(super) const ID_RANGE: [&str; 2] =
    ["01900000-de30-7000-8000-000000000000", "01900000-de30-7000-8000-000000100000"];

/// Somebody, before there is an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Colleague {
    pub(super) id: UserId,
    pub(super) username: String,
    pub(super) email: String,
    pub(super) password: &'static str,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) role: &'static str,
    pub(super) department: Option<&'static str>,
    pub(super) position: Option<&'static str>,
    pub(super) employee_id: Option<String>,
    pub(super) phone: Option<String>,
    /// How many days ago the account was made.
    pub(super) days_here: u64,
}

/// The four whom requirements name: user name, password, first name, last name, role, address (R4-82…84, R1-116).
type Named = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);
const NAMED: &[Named] = &[
    ("admin", "admin123", "Camille", "Laurent", "admin", "admin@socle-demo.example"),
    ("marie.martin", "marie123", "Marie", "Martin", "manager", "marie.martin@socle-demo.example"),
    ("pierre.dubois", "pierre123", "Pierre", "Dubois", "employee", "pierre.dubois@socle-demo.example"),
    ("testuser", "Password123", "Test", "User", "student", "test@example.com"),
];

/// The departments, each with the position of who leads it and those of the others.
const DEPARTMENTS: &[(&str, &str, &[&str])] = &[
    ("Direction générale", "Directrice générale adjointe", &["Assistante de direction", "Chargé de mission"]),
    (
        "Ressources humaines",
        "Responsable des ressources humaines",
        &["Chargée de recrutement", "Gestionnaire de paie", "Responsable formation"],
    ),
    ("Finance", "Directeur financier", &["Comptable", "Contrôleuse de gestion", "Trésorier"]),
    (
        "Informatique",
        "Responsable informatique",
        &["Développeuse", "Administrateur systèmes", "Technicien support", "Analyste sécurité"],
    ),
    (
        "Commercial",
        "Directrice commerciale",
        &["Ingénieur commercial", "Assistante commerciale", "Chef de secteur"],
    ),
    ("Marketing", "Responsable marketing", &["Chargée de communication", "Graphiste", "Cheffe de produit"]),
    (
        "Production",
        "Responsable de production",
        &["Opérateur de ligne", "Cheffe d'équipe", "Technicienne qualité"],
    ),
    ("Logistique", "Responsable logistique", &["Magasinier", "Cariste", "Gestionnaire des stocks"]),
    (
        "Juridique",
        "Directeur juridique",
        &["Juriste", "Assistante juridique", "Déléguée à la protection des données"],
    ),
];

/// Is this a password of the demonstration? Everybody can read them here.
pub fn is_demo_password(password: &str) -> bool {
    password == CROWD_PASSWORD || NAMED.iter().any(|(_, known, ..)| *known == password)
}

/// The whole company; the same randomness makes the same people.
pub(super) fn colleagues(random: &Random) -> Vec<Colleague> {
    let mut colleagues: Vec<Colleague> =
        NAMED.iter().zip(0..).map(|(named, number)| known(named, number)).collect();
    for number in 0..CROWD {
        let (first, last) = name(number, random);
        let username = free_username(&colleagues, &first, &last);
        colleagues.push(member(number, first, last, username, random));
    }
    colleagues
}

fn known(named: &Named, number: u128) -> Colleague {
    let (username, password, first, last, role, email) = *named;
    let works_here = role != "student";
    let place = match role {
        "admin" => Some(("Informatique", "Administratrice de la plateforme")),
        "manager" => Some(("Ressources humaines", "Responsable du développement social")),
        "employee" => Some(("Production", "Technicien de maintenance")),
        _ => None,
    };
    Colleague {
        id: Id::from_u128(FIRST_ID + number),
        username: username.to_owned(),
        email: email.to_owned(),
        password,
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        role,
        department: place.map(|(department, _)| department),
        position: place.map(|(_, position)| position),
        employee_id: works_here.then(|| format!("D{:04}", number + 1)),
        phone: None,
        days_here: 2_200,
    }
}

fn member(number: usize, first: String, last: String, username: String, random: &Random) -> Colleague {
    let (department, leader, others) = pick_at(DEPARTMENTS, number).unwrap_or(("", "", &[]));
    let leads = number < DEPARTMENTS.len();
    let role = match number {
        _ if leads => "manager",
        _ if number.is_multiple_of(37) => "moderator",
        _ if number.is_multiple_of(19) => "teacher",
        _ if number.is_multiple_of(23) => "student",
        _ => "employee",
    };
    let position = if leads { leader } else { pick(others, random).unwrap_or(leader) };
    let phone = format!("+33 1 99 00 {:02} {:02}", number / 100, number % 100);
    Colleague {
        id: Id::from_u128(FIRST_ID + 100 + u128::try_from(number).unwrap_or(0)),
        email: format!("{username}@{DOMAIN}"),
        username,
        password: CROWD_PASSWORD,
        first_name: first,
        last_name: last,
        role,
        department: Some(department),
        position: Some(position),
        employee_id: Some(format!("D{:04}", number + 100)),
        phone: Some(phone),
        days_here: 30 + random.below(2_100),
    }
}

fn name(number: usize, random: &Random) -> (String, String) {
    let elsewhere =
        if number % ELSEWHERE == ELSEWHERE - 1 { pick_at(INTERNATIONAL, number / ELSEWHERE) } else { None };
    let (first, last) = elsewhere.unwrap_or_else(|| {
        (pick(FRENCH_FIRST, random).unwrap_or_default(), pick(FRENCH_LAST, random).unwrap_or_default())
    });
    (first.to_owned(), last.to_owned())
}

/// `Éléonore Le Goff` becomes `eleonore.le-goff`; a namesake gets a number.
fn free_username(taken: &[Colleague], first: &str, last: &str) -> String {
    let wanted = format!("{}.{}", plain(first), plain(last));
    let free = |name: &String| !taken.iter().any(|colleague| colleague.username == *name);
    let numbered = (2..).map(|number: u32| format!("{wanted}{number}"));
    std::iter::once(wanted.clone()).chain(numbered).find(free).unwrap_or(wanted)
}

/// Letters, digits and hyphens only. A few letters have no accent to lose, and become what they look like.
fn plain(name: &str) -> String {
    let letter = |c: char| match c {
        'ø' => Some('o'),
        'ł' => Some('l'),
        'ı' => Some('i'),
        'đ' => Some('d'),
        ' ' | '-' => Some('-'),
        c => c.is_ascii_alphanumeric().then_some(c),
    };
    fold(name).chars().filter_map(letter).collect()
}

fn pick<T: Copy>(from: &[T], random: &Random) -> Option<T> {
    let count = u64::try_from(from.len()).unwrap_or(0);
    usize::try_from(random.below(count)).ok().and_then(|index| from.get(index)).copied()
}

fn pick_at<T: Copy>(from: &[T], number: usize) -> Option<T> {
    from.get(number.checked_rem(from.len())?).copied()
}
