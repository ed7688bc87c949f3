"""What pages that are no article say, in every watchlist language: error pages, consent walls,
challenges, logins.

A phrase is evidence only where it is the whole statement: a heading that is "Page not found" and no
more, a paragraph in which the site itself speaks of cookies. Articles about such things mention
them among other words.
"""

from __future__ import annotations

import re

CHALLENGE = re.compile(
    r"just a moment|checking (?:if the site connection|your browser)"
    r"|verify(?:ing)? (?:that )?you are"
    r"(?: a)? human|enable javascript and cookies|ddos protection by|attention required"
    r"|are you a robot"
    r"|unusual traffic|access (?:to this page has been )?denied|pardon our interruption|ray id"
    r"|проверк\w+ (?:вашего )?браузера|вы не робот|подтвердите, что вы|я не робот"
    r"|включите javascript"
    r"|праверка (?:вашага )?браўзера|перевірк\w+ (?:вашого )?браузера|jesteś człowiekiem"
    r"|sprawdzanie przeglądarki|patikrin\w+ naršykl|pārbaud\w+ pārlūk|ihr browser wird überprüft"
    r"|vérification (?:de votre navigateur|que vous êtes)|complete the captcha",
    re.IGNORECASE,
)
_CHALLENGE_MARKUP = (
    "cf-chl", "cf_chl", "challenge-platform", "ddos-guard", "_incapsula_resource", "px-captcha",
    "datadome", "captcha-delivery", "smartcaptcha", "g-recaptcha", "h-captcha", "hcaptcha",
    "servicepipe", "qrator",
)  # fmt: skip
# "The page", then perhaps "that you are looking for".
_CLAUSE = (
    r"(?:,? (?:(?:that |which )?you|котор\w+ вы|як(?:ую|ую вы|ая|у ви)|której|którą|kuri\w+"
    r"|ko jūs|die"
    r" sie|que vous|requested|demandée|по (?:этому|данному|такому) адресу)\b.{0,30}?)?,?"
)
NOT_FOUND = re.compile(
    # en
    r"\A\W*404\W*|(?:error|http|ошибка|памылка|помилка|błąd|klaida|kļūda|viga|fehler|erreur|code)"
    r"\W{0,3}404\b|\b404\W{0,3}(?:error|ошибка|памылка|помилка|błąd|klaida|kļūda|fehler|erreur)"
    r"|\A\W*(?:404\W*)?(?:not|nothing) found|nothing was found"
    rf"|(?:page|article|story|content|document){_CLAUSE} (?:(?:(?:was|is|could|does|has|can|do) not"
    r"|(?:was|is|could|does|has|ca|do)n.t|cannot|no longer|not) (?:be |been )?(?:found|exists?"
    r"|available|located)|(?:was|has been) (?:removed|deleted))"
    # ru, be, uk
    rf"|(?:страниц\w+|документ|материал|статья){_CLAUSE} (?:не (?:найден|существует|доступ)\w*"
    r"|(?:была )?удал[её]н\w*)|тако(?:й|го) (?:страниц\w+|материала) (?:нет|не существует)"
    rf"|(?:старонк\w+|матэрыял|артыкул){_CLAUSE} (?:не (?:знойдзен|існуе)|выдален)\w*"
    r"|такой старонкі (?:няма|не існуе)"
    rf"|(?:сторінк\w+|матеріал|стаття|статтю){_CLAUSE} (?:не (?:знайден|існує)|видален)\w*"
    r"|такої сторінки (?:немає|не існує)"
    # pl
    r"|nie (?:znaleziono|znaleźliśmy)(?: takiej| tej| żądanej)? (?:strony|artykułu|treści)"
    rf"|(?:strony|artykułu) nie znaleziono|strona{_CLAUSE} (?:nie istnieje|nie została znaleziona"
    r"|została usunięta)|nie ma takiej strony"
    # lt, lv, et
    rf"|puslapi\w+{_CLAUSE} (?:nerast|neegzistuoja)\w*|tokio puslapio nėra"
    rf"|lapa{_CLAUSE} (?:nav|netika) (?:atrasta|pieejama)|(?:lapa|lappuse) neeksistē"
    r"|leh(?:te|ekülge) ei (?:leitud|leidu)"
    # de, fr
    rf"|seite{_CLAUSE} (?:(?:wurde|konnte) )?(?:nicht (?:gefunden|verfügbar)|existiert nicht)"
    rf"(?: werden)?|page{_CLAUSE} (?:introuvable|non trouvée|n.existe (?:pas|plus))",
    re.IGNORECASE,
)
_NOT_FOUND_ADVICE = re.compile(
    r"(?:check|verify) (?:the|that|your)\b.{0,20}(?:url|address|link|spelling)|looking for"
    r"|(?:go|return|back) to (?:the |our )?(?:home|main|front)|(?:use|try)\b.{0,20}search|searching"
    r"|moved or (?:deleted|removed)|you requested"
    r"|на главную|воспользуйтесь (?:поиском|меню)|проверьте (?:адрес|правильность|ссылку)|вы ищете"
    r"|запрашиваем|удалена или|перемещена|набран\w* (?:неправильно|неверно)|начните с главной"
    r"|на галоўную|паспрабуйце|скарыстайце|праверце (?:адрас|спасылку)|вы шукаеце|запытан"
    r"|на головну|скористайтес|перевірте (?:адресу|посилання|правильність)|ви шукаєте|запитан"
    r"|stron\w+ główn|skorzystaj z|sprawdź (?:adres|czy|poprawność)|której szukasz|wyszukiwark"
    r"|pagrindin|pasinaudokite|patikrinkite|ieškote|ieškom|paiešk"
    r"|sākumlap|izmantojiet|pārbaudiet|meklēj|meklēt"
    r"|avaleh|kontrolli|otsing"
    r"|startseite|suchfunktion|suche\b|überprüfen sie|gesuchte|angeforderte|zurück zur"
    r"|page d.accueil|à l.accueil|vérifiez|recherchez|recherche\b|demandée|vous cherchez",
    re.IGNORECASE,
)
COOKIES = re.compile(
    r"cookie|файл\w* кук|\bкуки\b|slapuk|sīkdat|sīkfail|küpsis|ciasteczk|consent"
    r"|согласи\w+ на обработку"
    r"|datenschutz|rodo\b|gdpr|persönliche daten|données personnelles|privacy"
    r"|prywatnoś|privatum|privātum|privatsphäre|vie privée|przetwarzani",
    re.IGNORECASE,
)
# The site speaks to its reader.
_ASKS_CONSENT = re.compile(
    r"\bwe (?:and|use|value|care|store|process|need|respect)\b|\bour (?:partners|\d)"
    r"|\b(?:this|our) (?:web)?site uses|\byou (?:agree|consent|accept|can (?:change|withdraw))"
    r"|\bby (?:clicking|continuing|using|browsing)|\byour (?:consent|privacy|choices|preferences)"
    r"|\bмы (?:и наши|используем|применяем|обрабатываем|храним)|\b(?:этот|наш"
    r"|данный) сайт использует"
    r"|\bвы (?:соглашаетесь|да[её]те согласие|принимаете)|\bнажимая|\bпродолжая (?:пользов"
    r"|использов"
    r"|просм|работ)|\bваше согласие|\bдаю согласие"
    r"|\bмы (?:і нашы|выкарыстоўваем|ужываем|апрацоўваем)|\b(?:гэты|наш) сайт выкарыстоўвае"
    r"|\bвы (?:згаджа|пагаджа|да)(?:ецеся|яце)|\bнаціскаючы|\bпрацягваючы|\bваша згода"
    r"|\bми (?:та наші|і наші|використовуємо|застосовуємо|обробляємо)|\b(?:цей"
    r"|наш) сайт використовує"
    r"|\bви (?:погоджу|нада|да|прийма)(?:єтеся|єтесь|єте)|\bнатискаючи|\bпродовжуючи|\bваша згода"
    r"|\b(?:używamy|korzystamy z|stosujemy|przetwarzamy|szanujemy)\b|\bmy i nasi"
    r"|\b(?:nasza|ta|niniejsza) (?:strona|witryna) (?:używa|korzysta|wykorzystuje)|\bklikając"
    r"|\b(?:wyrażasz|wyrażam) zgodę|\bzgadzasz się|\bakceptujesz|\btwoj\w+ (?:prywatnoś|zgod|dan)"
    r"|\bnaudojame|\bmes ir mūsų|\b(?:ši|mūsų) svetainė naudoja|\bsutinkate|\bspustel\w+"
    r"|\bpaspausdami|\btęsdami|\bjūsų (?:privatum|sutikim|duomen)"
    r"|\b(?:mēs )?izmantojam|\bmēs un mūsu|\b(?:šī|mūsu) (?:vietne|lapa|mājaslapa|tīmekļa vietne)"
    r" izmanto|\bpiekrītat|\bnoklikšķinot|\bnospiežot|\bturpinot\b|\bjūsu (?:privātum|piekrišan)"
    r"|\bkasutame|\b(?:see|meie) (?:veebi)?leht kasutab|\bnõustute|\bjätkates"
    r"|\bwir (?:und unsere|verwenden|nutzen|setzen|verarbeiten|speichern|benötigen)"
    r"|\b(?:diese|unsere) (?:web)?(?:seite|site) (?:verwendet|nutzt)|\bsie (?:stimmen|willigen)"
    r"|\bihre (?:einwilligung|zustimmung|privatsphäre)|\bklick(?:en sie)?\b.{0,30}akzeptieren"
    r"|\bnous (?:et nos|utilisons|respectons|stockons)|\b(?:ce|notre) site utilise"
    r"|\bvous (?:acceptez|consentez|pouvez (?:accepter|modifier|retirer|à tout moment))"
    r"|\bvotre (?:consentement|vie privée|accord)|\ben (?:cliquant|poursuivant|continuant)",
    re.IGNORECASE,
)
LOGIN = re.compile(
    r"log ?in|sign ?in|войдите|войти|авторизу|увайдзіце|увайсці|увійдіть|увійти|zaloguj|prisijunk|"
    r"ielogo|pieslēg|logi sisse|anmelden|einloggen|connectez-vous|identifiez-vous|register to",
    re.IGNORECASE,
)

_QUOTED = re.compile(r"«[^»]*»|“[^”]*”|„[^“”]*[“”]|\"[^\"]*\"")
_STATEMENTS = re.compile(r"[.!?…|]+|\s[–—:/-]\s")
# A heading with the site's name, "Sorry", "Oops": not much more.
_DOMINANT = 0.6
_MAX_STATEMENT = 160


def is_all(phrase: re.Pattern[str], text: str) -> bool:
    """Whether one statement of `text` (a sentence, a part of a title) is `phrase` and no more."""
    if len(text) > 3 * _MAX_STATEMENT:
        return False
    for statement in _STATEMENTS.split(text):
        said = sum(_letters(match[0]) for match in phrase.finditer(statement))
        if said and said >= _DOMINANT * _letters(statement):
            return True
    return False


def has_challenge_markup(source: str) -> bool:
    """Whether the source of a page names a service that tells people from programs."""
    lowered = source.lower()
    return any(mark in lowered for mark in _CHALLENGE_MARKUP)


def says_not_found(text: str) -> bool:
    """Whether a line is the message of an error page."""
    return is_all(NOT_FOUND, text)


def advises_the_lost(text: str) -> bool:
    """Whether a line tells readers what to do where nothing was found."""
    return _NOT_FOUND_ADVICE.search(text) is not None


def asks_consent(text: str) -> bool:
    """Whether in a line the site itself, quoted by nobody, asks leave to store or track."""
    return COOKIES.search(text) is not None and (
        _ASKS_CONSENT.search(_QUOTED.sub(" ", text)) is not None
    )


def _letters(text: str) -> int:
    return sum(char.isalnum() for char in text)
