//! An OFD package in, its documents' pages out: for each the layers in the order they are drawn, and its annotations.
//!
//! Paths in the package are looked for in several places, since writers leave folders out or put them twice.

use super::affine::numbers;
use super::node::Node;
use super::resources::Resources;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use crate::source::zipped::{Package, resolve};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Width and height of a sheet of A4, in millimetres: of pages that do not say.
const A4: [f64; 2] = [210.0, 297.0];

/// Templates on one page, which may name further ones.
const MOST_TEMPLATES: u64 = 64;

/// An opened package.
pub(in crate::source) struct Book<'a> {
    package: Package<'a>,
    limits: &'a Limits,
    pub(super) title: Option<String>,
    volumes: Vec<Volume>,
    leaves: Vec<Leaf>,
    /// Pages that serve as templates, by their documents and paths: read once.
    templates: BTreeMap<String, Rc<Content>>,
    fonts: u16,
}

/// One document of a package.
struct Volume {
    folder: String,
    size: Option<[f64; 2]>,
    resources: Rc<Resources>,
    /// Whether a file of resources is broken.
    damaged: bool,
    /// Where templates are, and how far up they lie, by their ids.
    templates: BTreeMap<String, (String, u8)>,
    /// Annotation files by the ids of their pages.
    annotations: BTreeMap<String, Vec<String>>,
}

/// Where a page is.
struct Leaf {
    volume: usize,
    id: String,
    path: String,
}

/// A page file.
struct Content {
    size: Option<[f64; 2]>,
    /// Ids of its templates, and how far up each lies.
    templates: Vec<(String, Option<u8>)>,
    layers: Vec<Layer>,
    /// Whether a file of resources is broken.
    damaged: bool,
}

/// A layer, and the resources that its ids belong to.
#[derive(Clone)]
pub(super) struct Layer {
    pub(super) node: Rc<Node>,
    pub(super) resources: Rc<Resources>,
    /// How far up it lies: background, body, foreground.
    height: u8,
}

/// A page, ready to be walked.
#[derive(Default)]
pub(super) struct Sheet {
    /// Width and height in millimetres.
    pub(super) size: [f64; 2],
    pub(super) layers: Vec<Layer>,
    /// Annotations, each with the resources of the page.
    pub(super) annotations: Vec<Layer>,
    /// Whether a file that belongs to it is missing or damaged.
    pub(super) damaged: bool,
}

impl<'a> Book<'a> {
    pub(in crate::source) fn open(bytes: &'a [u8], limits: &'a Limits) -> Result<Self> {
        let package = Package::open(bytes, super::FORMAT, limits)?;
        let (volumes, leaves, templates) = (Vec::new(), Vec::new(), BTreeMap::new());
        let mut book = Self { package, limits, title: None, volumes, leaves, templates, fonts: 0 };
        if book.package.has("Encryptions.xml") {
            return Err(ErrorKind::Encrypted { wrong_password: false }.into());
        }
        let text = book.package.require("OFD.xml")?;
        let root = Node::read(&text, limits)?;
        for body in root.all("DocBody") {
            let title = body.child("DocInfo").and_then(|info| info.told("Title"));
            book.title = book.title.or_else(|| title.map(str::to_owned));
            if let Some(path) = body.told("DocRoot") {
                book.document(path)?;
            }
        }
        if book.leaves.is_empty() {
            return Err(ErrorKind::Truncated { detail: "ofd: no page".to_owned() }.into());
        }
        Ok(book)
    }

    /// How many pages there are.
    pub(in crate::source) fn len(&self) -> usize {
        self.leaves.len()
    }

    fn document(&mut self, path: &str) -> Result<()> {
        let member = self.locate(path, "", "").unwrap_or_else(|| path.to_owned());
        let text = self.package.require(&member)?;
        let root = Node::read(&text, self.limits)?;
        let folder = folder(&member).to_owned();
        let common = root.child("CommonData");
        let parts = |name| common.into_iter().flat_map(move |common| common.all(name));
        let mut resources = Resources::of_document(common.and_then(|common| common.told("DefaultCS")));
        let mut damaged = false;
        for part in parts("PublicRes").chain(parts("DocumentRes")) {
            damaged |= !self.resources(part.text.trim(), &folder, &folder, &mut resources)?;
        }
        let template = |node: &Node| {
            Some((node.id("ID")?, (node.id("BaseLoc")?, height(node.id("ZOrder")).unwrap_or(BACKGROUND))))
        };
        let templates = parts("TemplatePage").filter_map(template).collect();
        let volume = self.volumes.len();
        for page in root.all("Pages").flat_map(|pages| pages.all("Page")) {
            let (id, path) = (page.id("ID").unwrap_or_default(), page.id("BaseLoc").unwrap_or_default());
            self.leaves.push(Leaf { volume, id, path });
            Limits::check("pages", self.leaves.len() as u64, self.limits.pages)?;
        }
        let annotations = root.told("Annotations").and_then(|path| self.locate(path, &folder, &folder));
        let annotations = annotations.map(|member| self.annotations(&member, &folder)).transpose()?;
        damaged |= annotations.as_ref().is_some_and(Option::is_none);
        let annotations = annotations.flatten().unwrap_or_default();
        let size = common.and_then(|common| size(common.child("PageArea")?));
        self.volumes.push(Volume { folder, size, resources: Rc::new(resources), damaged, templates, annotations });
        Ok(())
    }

    /// Adds what a resource file names; `false` when it is broken. Files that are missing are often not needed.
    fn resources(&mut self, path: &str, from: &str, document: &str, into: &mut Resources) -> Result<bool> {
        if self.locate(path, from, document).is_none() {
            return Ok(true);
        }
        let Some((member, root)) = self.file(path, from, document)? else { return Ok(false) };
        let here = folder(&member);
        let base = resolve(here, &root.attr("BaseLoc").unwrap_or_default());
        let package = &self.package;
        into.add(root, &mut self.fonts, |path| locate(package, path, &[&base, here, document]));
        Ok(true)
    }

    /// Where the annotations of each page are; `None` when the file that says so is broken.
    fn annotations(&mut self, member: &str, document: &str) -> Result<Option<BTreeMap<String, Vec<String>>>> {
        let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let Some((member, root)) = self.file(member, "", "")? else { return Ok(None) };
        for page in root.all("Page") {
            let Some(id) = page.id("PageID") else { continue };
            let paths = page.all("FileLoc").map(|file| file.text.trim());
            let paths =
                paths.map(|path| self.locate(path, folder(&member), document).unwrap_or_else(|| path.to_owned()));
            found.entry(id).or_default().extend(paths);
        }
        Ok(Some(found))
    }

    /// The page of that index, with its templates. What is missing or broken on it is noted, save that a limit is
    /// reached.
    pub(super) fn sheet(&mut self, index: usize) -> Result<Sheet> {
        let Some(leaf) = self.leaves.get(index) else { return Ok(Sheet::default()) };
        let (volume, id, path) = (leaf.volume, leaf.id.clone(), leaf.path.clone());
        let Some(home) = self.volumes.get(volume) else { return Ok(Sheet::default()) };
        let (mut size, resources) = (home.size, Rc::clone(&home.resources));
        let (document, notes) = (home.folder.clone(), home.annotations.get(&id).cloned().unwrap_or_default());
        let mut sheet = Sheet { damaged: home.damaged, ..Sheet::default() };
        match self.content(&path, volume)? {
            Some(content) => {
                size = content.size.or(size);
                self.stack(&content, volume, None, &mut BTreeSet::new(), &mut sheet)?;
                // Of what lies as far up, templates come first: they were put there first.
                sheet.layers.sort_by_key(|layer| layer.height);
            }
            None => sheet.damaged = true,
        }
        sheet.size = size.unwrap_or(A4);
        for path in notes {
            match self.file(&path, &document, &document)? {
                Some((_, root)) => {
                    let seen = root.children.into_iter().filter(|note| note.is("Annot") && !note.hidden());
                    let layer =
                        |note| Layer { node: Rc::new(note), resources: Rc::clone(&resources), height: FOREGROUND };
                    sheet.annotations.extend(seen.map(layer));
                }
                None => sheet.damaged = true,
            }
        }
        Ok(sheet)
    }

    /// Lays down the layers of a page file, those of its templates first. A template has one height for all of it, and
    /// is laid once however often it is named, so that templates which name each other come to an end.
    fn stack(
        &mut self,
        content: &Content,
        volume: usize,
        over: Option<u8>,
        laid: &mut BTreeSet<String>,
        sheet: &mut Sheet,
    ) -> Result<()> {
        sheet.damaged |= content.damaged;
        for (id, height) in &content.templates {
            if !laid.insert(id.clone()) {
                continue;
            }
            Limits::check("nesting", laid.len() as u64, self.limits.nesting.min(MOST_TEMPLATES))?;
            match self.template(id, volume)? {
                Some((template, usual)) => {
                    self.stack(&template, volume, over.or(*height).or(Some(usual)), laid, sheet)?;
                }
                None => sheet.damaged = true,
            }
        }
        let layers = content.layers.iter();
        sheet.layers.extend(layers.map(|layer| Layer { height: over.unwrap_or(layer.height), ..layer.clone() }));
        Ok(())
    }

    /// A template, and how far up it lies where the page does not say.
    fn template(&mut self, id: &str, volume: usize) -> Result<Option<(Rc<Content>, u8)>> {
        let place = self.volumes.get(volume).and_then(|volume| volume.templates.get(id));
        let Some((path, usual)) = place.cloned() else { return Ok(None) };
        let key = format!("{volume}/{path}");
        if let Some(known) = self.templates.get(&key) {
            return Ok(Some((Rc::clone(known), usual)));
        }
        let Some(content) = self.content(&path, volume)?.map(Rc::new) else { return Ok(None) };
        self.templates.insert(key, Rc::clone(&content));
        Ok(Some((content, usual)))
    }

    /// Reads a page file.
    fn content(&mut self, path: &str, volume: usize) -> Result<Option<Content>> {
        let Some(home) = self.volumes.get(volume) else { return Ok(None) };
        let (document, outer) = (home.folder.clone(), Rc::clone(&home.resources));
        let Some((member, root)) = self.file(path, &document, &document)? else { return Ok(None) };
        let mut own = Resources::of_page(Rc::clone(&outer));
        let mut damaged = false;
        for part in root.all("PageRes") {
            damaged |= !self.resources(part.text.trim(), folder(&member), &document, &mut own)?;
        }
        let resources = if root.child("PageRes").is_some() { Rc::new(own) } else { outer };
        let templates = root.all("Template");
        let templates =
            templates.filter_map(|node| Some((node.id("TemplateID")?, height(node.id("ZOrder"))))).collect();
        let size = root.child("Area").or_else(|| root.child("Content")?.child("PageArea")).and_then(size);
        let layer = |node: Node| {
            let height = height(node.id("Type")).unwrap_or(BODY);
            Layer { node: Rc::new(node), resources: Rc::clone(&resources), height }
        };
        let mut layers = Vec::new();
        for mut content in root.children.into_iter().filter(|child| child.is("Content")) {
            let children = std::mem::take(&mut content.children);
            let (stated, bare): (Vec<Node>, Vec<Node>) = children.into_iter().partition(|child| child.is("Layer"));
            layers.extend(stated.into_iter().filter(|layer| !layer.hidden()).map(layer));
            // Objects that some program left without a layer are the body's all the same.
            if !bare.is_empty() {
                content.children = bare;
                layers.push(layer(content));
            }
        }
        Ok(Some(Content { size, templates, layers, damaged }))
    }

    /// An XML file and the member it was found in; `None` when it is missing or broken.
    fn file(&mut self, path: &str, from: &str, document: &str) -> Result<Option<(String, Node)>> {
        let Some(member) = self.locate(path, from, document) else { return Ok(None) };
        let read = self.package.require(&member).and_then(|text| Node::read(&text, self.limits));
        match read {
            Ok(node) => Ok(Some((member, node))),
            Err(error) if is_limit(&error) => Err(error),
            Err(_) => Ok(None),
        }
    }

    fn locate(&self, path: &str, from: &str, document: &str) -> Option<String> {
        locate(&self.package, path, &[from, document])
    }

    /// Takes the work of a page off what may still be unpacked: templates and composites are read once and used often.
    pub(super) fn charge(&mut self, cost: u64) -> Result<()> {
        self.package.charge(cost)
    }

    /// The bytes of a member.
    #[cfg(feature = "ocr")]
    pub(super) fn bytes(&mut self, member: &str) -> Result<Option<Vec<u8>>> {
        self.package.bytes(member)
    }
}

const BACKGROUND: u8 = 0;
const BODY: u8 = 1;
const FOREGROUND: u8 = 2;

/// How far up something of this type lies.
fn height(kind: Option<String>) -> Option<u8> {
    match kind?.to_ascii_lowercase().as_str() {
        "background" => Some(BACKGROUND),
        "body" => Some(BODY),
        "foreground" => Some(FOREGROUND),
        _ => None,
    }
}

/// What must end the run, even if it happens on one page or in one picture.
pub(super) fn is_limit(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Limit { .. } | ErrorKind::Encrypted { .. } | ErrorKind::OutOfMemory)
}

/// The member that a path names: seen from the folders in turn, from the root, and with a leading stroke that should
/// not be there.
fn locate(package: &Package<'_>, path: &str, folders: &[&str]) -> Option<String> {
    let path = path.trim().replace('\\', "/");
    let bare = path.trim_start_matches('/');
    if bare.is_empty() {
        return None;
    }
    let as_written = folders.iter().take(1).map(|folder| resolve(folder, &path));
    let guessed = folders.iter().map(|folder| resolve(folder, bare));
    as_written.chain([resolve("", bare)]).chain(guessed).find(|member| package.has(member))
}

fn folder(member: &str) -> &str {
    member.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Width and height of a page area. Its corner is the origin of the page wherever it is said to lie.
fn size(area: &Node) -> Option<[f64; 2]> {
    const LARGEST: f64 = 20_000.0;
    let boxes = ["PhysicalBox", "ApplicationBox", "CropBox"].iter().filter_map(|name| area.told(name));
    let mut sizes = boxes.filter_map(numbers::<4>).map(|[_, _, width, height]| [width, height]);
    sizes.find(|size| size.iter().all(|side| *side > 0.0 && *side <= LARGEST))
}
