"""What stands around an article on a page, in ten languages; written for the tests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Chrome:
    """The words of a site in one language."""

    menu: tuple[str, ...]
    read_also: str
    related: tuple[str, ...]
    caption: str
    photo: str
    subscribe: str
    mistake: str
    share: str
    tags: str
    tag_names: tuple[str, ...]
    comments: str
    rights: str
    cookies: str
    author_word: str
    updated: str
    advertising: str
    latest: str


CHROME: dict[str, Chrome] = {
    "ru": Chrome(
        menu=("Главная", "Новости", "Политика", "Экономика", "Общество", "О проекте"),
        read_also="Читайте также:",
        related=(
            "В Гродно открыли новый мост через Неман после двух лет ремонта",
            "Польша назвала дату открытия двух пунктов пропуска на границе",
            "Сколько стоит собрать ребенка в школу: считаем вместе",
        ),
        caption="Здание министерства вечером",
        photo="Фото: Александра Иванова, архив редакции",
        subscribe="Подписывайтесь на наш телеграм-канал, чтобы не пропустить главное",
        mistake="Нашли ошибку? Выделите ее и нажмите Ctrl+Enter",
        share="Поделиться",
        tags="Теги:",
        tag_names=("Беларусь", "Европейский союз", "дипломатия"),
        comments="Комментарии (14)",
        rights="© 2025 Редакция. Использование материалов разрешено со ссылкой на источник.",
        cookies="Мы используем файлы cookie, чтобы сайт работал лучше. Продолжая, вы соглашаетесь.",
        author_word="Автор:",
        updated="Обновлено",
        advertising="Реклама",
        latest="Последние новости",
    ),
    "be": Chrome(
        menu=("Галоўная", "Навіны", "Палітыка", "Эканоміка", "Грамадства", "Пра нас"),
        read_also="Чытайце таксама:",
        related=(
            "У Гародні адкрылі новы мост праз Нёман пасля двух гадоў рамонту",
            "Літва назвала ўмовы, пры якіх адкрые памежныя пераходы",
            "Колькі каштуе сабраць дзіця ў школу: лічым разам",
        ),
        caption="Будынак міністэрства ўвечары",
        photo="Фота: Аляксандра Іванова, архіў рэдакцыі",
        subscribe="Падпісвайцеся на наш тэлеграм-канал, каб не прапусціць галоўнае",
        mistake="Знайшлі памылку? Вылучыце яе і націсніце Ctrl+Enter",
        share="Падзяліцца",
        tags="Тэгі:",
        tag_names=("Беларусь", "Еўрапейскі саюз", "дыпламатыя"),
        comments="Каментары (14)",
        rights="© 2025 Рэдакцыя. Перадрук дазволены са спасылкай на крыніцу.",
        cookies="Мы выкарыстоўваем файлы cookie, каб сайт працаваў лепш.",
        author_word="Аўтар:",
        updated="Абноўлена",
        advertising="Рэклама",
        latest="Апошнія навіны",
    ),
    "uk": Chrome(
        menu=("Головна", "Новини", "Політика", "Економіка", "Суспільство", "Про нас"),
        read_also="Читайте також:",
        related=(
            "У Луцьку відкрили новий міст через Стир після двох років ремонту",
            "Польща назвала дату відкриття двох пунктів пропуску на кордоні",
            "Скільки коштує зібрати дитину до школи: рахуємо разом",
        ),
        caption="Будівля міністерства ввечері",
        photo="Фото: Олександра Іваненко, архів редакції",
        subscribe="Підписуйтесь на наш телеграм-канал, щоб не пропустити головне",
        mistake="Знайшли помилку? Виділіть її та натисніть Ctrl+Enter",
        share="Поділитися",
        tags="Теги:",
        tag_names=("Білорусь", "Європейський Союз", "дипломатія"),
        comments="Коментарі (14)",
        rights="© 2025 Редакція. Усі права захищено.",
        cookies="Ми використовуємо файли cookie, щоб сайт працював краще.",
        author_word="Автор:",
        updated="Оновлено",
        advertising="Реклама",
        latest="Останні новини",
    ),
    "pl": Chrome(
        menu=("Strona główna", "Wiadomości", "Polityka", "Gospodarka", "Społeczeństwo", "O nas"),
        read_also="Czytaj też:",
        related=(
            "W Białymstoku otwarto nowy most po dwóch latach remontu",
            "Rząd podał datę otwarcia dwóch przejść na granicy z Białorusią",
            "Ile kosztuje wyprawka do szkoły? Liczymy razem z czytelnikami",
        ),
        caption="Gmach ministerstwa wieczorem",
        photo="Fot. Anna Kowalska / archiwum redakcji",
        subscribe="Zapisz się na nasz newsletter i bądź na bieżąco",
        mistake="Zauważyłeś błąd? Zaznacz go i wciśnij Ctrl+Enter",
        share="Udostępnij",
        tags="Tagi:",
        tag_names=("Białoruś", "Unia Europejska", "dyplomacja"),
        comments="Komentarze (14)",
        rights="© 2025 Redakcja. Wszelkie prawa zastrzeżone.",
        cookies="Używamy plików cookie, aby strona działała lepiej. Akceptuję.",
        author_word="Autor:",
        updated="Aktualizacja",
        advertising="Reklama",
        latest="Najnowsze wiadomości",
    ),
    "lt": Chrome(
        menu=("Pradžia", "Naujienos", "Politika", "Verslas", "Lietuvoje", "Apie mus"),
        read_also="Taip pat skaitykite:",
        related=(
            "Kaune po dvejų metų remonto atidarytas naujas tiltas per Nemuną",
            "Vyriausybė paskelbė, kada atidarys du pasienio punktus",
            "Kiek kainuoja paruošti vaiką mokyklai: skaičiuojame kartu",
        ),
        caption="Ministerijos pastatas vakare",
        photo="Onos Petraitytės nuotr.",
        subscribe="Prenumeruokite mūsų naujienlaiškį ir sužinokite svarbiausius įvykius pirmieji",
        mistake="Pastebėjote klaidą? Pažymėkite ją ir paspauskite Ctrl+Enter",
        share="Dalintis",
        tags="Žymos:",
        tag_names=("Baltarusija", "Europos Sąjunga", "diplomatija"),
        comments="Komentarai (14)",
        rights="© 2025 Redakcija. Visos teisės saugomos.",
        cookies="Naudojame slapukus, kad svetainė veiktų geriau.",
        author_word="Autorius:",
        updated="Atnaujinta",
        advertising="Reklama",
        latest="Naujausios žinios",
    ),
    "lv": Chrome(
        menu=("Sākums", "Ziņas", "Politika", "Ekonomika", "Latvijā", "Par mums"),
        read_also="Lasi arī:",
        related=(
            "Daugavpilī pēc divu gadu remonta atklāts jauns tilts pār Daugavu",
            "Valdība nosaukusi datumu, kad atvērs divus robežpunktus",
            "Cik maksā sagatavot bērnu skolai: rēķinām kopā",
        ),
        caption="Ministrijas ēka vakarā",
        photo="Foto: Anna Bērziņa, redakcijas arhīvs",
        subscribe="Pieraksties mūsu jaunumiem un uzzini svarīgāko pirmais",
        mistake="Pamanīji kļūdu? Iezīmē to un nospied Ctrl+Enter",
        share="Dalīties",
        tags="Tēmas:",
        tag_names=("Baltkrievija", "Eiropas Savienība", "diplomātija"),
        comments="Komentāri (14)",
        rights="© 2025 Redakcija. Visas tiesības aizsargātas.",
        cookies="Mēs izmantojam sīkdatnes, lai vietne darbotos labāk.",
        author_word="Autors:",
        updated="Atjaunots",
        advertising="Reklāma",
        latest="Jaunākās ziņas",
    ),
    "et": Chrome(
        menu=("Avaleht", "Uudised", "Poliitika", "Majandus", "Eesti", "Meist"),
        read_also="Loe ka:",
        related=(
            "Tartus avati pärast kaheaastast remonti uus sild üle Emajõe",
            "Valitsus nimetas kuupäeva, millal avatakse kaks piiripunkti",
            "Kui palju maksab lapse kooli saatmine: arvutame koos",
        ),
        caption="Ministeeriumi hoone õhtul",
        photo="Foto: Anna Tamm, toimetuse arhiiv",
        subscribe="Telli meie uudiskiri ja saa olulisemad teated esimesena",
        mistake="Leidsid vea? Märgi see ja vajuta Ctrl+Enter",
        share="Jaga",
        tags="Märksõnad:",
        tag_names=("Valgevene", "Euroopa Liit", "diplomaatia"),
        comments="Kommentaarid (14)",
        rights="© 2025 Toimetus. Kõik õigused kaitstud.",
        cookies="Kasutame küpsiseid, et leht töötaks paremini.",
        author_word="Autor:",
        updated="Uuendatud",
        advertising="Reklaam",
        latest="Viimased uudised",
    ),
    "de": Chrome(
        menu=("Startseite", "Nachrichten", "Politik", "Wirtschaft", "Gesellschaft", "Über uns"),
        read_also="Lesen Sie auch:",
        related=(
            "Neue Brücke über die Oder nach zwei Jahren Bauzeit eröffnet",
            "Polen nennt Datum für die Öffnung von zwei Grenzübergängen",
            "Was der Schulstart in diesem Jahr kostet: eine Rechnung",
        ),
        caption="Das Ministerium am Abend",
        photo="Foto: Anna Schmidt / Archiv",
        subscribe="Abonnieren Sie unseren Newsletter und verpassen Sie nichts mehr",
        mistake="Fehler gefunden? Schreiben Sie uns",
        share="Teilen",
        tags="Schlagwörter:",
        tag_names=("Belarus", "Europäische Union", "Diplomatie"),
        comments="Kommentare (14)",
        rights="© 2025 Redaktion. Alle Rechte vorbehalten.",
        cookies="Wir verwenden Cookies, damit die Seite besser funktioniert.",
        author_word="Von",
        updated="Aktualisiert",
        advertising="Anzeige",
        latest="Neueste Nachrichten",
    ),
    "fr": Chrome(
        menu=("Accueil", "Actualités", "Politique", "Économie", "Société", "À propos"),
        read_also="À lire aussi :",
        related=(
            "Un nouveau pont inauguré après deux ans de travaux à Strasbourg",
            "La Pologne annonce la date de réouverture de deux postes-frontières",
            "Combien coûte la rentrée scolaire cette année : nos calculs",
        ),
        caption="Le ministère, le soir",
        photo="Photo : Anne Martin / archives",
        subscribe="Abonnez-vous à notre lettre d'information pour ne rien manquer",
        mistake="Une erreur ? Signalez-la à la rédaction",
        share="Partager",
        tags="Mots-clés :",
        tag_names=("Biélorussie", "Union européenne", "diplomatie"),
        comments="Commentaires (14)",
        rights="© 2025 La rédaction. Tous droits réservés.",
        cookies="Nous utilisons des cookies pour améliorer le site.",
        author_word="Par",
        updated="Mis à jour",
        advertising="Publicité",
        latest="Dernières nouvelles",
    ),
    "en": Chrome(
        menu=("Home", "News", "Politics", "Economy", "Society", "About us"),
        read_also="Read also:",
        related=(
            "New bridge over the Neman opens after two years of repairs",
            "Poland names the day when two border crossings will reopen",
            "What it costs to send a child to school this year",
        ),
        caption="The ministry in the evening",
        photo="Photo: Anna Smith / archive",
        subscribe="Subscribe to our newsletter and never miss a story",
        mistake="Found a mistake? Select it and press Ctrl+Enter",
        share="Share",
        tags="Tags:",
        tag_names=("Belarus", "European Union", "diplomacy"),
        comments="Comments (14)",
        rights="© 2025 The newsroom. All rights reserved.",
        cookies="We use cookies to make this site work better.",
        author_word="By",
        updated="Updated",
        advertising="Advertisement",
        latest="Latest news",
    ),
}
