//! One suite, two targets: every test runs at a lab of its own and at the real Keycloak that `cargo xtask test` starts. What the
//! two do otherwise stands in `support/differences.rs` or is a fault of the lab.

/// Makes two tests of each body.
macro_rules! both {
    ($($body:ident),+ $(,)?) => {
        mod lab {
            use crate::support::Bench;
            $(
                #[tokio::test]
                async fn $body() {
                    let bench = Bench::start().await;
                    super::$body(&bench).await;
                }
            )+
        }

        mod keycloak {
            use crate::support::real::Keycloak;
            $(
                #[tokio::test]
                #[ignore = "needs a real Keycloak, which `cargo xtask test` starts"]
                async fn $body() {
                    super::$body(&Keycloak::standard().desk().await).await;
                }
            )+
        }
    };
}

mod chain;
mod differences;
mod events;
mod exchange;
mod legacy;
mod login;
mod prediction;
mod refusals;
mod session;
