//! The error codes of the directory; their sentences stand in `i18n/`.

use socle_kit::kernel::{Code, Kind};

/// Another account has this number at the company.
pub(crate) const EMPLOYEE_ID_TAKEN: Code = Code::new("EMPLOYEE_ID_TAKEN", Kind::Conflict);
/// What others may do to an account, and nobody to their own.
pub(crate) const OWN_ACCOUNT: Code = Code::new("OWN_ACCOUNT", Kind::Conflict);
/// Field: not the user name of the account that is to be erased.
pub(crate) const CONFIRMATION_WRONG: Code = Code::new("CONFIRMATION_WRONG", Kind::Invalid);
/// Field: a column that an import does not know.
pub(crate) const UNKNOWN_COLUMN: Code = Code::new("UNKNOWN_COLUMN", Kind::Invalid);
/// Field: a line with more or fewer cells than the header.
pub(crate) const WRONG_CELLS: Code = Code::new("WRONG_CELLS", Kind::Invalid);
/// Field: no hash of a password that is understood here.
pub(crate) const NOT_A_HASH: Code = Code::new("NOT_A_HASH", Kind::Invalid);
/// Field: it stands on an earlier line already.
pub(crate) const STANDS_TWICE: Code = Code::new("STANDS_TWICE", Kind::Invalid);

/// All of them, for the catalogue.
pub(crate) const ALL: &[Code] = &[
    EMPLOYEE_ID_TAKEN,
    OWN_ACCOUNT,
    CONFIRMATION_WRONG,
    UNKNOWN_COLUMN,
    WRONG_CELLS,
    NOT_A_HASH,
    STANDS_TWICE,
];
