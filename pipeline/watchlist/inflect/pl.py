"""Polish. Hard stems soften before -e of the locative and dative (Łukaszenka → Łukaszence)."""

from __future__ import annotations

from pipeline.watchlist.inflect.paradigm import Rule, Tables, words

_C = "[bcćdfghjklłmnńpqrsśtvwxzźż]"
_V = "[aąeęioóuy]"

_ADJECTIVAL_Y = "ego emu ym ych ymi y'ego y'emu y'm yego yemu"
_VOWEL_ENDINGS = (
    # Adjectives, with the surnames that decline like them; plurals; foreign names in -i, -y.
    Rule("(?<=[sc]k|zk)i", "iego iemu im ich imi ie", "cichanouski: cichanouskiego"),
    Rule("(?<=[kg])i", "iego iemu im ich imi ie ów om ami ach 0", "suwałki: suwałk suwałkach"),
    # Peoples and parties named in the plural: Anglicy, Norwegowie, Szwedzi, Demokraci.
    Rule("ści", "stów stom stami stach ściów ściom ściami ściach", "socjaliści: socjalistów"),
    Rule("ci", "ciego ciemu cim cich cimi tów tom tami tach ciów", "agenci: agentów"),
    Rule("dzi", "dów dom dami dach dziów dziego dziemu", "szwedzi: szwedów"),
    Rule(
        "(?<=[nmwbp])i", "ych ym ymi ów om ami ach iego iemu im ich imi", "liberalni: liberalnych"
    ),
    Rule("i", "iego iemu im ich imi iej ią ie ów om ami ach iów 0", "rishi: rishiego rishiemu"),
    Rule("(?<=[aeo])y", "ya yowi yem yu yowie yów ym yego y'ego y'a", "murray: murraya murrayem"),
    Rule(
        "cy",
        "cego cemu cym cych cymi ców com cami cach iec czech ków kom kami kach",
        "niemcy: niemiec niemczech niemców",
    ),
    Rule("rzy", "rzego rzemu rzym rów rom rami rach", "bułgarzy: bułgarów bułgarami"),
    Rule("dzy", "dzego dzemu dzym gów gom gami gach dzów", "norwedzy: norwegów"),
    Rule("gry", "grów grom grami grach grzech gier", "węgry: węgier węgrzech"),
    Rule("chy", "chów chom chami chach szech ch chego chemu chym", "włochy: włoch włoszech"),
    # Stany, Emiraty are no Stan, Emirat, nor is City a Cit.
    Rule("(?<=an|at|et|it|ot|ks)y", f"{_ADJECTIVAL_Y} ów om ami ach", "stany: stanów stanach"),
    Rule("y", f"{_ADJECTIVAL_Y} ów om ami ach 0", "jerzy: jerzego jerzym"),
    # Feminines, and men's names that decline like them; Biała, Nowa, Zielona are adjectives.
    Rule("(?<=^pol|^ala)ska", "ski sce skę ską sko", "polska: polski polsce polskę polską"),
    Rule(
        "^(biał|mał|now|star|czarn|zielon|czerwon|dobr|złot|such|górn|doln|ostr|kamienn)a",
        "ej ą",
        "biała: białej białą",
        r"\1",
    ),
    Rule("ea", "ei eę eą eo", "korea: korei koreę"),
    Rule(f"(?<={_V})ja", "i ji ję ją jo jom jami jach", "kaja: kai kaję"),
    Rule("ja", "ji ję ją jo jom jami jach yj ij", "rosja: rosji rosją"),
    Rule("ya", "yi yę yą yo", "latonya: latonyi latonyę"),
    Rule("ia", "ii i ię ią io iom iami iach ie iej", "estonia: estonii estonię"),
    Rule("(?<=wsk|usk|nsk|ńsk)a", "iej ą", "cichanouska: cichanouskiej cichanouską"),
    Rule("(?<=sk|ck|zk)a", "iej i ą ę o ~e", "polska: polski polskę polsce"),
    Rule("(?<=[kg])a", "i iej ie ę ą o om ami ach ów owie ~e", "łukaszenka: łukaszenki łukaszence"),
    Rule("(?<=[ij]n|yn)a", "y ej ę ą o om ami ach ~e", "karolina: karoliny karolinie"),
    Rule("(?<=[oe]w)a", "ej y ę ą o om ami ach ~e", "nowakowa: nowakowej"),
    Rule("(?<=l)a", "i y e ej ę ą o om ami ach ów owie ~e", "bruksela: brukseli brukselą"),
    Rule("(?<=n)a", "i y ej ę ą o om ami ach ów owie ~e", "wojna: wojny wojnie"),
    Rule("(?<=cz|sz|rz|dz)a", "y i ej ę ą o om ami ach ów owie", "rzesza: rzeszy rzeszą"),
    Rule("(?<=[cż])a", "y i ej ę ą o om ami ach ów owie", "praca: pracy pracą"),
    Rule("a", "y ej ę ą o om ami ach ów owie ~e", "warszawa: warszawy warszawie"),
    # Neuters; men's names in -o decline like feminines, or with -on- (Brunona).
    Rule(
        "o",
        "a u em iem ie y i ę ą owi owie ona onowi onem onie ~e",
        "łukaszenko: łukaszenki łukaszence łukaszenką",
    ),
    Rule("owie", "ów om ami ach owia owiu owiem owi", "norwegowie: norwegów norwegami"),
    Rule("(?<=an)ie", "ia iu iem i iom iami iach ów 0 om ami ach", "rosjanie: rosjan rosjanami"),
    Rule("ie", "iego iemu im ich imi ia iu iem i ii iom iami iach", "wschodnie: wschodniego"),
    Rule("je", "ji jom jami jach j", "sankcje: sankcji sankcjom"),
    Rule(
        "e",
        "ego emu ym im ych ymi a u em m 0 om ami ach ów y i "
        "ego emu em e'a e'owi e'em e'go e'mu ego ea eowi eem",
        "katowice: katowic katowicach",
    ),
)
# Never of people: Aleksandr is no form of Aleksandra.
_COMMON_PLURALS = (
    Rule("[ay]", "0", "reforma: reform", of="common"),
    Rule("o", "0 ów om ami ach", "biuro: biur biurami", of="common"),
    Rule("(?<=[kg])", "i", "bank: banki", of="common"),
    Rule(f"(?<={_C})", "y", "paszport: paszporty", of="common"),
)
_SOFT = "a u owi em e 0 ów ą om ami ach owie"
_HARD = "a u owi em owie ów om ami ach e 'a 'owi 'em 'u ~e"
_VELAR = "a u owi iem em ów owie om ami ach 'a 'owi 'iem 'u"
_CONSONANTS = (
    # Soft consonants, both genders.
    Rule("ć", _SOFT, "brześć: brześcia brześciu", "ci"),
    Rule("ń", _SOFT, "poznań: poznania poznaniu", "ni"),
    Rule("ś", _SOFT, "białoruś: białorusi białorusią", "si"),
    Rule("ź", _SOFT, "paź: pazia paziowi", "zi"),
    # Hard ones: men and things; a woman's surname in a consonant does not decline.
    Rule("(?<=sk|ck)", "a u owi iem em ów om ami ach owie", "mińsk: mińska mińsku", of="m"),
    Rule("(?<=[kg])", _VELAR, "petersburg: petersburga petersburgiem", of="m"),
    Rule("(?<=[wpmbnf])", f"{_HARD} ia iu iem iowi i", "radom: radomia radomiu", of="m"),
    Rule(f"(?<={_C})", f"{_HARD} iem", "donald: donalda donaldowi donaldzie", of="m"),
    Rule("(?<=[uéüö])", "a owi em 'a 'owi 'em", "montesquieu: montesquieu'a", of="m"),
)
_FEMININE_CONSONANTS = (
    Rule("ódź", "0 ą", "łódź: łodzi łodzią", "odzi"),
    Rule("(?<=szcz)", "y ą", "bydgoszcz: bydgoszczy bydgoszczą"),
)
_PLURALS = (
    Rule("ki", "cy", "chyliński: chylińscy", of="m"),
    Rule("k", "cy", "polak: polacy", of="m"),
    Rule("g", "dzy", "norweg: norwedzy", of="m"),
    Rule("r", "rzy", "ambasador: ambasadorzy", of="m"),
    Rule("nin", "nie n nom nami nach nini", "rosjanin: rosjanie rosjan", of="m"),
    Rule("sin", "sini sinów", "białorusin: białorusini", of="m"),
    Rule("t", "ci", "agent: agenci", of="m"),
    Rule("(?<=[zs])", "i", "francuz: francuzi", of="m"),
    Rule("v", "wa wowi wem wie", "kiev: kiewa", of="m"),
    Rule("x", "ksa ksowi ksem ksie ksu", "max: maksa", of="m"),
)
_FLEETING_BEFORE_K = (
    Rule(f"({_C})ka", "ek", "białorusinka: białorusinek", r"\1"),
    Rule(f"({_C})ki", "ek", "powązki: powązek", r"\1"),
)
_FLED = "a owi em u y e ów om ami ach"
_FLEETING_VOWELS = (
    Rule("zień", _SOFT, "więzień: więźnia więźniów", "źni", of="m"),
    Rule("sień", _SOFT, "wrzesień: września wrześniu", "śni", of="m"),
    Rule(f"({_C})i?eń", _SOFT, "styczeń: stycznia", r"\1ni", of="m"),
    Rule("niec", _FLED, "słoweniec: słoweńca", "ńc", of="m"),
    Rule("i?ec", _FLED, "niemiec: niemca niemcy", "c", of="m"),
    Rule("ciek", "a owi iem u i ów", "maciek: maćka maćkiem", "ćk", of="m"),
    Rule("niek", "a owi iem u i ów", "heniek: heńka heńkiem", "ńk", of="m"),
    Rule("siek", "a owi iem u i ów", "jasiek: jaśka jaśkiem", "śk", of="m"),
    Rule("ziek", "a owi iem u i ów", "kaziek: kaźka kaźkiem", "źk", of="m"),
    Rule(
        f"({_V}.*{_C})i?ek",
        "a owi iem u i ów om ami ach owie",
        "turek: turka turkiem",
        r"\1k",
        of="m",
    ),
    Rule(f"({_V}.*{_C})i?e([lrłwvbn])", f"{_HARD} ~e", "paweł: pawła pawłem", r"\1\2", of="m"),
    Rule(f"ó({_C}+)", _HARD, "kraków: krakowa krakowie", r"o\1", of="m"),
    Rule(f"ą({_C})", f"{_HARD} iem ia iowi", "urząd: urzędu urzędem", r"ę\1", of="m"),
    Rule(f"ia({_C}+)o?", "~e", "świat: świecie", r"ie\1"),
)

_ADJECTIVES = (
    Rule("(?<=[kg])i", "a ie iego iej iemu ą im ich imi", "białoruski: białoruska białoruską"),
    Rule("i", "ia ie iego iej iemu ią im ich imi", "sąsiedni: sąsiednia"),
    Rule("y", "a e ego ej emu ą ym ych ymi", "unijny: unijna unijnych"),
)

TABLES = Tables(
    groups=(
        _VOWEL_ENDINGS,
        _COMMON_PLURALS,
        _CONSONANTS,
        _FEMININE_CONSONANTS,
        _PLURALS,
        _FLEETING_BEFORE_K,
        _FLEETING_VOWELS,
    ),
    adjectives=_ADJECTIVES,
    softening={
        "st": ("ści", "sci"),
        "zd": ("ździ", "zdzi"),
        "sł": ("śl", "sl"),
        "sn": ("śni", "sni"),
        "zn": ("źni", "zni"),
        "sm": ("śmi", "smi"),
        "ch": ("sz",),
        "k": ("c",),
        "g": ("dz",),
        "h": ("ż",),
        "ł": ("l",),
        "r": ("rz",),
        "t": ("ci",),
        "d": ("dzi",),
        "s": ("si",),
        "z": ("zi",),
        "n": ("ni",),
        "m": ("mi",),
        "p": ("pi",),
        "b": ("bi",),
        "w": ("wi",),
        "f": ("fi",),
        "v": ("vi",),
        "rz": (),
        "sz": (),
        "cz": (),
        "dz": (),
    },
    irregular={
        "kościół": "kościele",
        "ojciec": "ojca ojcu ojcem ojcowie ojców",
        "karpaty": "karpat",
        "lew": "lwa lwowi lwu lwem lwie",
        "białystok": "białegostoku białemustokowi białymstokiem białymstoku",
        "wieś": "wsi wsią wsie wsiom wsiach wsiami",
    },
    function_words=words(
        "albo ale ani bez bowiem być był była było były cię czy dla dlaczego dlatego gdy gdzie "
        "ich im jak jaka jaki jakie jako jego jej jemu jest jestem jeszcze jeśli już każdy "
        "kiedy kogo komu kto która które którego której który których którym lecz lub mają miał "
        "mnie mną może mu mój nad nam nami nas nasz nich nie niego niej nim nimi nią oraz pan "
        "pani po pod ponad poza przed przez przy się sobie sobą swoje są ta tak także tam te "
        "tego tej temu ten to tobie tu tych tylko tym tymi wam wami was wasz więc wszystko za "
        "ze że żeby"
    ),
)
