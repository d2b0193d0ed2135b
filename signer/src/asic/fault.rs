//! [`ContainerFault`]: what is wrong with a container of signatures.

use crate::statement::statements;

statements! {
    /// What is wrong with a container.
    pub enum ContainerFault {
        /// Nothing says what it is.
        NoMimetype = "container-no-mimetype":
            "контейнердің қандай түрде екенін айтатын mimetype жоқ",
            "нет mimetype, который назвал бы вид контейнера",
            "no mimetype says which kind of container it is";
        /// A simple container with a manifest.
        SimpleWithManifest = "container-simple-with-manifest":
            "mimetype ASiC-S дейді, ал онда ASiCManifest болмайды",
            "mimetype называет ASiC-S, а в нём не бывает ASiCManifest",
            "the mimetype says ASiC-S, which has no ASiCManifest";
        /// A simple container without or with several files.
        SimpleFiles = "container-simple-files":
            "ASiC-S ішінде қолтаңбалардан басқа дәл бір файл болуы керек",
            "в ASiC-S кроме подписей должен быть ровно один файл",
            "ASiC-S holds exactly one file beside its signatures";
        /// A signature of a type that is not read.
        TypeUnknown { file: String, found: String } = "container-type-unknown":
            "«{file}» файлының {found} түрі тексерілмейді",
            "«{file}» имеет тип {found}, который не проверяется",
            "“{file}” is of type {found}, which is not examined";
        /// A manifest points nowhere.
        SignatureMissing { manifest: String, file: String } = "container-signature-missing":
            "{manifest} «{file}» файлына сілтейді, бірақ ондай файл жоқ",
            "{manifest} ссылается на «{file}», а такого файла нет",
            "{manifest} refers to “{file}”, which is not there";
        /// A manifest points to something else, or two point to one.
        SignatureShared { file: String } = "container-signature-shared":
            "«{file}» қолтаңба емес немесе оның екі манифесі бар",
            "«{file}» — не подпись, или у неё два манифеста",
            "“{file}” is no signature, or has two manifests";
        /// A signature over nothing that can be named.
        NoManifest = "container-no-manifest":
            "қолтаңбаның қай файлдарға қойылғанын айтатын манифест жоқ",
            "нет манифеста, который назвал бы подписанные файлы",
            "no manifest says which files it is over";
        /// A signature that brings a document of its own.
        ContentInside = "container-content-inside":
            "қолтаңба файлының ішінде өз мазмұны бар",
            "в файле подписи есть собственное содержание",
            "the signature has content of its own inside";
    }
}
