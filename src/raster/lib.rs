//! Charts as pictures of dots, from the same SVG that the charts are.
