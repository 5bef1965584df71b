//! Designs: points of the unit cube, and distributions over it.
