//! [`Alteration`]: what came into a file after it was signed.

use super::{Name, Uncovered};
use crate::statement::statements;

statements! {
    /// What came into a file after it was signed.
    pub enum Alteration {
        /// What was signed cannot be found any more as it was.
        SectionsReplaced = "sections-replaced":
            "қол қойылған бөліктің айқас сілтемелері ауыстырылған",
            "перекрёстные ссылки подписанной части заменены",
            "the cross-references of the signed part were replaced";
        /// The document begins elsewhere.
        CatalogReplaced = "catalog-replaced":
            "құжаттың каталогы ауыстырылған",
            "каталог документа заменён другим",
            "the document's catalog was replaced by another";
        /// Too much to be compared.
        TooManyObjects = "too-many-objects":
            "кейін салыстыруға келмейтіндей көп нысан жазылған",
            "позже записано больше объектов, чем можно сравнить",
            "more objects were written later than can be compared";
        /// Too large to be compared.
        TooLarge = "too-large":
            "құжат толық салыстыру үшін тым үлкен",
            "документ слишком велик, чтобы сравнить его полностью",
            "the document is too large to be compared completely";
        /// What came later does not read.
        Incomparable = "incomparable":
            "кейін қосылған бөлік оқылмайды, сондықтан салыстыруға болмайды",
            "добавленное позже не читается, и сравнить его нельзя",
            "what came later cannot be read, so it cannot be compared";
        /// A shadow that waited in the signed part.
        Recalled { object: u32 } = "object-recalled":
            "{object}-нысан қол қойылған бөлікте жасырылған басқа нысанмен ауыстырылған",
            "объект {object} заменён другим, который был скрыт в подписанной части",
            "object {object} was exchanged for one that was hidden in the signed part";
        /// A shadow's missing half.
        Supplied { object: u32 } = "object-supplied":
            "қол қойылғанда жоқ болған {object}-нысан кейін қосылған",
            "объект {object}, которого не было при подписании, добавлен позже",
            "object {object} was missing when it was signed, and was supplied later";
        /// Something that nothing explains is gone.
        ObjectRemoved { object: u32, part: Part } = "object-removed":
            "{object}-нысан алып тасталған: {part}",
            "объект {object} удалён: {part}",
            "object {object} was removed: {part}";
        /// Something that nothing explains is different.
        ObjectChanged { object: u32, part: Part } = "object-changed":
            "{object}-нысан өзгертілген: {part}",
            "объект {object} изменён: {part}",
            "object {object} was changed: {part}";
        /// Rights that the signer did not give.
        RightsAdded = "rights-added":
            "құжат кейін куәландырылған немесе оған басқа құқықтар берілген",
            "документ позже сертифицирован или наделён другими правами",
            "the document was certified, or given other rights, later";
        /// The head of the document.
        CatalogEntry { key: String } = "catalog-entry":
            "құжат каталогы өзгертілген: {key}",
            "каталог документа изменён: {key}",
            "the document's catalog was changed: {key}";
        /// The head of the document, drawn with.
        CatalogShared = "catalog-shared":
            "құжат каталогы өзгертілген, ал ол басқа мақсатта да қолданылады",
            "изменён каталог документа, который используется и для другого",
            "the document's catalog was changed, and is used as something else too";
        /// Title, author, and the like.
        Description = "description":
            "құжаттың сипаттамасы (атауы, авторы т.б.) өзгертілген",
            "изменено описание документа (название, автор и т. п.)",
            "the description of the document (title, author and the like) was changed";
        /// Fonts for fields.
        FontsAdded = "fonts-added":
            "жаңа өрістерге арналған қаріптер қосылған",
            "добавлены шрифты для новых полей",
            "fonts for new fields were added";
        /// Fonts of a form that may be filled in.
        FormFonts = "form-fonts":
            "пішінді толтыру үшін оның қаріптері өзгертілген",
            "шрифты формы изменены для её заполнения",
            "the form's fonts were changed for filling it in";
        /// The form itself.
        FormEntry { key: String } = "form-entry":
            "пішін өзгертілген: {key}",
            "форма изменена: {key}",
            "the form was changed: {key}";
        /// Something else stands where validation data should.
        StoreBroken = "store-broken":
            "тексеру деректерінің орнында басқа нәрсе тұр",
            "на месте данных для проверки стоит другое",
            "something else stands in the place of validation data";
        /// Certificates, lists, answers.
        ValidationData = "validation-data":
            "тексеру деректері қосылған (сертификаттар, кері қайтару туралы мәліметтер)",
            "добавлены данные для проверки (сертификаты, сведения об отзыве)",
            "validation data was added (certificates, information on revocation)";
        /// A field is gone.
        FieldRemoved { field: String } = "field-removed":
            "«{field}» өрісі алып тасталған",
            "поле «{field}» удалено",
            "field “{field}” was removed";
        /// A field is another.
        FieldExchanged { field: String } = "field-exchanged":
            "«{field}» өрісі басқа өріске айналдырылған",
            "поле «{field}» превращено в другое",
            "field “{field}” was made into another";
        /// A signature is another.
        SignatureExchanged { field: String } = "signature-exchanged":
            "«{field}» өрісіндегі қолтаңба ауыстырылған",
            "подпись в поле «{field}» заменена другой",
            "the signature of field “{field}” was exchanged";
        /// Something of a field that filling in does not change.
        FieldEntry { field: String, key: String } = "field-entry":
            "«{field}» өрісі өзгертілген: {key}",
            "поле «{field}» изменено: {key}",
            "field “{field}” was changed: {key}";
        /// A field has another value, as the signer permits.
        FieldFilled { field: String } = "field-filled":
            "«{field}» өрісі толтырылған",
            "заполнено поле «{field}»",
            "field “{field}” was filled in";
        /// A field has another value, and the signer did not permit it.
        FieldFilledForbidden { field: String } = "field-filled-forbidden":
            "«{field}» өрісі толтырылған, қолтаңба бұған рұқсат бермейді",
            "заполнено поле «{field}», чего подпись не разрешает",
            "field “{field}” was filled in, which the signature does not permit";
        /// A field that is not for signatures.
        FieldAdded { field: String } = "field-added":
            "«{field}» өрісі қосылған",
            "добавлено поле «{field}»",
            "field “{field}” was added";
        /// A field that acts.
        FieldActs { field: String, key: String } = "field-acts":
            "қосылған «{field}» өрісі қол қоюдан басқаны да істейді: {key}",
            "добавленное поле «{field}» делает не только то, что нужно для подписи: {key}",
            "field “{field}” was added and does more than a signature needs: {key}";
        /// A field that pretends to be signed.
        FieldFeigned { field: String } = "field-feigned":
            "«{field}» өрісі қолтаңба сияқты көрінеді, бірақ онда қолтаңба жоқ",
            "поле «{field}» выглядит как подпись, но подписи в нём нет",
            "field “{field}” looks like a signature and has none";
        /// A place for a signature.
        FieldEmpty { field: String } = "field-empty":
            "қолтаңбаға арналған бос «{field}» өрісі қосылған",
            "добавлено пустое поле «{field}» для подписи",
            "an empty field “{field}” for a signature was added";
        /// A place for a signature that may not come.
        FieldEmptyForbidden { field: String } = "field-empty-forbidden":
            "қолтаңбаға арналған бос «{field}» өрісі қосылған, сертификаттау бұған рұқсат бермейді",
            "добавлено пустое поле «{field}» для подписи, чего сертификация не разрешает",
            "an empty field “{field}” for a signature was added, which the certification does not permit";
        /// The look of a field that was filled in.
        FieldLook { field: String } = "field-look":
            "«{field}» өрісінің көрінісі сонымен бірге өзгерген",
            "вместе с полем «{field}» изменился его вид",
            "the look of field “{field}” was changed with it";
        /// A signature that is none.
        SignatureBroken { field: String } = "signature-broken":
            "«{field}» өрісіндегі қолтаңба бүлінген немесе қолтаңба емес",
            "подпись в поле «{field}» испорчена или не является подписью",
            "field “{field}” has a signature that is none, or is broken";
        /// A time stamp on all before it.
        StampAdded { field: String } = "stamp-added":
            "құжаттың «{field}» уақыт белгісі қосылған",
            "добавлена метка времени документа «{field}»",
            "document time stamp “{field}” was added";
        /// A time stamp covers something.
        StampShown { field: String } = "stamp-shown":
            "құжаттың «{field}» уақыт белгісі бетте көрсетілген",
            "метка времени документа «{field}» показана на странице",
            "document time stamp “{field}” is shown on a page";
        /// Another signature.
        SignatureAdded { field: String } = "signature-added":
            "тағы бір қолтаңба қосылған: «{field}»",
            "добавлена ещё одна подпись: «{field}»",
            "another signature was added: “{field}”";
        /// Another signature where none may come.
        SignatureForbidden { field: String } = "signature-forbidden":
            "«{field}» қолтаңбасы қосылған, сертификаттау бұған рұқсат бермейді",
            "добавлена подпись «{field}», чего сертификация не разрешает",
            "signature “{field}” was added, which the certification does not permit";
        /// Another signature in a field that was locked.
        SignatureLocked { field: String } = "signature-locked":
            "«{field}» қолтаңбасы бұғатталған өріске қойылған",
            "подпись «{field}» добавлена в заблокированное поле",
            "signature “{field}” was added in a field that was locked";
        /// A mark that nobody can measure.
        MarkLoose { field: String } = "mark-loose":
            "«{field}» қолтаңбасының белгісі жеке нысанмен көрсетілмеген",
            "знак подписи «{field}» показан не отдельным объектом",
            "the mark of signature “{field}” is shown by no object of its own";
        /// A mark without a place that all programs read alike.
        MarkUnmeasured { field: String } = "mark-unmeasured":
            "«{field}» қолтаңбасының белгісі көрінуі мүмкін, ал оның орнын дәл анықтау мүмкін емес",
            "знак подписи «{field}» может быть виден, а его место точно определить нельзя",
            "the mark of signature “{field}” may be seen, and its place cannot be measured";
        /// A mark in its place.
        MarkShown { page: u32, left: String, bottom: String, right: String, top: String } = "mark-shown":
            "кейінгі қолтаңбаның белгісі {page}-бетте көрінеді (орны: {left}, {bottom} — {right}, {top})",
            "на странице {page} виден знак более поздней подписи (место: {left}, {bottom} — {right}, {top})",
            "the mark of a later signature is seen on page {page} (place: {left}, {bottom} to {right}, {top})";
        /// A mark that its place does not bind.
        MarkElsewhere { field: String, page: u32 } = "mark-elsewhere":
            "«{field}» қолтаңбасының белгісі {page}-бетте көрсетілген орнынан басқа жерде көрінеді",
            "знак подписи «{field}» виден на странице {page} не там, где указано его место",
            "the mark of signature “{field}” is seen on page {page} elsewhere than its place says";
        /// A field that the signer did not see.
        MarkUnhidden { field: String, page: u32 } = "mark-unhidden":
            "{page}-беттегі «{field}» өрісі қол қойылғанда жасырын еді, енді көрінеді",
            "поле «{field}» на странице {page} при подписании было скрыто, а теперь видно",
            "field “{field}” on page {page} was hidden when it was signed, and is seen now";
        /// A field that said something else.
        MarkExchanged { field: String, page: u32 } = "mark-exchanged":
            "{page}-беттегі «{field}» өрісінің бұрын көрсеткен мазмұны басқаға ауыстырылған",
            "на странице {page} заменено то, что показывало поле «{field}»",
            "what field “{field}” showed on page {page} was exchanged for something else";
        /// A mark that hides what was signed.
        MarkOver { field: String, page: u32, left: String, bottom: String, right: String, top: String } = "mark-over":
            "«{field}» қолтаңбасының белгісі {page}-беттегі мазмұнды жауып тұр (орны: {left}, {bottom} — {right}, {top})",
            "знак подписи «{field}» закрывает содержание страницы {page} (место: {left}, {bottom} — {right}, {top})",
            "the mark of signature “{field}” covers what page {page} shows (place: {left}, {bottom} to {right}, {top})";
        /// A mark over a page that cannot be looked through.
        MarkOverUnknown { field: String, page: u32 } = "mark-over-unknown":
            "«{field}» қолтаңбасының белгісі {page}-бетте тұр, оның астында не барын анықтау мүмкін емес",
            "знак подписи «{field}» стоит на странице {page}, и что под ним, определить нельзя",
            "the mark of signature “{field}” stands on page {page}, and what is under it cannot be told";
        /// A mark that could be anywhere.
        MarkNowhere = "mark-nowhere":
            "кейінгі қолтаңбаның белгісі көрсетіледі, бірақ оның қай бетте екені белгісіз",
            "знак более поздней подписи показан, но ни одна страница не говорит где",
            "the mark of a later signature is shown, and no page says where";
        /// Something of a page.
        PageEntry { page: u32, key: String } = "page-entry":
            "{page}-бет өзгертілген: {key}",
            "страница {page} изменена: {key}",
            "page {page} was changed: {key}";
        /// A page that is drawn with.
        PageShared { page: u32 } = "page-shared":
            "{page}-бет өзгертілген, ал ол басқа мақсатта да қолданылады",
            "изменена страница {page}, которая используется и для другого",
            "page {page} was changed, and is used as something else too";
        /// A note that the signer permits.
        AnnotationAdded { page: u32 } = "annotation-added":
            "{page}-бетке ескертпе қосылған",
            "на странице {page} добавлена аннотация",
            "an annotation was added on page {page}";
        /// A note that the signer did not permit.
        AnnotationOver { page: u32 } = "annotation-over":
            "{page}-беттің үстіне ескертпе қойылған",
            "поверх страницы {page} добавлена аннотация",
            "an annotation was added over page {page}";
        /// A note is gone, or another is under it.
        AnnotationRemoved { page: u32 } = "annotation-removed":
            "{page}-беттен ескертпе алынған немесе басқасының үстіне қойылған",
            "со страницы {page} удалена аннотация или положена поверх другой",
            "an annotation was removed from page {page}, or put over another";
        /// Bytes for programs that repair.
        Unlisted = "unlisted-bytes":
            "ешбір кестеде жоқ байттар қосылған; файлды жөндейтін бағдарламалар оларды көрсетуі мүмкін",
            "добавлены байты, которых нет ни в одной таблице; программы, исправляющие файлы, могут их показать",
            "bytes that no table lists were added; programs that repair files may show them";
        /// Tables that make programs repair.
        OddReferences = "odd-references":
            "қате жазылған айқас сілтемелер қосылған; бағдарламалар файлды «жөндеуі» мүмкін",
            "добавлены неправильно записанные перекрёстные ссылки; программы могут «исправить» файл",
            "cross-references that are not written as they must be were added; programs may repair the file";
        /// An object in an object.
        HiddenInside = "hidden-inside":
            "бір нысанның ішіне басқасы жасырылған; файлды жөндейтін бағдарламалар оны көрсетуі мүмкін",
            "внутри одного объекта спрятан другой; программы, исправляющие файлы, могут его показать",
            "an object was hidden inside another; programs that repair files may show it";
        /// Bytes after the end.
        Tail = "tail":
            "файлдың соңынан кейін бірдеңе қосылған",
            "после конца файла что-то дописано",
            "something was appended after the end of the file";
        /// Another signature that this one leaves out.
        SignatureBeside { name: Box<Name> } = "signature-beside":
            "осы қолтаңба қамтымайтын басқа қолтаңба: {name}",
            "другая подпись, которую эта не охватывает: {name}",
            "another signature, which this one does not cover: {name}";
        /// Something that hides in a signature.
        Stranger { path: String } = "stranger":
            "{path} қолтаңбаның ішінде тұр, бірақ оның бөлігі емес және қамтылмаған",
            "{path} стоит внутри подписи, не является её частью и не охвачен",
            "{path} stands in a signature, is no part of it and is not covered";
        /// The last of many that hide.
        Strangers { path: String } = "strangers":
            "{path} және тағы басқалар қолтаңбаның ішінде тұр, бірақ оның бөлігі емес және қамтылмаған",
            "{path} и другие стоят внутри подписи, не являются её частью и не охвачены",
            "{path}, and more of them, stand in a signature, are no part of it and are not covered";
        /// What no signature covers.
        Uncovered { what: Uncovered } = "uncovered":
            "қол қойылмаған: {what}",
            "не подписано: {what}",
            "not signed: {what}";
    }
}

statements! {
    /// A part of a PDF.
    pub enum Part {
        /// Drawing, pictures, letters.
        Stream = "part-stream":
            "бет мазмұны, сурет немесе қаріп",
            "содержание страницы, изображение или шрифт",
            "page content, picture or font";
        /// By its own name.
        Typed { kind: String } = "part-typed":
            "{kind}", "{kind}", "{kind}";
        /// Something else.
        Other = "part-other":
            "құжаттың бөлігі", "часть документа", "part of the document";
    }
}
