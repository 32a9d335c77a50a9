//! Marked content: which parts are switched off by optional-content groups, which are marked as watermarks, and which
//! are numbered, so that the structure tree can name them.

use hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier};
use hayro_syntax::page::Resources;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The optional-content groups that are off when the document is opened.
#[derive(Debug, Default)]
pub(super) struct Groups(BTreeSet<ObjectIdentifier>);

impl Groups {
    pub(super) fn of(catalog: &Dict<'_>) -> Self {
        let read = || {
            let properties = catalog.get::<Dict<'_>>(b"OCProperties")?;
            let config = properties.get::<Dict<'_>>(b"D")?;
            let ids = |dict: &Dict<'_>, key: &str| -> Vec<ObjectIdentifier> {
                let array = dict.get::<Array<'_>>(key);
                array.iter().flat_map(Array::raw_iter).filter_map(|o| o.as_obj_ref()).map(Into::into).collect()
            };
            let mut off = BTreeSet::new();
            if config.get::<Name<'_>>(b"BaseState").is_some_and(|n| n.as_ref() == b"OFF") {
                off.extend(ids(&properties, "OCGs"));
            }
            for id in ids(&config, "ON") {
                off.remove(&id);
            }
            off.extend(ids(&config, "OFF"));
            Some(Self(off))
        };
        read().unwrap_or_default()
    }

    /// Whether content that belongs to the entry `key` of `dict` is shown.
    pub(super) fn shows(&self, dict: &Dict<'_>, key: &[u8]) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let on = |id: ObjectIdentifier| !self.0.contains(&id);
        let Some(group) = dict.get::<Dict<'_>>(key) else { return true };
        if group.get::<Name<'_>>(b"Type").is_none_or(|t| t.as_ref() != b"OCMD") {
            return dict.get_ref(key).is_none_or(|id| on(id.into()));
        }
        let mut members: Vec<bool> = group
            .get::<Array<'_>>(b"OCGs")
            .iter()
            .flat_map(Array::raw_iter)
            .filter_map(|o| o.as_obj_ref())
            .map(|id| on(id.into()))
            .collect();
        if members.is_empty() {
            members.extend(group.get_ref(b"OCGs").map(|id| on(id.into())));
        }
        let policy = group.get::<Name<'_>>(b"P");
        members.is_empty()
            || match policy.as_deref() {
                Some(b"AllOn") => members.iter().all(|on| *on),
                Some(b"AnyOff") => members.iter().any(|on| !on),
                Some(b"AllOff") => members.iter().all(|on| !on),
                _ => members.iter().any(|on| *on),
            }
    }
}

/// A numbered piece of marked content. Numbers are told apart by page, and those within a form also by its stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Content {
    /// The form's stream; `None` for the page's own content.
    pub(super) stream: Option<ObjectIdentifier>,
    pub(super) number: u32,
}

/// The numbered content that the show operations of one page belong to: an entry holds from its run to the next entry.
#[derive(Debug, Default)]
pub(super) struct Tags(Vec<(u32, Option<Content>)>);

impl Tags {
    /// Says what `run` belongs to; runs come in order.
    pub(super) fn note(&mut self, run: u32, content: Option<Content>) {
        if self.0.last().and_then(|last| last.1) != content {
            self.0.push((run, content));
        }
    }

    /// The runs of each numbered piece of content.
    pub(super) fn by_content(&self) -> BTreeMap<Content, Vec<Range<u32>>> {
        let mut found: BTreeMap<Content, Vec<Range<u32>>> = BTreeMap::new();
        let ends = self.0.iter().skip(1).map(|entry| entry.0).chain([u32::MAX]);
        for (&(start, content), end) in self.0.iter().zip(ends) {
            if let Some(content) = content {
                found.entry(content).or_default().push(start..end);
            }
        }
        found
    }
}

/// What the marks around the current content say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) hidden: bool,
    pub(super) watermark: bool,
    /// The innermost numbered content.
    pub(super) content: Option<Content>,
}

impl Mark {
    /// The mark within `self` that a tag with these properties begins in `stream`, a form or the page's own content.
    pub(super) fn enter(
        self,
        tag: &Name<'_>,
        properties: &Object<'_>,
        resources: &Resources<'_>,
        groups: &Groups,
        stream: Option<ObjectIdentifier>,
    ) -> Self {
        let dict = match properties {
            Object::Name(name) => resources.properties.get::<Dict<'_>>(name),
            Object::Dict(dict) => Some(dict.clone()),
            _ => None,
        };
        let number = dict.as_ref().and_then(|dict| dict.get::<u32>(b"MCID"));
        let hidden = tag.as_ref() == b"OC"
            && match properties {
                Object::Name(name) => !groups.shows(&resources.properties, name),
                _ => dict.as_ref().is_some_and(|dict| !groups.shows(dict, b"OC")),
            };
        let watermark = tag.as_ref() == b"Artifact"
            && dict
                .and_then(|dict| dict.get::<Name<'_>>(b"Subtype"))
                .is_some_and(|subtype| subtype.as_ref() == b"Watermark");
        Self {
            hidden: self.hidden || hidden,
            watermark: self.watermark || watermark,
            content: number.map(|number| Content { stream, number }).or(self.content),
        }
    }
}
