"""Consent walls and error pages, and the articles about such things, in many languages.

None of the pages declares itself an article: only what it says can tell.
"""

# ruff: noqa: E501  sentences are not wrapped

from __future__ import annotations

import pytest
from fetched import page_of

from pipeline.errors import Rejected
from pipeline.extract import extract

CONSENT_WALLS = {
    "ru": "Мы используем файлы cookie, чтобы сайт работал лучше, и передаём данные партнёрам. Нажимая «Принять», вы даёте согласие на обработку персональных данных и файлов cookie.",
    "be": "Мы выкарыстоўваем файлы cookie, каб сайт працаваў лепш. Націскаючы «Прыняць», вы згаджаецеся на апрацоўку персанальных даных і файлаў cookie нашымі партнёрамі.",
    "uk": "Ми використовуємо файли cookie, щоб сайт працював краще. Натискаючи «Прийняти», ви погоджуєтеся на обробку персональних даних та файлів cookie нашими партнерами.",
    "en": "We and our 842 partners store and access information on a device, such as cookies. By clicking Accept, you consent to the processing of personal data described below.",
    "pl": "Szanujemy Twoją prywatność. Używamy plików cookie i podobnych technologii, aby dostosować treści. Klikając „Akceptuję”, wyrażasz zgodę na przetwarzanie danych osobowych.",
    "lt": "Ši svetainė naudoja slapukus. Mes ir mūsų partneriai saugome informaciją įrenginyje. Tęsdami naršymą sutinkate su slapukų naudojimu ir duomenų tvarkymu.",
    "lv": "Šī vietne izmanto sīkdatnes. Mēs un mūsu partneri glabājam informāciju ierīcē. Turpinot lietot vietni, jūs piekrītat sīkdatņu izmantošanai un datu apstrādei.",
    "de": "Wir und unsere Partner verwenden Cookies und ähnliche Technologien. Mit Klick auf „Akzeptieren“ willigen Sie in die Verarbeitung ein. Mehr dazu im Datenschutz.",
    "fr": "Nous et nos partenaires utilisons des cookies pour améliorer votre visite. En cliquant sur « Accepter », vous consentez au traitement de vos données personnelles.",
}
ABOUT_COOKIES = {
    "ru": (
        "Еврокомиссия предложила в среду упростить правила для файлов cookie: браузер запомнит выбор один раз.",
        "Сейчас каждый сайт спрашивает согласие отдельно. «Мы используем cookie, и вы соглашаетесь» — эту надпись, по подсчётам авторов, европейцы видят пять раз в день.",
    ),
    "be": (
        "Еўракамісія прапанавала ў сераду спрасціць правілы для файлаў cookie: браўзер запомніць выбар адзін раз.",
        "Цяпер кожны сайт пытаецца пра cookie асобна, і карыстальнікі націскаюць кнопку не чытаючы, гаворыцца ў дакладзе.",
    ),
    "uk": (
        "Єврокомісія запропонувала в середу спростити правила для файлів cookie: браузер запам’ятає вибір один раз.",
        "Зараз кожен сайт питає про cookie окремо, і користувачі натискають кнопку не читаючи, йдеться в доповіді.",
    ),
    "en": (
        "The European Commission proposed on Wednesday to simplify the rules on cookies: a browser would remember the choice.",
        "Under the GDPR each site has to ask for consent on its own, and most people press the button unread, the report says.",
    ),
    "pl": (
        "Komisja Europejska zaproponowała w środę uproszczenie przepisów o plikach cookie: przeglądarka zapamięta wybór.",
        "Dziś zgodnie z RODO każda strona pyta o cookie osobno, a większość osób klika bez czytania, czytamy w raporcie.",
    ),
    "lt": (
        "Europos Komisija trečiadienį pasiūlė supaprastinti slapukų taisykles: naršyklė pasirinkimą įsimintų vieną kartą.",
        "Dabar kiekviena svetainė dėl slapukų klausia atskirai, o dauguma žmonių mygtuką spaudžia neskaitę, rašoma ataskaitoje.",
    ),
    "de": (
        "Die EU-Kommission hat am Mittwoch vorgeschlagen, die Regeln für Cookies zu vereinfachen: Der Browser merkt sich die Wahl.",
        "Bisher fragt nach der Datenschutz-Grundverordnung jede Seite einzelne Cookies ab, und die meisten drücken ungelesen, so der Bericht.",
    ),
    "fr": (
        "La Commission européenne a proposé mercredi de simplifier les règles sur les cookies : le navigateur retiendrait le choix.",
        "Aujourd’hui chaque site interroge à part sur les cookies et les données personnelles, et la plupart cliquent sans lire, selon le rapport.",
    ),
}
MISSING = {
    "ru": ("Страница не найдена", "К сожалению, запрашиваемая страница была удалена или перемещена. Проверьте адрес или вернитесь на главную страницу сайта."),
    "ru, the site's name first": ("Вестник: ошибка 404", "Такой страницы нет. Воспользуйтесь поиском, чтобы найти нужную статью, или начните с главной."),
    "be": ("Старонка не знойдзена", "Магчыма, вы памыліліся ў адрасе. Скарыстайцеся пошукам або вярніцеся на галоўную старонку сайта."),
    "uk": ("Сторінку не знайдено", "Можливо, її було видалено або перенесено. Скористайтеся пошуком або поверніться на головну сторінку сайту."),
    "en": ("Oops! That page can’t be found.", "It looks like nothing was found at this location. Maybe try one of the links below or a search?"),
    "en, at length": ("Page not found – The Herald", "Sorry, the page you are looking for could not be found. It may have been moved or deleted since you last visited it. Please check the address, go back to the home page or use the search to find the story that brought you here."),
    "pl": ("Strona nie istnieje", "Strona, której szukasz, nie istnieje lub została usunięta. Sprawdź adres albo wróć na stronę główną serwisu."),
    "lt": ("Puslapis nerastas", "Puslapis, kurio ieškote, neegzistuoja arba buvo perkeltas. Patikrinkite adresą arba grįžkite į pagrindinį puslapį."),
    "lv": ("Lapa nav atrasta", "Iespējams, lapa ir pārvietota vai dzēsta. Pārbaudiet adresi vai izmantojiet meklēšanu."),
    "de": ("Seite nicht gefunden", "Die angeforderte Seite konnte nicht gefunden werden. Bitte überprüfen Sie die Adresse oder gehen Sie zurück zur Startseite."),
    "fr": ("Page introuvable", "La page demandée n’existe pas ou plus. Vérifiez l’adresse ou retournez à la page d’accueil du site."),
    "only in the text": ("Наш край", "Страница не найдена."),
}  # fmt: skip
SHORT_NEWS = {
    "ru": ("Суд над редактором: материал удален, статья 404 УК", "Бывшему редактору газеты предъявили обвинение по статье 404 Уголовного кодекса, сообщили в суде. Материал удалён с сайта, сам редактор вину не признаёт."),
    "ru, no quote": ("Материал удален по решению суда, статья 404 УК", "Суд Минского района обязал газету убрать публикацию о мосте. Материал удален в тот же день, говорится в сообщении редакции, и обжалован."),
    "be": ("Старонка гісторыі, якая не існуе ў падручніках", "У Гродне адкрылі выставу пра паўстанне 1863 года. Такой старонкі няма ў школьным падручніку, кажа куратарка, і наведвальнікі здзіўляюцца."),
    "uk": ("Матеріал видалено: редакція пояснює чому", "Редакція пояснила, чому матеріал видалено після виходу номера: джерело відмовилося від своїх слів, а перевірити їх інакше не вдалося."),
    "en": ("The page that Herodotus lost was not found", "Archaeologists said the missing page was not found in the cave, although two fragments of another scroll were recovered there on Monday."),
    "pl": ("Nie znaleziono strony umowy z 1991 roku", "W archiwum nie znaleziono strony umowy z 1991 roku, na którą powołuje się resort. Sprawę bada prokuratura, poinformował w piątek rzecznik."),
    "de": ("Vermisste Seite aus dem Gutenberg-Druck nicht gefunden", "Die vermisste Seite aus dem Druck wurde auch nach zwei Wochen nicht gefunden, teilte die Bibliothek in Mainz am Freitag mit."),
}  # fmt: skip


def page(title: str, *paragraphs: str, after: str = "") -> str:
    text = "".join(f"<p>{each}</p>" for each in paragraphs)
    return f"<html><head><title>{title}</title></head><body><main><h1>{title}</h1>{text}{after}</main></body></html>"


def refusal(html: str) -> str | None:
    try:
        extract(page_of(html))
    except Rejected as refused:
        return refused.reason
    return None


@pytest.mark.parametrize("language", CONSENT_WALLS)
@pytest.mark.parametrize("times", [1, 2, 10])
def test_a_site_that_asks_consent_is_a_cookie_wall(language: str, times: int) -> None:
    said = [f"{CONSENT_WALLS[language]} ({number})" for number in range(times)]
    assert refusal(page("Cookies", *said, after="<button>OK</button>")) == "cookie wall"


@pytest.mark.parametrize("language", ABOUT_COOKIES)
def test_an_article_about_cookies_is_kept(language: str) -> None:
    html = page("Cookie – 2025", *ABOUT_COOKIES[language])
    assert extract(page_of(html)).text == "\n\n".join(ABOUT_COOKIES[language])


@pytest.mark.parametrize("kind", MISSING)
def test_a_page_that_is_missing_is_refused(kind: str) -> None:
    title, text = MISSING[kind]
    assert refusal(page(title, text)) == "soft 404"


@pytest.mark.parametrize("kind", SHORT_NEWS)
def test_a_short_article_with_such_words_is_kept(kind: str) -> None:
    title, text = SHORT_NEWS[kind]
    assert extract(page_of(page(title, text))).text == text


def test_a_short_article_on_a_page_with_a_login_form_is_kept() -> None:
    form = "<form><input name=login><input type=password><button>Войти</button></form>"
    _, text = SHORT_NEWS["ru"]
    html = page("Короткая новость", text).replace("<main>", f"{form}<main>")
    assert extract(page_of(html)).text == text


def test_a_short_article_about_a_refused_access_is_no_challenge() -> None:
    text = "Reporters were met with the words access denied at the gate of the court on Monday, although the hearing had been announced as open to the public."
    assert extract(page_of(page("Reporters kept out of the court", text))).text == text
