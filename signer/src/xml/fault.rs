//! [`XmlFault`]: what is wrong with the form of a signature in XML.

use crate::statement::statements;

statements! {
    /// What is wrong with a signature's form in XML.
    pub enum XmlFault {
        /// Something stands where nothing may.
        OutOfPlace { element: String } = "xml-out-of-place":
            "{element} қолтаңбаның бұл жерінде тұрмауы керек",
            "{element} не должен стоять в этом месте подписи",
            "{element} does not belong where it stands in the signature";
        /// Some programs would show it, others skip it.
        Loose { element: String } = "xml-loose":
            "{element} элементтерінің арасында мәтін, түсініктеме немесе нұсқау тұр",
            "между элементами {element} стоит текст, комментарий или инструкция",
            "{element} has text, a comment or an instruction between its elements";
        /// Not the letters of base64.
        NotBase64 { element: String } = "xml-not-base64":
            "{element} мазмұны base64 емес",
            "содержание {element} — не base64",
            "{element} is not base64";
        /// The signature does not say what it signs.
        NoSignedInfo = "xml-no-signed-info":
            "қолтаңба SignedInfo элементінен басталмайды",
            "подпись не начинается с SignedInfo",
            "the signature does not begin with a SignedInfo";
        /// No value.
        NoValue = "xml-no-value":
            "SignedInfo элементінен кейін SignatureValue жоқ",
            "за SignedInfo нет SignatureValue",
            "no SignatureValue follows the SignedInfo";
        /// An empty value.
        EmptyValue = "xml-empty-value":
            "SignatureValue бос",
            "SignatureValue пусто",
            "the SignatureValue is empty";
        /// It could be read in several ways.
        NoCanonicalisation = "xml-no-canonicalisation":
            "SignedInfo канондау тәсілін атамайды",
            "SignedInfo не называет канонизацию",
            "SignedInfo names no canonicalisation";
        /// A canonicalisation that is not known.
        CanonicalisationUnknown { uri: String } = "xml-canonicalisation-unknown":
            "«{uri}» канондау тәсілі белгісіз",
            "канонизация «{uri}» неизвестна",
            "canonicalisation “{uri}” is not read";
        /// A canonicalisation that is told more than is known.
        CanonicalisationParameters { uri: String } = "xml-canonicalisation-parameters":
            "«{uri}» канондау тәсілінің параметрлері белгісіз",
            "у канонизации «{uri}» неизвестные параметры",
            "canonicalisation “{uri}” has parameters that are not read";
        /// No algorithm.
        NoMethod = "xml-no-method":
            "SignedInfo қолтаңба алгоритмін атамайды",
            "SignedInfo не называет алгоритм подписи",
            "SignedInfo names no signature method";
        /// An algorithm without a name.
        MethodUnnamed = "xml-method-unnamed":
            "қолтаңба алгоритмінің атауы жоқ",
            "у алгоритма подписи нет названия",
            "the signature method has no name";
        /// An algorithm that is not known.
        MethodUnknown { uri: String } = "xml-method-unknown":
            "«{uri}» қолтаңба алгоритмі белгісіз",
            "алгоритм подписи «{uri}» неизвестен",
            "signature method “{uri}” is not known";
        /// A parameter could weaken what must agree.
        MethodParameter { parameter: String } = "xml-method-parameter":
            "қолтаңба алгоритмінде {parameter} параметрі бар, ондайлар қабылданбайды",
            "у алгоритма подписи есть параметр {parameter}, такие не принимаются",
            "the signature method has the parameter {parameter}, and none is read";
        /// Nothing is signed.
        NoReference = "xml-no-reference":
            "SignedInfo ештеңеге сілтемейді",
            "в SignedInfo нет ни одной ссылки",
            "SignedInfo has no reference";
        /// More references than are followed.
        TooManyReferences { most: usize } = "xml-too-many-references":
            "сілтемелер рұқсат етілгеннен көп (ең көбі {most})",
            "ссылок больше, чем допускается (не более {most})",
            "there are more references than are followed (at most {most})";
        /// More certificates than are read.
        TooManyCertificates { most: usize } = "xml-too-many-certificates":
            "KeyInfo ішінде сертификаттар рұқсат етілгеннен көп (ең көбі {most})",
            "в KeyInfo сертификатов больше, чем допускается (не более {most})",
            "KeyInfo has more certificates than are read (at most {most})";
        /// More work than is done.
        TooMuchWork = "xml-too-much-work":
            "құжаттың қолтаңбаларын тексеру тым көп жұмыс талап етеді",
            "проверка подписей этого документа требует слишком много работы",
            "the signatures of this document ask for more work than is spent on one";
        /// A reference without a digest's method.
        NoDigestMethod = "xml-no-digest-method":
            "сілтемеде дайджест алгоритмі аталмаған",
            "ссылка не называет алгоритм дайджеста",
            "a reference names no digest method";
        /// A reference without a digest.
        NoDigest = "xml-no-digest":
            "сілтемеде дайджест жоқ",
            "в ссылке нет дайджеста",
            "a reference has no digest";
        /// A digest that is none of its method.
        DigestLength { number: usize } = "xml-digest-length":
            "№ {number} сілтеме дайджестінің ұзындығы алгоритміне сай емес",
            "длина дайджеста ссылки № {number} не соответствует его алгоритму",
            "the digest of reference {number} has another length than its method's";
        /// Steps of which nobody needs so many.
        Transforms { most: usize } = "xml-transforms":
            "сілтемеде түрлендірулер {most} санынан көп немесе араларында бөтен элемент бар",
            "в ссылке больше {most} преобразований или среди них посторонний элемент",
            "a reference has more than {most} transforms, or something else among them";
        /// A step after the last one.
        TransformOrder { uri: String } = "xml-transform-order":
            "«{uri}» түрлендіруі октеттер жасалғаннан кейін тұр",
            "преобразование «{uri}» стоит после того, которое даёт октеты",
            "transform “{uri}” follows one that makes octets, and is not read there";
        /// A step that could leave out anything.
        TransformXPath = "xml-transform-xpath":
            "XPath түрлендіруі «қолтаңбаларсыз» дегеннен басқаны айтады",
            "преобразование XPath означает не «без подписей»",
            "an XPath transform says something else than “no signatures”";
        /// A step that is not known.
        TransformUnknown { uri: String } = "xml-transform-unknown":
            "«{uri}» түрлендіруі белгісіз",
            "преобразование «{uri}» неизвестно",
            "transform “{uri}” is not read";
        /// A step that means nothing for what lies elsewhere.
        TransformElsewhere = "xml-transform-elsewhere":
            "сілтеменің түрлендіруі тек құжаттың өз ішіндегіге арналған",
            "преобразование этой ссылки годится только для того же документа",
            "a transform of this reference is for what is in the same document";
        /// Nobody knows what is meant.
        NoUri = "xml-no-uri":
            "сілтемеде URI жоқ: ненің көрсетілгенін тек қолданба біледі",
            "у ссылки нет URI: что она означает, знает только приложение",
            "a reference has no URI; only the application would know what it means";
        /// Two references to one thing.
        SameUri { number: usize } = "xml-same-uri":
            "№ {number} сілтеме басқасының URI мекенжайын қайталайды",
            "ссылка № {number} повторяет URI другой",
            "reference {number} repeats the URI of another";
        /// A way of pointing that is not followed.
        Pointer { uri: String } = "xml-pointer":
            "«{uri}» сілтемесі — XPointer; тек жай Id бойынша сілтемелер қабылданады",
            "ссылка «{uri}» — XPointer; принимаются только простые Id",
            "reference “{uri}” is an XPointer; only plain Ids are followed";
        /// What a reference points to lies beside and was not given.
        NotGiven { uri: String } = "xml-not-given":
            "«{uri}» берілген файлдардың арасында жоқ",
            "«{uri}» нет среди того, что предоставлено",
            "“{uri}” is not among what was given";
        /// What a reference points to is not there.
        NoSuchId { id: String } = "xml-no-such-id":
            "«{id}» Id белгісі бар элемент жоқ",
            "нет элемента с Id «{id}»",
            "no element has the Id “{id}”";
        /// Programs decide differently which of them is signed.
        ManyOfId { id: String, count: usize } = "xml-many-of-id":
            "«{id}» Id белгісі бірнеше элементте бар (саны: {count}); қайсысына қол қойылғанын бағдарламалар әртүрлі шешеді",
            "Id «{id}» есть у нескольких элементов (всего: {count}); какой из них подписан, программы решают по-разному",
            "several elements have the Id “{id}” (number: {count}); which of them is signed, programs decide differently";
        /// A file beside that should be XML is none.
        NotXml = "xml-not-xml":
            "жанындағы файл XML ретінде оқылмайды",
            "приложенный файл не читается как XML",
            "a file beside cannot be read as XML";
        /// A file beside did not come.
        Unfetched = "xml-unfetched":
            "жанындағы файлды оқу мүмкін болмады",
            "приложенный файл не удалось прочесть",
            "a file beside could not be read";
        /// Two sets of properties.
        QualifyingTwice = "xml-qualifying-twice":
            "QualifyingProperties екі рет жазылған",
            "QualifyingProperties записаны дважды",
            "the signature has QualifyingProperties twice";
        /// The properties of another signature.
        QualifyingForeign = "xml-qualifying-foreign":
            "QualifyingProperties басқа қолтаңбаға арналған",
            "QualifyingProperties относятся к другой подписи",
            "the QualifyingProperties are meant for another signature";
        /// Two sets of signed properties.
        PropertiesTwice = "xml-properties-twice":
            "SignedProperties екі рет жазылған",
            "SignedProperties записаны дважды",
            "the signature has SignedProperties twice";
        /// Two references to signed properties.
        PropertiesReferences = "xml-properties-references":
            "қол қойылған қасиеттерге екі сілтеме бар",
            "на подписанные свойства есть две ссылки",
            "two references are to signed properties";
        /// A step could change what they say.
        PropertiesTransforms = "xml-properties-transforms":
            "қол қойылған қасиеттерге сілтеме оларды канондаудан басқаны да істейді",
            "ссылка на подписанные свойства не только канонизирует их",
            "the reference to signed properties does more than canonicalise them";
        /// Somebody would believe what nobody signed.
        PropertiesUncovered = "xml-properties-uncovered":
            "қолтаңба өз қасиеттерін қамтымайды",
            "подпись не охватывает собственные свойства",
            "the signature has properties that it does not cover";
        /// Somebody else's properties.
        PropertiesForeign = "xml-properties-foreign":
            "қолтаңба басқаның қасиеттерін қамтиды немесе олар мүлдем жоқ",
            "подпись охватывает свойства другой подписи, или их нет",
            "the signature covers the properties of another, or none";
        /// A counter-signature on something else.
        CounterSignature = "xml-counter-signature":
            "куәландырушы қолтаңба өзі тұрған қолтаңбаның мәнін қамтымайды",
            "заверяющая подпись не охватывает значение подписи, в которой стоит",
            "the counter-signature does not cover the value of the signature that it stands in";
    }
}
