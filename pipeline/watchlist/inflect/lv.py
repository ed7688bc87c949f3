"""Latvian. Men's and women's surnames are different words, so each ending has one paradigm."""

from __future__ import annotations

from pipeline.watchlist.inflect.paradigm import Rule, Tables, words

_ENDINGS = (
    Rule("ais", "ā ajam o ajā ie ajiem os ajos ajai", "apsūdzētais: apsūdzētā apsūdzētajam"),
    Rule(
        "is",
        "a u i iem us os im ī īm īs ~a ~u ~i ~iem ~us ~os",
        "dombrovskis: dombrovska dombrovskim",
    ),
    Rule("us", "um u ū i os usa usam usā", "lietus: lietum"),
    Rule("š", "a am u ā i iem us os ša šam šu šā ši šiem šus šos", "kalniņš: kalniņa"),
    Rule("as", "u ām ās a am ai", "sankcijas: sankciju sankcijām"),
    Rule("es", "u ~u ēm ēs", "krelles: kreļļu krellēm"),
    Rule(
        "s",
        "a am u ā i iem us os ij ī im e ~u",
        "rinkēvičs: rinkēviča rinkēvičam",
    ),
    Rule("ā", "ās ajai o ajā ai", "apsūdzētā: apsūdzētās apsūdzētajai"),
    Rule("a", "as ai u ā ām ās am", "siliņa: siliņas siliņai"),
    Rule("ie", "o ajiem os ajos", "ierobežojošie: ierobežojošo"),
    Rule("e", "es ei i ē ēm ēs u em ~u", "braže: bražes bražei"),
    Rule("i", "u iem us os a am", "kodolieroči: kodolieroču kodolieročiem"),
    Rule("(?<=[bcčdfgģhjkķlļmnņprtvwxzž])", "s a am u ā", "trump: trumps trumpa"),
)

_ADJECTIVES = (
    Rule(
        "s",
        "a as ai u ā am i iem us os ām ās ais ajam ajā ie ajiem o",
        "baltkrievisks: baltkrievisko",
    ),
)

TABLES = Tables(
    groups=(_ENDINGS,),
    adjectives=_ADJECTIVES,
    softening={
        "b": ("bj",),
        "p": ("pj",),
        "m": ("mj",),
        "v": ("vj",),
        "f": ("fj",),
        "l": ("ļ",),
        "n": ("ņ",),
        "t": ("š",),
        "d": ("ž",),
        "s": ("š",),
        "z": ("ž",),
        "c": ("č",),
        "ll": ("ļļ",),
        "nn": ("ņņ",),
        "sn": ("šņ",),
        "zn": ("žņ",),
        "sl": ("šļ",),
        "ln": ("ļņ",),
        "dz": ("dž",),
        "": ("",),
    },
    function_words=words(
        "ap ar arī bet bez bija būt caur citi dēļ dzīvo es gan gar ir iz ja jau jo jums jūs ka "
        "kad kam kas kā kāds ko kopš kur kurš kura kuri lai līdz man mani mans mēs mums mūsu "
        "nav ne nekā nevis no pa par pār pat pēc pie pret priekš sev sevi starp šis šī šo šajā "
        "tā tad tai tam tas te tev tie tik to tomēr tur un uz vai viņa viņam viņi viņš viņu "
        "vis visi zem"
    ),
    keep_start=2,
)
