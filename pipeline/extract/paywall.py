"""What paid sites write where the free beginning of an article ends, by language.

Two families: a notice says that the rest is paid for; an offer (a price, "already a subscriber?")
stands beside a notice and means nothing alone. Both are told from sentences of an article by where
they begin: a notice opens its line, and an article that quotes one has words before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_NOTICES = {
    "ru": (
        r"(?:чтобы|для того,? чтобы) (?:\w+ ){0,2}?(?:читать|прочитать|дочитать|прочесть|продолжить"
        r"|получить доступ|открыть|увидеть)\b.{0,70}(?:подпиши\w+|подписк\w+|подписчик\w+"
        r"|(?:нужно|надо|необходимо) подписаться|войдите|авторизуй\w+|зарегистрируй\w+)",
        r"для (?:продолжения )?(?:чтения|просмотра|доступа)\b.{0,70}(?:подпиши\w+|подписк\w+"
        r"|войдите"
        r"|авторизуй\w+|зарегистрируй\w+)",
        r"(?:полн\w+ (?:текст|верси\w+|стать\w+|материал)|продолжение|окончание|оста(?:льн|вш)\w+ "
        r"(?:часть|текст)|(?:дальше|далее)|(?:эт(?:а|от) )?(?:стать\w|материал|публикация|текст))\b"
        r"(?! о\b)[^.!?]{0,50}(?:доступ\w+|открыт\w*|только|лишь|предназначен\w*|по|для|[–—-])"
        r"[^.!?]{0,25}\b(?:подпис(?:к|чик)\w+|зарегистрированн\w+ пользовател\w+)",
        r"доступ к (?:\w+ )?(?:текст|стать|материал|верси|публикаци)\w+\b.{0,50}"
        r"(?:подпис(?:к|чик)|платн|ограничен)\w*",
        r"(?:оформите|купите|приобретите|подключите) (?:\w+ )?подписку\b.{0,20}"
        r"(?:чтобы|и читайте|для)",
        r"подпи(?:шитесь|сывайтесь),? (?:чтобы|и) (?:\w+ )?(?:чита|прочита|дочита|продолж"
        r"|получ)\w+",
        r"чита(?:йте|ть) (?:дальше|далее|полностью|статью)\b.{0,30}подписк\w+",
        r"(?:только|эксклюзивно) для (?:\w+ )?подписчиков|платн(?:ый|ая) (?:материал|статья)\W*$",
        r"вы (?:прочитали бесплатн|исчерпали|достигли лимит)\w*|вам осталось прочитать \d",
    ),
    "be": (
        r"каб (?:\w+ ){0,2}?(?:чытаць|прачытаць|дачытаць|працягнуць|атрымаць доступ|адкрыць)\b"
        r".{0,70}(?:падпішы\w+|падпіс(?:к|ц|чык)\w+|увайдзіце|зарэгіструй\w+)",
        r"для (?:працягу )?(?:чытання|доступу|прагляду)\b.{0,70}(?:падпішы\w+|падпіск\w+|увайдзіце"
        r"|зарэгіструй\w+)",
        r"(?:поўн\w+ (?:тэкст|верс\w+|артыкул|матэрыял)|працяг|заканчэнне|аста(?:тн|лен)\w+ "
        r"(?:частка|тэкст)|далей|(?:гэты )?(?:артыкул|матэрыял|тэкст))\b(?! пра\b)[^.!?]{0,50}"
        r"(?:даступн\w*|адкрыт\w*|толькі|прызначан\w*|па|для|[–—-])[^.!?]{0,25}"
        r"\b(?:падпіс(?:к|ц|чык|ьнік|нік)\w+|зарэгістраван\w+ карыстальнік\w+)",
        r"доступ да (?:\w+ )?(?:тэксту|артыкула|матэрыялу|версіі)\b.{0,50}(?:падпіс|платн"
        r"|абмежаван)\w*",
        r"(?:аформіце|купіце|набудзьце) (?:\w+ )?падпіску\b.{0,20}(?:каб|і чытайце|для)",
        r"падпі(?:шыцеся|свайцеся),? (?:каб|і) (?:\w+ )?(?:чыта|прачыта|дачыта|працяг|атрым)\w+",
        r"чытай(?:це|ць) (?:далей|цалкам|артыкул)\b.{0,30}падпіс(?:к|ц)\w+",
        r"(?:толькі|выключна) для (?:\w+ )?падпіс\w+|платны (?:матэрыял|артыкул)\W*$",
    ),
    "uk": (
        r"(?:щоб|для того,? щоб) (?:\w+ ){0,2}?(?:читати|прочитати|дочитати|продовжити"
        r"|отримати доступ|відкрити)\b.{0,70}(?:передплат\w+|підпиші\w+|підписк\w+|увійдіть"
        r"|авторизуй\w+|зареєструй\w+)",
        r"для (?:продовження )?(?:читання|доступу|перегляду)\b.{0,70}(?:передплат\w+|підпиші\w+"
        r"|підписк\w+"
        r"|увійдіть|зареєструй\w+)",
        r"(?:повн\w+ (?:текст|верс\w+|статт\w+|матеріал)|продовження|закінчення|(?:решта"
        r"|інша частина)"
        r"(?: статті| тексту| матеріалу)?|далі|(?:ц(?:я|ей) )?(?:стаття|матеріал"
        r"|текст))\b(?! про\b)"
        r"[^.!?]{0,50}(?:доступн\w*|відкрит\w*|лише|тільки|призначен\w*|за|для|[–—-])[^.!?]{0,25}"
        r"\b(?:передпла(?:т|тник)\w+|підпис(?:к|ник)\w+|зареєстрован\w+ користувач\w+)",
        r"доступ до (?:\w+ )?(?:тексту|статті|матеріалу|версії)\b.{0,50}(?:передплат|підпис|платн"
        r"|обмежен)\w*",
        r"(?:оформіть|придбайте|купіть) (?:\w+ )?(?:передплату|підписку)\b.{0,20}(?:щоб|та читайте"
        r"|і читайте|для)",
        r"(?:передплатіть|підпишіться|передплачуйте)\b.{0,20},? (?:щоб|та|і) (?:\w+ )?(?:чита"
        r"|прочита"
        r"|дочита|продовж|отрим)\w+",
        r"читайте (?:далі|повністю|статтю)\b.{0,30}(?:передплат|підписк)\w+",
        r"(?:лише|тільки|ексклюзивно) для (?:\w+ )?(?:передплатник|підписник)\w+"
        r"|платний матеріал\W*$",
    ),
    "pl": (
        r"(?:aby|żeby|by) (?:\w+ ){0,2}?(?:przeczytać|czytać|kontynuować|uzyskać|odblokować"
        r"|zobaczyć)"
        r"\b.{0,70}(?:subskr\w+|prenumer\w+|zaloguj\w*|wykup\w*|zarejestruj\w*|kup\b)",
        r"(?:dalsza część|pełna (?:treść|wersja)|pełny tekst|cał(?:y artykuł|y tekst|a treść|ość)"
        r"|pozostał\w+ \w+|reszta (?:artykułu|tekstu)|ciąg dalszy|(?:ten|ta|to) (?:artykuł|tekst"
        r"|materiał|treść)|artykuł|tekst|treść|materiał)\b(?! o\b)[^.!?]{0,50}"
        r"(?:dostępn\w*|tylko|wyłącznie|przeznaczon\w*|dla|w|[–—-])[^.!?]{0,40}\b(?:subskryb\w+"
        r"|subskrypcj\w+|prenumerat\w+|abonent\w+|zalogowanych)",
        r"chcesz (?:przeczytać|czytać)\b.{0,60}\?|(?:zostało"
        r"|pozostało)(?: ci)?(?: jeszcze)? \d+ ?%",
        r"(?:kup|wykup) (?:\w+ ){0,2}?(?:dostęp|subskrypcję|prenumeratę)(?:,? (?:i|aby|żeby|by)\b"
        r"| do (?:cał|pełn|artyk|treści)\w*|\W*$)",
        r"dostęp do (?:pełn|cał)\w+ (?:treści|tekstu|artykułu|wersji)\b.{0,30}(?:subskryb"
        r"|prenumer)\w+",
        r"(?:subskrybuj|prenumeruj|zaloguj się|zarejestruj się),? (?:i|aby|żeby|by) (?:\w+ )?"
        r"(?:czyta|przeczyta|kontynuo|uzyska)\w+",
        r"(?:tylko|wyłącznie) dla (?:\w+ )?(?:subskrybent|prenumerat|abonent)\w+",
        r"czytaj (?:dalej|całość|więcej|bez ograniczeń)\b.{0,30}(?:subskryp|prenumer)\w+",
    ),
    "lt": (
        r"(?:norėdami|norint|jei norite|kad galėtumėte|kad)\b.{0,20}(?:skaity|perskaity|tęsti)\w*\b"
        r".{0,70}(?:prenumeruok|prenumerat|prisijunk|užsiregistruok|įsigyk|užsisak)\w*",
        r"(?:vis(?:as|ą)|pilnas|šis|likus\w+|toliau|tolesn\w+)?\s?(?:straipsn\w+|tekst\w+|turin\w+"
        r"|dal(?:is|į))\b[^.!?]{0,50}(?:skirt\w+|prieinam\w+|pasiekiam\w+|matom\w+|tik|[–—-])"
        r"[^.!?]{0,30}\b(?:prenumerat(?:ori|ą|os|a\b)\w*|registruot\w+ (?:vartotoj|skaitytoj)\w+)",
        r"(?:toliau skaity|skaity(?:ti|kite) (?:toliau|daugiau|visą))\w*\b.{0,50}prenumer\w+",
        r"(?:už)?(?:si)?prenumeruok(?:ite)?,? (?:ir|kad|jei)\b.{0,20}skaity\w+"
        r"|tik prenumeratoriams",
    ),
    "lv": (
        r"lai (?:\w+ ){0,2}?(?:lasītu|turpinātu|izlasītu|piekļūtu|saņemtu)\b.{0,70}(?:abon\w+"
        r"|pieslēdz\w+|ielogo\w+|reģistrē\w+|iegādā\w+)",
        r"(?:(?:viss|pilns|šis|pārējais) (?:raksts|teksts|saturs)|pilna versija|(?:raksta )?"
        r"turpinājums|raksts|saturs)\b[^.!?]{0,50}(?:pieejam\w+|lasām\w+|tikai|[–—-])[^.!?]{0,30}"
        r"\b(?:abonent\w+|abonement\w+|reģistrēt\w+)",
        r"(?:turpini(?:et)? lasīt|lasi(?:et)? tālāk)\b.{0,50}abon\w+|tikai abonentiem"
        r"|maksas saturs\W*$",
        r"(?:abonē(?:jiet)?|iegādājies abonementu),? (?:lai|un)\b.{0,20}(?:las|turpin)\w+",
    ),
    "et": (
        r"(?:artik(?:kel|li)|edasi lugemiseks|loe edasi|lugemiseks)\b.{0,60}(?:tellija|telli"
        r"|logi)\w*",
    ),
    "de": (
        r"(?:um|zum) (?:\w+ ){0,5}?(?:weiter\w*lesen|lesen|weiterlesen)\b.{0,70}(?:abo|abonn\w+"
        r"|anmelden|registrier\w+|bestellen|freischalten)\b",
        r"(?:diese[rn]?|de[rn]) (?:(?:ganz|vollständig|gesamt|komplett)\w* )?(?:artikel|text"
        r"|beitrag"
        r"|inhalt)\b[^.!?]{0,60}(?:nur|exklusiv|ausschließlich|mit|weiterlesen)\b[^.!?]{0,40}"
        r"(?:abo|abonnent\w*|abonnement|plus|premium|registrierte\w*|mitglied\w*)\b",
        r"weiterlesen\b.{0,20}\b(?:mit|nur|für)\b.{0,40}(?:abo|plus|premium|digital)\w*",
        r"jetzt (?:(?:kostenlos|abonnieren|testen|registrieren|anmelden|und) )*weiterlesen"
        r"(?: mit\b.{0,25}|\W*)$|(?:diesen|den) artikel weiterlesen(?: mit\b.{0,25}|\W*)$"
        r"|volltext\b.{0,20}abo\w*|(?:exklusiv|nur) für (?:\w+ )?abonnent\w+",
        r"(?:abonnieren|registrieren|melden) sie\b.{0,25}\bum (?:\w+ ){0,3}weiter\w*lesen",
        r"mit (?:\w+ ){0,3}?abo\w*\b.{0,20}(?:weiterlesen|lesen sie)",
        r"lesen sie (?:weiter|den \w+ artikel)\b.{0,20}\bmit\b.{0,30}abo\w*",
    ),
    "fr": (
        r"pour (?:\w+ )?(?:lire|continuer|poursuivre|accéder|débloquer)\b.{0,70}(?:abonn\w+"
        r"|identifiez|connectez|inscri\w+)",
        r"(?:cet article|ce contenu|la suite|l.intégralité|article|contenu|le reste)\b[^.!?]{0,50}"
        r"réservée?s? (?:aux|à nos) (?:abonn|membre|adhér)\w+",
        r"il vous reste \d+ ?%|vous avez lu \d+ ?%|réservé aux abonn\w+",
        r"(?:le )?(?:texte|article) (?:intégral|complet)\b.{0,30}abonn\w+",
        r"abonnez-vous (?:pour|et|afin)\b.{0,30}(?:lire|lisez|continuer|poursuivre|accéder)",
        r"(?:lisez|lire) la suite\b.{0,30}abonn\w+",
    ),
    "en": (
        r"(?:to )?(?:continue|keep) reading\b.{0,60}(?:subscri|log ?in|sign ?in|register)\w*",
        r"to read (?:the|this) (?:\w+ )?(?:article|story|text|piece|post"
        r"|report)\b.{0,60}(?:subscri|log ?in|sign ?(?:in|up)|register)\w*",
        r"(?:subscribe|sign ?(?:in|up)|log ?in|register)\b.{0,20} to (?:continue|keep|read (?:the"
        r"|this"
        r"|more)|unlock)\b",
        r"(?:this|(?:the )?full|the rest of (?:the|this)) (?:article|story|content|text|post)\b"
        r"[^.!?]{0,40}\b(?:(?:only|exclusive(?:ly)?|reserved)\b[^.!?]{0,20}(?:to|for|by)"
        r"|(?:available|open) (?:to|for|by|with)|for)\b (?:\w+ ){0,2}(?:subscribers|members"
        r"|(?:a )?subscription)\b(?! of\b)",
        r"(?:for )?subscribers only\b|(?:exclusive|only) (?:to|for) (?:our )?subscribers\b",
        r"you(?:'ve| have) (?:reached|used)\b.{0,30}(?:limit|free articles?)\b",
        r"become an? (?:subscriber|member) to\b",
        r"(?:you have )?\d+ free articles? (?:left|remaining)",
    ),
}  # fmt: skip

_OFFERS = (
    # "Already a subscriber? Log in"
    r"(?:уже|ужо|вже|już|jau|bereits|déjà|already|juba|masz już|ar jau|sie haben bereits|sind sie"
    r"|вы |вы ўжо|ви вже)\b.{0,40}(?:подпис|падпіс|передплат|підпис|subskr|prenumer|kont[oa]\b"
    r"|abo\b|abon"
    r"|subscri|member|account|tellija|зарегистр|paskyr)\w*",
    r"(?:войдите|войти|увайдзіце|увайсці|увійдіть|увійти|zaloguj się|prisijunkite|prisijungti"
    r"|pieslēdzieties|pieslēgties|ielogoties|anmelden|einloggen|jetzt anmelden|connectez-vous"
    r"|se connecter|identifiez-vous|log ?in|sign ?in|register|zarejestruj się|registruotis)\W*$",
    # "Digital: 9,90 € a month"
    r".{0,60}\d+(?:[.,]\d\d)?\s?(?:€|\$|£|eur|zł|pln|руб|р\.|byn|грн|uah|usd|czk)(?:\W|\b).{0,12}"
    r"(?:мес|месяц|міс|mies|mėn|mēn|monat|mois|month|week|woche|тыд|тиж|недел|year|год|rok|jahr|/"
    r"|$)",
    r"(?:оформить|оформіть|купить|купити|аформіць|аформіце|kup|wykup|oferta|subskrybuj|prenumeruok"
    r"|prenumeruoti|abonēt|abonēšana|jetzt|zum|abonnieren|s.abonner|je m.abonne|découvr\w+"
    r"|subscribe|try|start|see)\b.{0,50}(?:подписк\w*|падпіск\w*|передплат\w*|підписк\w*|dostęp"
    r"|subskrypc\w*|prenumerat\w*|abon\w*|abo|offers?|offres?|angebote?n?|testen|trial|now)\W*$",
    r"(?:у меня есть|выбрать|выберите|выберыце|оберіть|wybierz|pasirinkite|izvēlies|choisissez"
    r"|wählen sie|choose)\b.{0,40}(?:подпис|падпіс|передплат|підпис|pakiet|planą|plānu|offre|abo"
    r"|plan)\w*",
)

_MAX_NOTICE, _MAX_OFFER = 260, 140
_ALL_NOTICES = "|".join(notice for notices in _NOTICES.values() for notice in notices)
# A notice may follow a short sentence of its own: "This is a paid article. To read on, subscribe."
_NOTICE = re.compile(rf"(?:^|[.!?…:]\s)[^\w«»\"“”„]{{0,8}}(?:{_ALL_NOTICES})", re.IGNORECASE)
_OFFER = re.compile(rf"^\W*(?:{'|'.join(_OFFERS)})", re.IGNORECASE)
_MAX_BEFORE = 80
# One of these is in every notice.
_STEMS = (
    "подписк", "подписчик", "подпиши", "подписыв", "подписаться", "войдите", "авторизуй",
    "зарегистрир", "платный", "платная", "доступ к", "прочитали бесплатн", "исчерпали", "достигли",
    "прочитать", "падпіс", "падпіш", "увайдзіце", "зарэгістр", "платны", "доступ да", "передплат",
    "передплач", "підписк", "підписник", "підпиші", "увійдіть", "зареєстр", "платний", "доступ до",
    "subskr", "prenumer", "zaloguj", "wykup", "kup ", "zarejestruj", "chcesz", "zostało", "abonent",
    "zalogowanych", "prisijunk", "registruo", "užsisak", "įsigyk", "abon", "pieslēdz", "ielogo",
    "reģistr", "iegādā", "maksas", "telli", "lugemiseks", "weiterles", "weiterzul", "volltext",
    "nur für", " im abo", "mit abo", "exklusiv", "ausschließlich", "identifiez", "connectez",
    "inscri", "réserv", "il vous reste", "vous avez lu", "subscribers", "subscription", "members",
    "continue reading", "keep reading", "to read th", "to continue", "to keep",
    "to read more", "to unlock", "free article", "you have reached", "you've reached",
    "you have used", "you've used", "become a",
)  # fmt: skip


def is_notice(text: str) -> bool:
    """Whether a line says that what follows must be paid for."""
    if len(text) > _MAX_NOTICE or not may_announce(text):
        return False
    match = _NOTICE.search(text)
    return match is not None and match.start() <= _MAX_BEFORE


def is_offer(text: str) -> bool:
    """Whether a line beside a notice belongs to it: a price, a way to log in."""
    return len(text) <= _MAX_OFFER and _OFFER.search(text) is not None


def may_announce(text: str) -> bool:
    """Whether a text holds a word without which there is no notice: a cheap first look."""
    lowered = text.lower()
    return any(stem in lowered for stem in _STEMS)


def announced(texts: Iterable[str]) -> bool:
    """Whether one of the lines of a page is a notice."""
    lines = list(texts)
    whole = "\n".join(lines).lower()
    stems = [stem for stem in _STEMS if stem in whole]
    return any(
        is_notice(line)
        for line in lines
        if len(line) <= _MAX_NOTICE and any(stem in line.lower() for stem in stems)
    )
