//! Identifiers: one type per kind of thing, so that a place's can never be handed over as a person's.

use std::sync::Mutex;

use rand::{RngExt, SeedableRng, rngs::StdRng};
use uuid::{Builder, Uuid};

use crate::Moment;

/// Text that is not an identifier of the kind that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier that starts with “{expected}_”")]
pub struct BadId {
    pub expected: &'static str,
}

/// Where new identifiers come from. They are UUIDs of version 7 (RFC 9562 §5.7): they sort roughly by the moment
/// they were made, which keeps database indexes compact. Never read a date out of one: that is what columns are for.
pub trait IdSource: Send + Sync {
    fn next(&self, now: Moment) -> Uuid;
    /// A secret for a cookie or a link: 256 bits.
    fn secret(&self) -> [u8; 32];
}

/// Identifiers nobody can guess, for everything real.
#[derive(Debug, Default, Clone, Copy)]
pub struct RandomIds;

impl IdSource for RandomIds {
    fn next(&self, now: Moment) -> Uuid {
        build(now, rand::random())
    }
    fn secret(&self) -> [u8; 32] {
        rand::random()
    }
}

/// The same identifiers for the same seed: practice programmes and tests.
#[derive(Debug)]
pub struct SeededIds(Mutex<StdRng>);

impl SeededIds {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl IdSource for SeededIds {
    fn next(&self, now: Moment) -> Uuid {
        let mut rng = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        build(now, rng.random())
    }
    fn secret(&self) -> [u8; 32] {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).random()
    }
}

fn build(now: Moment, random: [u8; 10]) -> Uuid {
    let millis = u64::try_from(now.micros() / 1_000).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// Declares identifier types: `ids! { PlaceId "plc", PersonId "per" }`. In addresses and logs each reads as its
/// prefix, an underline and 32 hexadecimal digits. The crate that calls it has `uuid::Uuid` in scope.
#[macro_export]
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, $crate::macros::sea_orm::DeriveValueType)]
        pub struct $name(pub Uuid);

        impl $name {
            pub const PREFIX: &'static str = $prefix;
        }
        impl $crate::macros::sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, $crate::macros::sea_orm::DbErr> {
                Err($crate::macros::sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::BadId;
            fn from_str(text: &str) -> Result<Self, $crate::BadId> {
                let bad = $crate::BadId { expected: $prefix };
                let digits = text.strip_prefix(concat!($prefix, "_")).ok_or(bad.clone())?;
                if digits.len() != 32 || digits.bytes().any(|b| !matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
                    return Err(bad);
                }
                Uuid::try_parse(digits).map(Self).map_err(|_| bad)
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}
