//! Which operations a row is for, by what the operations say of themselves.

use super::entry::Tried;
use crate::operation::{AS_CLIENT, GRANTS, ISSUING};
use record::operation::Operation;

impl Tried {
    /// The operations by name; none where it is for all of them.
    pub fn listed(self) -> Option<&'static [Operation]> {
        match self {
            Self::Anything => None,
            Self::These(list) => Some(list),
            Self::Issuing => Some(ISSUING),
            Self::Grants => Some(GRANTS),
            Self::AsClient => Some(AS_CLIENT),
        }
    }
}
