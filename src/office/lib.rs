//! Files of an office: workbooks written and read, documents written.
