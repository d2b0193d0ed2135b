//! Reasons that findings give: what is wrong with an algorithm, why a status is not believed, why a certificate was
//! revoked.

use pki::{NotIssued, SchemeError, VerifyError, crl::OutOfScope};

use crate::statement::statements;

statements! {
    /// What is wrong with an algorithm or a value.
    pub enum AlgorithmFault {
        /// Its name does not read.
        Form = "algorithm-form":
            "алгоритм атауы оқылмайды",
            "название алгоритма не читается",
            "the algorithm's name cannot be read";
        /// It is of another sort.
        Unknown { algorithm: String } = "algorithm-not-known":
            "{algorithm} осында тексерілмейді",
            "{algorithm} здесь не проверяется",
            "{algorithm} is not verified here";
        /// It has other parameters than its standard says.
        Parameters { algorithm: String } = "algorithm-parameters":
            "{algorithm} алгоритмінің параметрлері стандартқа сай емес",
            "параметры алгоритма {algorithm} не по стандарту",
            "the parameters of the algorithm {algorithm} are not as its standard has them";
        /// Two digests are named.
        Digests { algorithm: String, stated: String } = "algorithm-digests":
            "қолтаңба алгоритмі {algorithm} дайджестін қолданады, ал қолтаңбада {stated} көрсетілген",
            "алгоритм подписи использует дайджест {algorithm}, а в подписи назван {stated}",
            "the signature algorithm hashes by {algorithm}, but the signature names {stated}";
        /// It is for another kind of key.
        Key { key: String, scheme: String } = "algorithm-key":
            "{key} кілті {scheme} бойынша қол қоймайды",
            "ключ {key} не подписывает по {scheme}",
            "a key of {key} does not sign by {scheme}";
        /// It is too weak.
        Weak { algorithm: String } = "algorithm-too-weak":
            "{algorithm} тым әлсіз",
            "{algorithm} слишком слаб",
            "{algorithm} is too weak";
        /// The value is not the key's.
        Value = "algorithm-value":
            "қолтаңба мәні кілтке сай емес",
            "значение подписи не соответствует ключу",
            "the signature value does not verify with the key";
    }
}

statements! {
    /// Why a list or an answer is not believed.
    pub enum StatusFault {
        /// Nobody speaks there for the issuer.
        Unentitled = "status-unentitled":
            "жауапқа сертификат берген орталық уәкілеттік берген ешкім қол қоймаған",
            "ответ подписан тем, кого издатель сертификата не уполномочил",
            "the answer is signed by nobody whom the issuer lets speak";
        /// It knows nothing of the certificate.
        NotKnown = "status-not-known":
            "жауап беруші бұл сертификатты білмейді",
            "ответчик не знает этого сертификата",
            "the responder does not know this certificate";
        /// The responder's certificate is for something else.
        ResponderPurpose = "status-responder-purpose":
            "жауап берушінің сертификаты мұндай жауаптарға арналмаған",
            "сертификат ответчика не предназначен для таких ответов",
            "the certificate of the responder is not one for status answers";
        /// Another authority's responder.
        ResponderIssuer = "status-responder-issuer":
            "жауап берушінің сертификатын басқа орталық берген",
            "сертификат ответчика выдан другим центром",
            "the certificate of the responder is another issuer's";
        /// The responder's certificate does not hold.
        ResponderNotIssued { reason: AlgorithmFault } = "status-responder-not-issued":
            "жауап берушінің сертификаты расталмайды: {reason}",
            "сертификат ответчика не подтверждается: {reason}",
            "the certificate of the responder does not hold: {reason}";
        /// The responder's certificate had no force.
        ResponderEnded = "status-responder-ended":
            "жауап берілген кезде жауап берушінің сертификаты күшінде болмаған",
            "сертификат ответчика не действовал, когда тот отвечал",
            "the certificate of the responder had no force when it answered";
        /// The responder's key is for something else.
        ResponderUsage = "status-responder-usage":
            "жауап берушінің кілті мұндай қолтаңбаларға арналмаған",
            "ключ ответчика не предназначен для таких подписей",
            "the key of the responder is not for such signatures";
        /// Nothing is known of the responder.
        ResponderUnknown = "status-responder-unknown":
            "жауап берушінің өз сертификатының кері қайтарылған-қайтарылмағаны белгісіз",
            "неизвестно, отозван ли сертификат самого ответчика",
            "the status of the responder is not known";
        /// The responder is revoked.
        ResponderRevoked = "status-responder-revoked":
            "жауап берушінің сертификаты кері қайтарылған",
            "сертификат ответчика отозван",
            "the certificate of the responder is revoked";
        /// The list is another's.
        ListSigner = "status-list-signer":
            "тізімге сертификат берген орталықтың тізімдерге арналған кілтімен қол қойылмаған",
            "список подписан не ключом издателя, предназначенным для списков",
            "the list is not signed by a key of the issuer that may sign lists";
        /// A list about others.
        ListIssuer = "status-list-issuer":
            "тізімді басқа орталық шығарған",
            "список выпущен другим центром",
            "the list is another issuer's";
        /// A list about another sort.
        ListSort = "status-list-sort":
            "тізім мұндай сертификаттарды қамтымайды",
            "список не охватывает сертификаты такого рода",
            "the list does not cover certificates of this sort";
        /// A list for another place.
        ListPoint = "status-list-point":
            "тізім басқа тарату нүктесіндегі сертификаттарға арналған",
            "список относится к сертификатам с другой точкой распространения",
            "the list covers certificates that name another distribution point";
        /// A list of some reasons.
        ListReasons = "status-list-reasons":
            "тізім кері қайтарудың кейбір себептерін ғана қамтиды",
            "список охватывает лишь некоторые причины отзыва",
            "the list covers some reasons for revoking only";
        /// A list for several issuers.
        ListIndirect = "status-list-indirect":
            "бірнеше орталық атынан шығарылған тізімдер осында қабылданбайды",
            "списки от имени нескольких центров здесь не принимаются",
            "indirect lists are not believed here";
        /// The list does not read.
        ListUnreadable = "status-list-unreadable":
            "тізім оқылмайды",
            "список не читается",
            "the list cannot be read";
        /// Its signature does not hold.
        Signature { reason: AlgorithmFault } = "status-signature":
            "оның қолтаңбасы расталмайды: {reason}",
            "его подпись не подтверждается: {reason}",
            "its signature does not hold: {reason}";
    }
}

statements! {
    /// Why a certificate was revoked; the codes are the names of RFC 5280.
    pub enum RevocationReason {
        /// None is told.
        Unspecified = "unspecified":
            "көрсетілмеген", "не указана", "not told";
        /// Others may know the key.
        KeyCompromise = "keyCompromise":
            "кілт бөгде адамға белгілі болуы мүмкін",
            "ключ мог стать известен посторонним",
            "others may know the key";
        /// Others may know the authority's key.
        CaCompromise = "cACompromise":
            "куәландырушы орталықтың кілті бөгде адамға белгілі болуы мүмкін",
            "ключ удостоверяющего центра мог стать известен посторонним",
            "others may know the authority's key";
        /// The holder's data changed.
        AffiliationChanged = "affiliationChanged":
            "иесінің деректері өзгерген",
            "данные владельца изменились",
            "the holder's data changed";
        /// There is a new certificate.
        Superseded = "superseded":
            "жаңа сертификатпен ауыстырылған",
            "заменён новым сертификатом",
            "a new certificate took its place";
        /// Not needed any more.
        CessationOfOperation = "cessationOfOperation":
            "енді қажет емес",
            "больше не нужен",
            "not needed any more";
        /// On hold.
        CertificateHold = "certificateHold":
            "уақытша тоқтатылған", "приостановлен", "on hold";
        /// A right was withdrawn.
        PrivilegeWithdrawn = "privilegeWithdrawn":
            "иесінің құқығы алынған",
            "право владельца отозвано",
            "a right of the holder was withdrawn";
    }
}

impl From<&SchemeError> for AlgorithmFault {
    fn from(error: &SchemeError) -> Self {
        match error {
            SchemeError::Form(_) => Self::Form,
            SchemeError::Unknown(algorithm) => Self::Unknown {
                algorithm: algorithm.clone(),
            },
            SchemeError::Parameters(algorithm) => Self::Parameters {
                algorithm: algorithm.clone(),
            },
            SchemeError::Digest { algorithm, stated } => Self::Digests {
                algorithm: algorithm.to_string(),
                stated: stated.clone(),
            },
        }
    }
}

impl From<&VerifyError> for AlgorithmFault {
    fn from(error: &VerifyError) -> Self {
        match error {
            VerifyError::Invalid => Self::Value,
            VerifyError::Confused { key, scheme } => Self::Key {
                key: key.to_string(),
                scheme: scheme.to_string(),
            },
            VerifyError::Weak(algorithm) => Self::Weak {
                algorithm: algorithm.clone(),
            },
            VerifyError::Unknown(algorithm) => Self::Unknown {
                algorithm: algorithm.clone(),
            },
        }
    }
}

impl From<&NotIssued> for AlgorithmFault {
    fn from(error: &NotIssued) -> Self {
        match error {
            NotIssued::Scheme(error) => error.into(),
            NotIssued::Value(error) => error.into(),
        }
    }
}

impl From<OutOfScope> for StatusFault {
    fn from(scope: OutOfScope) -> Self {
        match scope {
            OutOfScope::Issuer => Self::ListIssuer,
            OutOfScope::Sort => Self::ListSort,
            OutOfScope::Point => Self::ListPoint,
            OutOfScope::Reasons => Self::ListReasons,
            OutOfScope::Indirect => Self::ListIndirect,
        }
    }
}

impl From<pki::crl::Reason> for RevocationReason {
    fn from(reason: pki::crl::Reason) -> Self {
        use pki::crl::Reason;
        match reason {
            Reason::Unspecified => Self::Unspecified,
            Reason::KeyCompromise => Self::KeyCompromise,
            Reason::CaCompromise => Self::CaCompromise,
            Reason::AffiliationChanged => Self::AffiliationChanged,
            Reason::Superseded => Self::Superseded,
            Reason::CessationOfOperation => Self::CessationOfOperation,
            Reason::CertificateHold => Self::CertificateHold,
            Reason::PrivilegeWithdrawn => Self::PrivilegeWithdrawn,
        }
    }
}
