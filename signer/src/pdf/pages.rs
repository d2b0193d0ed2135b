//! Pages (ISO 32000-2, 7.7.3): found by number without reading all, and walked one after the other.

use std::rc::Rc;

use super::{
    PdfError,
    file::File,
    object::{Dictionary, Object, Reference},
};

/// A page with what it inherits.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) number: u32,
    pub(crate) reference: Reference,
    pub(crate) dictionary: Dictionary,
    inherited: Rc<Dictionary>,
}

/// The four entries that a page takes from the nodes above it.
const INHERITED: [&str; 4] = ["Resources", "MediaBox", "CropBox", "Rotate"];
const DEEPEST: usize = 2_000;
const MOST_NODES: u32 = 2_000_000;

impl Page {
    /// An entry of its own or of the nodes above it, resolved.
    pub(crate) fn value(&self, file: &File<'_>, key: &str) -> Result<Object, PdfError> {
        match self.dictionary.get(key).or_else(|| self.inherited.get(key)) {
            Some(value) => file.resolve(value),
            None => Ok(Object::Null),
        }
    }
}

/// A rectangle, whichever corners it names.
pub(crate) fn rectangle(file: &File<'_>, object: &Object) -> Result<Option<[f64; 4]>, PdfError> {
    let Some([a, b, c, d]) = object.as_array() else {
        return Ok(None);
    };
    let number = |object| Ok::<_, PdfError>(file.resolve(object)?.as_number());
    Ok(match (number(a)?, number(b)?, number(c)?, number(d)?) {
        (Some(a), Some(b), Some(c), Some(d)) => Some([a.min(c), b.min(d), a.max(c), b.max(d)]),
        _ => None,
    })
}

/// A node of the tree, or a page.
struct Node {
    reference: Reference,
    dictionary: Dictionary,
    kids: Option<Vec<Object>>,
}

impl Node {
    fn read(file: &File<'_>, object: &Object) -> Result<Self, PdfError> {
        let wrong = PdfError::damaged(0, "the page tree has something that is no page");
        let (Some(reference), Object::Dictionary(dictionary)) =
            (object.as_reference(), file.resolve(object)?)
        else {
            return Err(wrong);
        };
        let kids = match file.value(&dictionary, "Kids")? {
            Object::Array(kids) => Some(kids),
            _ => None,
        };
        Ok(Self {
            reference,
            dictionary,
            kids,
        })
    }

    fn root(file: &File<'_>) -> Result<Self, PdfError> {
        let catalog = file.catalog()?;
        let root = catalog
            .get("Pages")
            .ok_or(PdfError::damaged(0, "the catalog has no pages"))?;
        Self::read(file, root)
    }

    /// How many pages are below, as the node says.
    fn count(&self, file: &File<'_>) -> Result<u32, PdfError> {
        if self.kids.is_none() {
            return Ok(1);
        }
        let count = file.value(&self.dictionary, "Count")?.as_integer();
        count
            .and_then(|count| u32::try_from(count).ok())
            .ok_or(PdfError::damaged(0, "a node of the page tree has no count"))
    }

    fn inherit(&self, above: &Rc<Dictionary>) -> Rc<Dictionary> {
        let own = INHERITED
            .iter()
            .filter_map(|key| Some((*key, self.dictionary.get(key)?)));
        let mut own = own.peekable();
        if own.peek().is_none() {
            return Rc::clone(above);
        }
        let mut inherited = above.as_ref().clone();
        for (key, value) in own {
            inherited.set(key, value.clone());
        }
        Rc::new(inherited)
    }
}

/// How many pages there are.
pub(crate) fn count(file: &File<'_>) -> Result<u32, PdfError> {
    Node::root(file)?.count(file)
}

/// The page of this number, from 1 on.
pub(crate) fn find(file: &File<'_>, number: u32) -> Result<Page, PdfError> {
    let mut node = Node::root(file)?;
    let pages = node.count(file)?;
    let missing = || PdfError::NoPage { page: number, pages };
    if number == 0 || number > pages {
        return Err(missing());
    }
    let mut inherited = Rc::default();
    let mut left = number;
    for _ in 0..DEEPEST {
        let Some(kids) = node.kids.take() else {
            return Ok(Page {
                number,
                reference: node.reference,
                dictionary: node.dictionary,
                inherited,
            });
        };
        inherited = node.inherit(&inherited);
        let below = node.count(file)?;
        let mut found = None;
        // As many pages as kids: as a rule each is one page, and then the page is where it should be.
        if below as usize == kids.len()
            && let Some(kid) = kids.get(left as usize - 1)
            && let kid = Node::read(file, kid)?
            && kid.kids.is_none()
        {
            left = 1;
            found = Some(kid);
        }
        if found.is_none() {
            for kid in &kids {
                let kid = Node::read(file, kid)?;
                let count = kid.count(file)?;
                if left <= count {
                    found = Some(kid);
                    break;
                }
                left -= count;
            }
        }
        node = found.ok_or_else(missing)?;
    }
    Err(deep())
}

const fn deep() -> PdfError {
    PdfError::TooMuch {
        what: "nodes of the page tree in each other",
        most: DEEPEST as u64,
    }
}

/// Goes through all pages in order.
pub(crate) struct Walk<'f, 'a> {
    file: &'f File<'a>,
    open: Vec<(std::vec::IntoIter<Object>, Rc<Dictionary>)>,
    seen: u32,
    number: u32,
}

impl<'f, 'a> Walk<'f, 'a> {
    /// From the first page on.
    pub(crate) fn new(file: &'f File<'a>) -> Result<Self, PdfError> {
        let root = Node::root(file)?;
        let inherited = root.inherit(&Rc::default());
        Ok(Self {
            file,
            open: vec![(root.kids.unwrap_or_default().into_iter(), inherited)],
            seen: 0,
            number: 0,
        })
    }

    /// The next page.
    pub(crate) fn next(&mut self) -> Result<Option<Page>, PdfError> {
        while let Some((kids, inherited)) = self.open.last_mut() {
            let Some(kid) = kids.next() else {
                self.open.pop();
                continue;
            };
            let inherited = Rc::clone(inherited);
            self.seen += 1;
            if self.seen > MOST_NODES {
                return Err(PdfError::TooMuch {
                    what: "nodes in the page tree",
                    most: u64::from(MOST_NODES),
                });
            }
            let mut node = Node::read(self.file, &kid)?;
            if let Some(kids) = node.kids.take() {
                if self.open.len() >= DEEPEST {
                    return Err(deep());
                }
                self.open.push((kids.into_iter(), node.inherit(&inherited)));
            } else {
                self.number += 1;
                return Ok(Some(Page {
                    number: self.number,
                    reference: node.reference,
                    dictionary: node.dictionary,
                    inherited,
                }));
            }
        }
        Ok(None)
    }
}
