//! [`Tree`]: what a paper means, beside how it looks: the structure that is read aloud.

use core::num::NonZeroU16;

use krilla::tagging::{Identifier, ListNumbering, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};

use crate::Language;

/// Where something belongs in a [`Tree`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Node(usize);

/// What a node is.
#[derive(Clone, Debug)]
pub(super) enum Role {
    Part,
    Heading { level: u16, title: String },
    Paragraph,
    List,
    Item,
    Label,
    Body,
    Table { summary: Option<String> },
    Row,
    ColumnHeader,
    RowHeader,
    Cell,
    Figure { aloud: String },
    Group,
}

/// The structure, as it grows.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Branch>,
    top: Vec<Node>,
}

#[derive(Debug)]
struct Branch {
    role: Role,
    language: Option<Language>,
    children: Vec<Child>,
}

#[derive(Debug)]
enum Child {
    Node(Node),
    Painted(Identifier),
}

impl Tree {
    /// A node at the top.
    pub(super) fn top(&mut self, role: Role, language: Option<Language>) -> Node {
        let node = self.push(role, language);
        self.top.push(node);
        node
    }

    /// A node below another.
    pub(super) fn below(&mut self, parent: Node, role: Role, language: Option<Language>) -> Node {
        let node = self.push(role, language);
        if let Some(branch) = self.nodes.get_mut(parent.0) {
            branch.children.push(Child::Node(node));
        }
        node
    }

    /// What was painted for a node.
    pub(super) fn painted(&mut self, node: Node, painted: Identifier) {
        if let Some(branch) = self.nodes.get_mut(node.0) {
            branch.children.push(Child::Painted(painted));
        }
    }

    /// The structure as the file has it.
    pub(super) fn grown(self, language: Language) -> TagTree {
        let mut branches: Vec<Option<Branch>> = self.nodes.into_iter().map(Some).collect();
        let mut tree = TagTree::new().with_lang(Some(language.tag().to_owned()));
        for node in self.top {
            if let Some(group) = grow(&mut branches, node) {
                tree.push(group);
            }
        }
        tree
    }

    fn push(&mut self, role: Role, language: Option<Language>) -> Node {
        self.nodes.push(Branch {
            role,
            language,
            children: Vec::new(),
        });
        Node(self.nodes.len() - 1)
    }
}

/// Depth is that of the forms, which is small and fixed.
fn grow(branches: &mut [Option<Branch>], node: Node) -> Option<TagGroup> {
    let branch = branches.get_mut(node.0)?.take()?;
    let language = branch.language.map(|language| language.tag().to_owned());
    let mut group = TagGroup::new(branch.role.tag().with_lang(language));
    for child in branch.children {
        match child {
            Child::Node(node) => group.children.extend(grow(branches, node).map(Into::into)),
            Child::Painted(painted) => group.push(painted),
        }
    }
    Some(group)
}

impl Role {
    fn tag(self) -> TagKind {
        match self {
            Self::Part => Tag::Part.into(),
            Self::Heading { level, title } => {
                Tag::Hn(NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN), Some(title)).into()
            }
            Self::Paragraph => Tag::P.into(),
            Self::List => Tag::L(ListNumbering::Circle).into(),
            Self::Item => Tag::LI.into(),
            Self::Label => Tag::Lbl.into(),
            Self::Body => Tag::LBody.into(),
            Self::Table { summary } => Tag::Table.with_summary(summary).into(),
            Self::Row => Tag::TR.into(),
            Self::ColumnHeader => Tag::TH(TableHeaderScope::Column).into(),
            Self::RowHeader => Tag::TH(TableHeaderScope::Row).into(),
            Self::Cell => Tag::TD.into(),
            Self::Figure { aloud } => Tag::Figure(Some(aloud)).into(),
            Self::Group => Tag::Div.into(),
        }
    }
}
