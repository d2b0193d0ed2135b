//! The words of a report: for each code its text in Kazakh, Russian and English. `{name}` stands for a particular.

use super::Language;
use crate::judgement::{Code, Finding, Indication, Particular};

/// What was found, in words.
pub(super) fn finding(finding: &Finding, language: Language) -> String {
    let value = |name: &str| {
        let particular = finding.particulars.iter().find(|(known, _)| *known == name);
        particular.map_or_else(String::new, |(_, particular)| match particular {
            Particular::Text(value) => value.clone(),
            Particular::Time(time) => language.time(*time),
        })
    };
    let mut text = String::new();
    for piece in language.of(words(finding.code)).split('{') {
        match piece.split_once('}') {
            None => text.push_str(piece),
            Some((name, rest)) => {
                text.push_str(&value(name));
                text.push_str(rest);
            }
        }
    }
    text
}

/// The verdict in words.
pub(super) const fn indication(indication: Indication) -> [&'static str; 3] {
    match indication {
        Indication::TotalPassed => [
            "ҚОЛТАҢБА ЖАРАМДЫ",
            "ПОДПИСЬ ДЕЙСТВИТЕЛЬНА",
            "THE SIGNATURE IS VALID",
        ],
        Indication::Indeterminate => [
            "ҚОЛТАҢБА ДӘЛЕЛДЕНБЕДІ",
            "ПОДПИСЬ НЕ ПОДТВЕРЖДЕНА",
            "THE SIGNATURE IS NOT PROVEN",
        ],
        Indication::TotalFailed => [
            "ҚОЛТАҢБА ЖАРАМСЫЗ",
            "ПОДПИСЬ НЕДЕЙСТВИТЕЛЬНА",
            "THE SIGNATURE IS NOT VALID",
        ],
    }
}

fn words(code: Code) -> [&'static str; 3] {
    let row = WORDS.iter().find(|(known, _)| *known == code);
    row.map_or([code.name(); 3], |(_, words)| *words)
}

const WORDS: &[(Code, [&str; 3])] = &[
    (
        Code::Form,
        [
            "Пішімінде қате бар: {fault}",
            "Ошибка в форме: {fault}",
            "Its form is wrong: {fault}",
        ],
    ),
    (
        Code::Altered,
        [
            "Қол қойылғаннан кейін өзгертілген: {what}",
            "Изменено после подписания: {what}",
            "Altered after it was signed: {what}",
        ],
    ),
    (
        Code::Missing,
        [
            "Қол қойылған бөлік жоқ: {what}",
            "Нет подписанного: {what}",
            "What was signed is not here: {what}",
        ],
    ),
    (
        Code::Unprovable,
        [
            "Дайджест алгоритмі ештеңе дәлелдемейді: {what}",
            "Алгоритм дайджеста ничего не доказывает: {what}",
            "The digest algorithm proves nothing: {what}",
        ],
    ),
    (
        Code::NothingCovered,
        [
            "Қолтаңба ештеңені қамтымайды",
            "Подпись ничего не охватывает",
            "The signature covers nothing",
        ],
    ),
    (
        Code::NoCertificate,
        [
            "Қол қоюшының сертификаты жоқ",
            "Нет сертификата подписавшего",
            "The signer's certificate is not here",
        ],
    ),
    (
        Code::AnotherCertificate,
        [
            "Қол қоюшы басқа сертификатты атаған: сертификат ауыстырылған",
            "Подписавший назвал другой сертификат: сертификат подменён",
            "The signer named another certificate: this one was put in its place",
        ],
    ),
    (
        Code::Unbound,
        [
            "Қол қойылған деректер сертификатты атамайды",
            "Подписанные данные не называют сертификат",
            "Nothing that is signed names the certificate",
        ],
    ),
    (
        Code::UnreadableCertificate,
        [
            "Сертификат оқылмайды",
            "Сертификат не читается",
            "The certificate cannot be read",
        ],
    ),
    (
        Code::AlgorithmUnknown,
        [
            "Алгоритм белгісіз: {reason}",
            "Алгоритм неизвестен: {reason}",
            "The algorithm is not known: {reason}",
        ],
    ),
    (
        Code::AlgorithmConfused,
        [
            "Алгоритм өзіне немесе кілтке қайшы: {reason}",
            "Алгоритм противоречит себе или ключу: {reason}",
            "The algorithm contradicts itself or the key: {reason}",
        ],
    ),
    (
        Code::AlgorithmWeak,
        [
            "Алгоритм тым әлсіз: {algorithm}",
            "Алгоритм слишком слаб: {algorithm}",
            "The algorithm is too weak: {algorithm}",
        ],
    ),
    (
        Code::AlgorithmEnded,
        [
            "{algorithm} алгоритміне сенім {time} аяқталған, ал қолтаңбаның бұрын жасалғаны дәлелденбеген",
            "Доверие к {algorithm} закончилось {time}, а что подпись старше, не доказано",
            "{algorithm} is believed until {time}, and the signature is not proven to be older",
        ],
    ),
    (
        Code::WrongValue,
        [
            "Қолтаңба мәні кілтке сәйкес емес",
            "Значение подписи не соответствует ключу",
            "The signature value does not verify with the key",
        ],
    ),
    (
        Code::NoChain,
        [
            "«{subject}» сертификатынан сенімді орталыққа жол жоқ",
            "От сертификата «{subject}» нет пути к доверенному центру",
            "No way leads from the certificate of “{subject}” to an authority that is trusted here",
        ],
    ),
    (
        Code::NotAuthority,
        [
            "«{subject}» сертификат бере алмайды: ол куәландырушы орталық емес",
            "«{subject}» не может выдавать сертификаты: это не удостоверяющий центр",
            "“{subject}” issued a certificate and is not an authority",
        ],
    ),
    (
        Code::MayNotIssue,
        [
            "«{subject}» кілті сертификаттарға арналмаған",
            "Ключ «{subject}» не предназначен для сертификатов",
            "The key of “{subject}” may not sign certificates",
        ],
    ),
    (
        Code::TooManyAuthorities,
        [
            "«{subject}» өзінен төмен мұнша орталыққа рұқсат бермейді",
            "«{subject}» не допускает столько центров под собой",
            "“{subject}” allows fewer authorities under it",
        ],
    ),
    (
        Code::UnknownExtension,
        [
            "«{subject}» сертификатында белгісіз маңызды кеңейтім бар: {extension}",
            "В сертификате «{subject}» неизвестное критическое расширение {extension}",
            "The certificate of “{subject}” has the critical extension {extension}, which is not known here",
        ],
    ),
    (
        Code::NameNotAllowed,
        [
            "Жоғарғы орталық «{subject}» атауын куәландыра алмайды",
            "Вышестоящий центр не вправе удостоверять имя «{subject}»",
            "An authority above may not certify the name “{subject}”",
        ],
    ),
    (
        Code::ConstraintsNotUnderstood,
        [
            "«{subject}» атауларды түсініксіз түрде шектейді",
            "«{subject}» ограничивает имена непонятным образом",
            "“{subject}” constrains names in a way that is not understood here",
        ],
    ),
    (
        Code::PolicyMissing,
        [
            "Сертификат саясаты талап етіледі, «{subject}» тұсында ол жоқ",
            "Требуется политика сертификата, а у «{subject}» её нет",
            "A certificate policy is demanded, and at “{subject}” none is left",
        ],
    ),
    (
        Code::NotYet,
        [
            "«{subject}» сертификаты {time} бастап жарамды",
            "Сертификат «{subject}» действителен с {time}",
            "The certificate of “{subject}” is valid from {time}",
        ],
    ),
    (
        Code::Ended,
        [
            "«{subject}» сертификатының мерзімі аяқталған: {time}",
            "Срок сертификата «{subject}» истёк: {time}",
            "The certificate of “{subject}” was valid until {time}",
        ],
    ),
    (
        Code::Revoked,
        [
            "«{subject}» сертификаты кері қайтарылған: {time} ({reason})",
            "Сертификат «{subject}» отозван: {time} ({reason})",
            "The certificate of “{subject}” is revoked since {time} ({reason})",
        ],
    ),
    (
        Code::OnHold,
        [
            "«{subject}» сертификаты уақытша тоқтатылған: {time}",
            "Действие сертификата «{subject}» приостановлено: {time}",
            "The certificate of “{subject}” is on hold since {time}",
        ],
    ),
    (
        Code::StatusUnknown,
        [
            "«{subject}» сертификатының кері қайтарылмағаны белгісіз",
            "Неизвестно, не отозван ли сертификат «{subject}»",
            "It is not known whether the certificate of “{subject}” is revoked",
        ],
    ),
    (
        Code::StatusOld,
        [
            "«{subject}» туралы мәлімет тек {time} дейін белгілі",
            "Состояние сертификата «{subject}» известно только до {time}",
            "The status of “{subject}” is known up to {time} only",
        ],
    ),
    (
        Code::ResponderEnded,
        [
            "«{subject}» туралы жауап бергеннің сертификаты аяқталған: {time}",
            "Сертификат ответившего о «{subject}» истёк: {time}",
            "Who answered for “{subject}” had a certificate until {time} only",
        ],
    ),
    (
        Code::StatusNoProof,
        [
            "«{subject}» туралы мәліметтің {time} сәтінде болғаны дәлелденбеген",
            "Не доказано, что сведения о «{subject}» существовали к {time}",
            "What is known of “{subject}” is not proven to have existed by {time}",
        ],
    ),
    (
        Code::StatusRefused,
        [
            "«{subject}» туралы мәлімет қабылданбады: {reason}",
            "Сведения о «{subject}» не приняты: {reason}",
            "Something about “{subject}” is not believed: {reason}",
        ],
    ),
    (
        Code::Usage,
        [
            "«{subject}» кілті мұндай қолтаңбаға арналмаған",
            "Ключ «{subject}» не предназначен для таких подписей",
            "The key of “{subject}” is not for such signatures",
        ],
    ),
    (
        Code::Purpose,
        [
            "«{subject}» сертификаты құжатқа қол қоюға арналмаған",
            "Сертификат «{subject}» не предназначен для подписания документов",
            "The certificate of “{subject}” is not for signing documents",
        ],
    ),
    (
        Code::NotForStamps,
        [
            "«{subject}» сертификаты уақыт белгісіне арналмаған",
            "Сертификат «{subject}» не предназначен для меток времени",
            "The certificate of “{subject}” is not one of a time-stamping unit",
        ],
    ),
    (
        Code::StampUnreadable,
        [
            "Уақыт белгісі оқылмайды",
            "Метка времени не читается",
            "The time stamp cannot be read",
        ],
    ),
    (
        Code::StampForeign,
        [
            "Уақыт белгісі басқа деректерге қойылған",
            "Метка времени поставлена на другие данные",
            "The time stamp is over something else",
        ],
    ),
    (
        Code::StampMissing,
        [
            "Уақыт белгісі қойылған деректер жоқ",
            "Нет данных, на которые поставлена метка времени",
            "What the time stamp is over is not here",
        ],
    ),
    (
        Code::StampUnprovable,
        [
            "Уақыт белгісінің дайджесті ештеңе дәлелдемейді",
            "Дайджест метки времени ничего не доказывает",
            "The digest in the time stamp proves nothing",
        ],
    ),
    (
        Code::StampFuture,
        [
            "Уақыт белгісі болашақты көрсетеді: {time}",
            "Метка времени указывает на будущее: {time}",
            "The time stamp tells a time to come: {time}",
        ],
    ),
    (
        Code::StampOrder,
        [
            "Уақыт белгілерінің реті бұзылған",
            "Метки времени стоят не по порядку",
            "The time stamps are not in the order of their times",
        ],
    ),
    (
        Code::TooLate,
        [
            "Қолтаңба {time} кейін қойылғаны дәлелденген: сертификат күшінде болмаған",
            "Доказано, что подпись поставлена после {time}, когда сертификат не имел силы",
            "The signature is proven to be made after {time}, when the certificate had no force",
        ],
    ),
    (
        Code::TooEarly,
        [
            "Қолтаңба {time} болған, ол кезде сертификат әлі басталмаған",
            "Подпись существовала {time}, до начала действия сертификата",
            "The signature existed at {time}, before the certificate began",
        ],
    ),
    (
        Code::Existed,
        [
            "Қолтаңбаның {time} болғаны дәлелденген",
            "Доказано, что подпись существовала {time}",
            "The signature is proven to have existed at {time}",
        ],
    ),
    (
        Code::HarmfulChange,
        [
            "Қол қойылғаннан кейін көрінетін нәрсе өзгерген: {what}",
            "После подписания изменилось то, что видно: {what}",
            "After it was signed, what is seen was changed: {what}",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_has_the_same_particulars_in_every_language() {
        for code in Code::ALL {
            assert_eq!(
                WORDS.iter().filter(|(known, _)| known == code).count(),
                1,
                "{}",
                code.name()
            );
            let places = |text: &str| {
                let mut names: Vec<String> = text
                    .split('{')
                    .skip(1)
                    .filter_map(|rest| rest.split_once('}').map(|(name, _)| name.to_owned()))
                    .collect();
                names.sort();
                names
            };
            let [kazakh, russian, english] = words(*code);
            assert_eq!(places(kazakh), places(english), "{}", code.name());
            assert_eq!(places(russian), places(english), "{}", code.name());
        }
    }
}
