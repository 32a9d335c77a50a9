#![doc = include_str!("../README.md")]
//!
//! # Where to begin
//!
//! [`extract`] reads the standard tables of a report; [`tables()`] reads every table of any document. [`emit`] turns
//! what they give into JSON, CSV and Markdown. The stages in between are public so that each can be looked at alone.

pub mod bind;
pub mod check;
pub mod corpus;
#[cfg(feature = "batch")]
pub mod dataset;
pub mod emit;
pub mod error;
#[cfg(feature = "batch")]
pub mod export;
pub mod finding;
pub mod form;
pub mod geom;
pub mod grid;
pub mod limits;
pub mod number;
pub mod page;
pub mod pipeline;
pub mod place;
#[cfg(feature = "second-reading")]
pub mod second;
pub mod settle;
pub mod source;
#[cfg(feature = "batch")]
pub mod summary;
pub mod text;
pub mod trace;

pub use error::{Error, ErrorKind, Result};
pub use form::Library;
pub use pipeline::{Extraction, InputInfo, Inspection, ReportResult, Selection, Tables, extract, inspect, tables};
pub use source::Options;
pub use text::Lang;
