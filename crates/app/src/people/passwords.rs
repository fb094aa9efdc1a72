//! Passwords, kept as argon2id with the parameters OWASP recommends (19 MiB, two passes, one lane).

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::Fault;

/// NIST SP 800-63B §3.1.1.2 asks for length, not for odd characters.
const SHORTEST: usize = 12;
const LONGEST: usize = 200;

fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).unwrap_or_default())
}

/// What is wrong with a new password, as a sentence for whoever chose it.
pub(super) fn too_weak(password: &str, name: &str, email: &str) -> Option<String> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Some(format!("Choose a password of at least {SHORTEST} characters, such as three or four words"));
    }
    if length > LONGEST {
        return Some(format!("Choose a password of at most {LONGEST} characters"));
    }
    let lower = password.to_lowercase();
    let mut letters: Vec<char> = lower.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    if letters.len() < 5 || lower == name.to_lowercase() || lower == email.to_lowercase() {
        return Some("Choose a password that is harder to guess than this one".into());
    }
    None
}

/// Hashing takes a core for tens of milliseconds, so it runs where it holds nobody up.
pub(super) async fn hash(password: String) -> Result<String, Fault> {
    let hashed = tokio::task::spawn_blocking(move || hasher().hash_password(password.as_bytes()).map(|h| h.to_string()));
    hashed.await.map_err(|e| Fault::new("hash a password", e))?.map_err(|e| Fault::new("hash a password", e))
}

/// Whether the password is the one that was hashed. Where there is no hash it takes as long, so that nobody can tell
/// by the clock which addresses have an account.
pub(super) async fn is_right(password: String, hashed: Option<String>) -> Result<bool, Fault> {
    let verified = tokio::task::spawn_blocking(move || match hashed.as_deref().map(PasswordHash::new) {
        Some(Ok(hash)) => hasher().verify_password(password.as_bytes(), &hash).is_ok(),
        _ => {
            let _ = hasher().hash_password(password.as_bytes());
            false
        }
    });
    verified.await.map_err(|e| Fault::new("check a password", e))
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_with_a_way_out() {
        for weak in ["short", "aaaaaaaaaaaaaaaa", "Consultant, Riverside"] {
            assert!(too_weak(weak, "Consultant, Riverside", "c@r.example").is_some(), "{weak}");
        }
        assert_eq!(too_weak("four quiet green words", "Consultant", "c@r.example"), None);
    }

    #[tokio::test]
    async fn a_hash_recognises_its_password_and_no_other() {
        let hashed = hash("four quiet green words".into()).await.unwrap();
        assert!(hashed.starts_with("$argon2id$"));
        assert!(is_right("four quiet green words".into(), Some(hashed.clone())).await.unwrap());
        assert!(!is_right("four quiet green word".into(), Some(hashed)).await.unwrap());
        assert!(!is_right("anything".into(), None).await.unwrap());
    }
}
