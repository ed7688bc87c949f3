"""Lithuanian. Men's and women's surnames are different words, so each ending has one paradigm."""

from __future__ import annotations

from pipeline.watchlist.inflect.paradigm import Rule, Tables, words

_ENDINGS = (
    Rule("ius", "iaus iui ių iumi iuje iau iai iams iais iuose", "kubilius: kubiliaus kubiliui"),
    Rule("jus", "jaus jui jų jumi juje jau", "matėjus: matėjaus matėjui"),
    Rule("us", "aus ui ų umi uje au o um ūs iems ais ies", "vytautus: vytautaus vytautui"),
    Rule("ias", "io iui ią iu yje e iai ių iams ius iais iuose", "elias: elio eliui"),
    Rule("jas", "jo jui ją ju juje jau jai jų jams jus jais juose", "andrejas: andrejo andrejui"),
    # Hard nouns, and adjectives and participles of the same ending.
    Rule(
        "as",
        "o ui ą u e ai ų ams us ais uose am ame oje i ieji uju iems ųjų asis ojo ajam ąjį uoju",
        "minskas: minsko minske",
    ),
    Rule(
        "[iy]s",
        "į yje y i iu iui io ies imi iai yse is es ~io ~iui ~iu ~iai ~ių ~iams ~ius ~iais ~iuose",
        "kalinys: kalinio kaliniai",
    ),
    Rule("uo", "ens eniui enį eniu enyje ers eriai", "vanduo: vandens vandenį"),
    # Plurals.
    Rule("iai", "ių iams ius iais iuose", "kaliniai: kalinių kaliniams"),
    Rule("ai", "ų ams us ais uose", "balionai: balionų balionams"),
    Rule("os", "ų oms as omis ose", "derybos: derybų derybose"),
    Rule("ės", "ių ~ių ėms es ėmis ėse", "priemonės: priemonių priemonėms"),
    # Feminines.
    Rule("ė", "ės ei ę e ėje ių ~ių ėms es ėmis ėse", "ruginienė: ruginienės ruginienei"),
    Rule("a", "os ai ą oje ų oms as omis ose oj", "baltarusija: baltarusijos baltarusijoje"),
    Rule("i", "~ios ~iai ~ią ~ia ~ioje ~ių", "marti: marčios marčią"),
    # Surnames in -o are declined as if they ended in -a.
    Rule("o", "os ai ą a oje", "lukašenko: lukašenkos lukašenkai"),
    # Foreign names without a Lithuanian ending take one, with or without an apostrophe.
    Rule(
        "(?<=[bcčdfghjklmnpqrsštvwxzž])",
        "as o ui ą u e is io iui į iu yje 'as 'o 'ui 'ą 'u 'e 'is 'io 'iui 'į 'iu",
        "trump: trumpo trumpui",
    ),
)
_FOREIGN_E = (Rule("(?<=e)", "'as 'o 'ui 'ą 'u 'e 'is 'io 'iui", "coale: coale'as coale'o"),)

_ADJECTIVES = (
    Rule(
        "as",
        "a os ai ą oje oms omis ose am ame i iems us ais uose ų uoju oji ieji",
        "baltarusiškas: baltarusiška baltarusiškos baltarusiškų",
    ),
)

TABLES = Tables(
    groups=(_ENDINGS, _FOREIGN_E),
    adjectives=_ADJECTIVES,
    softening={"t": ("č",), "d": ("dž",), "": ("",)},
    function_words=words(
        "ant apie arba aš bei bet būti buvo dar dėl ant iki ir iš jai jam jei jie jis jo jos "
        "juo jų jog kad kai kaip kam kas kaip kur kurie kuris kuri kurių kurį kuo kodėl man "
        "mano mes mums mūsų nei nes net nuo pas pat per po prie prieš pro sau savo su tai "
        "taip tam tas tarp tau tavo ten ties tie tik to tuo už už ko ką vis visi yra"
    ),
    keep_start=3,
)
