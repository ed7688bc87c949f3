"""Where the free part of a paid article ends, in every language of the watchlist."""

from __future__ import annotations

import pytest
from fetched import page_of

from pipeline.extract import extract, paywall

NOTICES = {
    "ru": """Чтобы читать дальше, оформите подписку
Полный текст доступен по подписке
Полный текст статьи доступен только подписчикам.
Этот материал доступен только подписчикам «Вестника».
Для продолжения чтения необходимо оформить подписку
Чтобы прочитать статью полностью, войдите или зарегистрируйтесь
Оформите подписку, чтобы продолжить чтение
Дальше — только для подписчиков
Это платный материал. Чтобы читать дальше, оформите подписку.""",
    "be": """Каб чытаць далей, аформіце падпіску
Поўны тэкст даступны па падпісцы
Поўны тэкст даступны толькі падпісчыкам
Гэты артыкул даступны толькі для падпісчыкаў
Падпішыцеся, каб чытаць далей
Чытайце далей па падпісцы""",
    "uk": """Щоб читати далі, оформіть передплату
Повний текст доступний за передплатою
Ця стаття доступна лише для передплатників
Продовження доступне за підпискою
Передплатіть, щоб читати далі""",
    "en": """To continue reading, please subscribe.
Subscribe to read the full article
This article is for subscribers only
The full text is available by subscription
You have reached your limit of free articles
Already a subscriber? To continue reading, log in.""",
    "pl": """Aby czytać dalej, wykup subskrypcję
Pełny tekst dostępny dla prenumeratorów
Dalsza część artykułu dostępna jest tylko dla subskrybentów.
Pozostało 85% artykułu
Chcesz przeczytać cały artykuł?
Zaloguj się, aby przeczytać cały tekst""",
    "lt": """Norėdami skaityti toliau, užsiprenumeruokite
Visas straipsnis skirtas prenumeratoriams
Straipsnis skirtas tik prenumeratoriams.
Likusią straipsnio dalį gali skaityti tik prenumeratoriai""",
    "lv": """Lai turpinātu lasīt, iegādājieties abonementu
Pilns teksts pieejams tikai ar abonementu
Šis raksts pieejams tikai abonentiem
Abonē, lai turpinātu lasīt""",
    "de": """Um weiterzulesen, schließen Sie ein Abo ab
Dieser Artikel ist nur für Abonnenten
Der vollständige Text ist nur im Abo verfügbar
Jetzt abonnieren und weiterlesen
Diesen Artikel weiterlesen mit F+""",
    "fr": """Pour lire la suite, abonnez-vous
Cet article est réservé aux abonnés
Il vous reste 75 % de cet article à lire. La suite est réservée aux abonnés.
Abonnez-vous pour lire la suite""",
}
NEWS = """Чтобы открыть границу, Минск и Варшава должны подписать протокол, считает эксперт.
Полный текст соглашения доступен на сайте правительства, стороны подписали его в Минске.
Продолжение переговоров возможно только после того, как стороны подпишут протокол.
«Чтобы читать дальше, оформите подписку» — такое сообщение увидели читатели газеты.
Каб атрымаць доступ да рынку, краіны падпісалі пагадненне, паведаміў міністр.
Продовження переговорів можливе лише після підписання протоколу, сказав міністр.
To read the letter, the court asked the defence to register its objections.
This story is about members of the band, and nobody else.
Aby uzyskać dostęp do rynku, firmy podpisały umowę.
Kup dostęp do morza – to hasło kampanii – stało się żartem.
Pozostało 20 dni do wyborów.
Norint tęsti darbus, reikia prisijungti prie tinklo, sakė meras.
Lai turpinātu sarunas, abas puses vienojās.
Jetzt wollen die Forscher weiterlesen, was in den Akten steht.
Il vous reste 3 jours pour vous inscrire, rappelle la mairie.""".splitlines()
OFFERS = """Уже подписаны? Войдите
Already a subscriber? Log in
Masz już konto? Zaloguj się
Déjà abonné ? Connectez-vous
Sie haben bereits ein Abo? Anmelden
Ar jau esate prenumeratorius? Prisijunkite
Вже маєте передплату? Увійдіть
9,90 € / месяц
1 € le premier mois
Kup dostęp""".splitlines()

FIRST = (
    "У сераду раніцай на плошчы сабраліся жыхары трох суседніх вёсак, паведаміў старшыня савета. "
    "Сустрэча доўжылася дзве гадзіны і скончылася нічым."
)
LAST = "Наступная сустрэча прызначана на пятніцу, і на яе паклічуць праектантаў новага моста."


def page(*paragraphs: str) -> str:
    text = "".join(f"<p>{each}</p>" for each in paragraphs)
    return (
        "<html><body><header><a href=/>Навіны</a></header><article><h1>Мост праз раку</h1>"
        f'<div class="text">{text}</div></article></body></html>'
    )


def notices() -> list[str]:
    return [line for lines in NOTICES.values() for line in lines.splitlines()]


@pytest.mark.parametrize("notice", notices())
def test_a_notice_is_dropped_and_marks_the_record(notice: str) -> None:
    article = extract(page_of(page(FIRST, LAST, notice)))
    assert article.truncated
    assert article.text == f"{FIRST}\n\n{LAST}"


@pytest.mark.parametrize("offer", OFFERS)
def test_what_a_notice_offers_goes_with_it(offer: str) -> None:
    article = extract(page_of(page(FIRST, LAST, "Поўны тэкст даступны па падпісцы", offer)))
    assert article.truncated
    assert article.text == f"{FIRST}\n\n{LAST}"


@pytest.mark.parametrize("line", NEWS)
def test_a_sentence_of_the_news_is_no_notice(line: str) -> None:
    article = extract(page_of(page(FIRST, line, LAST)))
    assert not article.truncated
    assert article.text == f"{FIRST}\n\n{line}\n\n{LAST}"


@pytest.mark.parametrize("box", ["button", "aside", "div", "span", "a"])
def test_a_notice_in_a_box_of_its_own_marks_the_record(box: str) -> None:
    html = page(FIRST, LAST).replace(
        "</article>",
        f"<{box} class=paywall>Ten artykuł jest dostępny tylko dla subskrybentów</{box}></article>",
    )
    article = extract(page_of(html))
    assert article.truncated
    assert article.text == f"{FIRST}\n\n{LAST}"


@pytest.mark.parametrize("notice", notices())
def test_the_cheap_look_passes_every_notice(notice: str) -> None:
    assert paywall.may_announce(f"Some words. {notice}")
