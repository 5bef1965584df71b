//! What a finished batch says.
