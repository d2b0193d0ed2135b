//! [`PdfFault`]: what is wrong with where and how a signature stands in a PDF.

use crate::statement::statements;

statements! {
    /// What is wrong with a signature's place in a PDF.
    pub enum PdfFault {
        /// Its dictionary is packed or written in another.
        NotAnObject = "pdf-not-an-object":
            "қолтаңба сөздігі файлда жеке нысан болып тұрған жоқ",
            "словарь подписи не является отдельным объектом файла",
            "its dictionary is no object of its own in the file";
        /// No value, or two.
        ValueMissing = "pdf-value-missing":
            "қолтаңбаның мәні жоқ немесе екі рет жазылған",
            "значение подписи отсутствует или записано дважды",
            "its value is missing or there twice";
        /// The value is no string, or a very long one.
        ValueForm = "pdf-value-form":
            "қолтаңбаның мәні жол емес немесе тым үлкен",
            "значение подписи не строка или слишком велико",
            "its value is no string, or too large";
        /// The value's string could be read in two ways.
        ValueDigits = "pdf-value-digits":
            "қолтаңбаның мәні үзіліссіз он алтылық жолмен жазылмаған",
            "значение подписи записано не одной шестнадцатеричной строкой без пропусков",
            "its value is not one hexadecimal string without gaps";
        /// The value is zeros.
        ValueEmpty = "pdf-value-empty":
            "қолтаңбаның мәні бос",
            "значение подписи пусто",
            "its value is empty";
        /// Two keys say what is covered.
        RangesTwice = "pdf-ranges-twice":
            "қолтаңба қамтитын ауқымдар екі рет жазылған",
            "охваченные подписью диапазоны записаны дважды",
            "its ranges are there twice";
        /// What says what is covered is something else.
        RangesForm = "pdf-ranges-form":
            "қолтаңба қамтитын ауқымдар дәл төрт саннан тұрмайды",
            "охваченные подписью диапазоны — не ровно четыре числа",
            "its ranges are not exactly four numbers";
        /// It would cover what is not there.
        RangesBeyond = "pdf-ranges-beyond":
            "қолтаңба қамтитын ауқымдар файлдың соңынан асып кетеді",
            "охваченные подписью диапазоны выходят за конец файла",
            "its ranges go beyond the end of the file";
        /// It leaves out the head of the file.
        RangesStart = "pdf-ranges-start":
            "қолтаңба қамтитын ауқымдар бірінші байттан басталмайды",
            "охваченные подписью диапазоны начинаются не с первого байта",
            "its ranges do not begin at the first byte";
        /// It leaves out more than itself.
        RangesGap = "pdf-ranges-gap":
            "қолтаңба өз мәнінен басқа нәрсені де қамтымай қалдырады",
            "подпись оставляет неохваченным не только собственное значение",
            "its ranges leave out something else than its own value";
        /// It would cover something twice.
        RangesOverlap = "pdf-ranges-overlap":
            "қолтаңба қамтитын ауқымдар бір-бірімен қабаттасады",
            "охваченные подписью диапазоны перекрываются",
            "its ranges overlap";
        /// Who signed what is left open.
        Twin = "pdf-twin":
            "аты немесе қолтаңбасы дәл сондай тағы бір өріс бар",
            "в файле есть другое поле с тем же именем или той же подписью",
            "another field has the same name or the same signature";
        /// What it covers does not open by itself.
        NoRevision = "pdf-no-revision":
            "қолтаңба қамтитын бөлік — осы қолтаңбасы бар құжат нұсқасы емес",
            "то, что охвачено, не является редакцией документа с этой подписью",
            "what it covers is no revision of the file that has this signature";
        /// Its CMS does not read.
        CmsUnreadable = "pdf-cms-unreadable":
            "қолтаңбаның мәні CMS ретінде оқылмайды",
            "значение подписи не читается как CMS",
            "its value cannot be read as CMS";
        /// Its CMS is another than PDF has.
        CmsShape = "pdf-cms-shape":
            "қолтаңбаның CMS құрылымында қол қоюшы біреу емес немесе ішінде мазмұн бар",
            "в CMS подписи не ровно один подписавший или есть вложенное содержание",
            "its CMS has not exactly one signer, or content inside";
        /// No form is stated.
        FormMissing = "pdf-form-missing":
            "қолтаңба өзінің қандай түрде екенін айтпайды",
            "подпись не указывает свой вид",
            "it does not say of which form it is";
        /// A form that is not used any more, or never was.
        FormUnknown = "pdf-form-unknown":
            "қолтаңбаның түрі ескірген немесе белгісіз",
            "вид подписи устарел или неизвестен",
            "it is of an obsolete or unknown form";
        /// Something else stands where the signature should.
        NotASignature = "pdf-not-a-signature":
            "қолтаңба сөздігі қолтаңбаға тән емес",
            "словарь подписи не является словарём подписи",
            "its dictionary is not one of a signature";
    }
}
