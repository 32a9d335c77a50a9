//! Reads published reports and gives out numbers that are named, placed and checked.

pub mod bind;
pub mod check;
pub mod emit;
pub mod error;
pub mod finding;
pub mod form;
pub mod geom;
pub mod grid;
pub mod limits;
pub mod number;
pub mod page;
pub mod place;
pub mod settle;
pub mod source;
pub mod text;
pub mod trace;
