//! The columns of tables of accounts: what people call them, in English and in French.

use socle_kit::kernel::fold;

/// A column of an import: the field it fills, and the names it goes by besides, folded and without spaces and signs.
struct Column {
    field: &'static str,
    names: &'static [&'static str],
}

const COLUMNS: &[Column] = &[
    Column { field: "username", names: &["username", "login", "nomdutilisateur", "identifiant"] },
    Column { field: "email", names: &["email", "mail", "courriel", "adresseemail", "adresse", "address"] },
    Column { field: "password", names: &["password", "motdepasse"] },
    Column { field: "passwordHash", names: &["passwordhash", "hash", "empreinte", "empreintedumotdepasse"] },
    Column { field: "role", names: &["role"] },
    Column { field: "name", names: &["name", "fullname", "displayname", "nomcomplet", "nomaffiche"] },
    Column { field: "firstName", names: &["firstname", "givenname", "prenom"] },
    Column { field: "lastName", names: &["lastname", "surname", "familyname", "nom", "nomdefamille"] },
    Column { field: "avatar", names: &["avatar", "picture", "profilepicture", "photo"] },
    Column { field: "employeeId", names: &["employeeid", "employeenumber", "matricule"] },
    Column { field: "department", names: &["department", "departement", "service"] },
    Column { field: "position", names: &["position", "jobtitle", "poste", "fonction"] },
    Column { field: "phone", names: &["phone", "telephone"] },
    Column { field: "language", names: &["language", "langue"] },
];

/// So many cells of a header are looked at: no table of accounts has more columns.
pub(super) const MOST_COLUMNS: usize = 2 * COLUMNS.len();

/// The field that a header names, whatever its case, accents and signs.
pub(super) fn field_of(header: &str) -> Option<&'static str> {
    let name: String = fold(header).chars().filter(char::is_ascii_alphanumeric).collect();
    COLUMNS.iter().find(|column| column.names.contains(&name.as_str())).map(|column| column.field)
}

/// The names of the fields, for who used another.
pub(super) fn known() -> String {
    COLUMNS.iter().map(|column| column.field).collect::<Vec<_>>().join(", ")
}

/// What separates the cells: what the first line holds more of, a semicolon or a comma.
pub(super) fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    if first.matches(';').count() > first.matches(',').count() { b';' } else { b',' }
}

/// A cell that no spreadsheet takes for a formula.
pub(super) fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_known_by_its_english_and_its_french_name() {
        for (header, field) in [
            ("username", "username"),
            ("Nom d’utilisateur", "username"),
            ("Nom d'utilisateur", "username"),
            ("E-mail", "email"),
            ("Prénom", "firstName"),
            ("NOM", "lastName"),
            ("last_name", "lastName"),
            ("Rôle", "role"),
            ("Mot de passe", "password"),
            ("Téléphone", "phone"),
            ("Département", "department"),
        ] {
            assert_eq!(field_of(header), Some(field), "{header}");
        }
        assert_eq!(field_of("salary"), None);
    }

    #[test]
    fn a_spreadsheet_takes_no_cell_for_a_formula() {
        for cell in ["=1+1", "+33 1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(harmless(cell), format!("'{cell}"));
        }
        assert_eq!(harmless("Ada"), "Ada");
    }

    #[test]
    fn the_header_says_what_separates_the_cells() {
        assert_eq!(delimiter("a;b;c\n1,2;3;4"), b';');
        assert_eq!(delimiter("a,b\n1;2,3"), b',');
        assert_eq!(delimiter(""), b',');
    }
}
