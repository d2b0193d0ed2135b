//! [`Finding`]: one thing that was found, with its reason and its particulars.
//!
//! What a person reads and what a program reads are one row, so they cannot differ.

use domain::Time;

use super::reason::{AlgorithmFault, RevocationReason, StatusFault};
use crate::{Alteration, Fault, What, statement::statements};

statements! {
    /// One thing that was found.
    pub enum Finding {
        /// Something about its form.
        Form { fault: Fault } = "form":
            "Қолтаңбаның пішімі қате: {fault}",
            "Ошибка в форме подписи: {fault}",
            "The form of the signature is wrong: {fault}";
        /// Not as it was signed.
        Altered { what: What } = "altered":
            "Қол қойылғаннан кейін өзгертілген: {what}",
            "Изменено после подписания: {what}",
            "Altered after it was signed: {what}";
        /// Not as it was signed, or not the file that was signed: what lies beside can be anything.
        AlteredOrAnother { what: What } = "altered-or-another":
            "Қол қойылғаннан кейін өзгертілген немесе бұл басқа файл: {what}",
            "Изменено после подписания, или это другой файл: {what}",
            "Changed after it was signed, or it is another file: {what}";
        /// Not here.
        Missing { what: What } = "missing":
            "Қол қойылған нәрсе жоқ, сондықтан тексеру мүмкін емес: {what}",
            "Нет того, что подписано, и проверить это нельзя: {what}",
            "What was signed is not here, so it cannot be checked: {what}";
        /// A digest that proves nothing.
        Unprovable { what: What } = "unprovable":
            "Дайджест алгоритмі ескірген немесе белгісіз, ол ештеңе дәлелдемейді: {what}",
            "Алгоритм дайджеста устарел или неизвестен и ничего не доказывает: {what}",
            "The digest algorithm is outdated or not known and proves nothing: {what}";
        /// Nothing is covered.
        NothingCovered = "nothing-covered":
            "Қолтаңба ештеңені қамтымайды",
            "Подпись ничего не охватывает",
            "The signature covers nothing";
        /// The signer's certificate is not here.
        NoCertificate = "no-certificate":
            "Қол қоюшының сертификаты жоқ",
            "Нет сертификата подписавшего",
            "The signer's certificate is not here";
        /// Another certificate was put in the place of the signer's.
        AnotherCertificate = "another-certificate":
            "Қол қоюшы басқа сертификатты атаған: бұл сертификат оның орнына қойылған",
            "Подписавший назвал другой сертификат: этот подставлен вместо него",
            "The signer named another certificate: this one was put in its place";
        /// Nothing that is signed says which certificate is meant.
        Unbound = "unbound":
            "Қол қойылған деректерде сертификат аталмаған",
            "В подписанных данных сертификат не назван",
            "Nothing that is signed names the certificate";
        /// A certificate does not read.
        UnreadableCertificate = "unreadable-certificate":
            "Қол қоюшының сертификаты оқылмайды",
            "Сертификат подписавшего не читается",
            "The signer's certificate cannot be read";
        /// The algorithm is not known here.
        AlgorithmUnknown { reason: AlgorithmFault } = "algorithm-unknown":
            "Алгоритм белгісіз: {reason}",
            "Алгоритм неизвестен: {reason}",
            "The algorithm is not known: {reason}";
        /// The algorithm contradicts itself or the key.
        AlgorithmConfused { reason: AlgorithmFault } = "algorithm-confused":
            "Алгоритм өзіне немесе кілтке қайшы: {reason}",
            "Алгоритм противоречит себе или ключу: {reason}",
            "The algorithm contradicts itself or the key: {reason}";
        /// The algorithm is too weak.
        AlgorithmWeak { algorithm: String } = "algorithm-weak":
            "Алгоритм тым әлсіз: {algorithm}",
            "Алгоритм слишком слаб: {algorithm}",
            "The algorithm is too weak: {algorithm}";
        /// The algorithm is believed until a time only.
        AlgorithmEnded { algorithm: String, time: Time } = "algorithm-ended":
            "{algorithm} алгоритміне сенім мерзімі аяқталған ({time}), ал қолтаңбаның бұрынырақ жасалғаны дәлелденбеген",
            "Срок доверия к алгоритму {algorithm} закончился ({time}), а то, что подпись сделана раньше, не доказано",
            "The algorithm {algorithm} is believed until {time}, and the signature is not proven to be older";
        /// A digest is believed until a time only.
        DigestEnded { what: What, algorithm: String, time: Time } = "digest-ended":
            "{algorithm} дайджестіне сенім мерзімі аяқталған ({time}), ал қолтаңбаның бұрынырақ жасалғаны дәлелденбеген: {what}",
            "Срок доверия к дайджесту {algorithm} закончился ({time}), а то, что подпись сделана раньше, не доказано: {what}",
            "The digest {algorithm} is believed until {time}, and the signature is not proven to be older: {what}";
        /// Archive time stamps seal the manifest and not the files that it names.
        SealsManifest = "seals-manifest":
            "Мұрағаттық уақыт белгісі файлдардың өзін емес, олардың дайджестері бар тізімді бекітеді",
            "Архивная метка времени закрепляет не сами файлы, а перечень с их дайджестами",
            "The archive time stamp seals not the files themselves but the manifest with their digests";
        /// Archive time stamps seal the manifest that names it, and not the file.
        Unsealed { what: What, algorithm: String, time: Time } = "unsealed":
            "Мұрағаттық уақыт белгісі файлдың өзін емес, оның {algorithm} дайджесті бар тізімді ғана бекітеді, ал бұл дайджестке сенім мерзімі аяқталған ({time}): {what}",
            "Архивная метка времени закрепляет не сам файл, а только перечень с его дайджестом {algorithm}, срок доверия к которому закончился ({time}): {what}",
            "The archive time stamp seals not the file but only the manifest with its digest {algorithm}, which is believed until {time}: {what}";
        /// The value does not verify.
        WrongValue = "wrong-value":
            "Қолтаңба осы сертификаттың кілтімен жасалмаған немесе бүлінген",
            "Подпись сделана не ключом этого сертификата или испорчена",
            "The signature was not made with the key of this certificate, or is damaged";
        /// No way leads to an anchor.
        NoChain { subject: String } = "no-chain":
            "«{subject}» сертификатынан осында сенім білдірілген куәландырушы орталыққа жол жоқ",
            "От сертификата «{subject}» нет пути к удостоверяющему центру, которому здесь доверяют",
            "No way leads from the certificate of “{subject}” to an authority that is trusted here";
        /// No authority.
        NotAuthority { subject: String } = "not-authority":
            "«{subject}» сертификат берген, бірақ ол куәландырушы орталық емес",
            "«{subject}» выдал сертификат, но не является удостоверяющим центром",
            "“{subject}” issued a certificate and is not an authority";
        /// A key that may not sign certificates.
        MayNotIssue { subject: String } = "may-not-issue":
            "«{subject}» кілті сертификаттарға қол қоюға арналмаған",
            "Ключ «{subject}» не предназначен для подписания сертификатов",
            "The key of “{subject}” may not sign certificates";
        /// More authorities than are allowed.
        TooManyAuthorities { subject: String } = "too-many-authorities":
            "«{subject}» өзінен төмен мұнша куәландырушы орталыққа рұқсат бермейді",
            "«{subject}» не допускает столько удостоверяющих центров под собой",
            "“{subject}” allows fewer authorities under it";
        /// A critical extension.
        UnknownExtension { subject: String, extension: String } = "unknown-extension":
            "«{subject}» сертификатында осында белгісіз міндетті кеңейтім бар: {extension}",
            "В сертификате «{subject}» есть критическое расширение, которое здесь неизвестно: {extension}",
            "The certificate of “{subject}” has a critical extension that is not known here: {extension}";
        /// A name that may not be certified.
        NameNotAllowed { subject: String } = "name-not-allowed":
            "Жоғарғы куәландырушы орталық «{subject}» атауын куәландыра алмайды",
            "Вышестоящий удостоверяющий центр не вправе удостоверять имя «{subject}»",
            "An authority above may not certify the name “{subject}”";
        /// Constraints that are not understood.
        ConstraintsNotUnderstood { subject: String } = "constraints-not-understood":
            "«{subject}» атауларды осында түсініксіз түрде шектейді",
            "«{subject}» ограничивает имена способом, который здесь непонятен",
            "“{subject}” constrains names in a way that is not understood here";
        /// No policy is left.
        PolicyMissing { subject: String } = "policy-missing":
            "Сертификат саясаты талап етіледі, ал «{subject}» сертификатында ондай саясат жоқ",
            "Требуется политика сертификата, а у «{subject}» её нет",
            "A certificate policy is demanded, and at “{subject}” none is left";
        /// Not valid yet.
        NotYet { subject: String, time: Time } = "not-yet":
            "«{subject}» сертификаты әлі күшіне енбеген; басталуы: {time}",
            "Сертификат «{subject}» ещё не действует; начало: {time}",
            "The certificate of “{subject}” is not valid yet; it begins on {time}";
        /// Not valid any more.
        Ended { subject: String, time: Time } = "ended":
            "«{subject}» сертификатының мерзімі аяқталған: {time}",
            "Срок действия сертификата «{subject}» истёк: {time}",
            "The certificate of “{subject}” ended on {time}";
        /// Revoked.
        Revoked { subject: String, time: Time, reason: RevocationReason } = "revoked":
            "«{subject}» сертификаты кері қайтарылған: {time}; себебі: {reason}",
            "Сертификат «{subject}» отозван: {time}; причина: {reason}",
            "The certificate of “{subject}” was revoked on {time}; reason: {reason}";
        /// On hold.
        OnHold { subject: String, time: Time } = "on-hold":
            "«{subject}» сертификатының қолданысы уақытша тоқтатылған: {time}",
            "Действие сертификата «{subject}» приостановлено: {time}",
            "The certificate of “{subject}” was put on hold on {time}";
        /// The status is not known.
        StatusUnknown { subject: String } = "status-unknown":
            "«{subject}» сертификатының кері қайтарылған-қайтарылмағаны белгісіз",
            "Неизвестно, отозван ли сертификат «{subject}»",
            "It is not known whether the certificate of “{subject}” is revoked";
        /// The status is known up to a time only.
        StatusOld { subject: String, time: Time } = "status-old":
            "«{subject}» сертификатының кері қайтарылмағаны тек мына уақытқа дейін белгілі: {time}",
            "О сертификате «{subject}» известно, что он не отозван, только до {time}",
            "The certificate of “{subject}” is known not to be revoked up to {time} only";
        /// Who answered had a certificate until a time only.
        ResponderEnded { subject: String, time: Time } = "responder-ended":
            "«{subject}» туралы мәлімет берушінің сертификаты аяқталған: {time}",
            "Срок сертификата того, кто сообщил о «{subject}», истёк: {time}",
            "Who answered for “{subject}” had a certificate until {time} only";
        /// What is known is not proven to have existed in time.
        StatusNoProof { subject: String, time: Time } = "status-no-proof":
            "«{subject}» туралы мәліметтің қажетті уақытта болғаны дәлелденбеген: {time}",
            "Не доказано, что сведения о «{subject}» существовали к нужному времени: {time}",
            "What is known of “{subject}” is not proven to have existed by {time}";
        /// A list or an answer is not believed.
        StatusRefused { subject: String, reason: StatusFault } = "status-refused":
            "«{subject}» туралы мәлімет қабылданбады: {reason}",
            "Сведения о «{subject}» не приняты: {reason}",
            "Information about “{subject}” is not believed: {reason}";
        /// A key that is not for signatures.
        Usage { subject: String } = "usage":
            "«{subject}» кілті мұндай қолтаңбаға арналмаған",
            "Ключ «{subject}» не предназначен для таких подписей",
            "The key of “{subject}” is not for such signatures";
        /// A certificate for other purposes.
        Purpose { subject: String } = "purpose":
            "«{subject}» сертификаты құжатқа қол қоюға арналмаған",
            "Сертификат «{subject}» не предназначен для подписания документов",
            "The certificate of “{subject}” is not for signing documents";
        /// Not one of a time-stamping unit.
        NotForStamps { subject: String } = "not-for-stamps":
            "«{subject}» сертификаты уақыт белгілеріне арналмаған",
            "Сертификат «{subject}» не предназначен для меток времени",
            "The certificate of “{subject}” is not for time stamps";
        /// A time stamp does not read.
        StampUnreadable = "stamp-unreadable":
            "Уақыт белгісі оқылмайды",
            "Метка времени не читается",
            "The time stamp cannot be read";
        /// A time stamp is over something else.
        StampForeign = "stamp-foreign":
            "Уақыт белгісі басқа деректерге қойылған",
            "Метка времени поставлена на другие данные",
            "The time stamp is over something else";
        /// What a time stamp is over is not here.
        StampMissing = "stamp-missing":
            "Уақыт белгісі қойылған деректер жоқ",
            "Нет данных, на которые поставлена метка времени",
            "What the time stamp is over is not here";
        /// A time stamp's imprint proves nothing.
        StampUnprovable = "stamp-unprovable":
            "Уақыт белгісінің дайджест алгоритмі ештеңе дәлелдемейді",
            "Алгоритм дайджеста метки времени ничего не доказывает",
            "The digest algorithm of the time stamp proves nothing";
        /// A time stamp tells the time of tomorrow.
        StampFuture { time: Time } = "stamp-future":
            "Уақыт белгісі болашақ уақытты көрсетеді: {time}",
            "Метка времени указывает на будущее: {time}",
            "The time stamp tells a time to come: {time}";
        /// Time stamps are not in order.
        StampOrder = "stamp-order":
            "Уақыт белгілерінің уақыттары рет-ретімен тұрған жоқ",
            "Времена меток времени идут не по порядку",
            "The time stamps are not in the order of their times";
        /// Proven to be made when the certificate had no force.
        TooLate { time: Time } = "too-late":
            "Қолтаңба сертификаттың күші жойылғаннан кейін қойылғаны дәлелденген: {time}",
            "Доказано, что подпись поставлена после того, как сертификат утратил силу: {time}",
            "The signature is proven to be made after the certificate lost its force: {time}";
        /// It existed before the certificate began.
        TooEarly { time: Time } = "too-early":
            "Қолтаңба сертификат күшіне енгенге дейін болған: {time}",
            "Подпись существовала до начала действия сертификата: {time}",
            "The signature existed before the certificate began: {time}";
        /// It is judged for a time before the certificate began, and nothing says since when the signature exists.
        BeginsLater { time: Time } = "begins-later":
            "Сертификат тексеріліп отырған уақыттан кейін күшіне енеді: {time}",
            "Сертификат начинает действовать позже момента, на который проведена проверка: {time}",
            "The certificate begins after the time for which it was judged: {time}";
        /// It existed at a time.
        Existed { time: Time } = "existed":
            "Қолтаңбаның мына уақытта болғаны дәлелденген: {time}",
            "Доказано, что подпись уже существовала: {time}",
            "The signature is proven to have existed on {time}";
        /// Something came later and changes what is seen.
        HarmfulChange { what: Alteration } = "harmful-change":
            "Қол қойылғаннан кейін рұқсат етілмеген өзгеріс жасалған: {what}",
            "После подписания внесено недопустимое изменение: {what}",
            "After it was signed, a change was made that is not allowed: {what}";
    }
}
