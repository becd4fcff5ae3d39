//! The two announcements that the requirements name: a rule of the house and a training (R4-85).

use socle_kit::DemoPerson;
use socle_kit::kernel::{Line, Result, Text, Timestamp, fold};

use super::calendar::Day;
use super::phrase::typeset;
use super::record::{icon, record};
use super::theme::Language;
use crate::announcements::api::{AnnouncementInput, AudienceInput};
use crate::announcements::model::{Announcement, Sort};

/// Who writes them, where she is among the people (R4-83).
const AUTHOR: &str = "marie martin";

struct Documented {
    sort: Sort,
    days_ago: i64,
    is_pinned: bool,
    title: &'static str,
    content: &'static str,
}

const DOCUMENTED: [Documented; 2] = [
    Documented {
        sort: Sort::Policy,
        days_ago: 12,
        is_pinned: true,
        title: "Nouvelle charte de télétravail",
        content: "La nouvelle charte de télétravail s'applique à tous nos sites. Elle prévoit deux jours par semaine \
            à domicile, un jour de présence commun à chaque équipe et des plages de joignabilité : 9 h 30 à 12 h et \
            14 h à 16 h 30.\n\nLes jours sont à déclarer la veille au plus tard. Les situations particulières \
            (grossesse, aidants, handicap) sont étudiées avec le service des ressources humaines.\n\nMerci de lire \
            la charte et de confirmer votre lecture.",
    },
    Documented {
        sort: Sort::Training,
        days_ago: 6,
        is_pinned: false,
        title: "Formation à la sécurité : inscriptions ouvertes",
        content: "La formation annuelle à la sécurité au travail est ouverte à toutes les équipes : risques \
            électriques, gestes et postures, conduite à tenir en cas d'accident. Elle dure une demi-journée et se \
            conclut par un exercice pratique.\n\nElle est obligatoire dans l'année qui suit l'arrivée, puis tous \
            les trois ans. Inscrivez-vous auprès de votre responsable : les groupes sont limités à douze \
            personnes.",
    },
];

/// The two, out since a few days; none without anybody to write them.
pub(super) fn documented(people: &[DemoPerson], today: Timestamp) -> Result<Vec<Announcement>> {
    let Some(author) = people.iter().find(|person| fold(&person.name) == AUTHOR).or_else(|| people.first())
    else {
        return Ok(Vec::new());
    };
    DOCUMENTED
        .iter()
        .zip(0..)
        .map(|(text, number)| {
            let written_at = Day::of(today).plus(-text.days_ago).or_last_working().at(9, 30, 0);
            record(number, author, text.input(written_at), written_at, today)
        })
        .collect()
}

impl Documented {
    fn input(&self, written_at: Timestamp) -> AnnouncementInput {
        let typeset = |text: &str| typeset(text, Language::French);
        AnnouncementInput {
            title: Line::parse(&typeset(self.title)).unwrap_or_default(),
            content: Text::parse(&typeset(self.content)).unwrap_or_default(),
            sort: self.sort,
            image_url: None,
            icon: icon(self.sort),
            is_important: true,
            is_pinned: self.is_pinned,
            must_acknowledge: self.sort == Sort::Policy,
            audience: AudienceInput::default(),
            published_at: Some(written_at),
            expires_at: None,
        }
    }
}
