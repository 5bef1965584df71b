//! SHA-256 in hexadecimal digits, as manifests write it.

use sha2::{Digest, Sha256};

/// The hash of bytes.
pub fn hex(bytes: &[u8]) -> String {
    digits(&Sha256::digest(bytes))
}

/// A hash that is there already.
pub fn digits(hash: &[u8]) -> String {
    let mut text = String::with_capacity(2 * hash.len());
    for byte in hash {
        text += &format!("{byte:02x}");
    }
    text
}
