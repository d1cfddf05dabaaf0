//! The APIs one can subscribe to.

/// An API the portal offers.
pub(super) struct Offer {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) context: &'static str,
    pub(super) description: &'static str,
    /// Scopes its resources ask for.
    pub(super) scopes: &'static [&'static str],
    pub(super) operations: &'static [(&'static str, &'static str)],
}

/// All of them.
pub(super) const OFFERS: &[Offer] = &[
    Offer {
        id: "0a6b1f0e-8c52-4c0b-9b3f-5d2e5c1a7f01",
        name: "Catalog",
        context: "/catalog",
        description: "Items for any application with a token.",
        scopes: &[],
        operations: &[("GET", "/items")],
    },
    Offer {
        id: "0a6b1f0e-8c52-4c0b-9b3f-5d2e5c1a7f02",
        name: "Orders",
        context: "/orders",
        description: "Orders of a user: an application token is not enough.",
        scopes: &["orders_edit"],
        operations: &[("GET", "/orders"), ("POST", "/orders")],
    },
];

/// The context an API is called at.
pub(super) fn context(api: &str) -> Option<&'static str> {
    OFFERS.iter().find(|one| one.id == api).map(|one| one.context)
}
