//! [`CmsFault`]: what is wrong with the form of a signature in CMS.

use crate::statement::statements;

statements! {
    /// What is wrong with a signature's form in CMS.
    pub enum CmsFault {
        /// The structure's version contradicts it.
        Version { version: u64 } = "cms-version":
            "{version} нұсқасы қол қоюшының аталу тәсіліне сай емес",
            "версия {version} не соответствует тому, как назван подписавший",
            "version {version} does not go with how the signer is named";
        /// The signed attributes do not read.
        AttributesUnreadable { at: usize } = "cms-attributes-unreadable":
            "қол қойылған атрибуттар оқылмайды ({at}-байт)",
            "подписанные атрибуты не читаются (байт {at})",
            "the signed attributes cannot be read (byte {at})";
        /// Two readers could take them differently.
        AttributesOrder = "cms-attributes-order":
            "қол қойылған атрибуттар DER талап еткен ретпен тұрған жоқ",
            "подписанные атрибуты стоят не в порядке DER",
            "the signed attributes are not in DER's order";
        /// One attribute twice.
        AttributeTwice { attribute: String } = "cms-attribute-twice":
            "қол қойылған {attribute} атрибуты екі рет жазылған",
            "подписанный атрибут {attribute} записан дважды",
            "the signed attribute {attribute} is there twice";
        /// Not one value where one is meant.
        AttributeValues { attribute: String, count: usize } = "cms-attribute-values":
            "қол қойылған {attribute} атрибутында бір мән болуы керек, бірақ мәндер саны: {count}",
            "у подписанного атрибута {attribute} должно быть одно значение, а их: {count}",
            "the signed attribute {attribute} must have one value; number of values: {count}";
        /// Nothing says what was signed.
        NoMessageDigest = "cms-no-message-digest":
            "қол қойылған атрибуттарда құжаттың дайджесті жоқ",
            "в подписанных атрибутах нет дайджеста документа",
            "the signed attributes have no message digest";
        /// Two places name two digests.
        DigestsDiffer { stated: String, named: String } = "cms-digests-differ":
            "дайджест {stated} алгоритмімен, ал қолтаңба {named} алгоритмімен жасалған",
            "дайджест вычислен по {stated}, а подпись — по {named}",
            "the digest is by {stated}, but the signature is by {named}";
        /// An algorithm's name does not read.
        AlgorithmUnreadable = "cms-algorithm-unreadable":
            "алгоритм идентификаторы оқылмайды",
            "идентификатор алгоритма не читается",
            "an algorithm's identifier cannot be read";
        /// The signed algorithms are others than those beside.
        ProtectionDiffers = "cms-protection-differs":
            "қорғалған алгоритмдер қолтаңбаның алгоритмдеріне сай емес",
            "защищённые алгоритмы — не те, что у подписи",
            "the protected algorithms are not those of the signature";
        /// A countersignature pretends to be a signature on a document.
        CountersignatureType = "cms-countersignature-type":
            "куәландырушы қолтаңба құжатқа қойылғандай мазмұн түрін атайды",
            "заверяющая подпись называет тип содержания, будто она на документе",
            "a countersignature names a content type, as if it were over a document";
        /// A countersignature does not read.
        CountersignatureUnreadable { number: usize } = "cms-countersignature-unreadable":
            "№ {number} куәландырушы қолтаңба оқылмайды",
            "заверяющая подпись № {number} не читается",
            "countersignature {number} cannot be read";
        /// More is there than is judged.
        TooMuchMaterial = "cms-too-much-material":
            "сертификаттар, тізімдер мен жауаптар бір файлда тексерілетіннен көп",
            "сертификатов, списков и ответов больше, чем проверяется в одном файле",
            "more certificates, lists and answers than are judged in one file";
        /// Without signed attributes only plain data may be signed.
        Unattributed { content: String } = "cms-unattributed":
            "{content} түріндегі мазмұнға атрибуттарсыз қол қойылған",
            "содержание типа {content} подписано без атрибутов",
            "content of type {content} is signed without attributes";
        /// So much is not signed that way.
        UnattributedTooLong { most: u64 } = "cms-unattributed-too-long":
            "{most} байттан ұзын мазмұнға атрибуттарсыз қол қойылған; ондай қолтаңба тексерілмейді",
            "содержание длиннее {most} байт подписано без атрибутов; такое не проверяется",
            "content of more than {most} bytes is signed without attributes; that is not judged";
        /// Attributes that somebody signed elsewhere would pass for a document.
        ContentIsAttributes = "cms-content-is-attributes":
            "мазмұн қол қойылған атрибуттар түрінде, ал өзіне атрибуттарсыз қол қойылған",
            "содержание имеет вид подписанных атрибутов и подписано без них",
            "the content has the form of signed attributes, and is signed without any";
        /// What is signed does not say of what type it is.
        NoContentType = "cms-no-content-type":
            "қол қойылған атрибуттар мазмұн түрін атамайды",
            "подписанные атрибуты не называют тип содержания",
            "the signed attributes do not name the content type";
        /// Another type is signed.
        ContentTypeDiffers { stated: String, signed: String } = "cms-content-type-differs":
            "мазмұн түрі {stated} деп көрсетілген, ал {signed} түріне қол қойылған",
            "тип содержания назван {stated}, а подписан {signed}",
            "the content is said to be {stated}, but {signed} is signed";
        /// An attribute that must name the signer's certificate does not.
        NamesNoCertificate { attribute: String } = "cms-names-no-certificate":
            "{attribute} атрибуты сертификатты атамайды",
            "атрибут {attribute} не называет сертификат",
            "the attribute {attribute} does not name a certificate";
    }
}
