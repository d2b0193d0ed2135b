//! [`What`] a signature covers, [`Name`]s of signatures, and what is [`Uncovered`].

use crate::statement::statements;

statements! {
    /// By what a document names a signature.
    pub enum Name {
        /// A field of a form.
        Field { field: String } = "name-field":
            "«{field}»", "«{field}»", "“{field}”";
        /// An element of XML.
        Element { path: String } = "name-element":
            "{path}", "{path}", "{path}";
        /// One of several that have no names.
        Numbered { number: usize } = "name-numbered":
            "№ {number} қолтаңба", "подпись № {number}", "signature {number}";
        /// A signature on the value of another.
        Countersignature { number: usize, on: Box<Name> } = "name-countersignature":
            "№ {number} куәландырушы қолтаңба ({on} мәніне қойылған)",
            "заверяющая подпись № {number} ({on})",
            "countersignature {number} on {on}";
        /// A signature in a file of a container.
        Inside { file: String, name: Box<Name> } = "name-inside":
            "{file}: {name}", "{file}: {name}", "{file}: {name}";
    }
}

statements! {
    /// A thing that a signature covers.
    pub enum What {
        /// A PDF as it was when it was signed.
        Revision { number: usize, of: usize } = "covered-revision":
            "құжаттың {number}-нұсқасы (барлығы {of})",
            "редакция документа № {number} (всего редакций: {of})",
            "revision {number} of {of} of the document";
        /// A file by its name.
        File { file: String } = "covered-file":
            "«{file}» файлы", "файл «{file}»", "file “{file}”";
        /// What is inside of the signature, or beside it without a name.
        Content = "covered-content":
            "қол қойылған мазмұн", "подписанное содержание", "the signed content";
        /// The value of a signature.
        Value { name: Box<Name> } = "covered-value":
            "қолтаңба мәні: {name}", "значение подписи: {name}", "the value of the signature: {name}";
        /// What a time stamp says.
        Stamp = "covered-stamp":
            "уақыт белгісінің мазмұны", "содержание метки времени", "the content of the time stamp";
        /// What a reference of XML points to.
        Reference { number: usize, uri: String, target: Target } = "covered-reference":
            "№ {number} сілтеме («{uri}»): {target}",
            "ссылка № {number} («{uri}»): {target}",
            "reference {number} (“{uri}”): {target}";
        /// The same, and comments in it are left out.
        ReferenceUncommented { number: usize, uri: String, target: Target, count: usize } =
            "covered-reference-uncommented":
            "№ {number} сілтеме («{uri}»): {target}; ішіндегі түсініктемелерге қол қойылмаған (саны: {count})",
            "ссылка № {number} («{uri}»): {target}; комментарии в нём не подписаны (всего: {count})",
            "reference {number} (“{uri}”): {target}; comments in it are not signed (number: {count})";
        /// A reference that points nowhere.
        ReferenceNowhere { number: usize } = "covered-reference-nowhere":
            "№ {number} сілтеме: URI жоқ", "ссылка № {number}: URI нет", "reference {number}: no URI";
    }
}

statements! {
    /// What a reference of XML points to.
    pub enum Target {
        /// Nothing that can be found.
        Nothing = "target-nothing":
            "табылмады", "не найдено", "not found";
        /// Something else than this document.
        Beside = "target-beside":
            "жанындағы файл", "файл рядом", "a file beside";
        /// All of it.
        Document = "target-document":
            "бүкіл құжат", "весь документ", "the whole document";
        /// All but signatures.
        DocumentWithoutSignatures = "target-document-without-signatures":
            "қолтаңбаларынан басқа бүкіл құжат",
            "весь документ, кроме подписей",
            "the whole document without its signatures";
        /// All but this signature.
        DocumentWithoutThis = "target-document-without-this":
            "осы қолтаңбадан басқа бүкіл құжат",
            "весь документ, кроме этой подписи",
            "the whole document without this signature";
        /// A part of it.
        Element { path: String } = "target-element":
            "{path} элементі", "элемент {path}", "element {path}";
        /// A part of it but signatures.
        ElementWithoutSignatures { path: String } = "target-element-without-signatures":
            "қолтаңбаларынан басқа {path} элементі",
            "элемент {path}, кроме подписей",
            "element {path} without its signatures";
        /// A part of it but this signature.
        ElementWithoutThis { path: String } = "target-element-without-this":
            "осы қолтаңбадан басқа {path} элементі",
            "элемент {path}, кроме этой подписи",
            "element {path} without this signature";
    }
}

statements! {
    /// A thing in the file that no signature covers.
    pub enum Uncovered {
        /// A file of a container.
        File { file: String } = "uncovered-file":
            "«{file}» файлы", "файл «{file}»", "file “{file}”";
        /// A list of the container's files that says something else than what is signed.
        List { file: String } = "uncovered-list":
            "«{file}» файлдар тізімі; ол файлдардың өзіне қайшы",
            "список файлов «{file}»; он противоречит самим файлам",
            "the list of files “{file}”; it contradicts the files";
        /// Comments in XML.
        Comments { count: usize } = "uncovered-comments":
            "құжаттағы түсініктемелер (саны: {count})",
            "комментарии в документе (всего: {count})",
            "comments in the document (number: {count})";
        /// Something in a signature, or among signatures, that is none of their parts.
        Stranger { path: String } = "uncovered-stranger":
            "{path}: қолтаңбалардың ішінде тұр, бірақ олардың бөлігі емес",
            "{path}: стоит среди подписей, но не является их частью",
            "{path}: stands among signatures and is no part of them";
        /// The last of these that is told.
        Strangers { path: String } = "uncovered-strangers":
            "{path} және басқалары: қолтаңбалардың ішінде тұр, бірақ олардың бөлігі емес",
            "{path} и другие: стоят среди подписей, но не являются их частью",
            "{path}, and more of them: stand among signatures and are no part of them";
    }
}
