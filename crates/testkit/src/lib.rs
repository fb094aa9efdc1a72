//! What tests share: throwaway databases, a whole site in the test's own process, and visitors who walk its pages.

pub mod leak;
pub mod page;
pub mod postgres;
pub mod site;
pub mod visitor;

pub use page::Page;
pub use site::{Draft, TestSite};
pub use visitor::{Filled, Visitor};

/// Runs each story on both engines, as two tests: `name::sqlite` and `name::postgres`.
///
/// ```ignore
/// testkit::both! {
///     async fn a_visitor_reads_what_is_public(site: TestSite) {
///         site.visitor().open("/programmes").await;
///     }
/// }
/// ```
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($site:ident: TestSite) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports, clippy::allow_attributes, reason = "not every story needs what stands around it")]
            use super::*;

            async fn story($site: $crate::TestSite) $body

            #[tokio::test]
            async fn sqlite() {
                story($crate::TestSite::sqlite().await).await;
            }
            #[tokio::test]
            async fn postgres() {
                story($crate::TestSite::postgres().await).await;
            }
        }
    )+};
}
