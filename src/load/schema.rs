//! The JSON Schema of scenario files.

/// The schema as text.
pub fn text() -> String {
    String::new()
}
