//! Labels that several forms share.

use crate::said::Term;

pub(crate) const NUMBER_AND_TIME: Term = Term::new(
    "№ {number}, жасалған уақыты {time}",
    "№ {number}, составлено {time}",
    "No. {number}, made {time}",
);
pub(crate) const ATTACHMENT: Term = Term::new(
    "Осы құжаттың машинамен оқылатын деректері",
    "Машиночитаемые данные этого документа",
    "The data of this document for programs",
);
pub(crate) const RESULT: Term = Term::new("Нәтижесі", "Результат", "Result");
pub(crate) const PASSED: Term = Term::new(
    "ОҢ: тексеруден өтті",
    "ПОЛОЖИТЕЛЬНЫЙ: проверка пройдена",
    "POSITIVE: passed",
);
pub(crate) const FAILED: Term = Term::new(
    "ТЕРІС: тексеруден өтпеді",
    "ОТРИЦАТЕЛЬНЫЙ: проверка не пройдена",
    "NEGATIVE: not passed",
);
pub(crate) const IIN: Term = Term::new(
    "Жеке сәйкестендіру нөмірі (ЖСН)",
    "Индивидуальный идентификационный номер (ИИН)",
    "Individual identification number (IIN)",
);
pub(crate) const BIN: Term = Term::new(
    "Бизнес-сәйкестендіру нөмірі (БСН)",
    "Бизнес-идентификационный номер (БИН)",
    "Business identification number (BIN)",
);
pub(crate) const SHORT_BIN: Term = Term::new("БСН", "БИН", "BIN");
pub(crate) const FULL_NAME: Term = Term::new(
    "Тегі, аты, әкесінің аты (бар болса)",
    "Фамилия, имя, отчество (при наличии)",
    "Surname, name, patronymic (if any)",
);
pub(crate) const PHONE: Term = Term::new(
    "Ұялы телефон нөмірі",
    "Номер мобильного телефона",
    "Mobile number",
);
pub(crate) const NAME: Term = Term::new("Атауы", "Наименование", "Name");
pub(crate) const ADDRESS: Term = Term::new("Мекенжайы", "Адрес", "Address");
pub(crate) const CONTACT: Term = Term::new("Байланыс деректері", "Контактные данные", "Contact");
pub(crate) const SESSION: Term = Term::new("Сессия нөмірі", "Номер сессии", "Session");
pub(crate) const APPLICATION: Term = Term::new("Қосымша", "Приложение", "Application");
pub(crate) const PARTICIPANT: Term = Term::new("Қатысушы", "Участник", "Participant");
pub(crate) const OPERATOR: Term = Term::new("Оператор", "Оператор", "Operator");
pub(crate) const CLIENT: Term = Term::new("Клиент", "Клиент", "Client");
pub(crate) const SUPPLIER: Term = Term::new(
    "Биометриялық шешімді жеткізуші",
    "Поставщик биометрического решения",
    "Supplier of the biometric solution",
);
pub(crate) const SOLUTION: Term = Term::new(
    "Биометриялық шешім, нұсқасы",
    "Биометрическое решение, версия",
    "Biometric solution, version",
);
pub(crate) const POSITION: Term = Term::new("Лауазымы", "Должность", "Position");
pub(crate) const BASIS: Term = Term::new(
    "Өкілеттігінің негізі",
    "Основание полномочий",
    "Acts on the basis of",
);
pub(crate) const AUTHORISED: Term = Term::new("Уәкілетті тұлға", "Уполномоченное лицо", "Authorised person");
pub(crate) const SIGNED_BY_CLIENT: Term = Term::new(
    "Клиенттің қолы (екі факторлы аутентификациядан кейінгі растау)",
    "Подпись Клиента (подтверждение после двухфакторной аутентификации)",
    "The Client (confirmed after two-factor authentication)",
);
pub(crate) const SEAL: Term = Term::new(
    "Құжат провайдердің электрондық цифрлық қолтаңбасымен куәландырылған. Қолтаңбаны, оның уақыт белгісін және \
     сертификаттың күйін файлдың өзінен кез келген уақытта тексеруге болады.",
    "Документ заверен электронной цифровой подписью провайдера. Подпись, её метку времени и состояние \
     сертификата можно в любое время проверить по самому файлу.",
    "Certified with the provider's electronic signature. The signature, its time stamp and the state of its \
     certificate can be checked at any time from this file itself.",
);
pub(crate) const OPERATORS_SEAL: Term = Term::new(
    "Құжат Оператордың электрондық цифрлық қолтаңбасымен куәландырылған. Қолтаңбаны, оның уақыт белгісін және \
     сертификаттың күйін файлдың өзінен кез келген уақытта тексеруге болады.",
    "Документ заверен электронной цифровой подписью Оператора. Подпись, её метку времени и состояние \
     сертификата можно в любое время проверить по самому файлу.",
    "Certified with the Operator's electronic signature. The signature, its time stamp and the state of its \
     certificate can be checked at any time from this file itself.",
);
pub(crate) const YES: Term = Term::new("Иә", "Да", "Yes");
pub(crate) const NO: Term = Term::new("Жоқ", "Нет", "No");
pub(crate) const TIME: Term = Term::new("Уақыты", "Время", "Time");
