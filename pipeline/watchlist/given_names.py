"""Common given names: a surname beside somebody else's given name is a namesake's.

«Ирина Лукашенко» is not the person whose given name is Александр, whether Ирина is on the list or
not; and «Борис» before a capital is no surname. Dictionary forms; `forms` inflects them.
"""

from __future__ import annotations

from functools import cache

from pipeline.watchlist.fold import fold_word
from pipeline.watchlist.inflect import expand
from pipeline.watchlist.inflect.paradigm import Sex

_MEN = {
    "be": (
        "Аляксандр Аляксей Анатоль Андрэй Антон Арцём Барыс Валерый Васіль Віктар Віталь Вячаслаў "
        "Генадзь Дзмітрый Дзяніс Зміцер Іван Ігар Кірыл Леанід Лявон Максім Мікалай Мікола Міхаіл "
        "Міхась Павел Пётр Раман Сяргей Станіслаў Уладзімір Фёдар Юрый Яўген Ян Янка Яраслаў"
    ),
    "ru": (
        "Александр Алексей Анатолий Андрей Антон Аркадий Артём Артур Борис Вадим Валентин Валерий "
        "Василий Виктор Виталий Владимир Вячеслав Геннадий Георгий Григорий Денис Дмитрий Евгений "
        "Егор Иван Игорь Илья Кирилл Константин Леонид Максим Михаил Никита Николай Олег Павел "
        "Пётр Роман Руслан Сергей Станислав Степан Тимур Фёдор Эдуард Юрий Яков Ярослав Билл "
        "Герман Джеймс Джек Джон Джордж Дональд Дэвид Майк Майкл Питер Пол Ричард Роберт Скотт "
        "Стивен Томас Уильям Чарльз Эндрю"
    ),
    "uk": (
        "Андрій Анатолій Антон Артем Богдан Борис Вадим Валерій Василь Віктор Віталій Володимир "
        "Ігор Іван Денис Дмитро Євген Кирило Костянтин Леонід Максим Микита Микола Михайло Олег "
        "Олександр Олексій Павло Петро Роман Руслан Сергій Станіслав Степан Тарас Федір Юрій "
        "Ярослав"
    ),
    "pl": (
        "Adam Aleksander Andrzej Antoni Artur Bartosz Borys Dariusz Dawid Grzegorz Jacek Jakub "
        "Jan Jarosław Jerzy Józef Kamil Karol Krzysztof Łukasz Maciej Marcin Marek Mariusz "
        "Mateusz Michał Mikołaj Paweł Piotr Rafał Robert Roman Sebastian Stanisław Stefan Szymon "
        "Tomasz Wiktor Wojciech"
    ),
    "lt": (
        "Aleksandras Algirdas Andrius Antanas Arvydas Darius Donatas Dainius Gintaras Jonas "
        "Juozas Kazys Kęstutis Laimonas Linas Marius Mindaugas Petras Povilas Rimantas Saulius "
        "Tomas Valdas Viktoras Vladimiras Vytautas Žygimantas"
    ),
    "lv": (
        "Aigars Aivars Aleksandrs Andris Artūrs Arvīds Edgars Egils Gatis Guntis Ivars Jānis "
        "Juris Kārlis Krišjānis Māris Mārtiņš Pēteris Raimonds Roberts Uldis Valdis Viktors "
        "Vladimirs"
    ),
    "en": (
        "Adam Andrew Anthony Boris Brian Charles Christopher Daniel David Dmitry Edward George "
        "Henry Ivan Jack James John Joseph Kevin Mark Matthew Michael Nicholas Oleg Patrick Paul "
        "Peter Richard Robert Sergei Stephen Steven Thomas Vladimir Viktor William Yuri"
    ),
    "de": (
        "Andreas Bernd Christian Dirk Frank Franz Hans Heinrich Jens Jürgen Klaus Lars Ludwig "
        "Markus Martin Matthias Olaf Otto Ralf Rainer Stefan Sven Uwe Werner Wolfgang"
    ),
    "fr": (
        "Alain Benoît Bernard Bruno Claude Denis François Gérard Guillaume Henri Jacques Jean "
        "Laurent Louis Luc Marc Nicolas Olivier Philippe Pierre Sébastien Thierry Vincent Xavier "
        "Yves"
    ),
}
_WOMEN = {
    "be": (
        "Аксана Алена Аляксандра Алеся Ала Анастасія Ангеліна Ганна Вера Вераніка Вольга Вікторыя "
        "Галіна Дар'я Ірына Кацярына Ларыса Лілія Людміла Любоў Марына Марыя Надзея Наталля Ніна "
        "Паліна Святлана Таццяна Юлія Яна"
    ),
    "ru": (
        "Александра Алина Алла Анастасия Анжелика Анна Валентина Вера Вероника Виктория Галина "
        "Дарья Екатерина Елена Елизавета Ирина Ксения Лариса Лидия Лилия Людмила Любовь Маргарита "
        "Марина Мария Надежда Наталья Нина Оксана Ольга Полина Раиса Светлана Софья Тамара "
        "Татьяна Юлия Яна Джейн"
    ),
    "uk": (
        "Алла Анастасія Анна Валентина Віра Вікторія Галина Ганна Дарія Ірина Катерина Ксенія "
        "Лариса Лідія Лілія Людмила Любов Марина Марія Надія Наталія Ніна Оксана Олександра Олена "
        "Ольга Раїса Світлана Софія Тамара Тетяна Юлія Яна"
    ),
    "pl": (
        "Agnieszka Aleksandra Alicja Anna Barbara Beata Dorota Elżbieta Ewa Grażyna Halina Iwona "
        "Joanna Jolanta Julia Justyna Katarzyna Krystyna Magdalena Małgorzata Maria Marta Monika "
        "Natalia Olga Paulina Renata Sylwia Teresa Urszula Wiktoria Zofia"
    ),
    "lt": (
        "Agnė Asta Aušra Daiva Dalia Giedrė Irena Jolanta Jūratė Kristina Laima Lina Monika "
        "Neringa Rasa Rita Rūta Silvija Svetlana Vida Viktorija Vilija"
    ),
    "lv": (
        "Aija Anda Anita Anna Baiba Daiga Evija Ieva Ilze Inese Inga Kristīne Laima Linda Līga "
        "Maija Sandra Vija Zane"
    ),
    "en": (
        "Alexandra Alice Anna Barbara Catherine Elizabeth Emily Emma Hannah Helen Irina Jane "
        "Jennifer Julia Karen Kate Laura Linda Margaret Maria Mary Melania Natalia Olga Patricia "
        "Rachel Sarah Sophie Svetlana Tatiana Victoria"
    ),
    "de": (
        "Andrea Angela Angelika Annalena Birgit Brigitte Christine Claudia Franziska Gabriele "
        "Heike Ingrid Karin Katja Monika Petra Renate Sabine Silke Ursula Ute"
    ),
    "fr": (
        "Brigitte Camille Catherine Cécile Christine Claire Dominique Élisabeth Françoise Hélène "
        "Isabelle Jeanne Marie Marine Martine Nathalie Sophie Sylvie Valérie Véronique"
    ),
}


@cache
def forms() -> frozenset[str]:
    """All folded forms of the common given names of all languages."""
    tables: tuple[tuple[dict[str, str], Sex], ...] = ((_MEN, "m"), (_WOMEN, "f"))
    return frozenset(
        fold_word(form)
        for names, sex_ in tables
        for language, listed in names.items()
        for name in listed.split()
        for form in expand(name, language, sex=sex_)
    )


_COMMON_WORDS = {
    "be": "Вера Любоў Надзея Раман",
    "ru": "Вера Любовь Надежда Роман",
    "uk": "Віра Любов Надія Роман",
    "en": "Grace Hope Mark",
    "de": "Frank",
}


@cache
def common_words() -> frozenset[str]:
    """Folded forms of given names that are words, too: «Надежды Трампа на реванш»."""
    return frozenset(
        fold_word(form)
        for language, names in _COMMON_WORDS.items()
        for name in names.split()
        for form in expand(name, language)
    )


def sex(name: str) -> Sex | None:
    """Whose given name it is in its dictionary form; None if unknown, or both men's and women's."""
    folded = fold_word(name)
    man, woman = folded in _dictionary_forms("m"), folded in _dictionary_forms("f")
    return None if man == woman else "m" if man else "f"


@cache
def _dictionary_forms(of: Sex) -> frozenset[str]:
    listed = _MEN if of == "m" else _WOMEN
    return frozenset(fold_word(name) for names in listed.values() for name in names.split())
