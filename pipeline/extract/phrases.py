"""What stands at the start of a line that is no part of the article, by language.

Four families: links to other articles, calls to act, photo credits, bylines. Each phrase is a
regular expression matched without regard to case at the start of a line; a family is the union
over all languages, because a page quotes the phrases of others (a Russian page's Telegram widget).
"""

from __future__ import annotations

import re

# "Read also: …"
_RELATED = {
    "ru": (
        r"чита(?:й|ть|йте|ем)\w*\b.{0,40}(?:также|ещ[её]|по теме|на эту тему|подробнее|полностью)",
        r"(?:также|ещ[её]) (?:по теме|читайте)",
        r"(?:смотрите|слушайте) (?:также|ещ[её])",
        r"(?:ещ[её]\s+)?по теме\s*(?:[:–—]|$)",
        r"материал(?:ы)? по теме",
        r"подробнее(?: об этом| читайте)?\s*[:–—]",
        r"(?:больше|другие) (?:новост\w+|материал\w+)(?: по теме)?\s*[:–—]?$",
        r"больше (?:новостей|по теме)",
        r"вам может быть интересно|что ещ[её] почитать|рекомендуем(?: почитать)?\s*:?$",
        r"(?:самое )?(?:популярное|читаемое|обсуждаемое)$|ранее по теме",
        r"похожие (?:новости|материалы|записи)",
    ),
    "be": (
        r"чытай(?:це|ма)?\b.{0,30}(?:таксама|яшчэ|больш|па тэме)",
        r"(?:таксама|яшчэ) (?:чытайце|па тэме)",
        r"гляд[зж]і(?:це)?\b.{0,20}(?:таксама|яшчэ)",
        r"(?:яшчэ )?па тэме\s*(?:[:–—]|$)",
        r"падрабязней(?: пра гэта)?\s*[:–—]",
        r"(?:самае )?(?:папулярнае|чытанае)$|вам можа быць цікава|матэрыялы? па тэме|больш навін",
    ),
    "uk": (
        r"читайте\b.{0,30}(?:більше|також|ще|за темою|докладніше)",
        r"дивіться також|також читайте|за темою\s*(?:[:–—]|$)|матеріали? (?:за темою|по темі)",
        r"(?:докладніше|детальніше)(?: про це)?\s*[:–—]|вас може зацікавити",
        r"більше (?:новин|цікавого)",
    ),
    "pl": (
        r"(?:prze)?czytaj\b.{0,10}(?:też|także|więcej|również|dalej)",
        r"zobacz\b.{0,10}(?:też|także|również|więcej)|polecamy\b\s*:?",
        r"sprawdź (?:też|także|również)",
        r"więcej (?:na ten temat|o\b.{0,30}:)|(?:powiązane|podobne) (?:artykuły|tematy)",
    ),
    "lt": (
        r"(?:taip pat )?skaitykite\b.{0,20}(?:taip pat|daugiau|:)|taip pat skaitykite",
        r"skaityk(?:ite)? daugiau",
        r"susij(?:ę|usi(?:os|ų)?)\b.{0,20}(?:straipsni|naujien|tem)|daugiau (?:šia tema|naujienų)",
    ),
    "lv": (
        r"lasi(?:et)? (?:arī|vēl|vairāk)|lasīt vairāk|skaties arī|saistītie raksti|par tēmu\s*:?$",
    ),
    "et": (r"loe (?:ka|lisaks|veel|rohkem)|vaata (?:ka|lisaks)|seotud (?:lood|artiklid|uudised)",),
    "de": (
        r"mehr (?:dazu|zum thema)|lesen sie (?:auch|mehr|hier)|lesen sie\b.{0,20}auch",
        r"auch interessant",
        r"zum thema\s*:|passend dazu|das könnte sie auch interessieren|weitere artikel",
    ),
    "fr": (
        r"(?:à )?lire aussi|lire (?:également|la suite)|voir aussi|sur le même (?:sujet|thème)",
        r"à (?:lire|voir|écouter) (?:aussi|également|sur)|pour aller plus loin\s*:?$",
    ),
    "en": (
        r"read (?:more|also|next|on)\b\s*[:–—|]?|also read|see also|see more\s*:|more on this",
        r"related(?: stor(?:y|ies)| articles?| posts?| content| topics)?\s*:",
        r"related (?:stories|articles)$",
        r"you (?:may|might) also (?:like|be interested)|recommended (?:stories|reading|for you)\b",
        r"(?:more|read) from\b.{0,40}:$|(?:most|more) (?:read|popular|viewed)(?: stories| news)?$",
    ),
    "other": (
        r"(?:noticias?|art[ií]culos?|notas?) relacionad[ao]s?|les også|läs (?:också|mer)",
        r"lue (?:myös|lisää)|leggi anche|le[ae] también|čtěte (?:také|i)",
        r"přečtěte si|mohlo by vás zajímat|lees ook|læs også|devamını oku",
        r"(?:>>|→|▶|►|➡|👉|☞)",
    ),
}

# "Subscribe to our channel", "Found a mistake? Select it and press Ctrl+Enter"
_CALLS = {
    "ru": (
        r"подпис(?:ывай(?:тесь|ся)|итесь)\b|подпишитесь|подпишись|присоединяйтесь|вступайте в",
        r"(?:подписка|подписаться|поделиться)\b.{0,50}$",
        r"(?:читай|следи|смотри|узнавай|получай)(?:те)?\b.{0,90}\b(?:telegram|телеграм|viber|google"
        r" news|дзен|whatsapp)",
        r"следите за (?:нами|нашими|новостями)|наш (?:телеграм|telegram|канал|youtube|viber)",
        r"мы в (?:telegram|телеграм\w*|соцсет\w*|facebook|vk|viber)|читайте (?:нас|наши новости)\b",
        r"(?:если вы )?(?:заметили|нашли|обнаружили|увидели) (?:ошибку|опечатку)",
        r"выделите (?:е[её]|текст|фрагмент|ошибку)",
        r"есть о ч[её]м рассказать|хотите сообщить|(?:сообщите|расскажите) (?:нам )?(?:об?|новост)",
        r"перепечатка\b|использование материалов|поддержите (?:нас|редакцию|проект)",
        r"(?:теги|метки|темы|рубрик[аи]|ключевые слова|хештеги)\s*:|поделитесь",
        r"реклама\b.{0,15}$|источник\s*:|комментарии\s*(?:\(\d+\))?$|просмотр(?:ы|ов)\s*:",
        r"(?:оставьте|добавить|оставить) комментари\w+|следующая (?:новость|запись)",
        r"предыдущая (?:новость|запись)",
    ),
    "be": (
        r"падпіш(?:ыцеся|ыся)|падпісвай(?:цеся|ся)|далучай(?:цеся|ся)|сачыце за",
        r"(?:чытай|сачы|глядзі)(?:це|йце)?\b.{0,90}\b(?:telegram|тэлеграм|viber|google news)",
        r"(?:калі вы )?(?:знайшлі|заўважылі) (?:памылку|абдрукоўку)|вылучыце",
        r"(?:тэгі|тэмы|меткі|ключавыя словы)\s*:|падзяліцца\b.{0,50}$|падзяліцеся|крыніца\s*:",
        r"рэклама.{0,15}$",
        r"наш (?:тэлеграм|telegram|канал)|мы ў (?:telegram|тэлеграме)|каментары\s*(?:\(\d+\))?$",
        r"падтрымайце (?:нас|рэдакцыю)|перадрук",
    ),
    "uk": (
        r"підпи(?:суйтесь|суйтеся|сатися|шіться)|приєднуйтес[ья]|стежте за",
        r"(?:читай|стеж|дивіть?ся|дізнавай)(?:те(?:сь|ся)?)?\b.{0,90}\b(?:telegram|телеграм|viber"
        r"|google news|whatsapp)",
        r"(?:якщо ви )?(?:помітили|знайшли|побачили) (?:помилку|неточність)|виділіть",
        r"(?:теги|мітки|теми)\s*:|поділитися\b.{0,50}$|джерело\s*:|реклама.{0,15}$",
        r"коментарі\s*(?:\(\d+\))?$",
    ),
    "pl": (
        r"zapisz się|subskrybuj|dołącz do|obserwuj nas|śledź nas|polub nas|masz (?:temat|newsa)",
        r"(?:tagi|tematy|słowa kluczowe|źródło)\s*:|udostępnij\b|podziel się|reklama.{0,15}$",
        r"(?:zauważyłeś|widzisz|znalazłeś) błąd|komentarze\s*(?:\(\d+\))?$",
        r"dalsz(?:a część|y ciąg) (?:artykułu|tekstu|materiału)",
        r"chcesz wiedzieć więcej|posłuchaj (?:naszych|też|także|również)|słuchaj (?:nas|online)",
    ),
    "lt": (
        r"prenumeruok\w*|sekite\b|užsiprenumeruok\w*|prisijunk(?:ite)? prie|pasidalin\w+\b.{0,50}$",
        r"parsisiųsk\w*.{0,30}program",
        r"(?:žymos|temos|raktiniai žodžiai|šaltinis)\s*:|reklama.{0,15}$|pastebėjote klaidą",
        r"komentarai\s*(?:\(\d+\))?$",
    ),
    "lv": (
        r"pieraksties|pierakstieties|abonē|seko(?:jiet)? (?:mums|līdzi)|dalīties\b.{0,50}$",
        r"pievienojies",
        r"(?:tēmas|birkas|atslēgvārdi|avots)\s*:|reklāma.{0,15}$|pamanīji kļūdu",
        r"komentāri\s*(?:\(\d+\))?$",
    ),
    "et": (
        r"telli\b.{0,30}(?:uudiskiri|leht)|jälgi meid|liitu\b|jaga\b\s*:?$|märksõnad\s*:",
        r"allikas\s*:",
        r"leidsid vea|kommentaarid\s*(?:\(\d+\))?$|reklaam.{0,15}$",
    ),
    "de": (
        r"abonnieren sie|jetzt (?:abonnieren|anmelden)|folgen sie uns",
        r"newsletter\b.{0,30}(?:abonnieren|anmelden)",
        r"fehler gefunden|(?:anzeige|werbung)$|artikel (?:teilen|drucken)",
        r"(?:schlagwörter|themen|quelle)\s*:",
        r"kommentare\s*(?:\(\d+\))?$",
    ),
    "fr": (
        r"abonnez-vous|inscrivez-vous|suivez-nous|rejoignez-nous|partager (?:cet|l')|publicité$",
        r"je m.(?:abonne|inscris)\W*$",
        r"une (?:erreur|coquille|faute)\s*\?|signaler une erreur",
        r"(?:mots[- ]clés|thèmes|source)\s*:|newsletter\b.{0,40}$|commentaires\s*(?:\(\d+\))?$",
    ),
    "en": (
        r"get (?:breaking|the latest|our (?:best|free|weekly|daily))\b.{0,60}(?:news|alerts|inbox)",
        r"sign up (?:for|to|here|now)|subscribe (?:to|now|here|for)|follow (?:us|our)\b",
        r"join our\b.{0,60}(?:channel|newsletter|group)",
        r"advertisements?$|(?:story|article) continues (?:below|after)",
        r"scroll (?:down )?to continue",
        r"(?:tags?|topics|keywords|filed under|posted in|categories)\s*:",
        r"share (?:this|on|via)\b|print this",
        r"(?:found|spotted|see|noticed) (?:a|an) (?:mistake|error|typo)|click here to\b",
        r"(?:leave a|post a) (?:comment|reply)|comments?\s*(?:\(\d+\))?$",
        r"support (?:our|independent) journalism|listen(?: to (?:this )?(?:article|story))?\W*$",
        r"(?:have|got) a (?:tip|story|correction)\b",
        r"this (?:article|story) (?:was )?(?:originally|first) (?:appeared|published)\b.{0,90}$",
    ),
}

# "Reproduction is allowed only with a link": what a site says below each of its articles.
_RIGHTS = {
    "ru": (
        r"(?:полная |частичная )?(?:перепечатка|перепост|копирование|цитирование)\b.{0,80}"
        r"(?:запрещ|разреш|допуска|возможн|только|при (?:наличии|условии))\w*",
        r"при (?:перепечатке|использовании|цитировании|копировании)\b.{0,60}"
        r"(?:ссылк|обязательн|материал)\w*",
        r"(?:все|любое) (?:права|использование)\b.{0,40}(?:защищен|запрещен|принадлеж)\w*",
    ),
    "be": (
        r"(?:поўны |частковы )?(?:перадрук|капіраванне|цытаванне)\b.{0,80}(?:забарон|дазвол|дазвал"
        r"|магчым|толькі|пры (?:наяўнасці|ўмове))\w*",
        r"пры (?:перадруку|выкарыстанні|цытаванні|капіраванні)\b.{0,60}(?:спасылк|абавязк)\w*",
        r"усе правы\b.{0,40}абаронен\w*",
    ),
    "uk": (
        r"(?:повний |частковий )?(?:передрук|копіювання|цитування)\b.{0,80}(?:заборон|дозвол"
        r"|можлив|лише|за (?:наявності|умови))\w*",
        r"при (?:передруку|використанні|цитуванні|копіюванні)\b.{0,80}(?:посиланн|обов|матеріал)"
        r"\w*",
        r"(?:усі|всі) права\b.{0,40}захищен\w*",
    ),
    "pl": (
        r"(?:kopiowanie|przedruk|rozpowszechnianie|powielanie)\b.{0,80}(?:zabronion|zgod|dozwol)\w*",
        r"wsz(?:elkie|elkich|ystkie) praw\w*\b.{0,20}zastrzeżon\w*",
    ),
    "lt": (
        r"(?:griežtai )?draudžiama\b.{0,80}(?:panaudoti|naudoti|platinti|kopijuoti|skelbt)\w*",
        r"(?:kopijuoti|platinti|naudoti)\b.{0,60}draudžiama|visos teisės saugomos",
    ),
    "lv": (
        r"(?:pārpublicē\w*|pārpublicēšana|kopēšana|izmantojot)\b.{0,80}(?:aizlieg|atsauc|atļauj)\w*",
        r"visas tiesības\b.{0,20}(?:aizsarg|patur)\w*",
    ),
    "et": (r"kõik õigused (?:kaitstud|reserveeritud)|(?:kopeerimine|levitamine)\b.{0,60}keelatud",),
    "de": (
        r"alle rechte vorbehalten|(?:nachdruck|vervielfältigung|weiterverbreitung)\b.{0,80}"
        r"(?:untersagt|verboten|genehmigung|gestattet|zustimmung)\w*",
    ),
    "fr": (
        r"tous droits (?:de reproduction |de diffusion )?(?:et .{0,30})?réservés"
        r"|(?:toute )?reproduction\b.{0,60}(?:interdite|autoris)\w*",
    ),
    "en": (
        r"all rights reserved|(?:reproduction|republication|reprinting)\b.{0,60}"
        r"(?:prohibited|permitted|permission|allowed)",
        r"(?:this material|no part of this)\b.{0,60}(?:published|reproduced|redistributed)",
    ),
}

# "With agency reports", "Source: AFP": how the last line names where the text came from.
_SOURCES = (
    r"(?:le \w+ |\w+ )?avec (?:l.)?(?:afp|reuters|ap\b|les agences|agences)(?:\W+(?:et )?"
    r"(?:afp|reuters|ap))*\W*$"
    r"|(?:по материалам|паводле|за матеріалами|na podstawie|mit material von|with (?:reporting|"
    r"agency|material) (?:by|from|reports))\b"
    r"|(?:źródło|źródła|источники?|крыніц[аы]|джерел[оа]|šaltini(?:s|ai)|avot[si]|allikas|quellen?|"
    r"sources?)(?:\s+artykułu)?\s*[:–—-]\s*\w"
    r"|(?:toimeta(?:ja|s)|toimetas|redakt(?:or|eur|ör)\w*|редактор|рэдактар|editor|edited by|oprac"
    r"\w*)\s*[:.]"
    r"|pranešimą paskelbė\s*:|red\.\s+\w{2,5}(?:/\w{2,5})*\W*$"
    # The initials of the desk: "ann/ kow/"
    r"|(?:[a-ząćęłńóśźż]{2,4}/\s*){2,4}$"
)

# "Press contacts": what stands below a heading like that is no article.
_CONTACTS = (
    r"(?:press|media|further)? ?(?:contacts?|enquiries|inquiries)(?: (?:details|information|for the"
    r" media))?|for (?:more information|media enquiries),? (?:please )?contact|kontakty?(?: dla"
    r" mediów| prasowy)?|pressekontakte?|ansprechpartner(?:in)?|contacts? presse|контакт(?:ы|и)?(?:"
    r" для (?:прессы|сми|змі|преси))?|кантакты(?: для (?:прэсы|смі))?|kontaktai|kontakti|kontaktid"
)

# "Фото: …", "Photo by …", at the start of a caption line
_PHOTO_WORDS = (
    r"фото(?:графия)?|фота|світлина|foto|photos?|zdjęcie|zdj\.|fot\.|nuotr(?:auka)?\.?|attēls|"
    r"скриншот|скрыншот|иллюстрация|иллюстративное|ілюстрацыя|ілюстрація|изображение|видео"
    r"|bildrechte|bildquelle|quelle|"
    r"відэа|відео|image|picture|abb\.|bild|video|credit|снимок|здымак|iliustracija|crédit"
)
_PHOTO_LEAD = r"(?:(?:иллюстрационное|архивное|ілюстрацыйнае|архіўнае|ілюстративне) )?"

_BYLINES = (
    r"автор(?:ы|ка)?|аўтар(?:ы|ка)?|текст|тэкст|by|von|par|text|autor(?:ka|zy|ius|ė|s)?|author"
    r"|tekst|"
    r"teksts|redagował\w*|opracowanie|oprac\.|подготовил\w*|падрыхтава\w+|підготува\w+"
)


def _family(by_language: dict[str, tuple[str, ...]]) -> re.Pattern[str]:
    alternatives = "|".join(phrase for phrases in by_language.values() for phrase in phrases)
    return re.compile(rf"^\W*(?:{alternatives})", re.IGNORECASE)


_STAMPS = (
    r"обновлен[оа]|опубликован[оа]|дата публикации|абноўлен[ао]|апублікаван[ао]|оновлено"
    r"|опубліковано|"
    r"aktualizacja|data publikacji|opublikowano|publikacja|atnaujinta|paskelbta|publikuota"
    r"|atjaun[oi]ts|"
    r"publicēts|uuendatud|avaldatud|aktualisiert|veröffentlicht|stand|mis à jour|publié|updated|"
    r"published|posted|last (?:updated|modified)|uppdaterad|publicerad|oppdatert|publisert"
    r"|publicado"
)
# "3 min read", "Время чтения: 4 минуты", "Tempo de leitura: 1 minuto"
_READING = (
    r"(?:время чтения|час чытання|час читання|czas czytania|skaitymo laikas|lasīšanas laiks"
    r"|lesezeit|"
    r"temps de lecture|reading time|tempo de leitura)\b.{0,20}$"
    r"|\d+\s*(?:min(?:ute)?s?|мин(?:ут\w*)?|хв(?:илин\w*)?|хвілін\w*)\.?\s*(?:read|чтения|чытання"
    r"|читання|czytania)?\W*$"
)


RELATED = _family(_RELATED)
"""The line leads to another article."""

CALL = _family(_CALLS)
"""The line asks the reader to do something, or labels tags, sources and comments."""

RIGHTS = _family(_RIGHTS)
"""The line says who may reproduce the text."""

SOURCE = re.compile(rf"^\W*(?:{_SOURCES})", re.IGNORECASE)
"""The last line says where the text is from or who edited it."""

CONTACTS = re.compile(rf"^\W*(?:{_CONTACTS})\W*$", re.IGNORECASE)
"""The heading of a press office's addresses."""

PHOTO_CREDIT = re.compile(
    rf"^\W*{_PHOTO_LEAD}(?:{_PHOTO_WORDS})(?: \w+){{0,2}}(?:\s*[:©]|\s+[–—-]\s(?!.*[.!?…]$))"
    r"|\b(?:фото|фота|foto|photo|zdj\.|fot\.|nuotr\.)\s*[:©/].{0,80}$"
    r"|\b(?:nuotr|fot|zdj)\.?\s*$"
    # "Fot. Anna Kowalska": a name, no sentence
    r"|^\W*(?:fot\.|zdj\.|foto|photo|фото|фота"
    r"|світлина)\s+(?-i:(?:[^\W\d_a-zа-яёіў][\w.-]*[\s/,]*){1,5})$"
    r"|^\W*©\s*\w.{0,80}$",
    re.IGNORECASE,
)
"""The line is a photo credit, or a caption that ends with one."""

BYLINE = re.compile(rf"^\W*(?:{_BYLINES})\s*:?\s+\S", re.IGNORECASE)
"""The line names the author."""

STAMP = re.compile(
    rf"^\W*(?:(?:{_STAMPS})\b.{{0,60}}\d|{_READING})",
    re.IGNORECASE,
)
"""The line says when the article was published or changed, or how long it takes to read."""

ABOUT_AUTHOR = re.compile(
    r"^\W*(?:об авторе|пра аўтар(?:а|ку)|про автора|o autorze|apie autorių|par autoru|autorist|"
    r"(?:der|die) autor(?:in|en)?|über (?:den autor|die autorin)|à propos de l.auteure?|"
    r"about the authors?|sobre (?:el|la) autora?)\W*$",
    re.IGNORECASE,
)
"""The heading of a note on who the author is, which ends a page."""
