"""What people put around a town's name, and how they shorten the words of one."""

import re
from collections.abc import Iterator
from itertools import islice, product

from directory.places.names import fold

# Said before or after a town, in the languages of our readers; the town itself is meant.
_BEFORE = """
    near | near to | nearby | close to | around | round | in | at | by | within | outside | next to
    | in and around | somewhere near | anywhere near | anywhere in | anywhere around | not far from
    | just outside | north of | south of | east of | west of | downtown | uptown | midtown | central
    | inner | inner city | se | sw | ne | nw | southeast | southwest | northeast | northwest
    | south east | south west | north east | north west | north | south | east | west | greater | gtr | gr | metro | metropolitan | city of | town of | village of
    | city and county of | center of | centre of | city centre of | city center of | old town of
    | heart of | suburbs of | suburban | outskirts of | surroundings of | the | my area | area of | nr
    | in der nähe von | nähe | nahe | bei | raum | grossraum | rund um | stadt | innenstadt
    | zentrum | umgebung | umgebung von | hansestadt | landeshauptstadt
    | près de | proche de | autour de | autour d | à | ville de | centre ville de | région de | vers | environs de
    | cerca de | cerca | alrededor de | en | centro de | ciudad de | zona de | zona
    | vicino a | vicino | presso | provincia di | città di | perto de | cidade de | em | região de
    | in de buurt van | dichtbij | omgeving | regio | nära | i närheten av | nær | blisko | koło
    | bij | nabij | vlakbij | in de omgeving van | omgeving van | rond | rondom | te | centrum van
    | regio van | buurt van | binnenstad | im | in der umgebung von | im raum | nähe von | nahe bei
    | zentrum von | stadtmitte | um | dans | dans les environs de | aux environs de | aux alentours de
    | à proximité de | au centre de | centre de | proche | autour du | environs | côté de | sur
    | en el centro de | en la zona de | alrededores de | cerca del | cercanías de | al lado de | junto a
    | afueras de | centro di | in centro a | nei pressi di | nei dintorni di | dintorni di | zona di
    | vicinanze di | intorno a | attorno a | nelle vicinanze di | hinterland di | periferia di
    | no centro de | centro | arredores de | nos arredores de | próximo a | próximo de | junto de
    | nas proximidades de | grande | flughafen | hauptbahnhof | bahnhof | universität | aéroport de
    | aéroport | gare de | gare | aeropuerto de | aeropuerto | estación de | aeroporto di | aeroporto de
    | aeroporto | stazione di | stazione | estação de | luchthaven | station | airport
"""
_AFTER = """
    area | region | metro | metro area | metropolitan area | greater area | bay area | downtown | uptown | midtown
    | city | town | village | center | centre | city center | city centre | town center | town centre | inner city
    | suburbs | suburb | outskirts | surroundings | environs | and surroundings | and surrounding area
    | and surrounding areas | surrounding area | and around | and area | and nearby | or nearby
    | nearby | or near | and suburbs | and environs | and district | vicinity | proper
    | zentrum | innenstadt | umgebung | und umgebung | mitte | stadt | altstadt
    | ville | centre ville | et alentours | et environs | et sa région | alentours
    | centro | y alrededores | alrededores | e dintorni | dintorni | e arredores | centrum | en omgeving
    | capital | ciudad | entfernt | north | south | east | west | north side | south side
    | nord | süd | sued | ost | nordost | nordwest | südost | südwest | noord | zuid | oost
    | norte | sur | sul | este | oeste | leste | sud | est | ouest | ovest | stadtmitte | binnenstad
    | airport | intl airport | international airport | train station | railway station | station
    | flughafen | hbf | hauptbahnhof | bahnhof | aéroport | gare | aeropuerto | aeroporto | stazione
    | luchthaven | campus | university
"""


def _phrases(table: str) -> str:
    phrases = sorted((phrase.strip() for phrase in table.split("|")), key=len, reverse=True)
    return "|".join(re.escape(phrase).replace(r"\ ", r"[\s-]+") for phrase in phrases)


_STARTS = re.compile(rf"\s*(?:{_phrases(_BEFORE)})(?:[\s,.:]+|(?<=d)['’])(?=\S)", re.IGNORECASE)
_ENDS = re.compile(rf"(?<=\S)[\s,-]+(?:{_phrases(_AFTER)})[\s.]*(?=$|,)", re.IGNORECASE)
# The number of a quarter: "Paris XIe", "7. Bezirk", "distrito 5".
_QUARTER = re.compile(
    r"""(?<=\w{3})[\s,-]+(?:(?:[IVX]{1,5}|\d{1,2})(?:\.|e|er|[eè]me|nd|º|ª)?(?:\s+arr\w*\.?|\s+[Bb]ezirk|\s+ker\w*)?
    |(?:[Bb]ezirk|[Dd]istrito|[Dd]istretto|[Mm]unicipio|[Aa]rr\w*)\s+(?:[IVX]{1,5}|\d{1,2}))$""",
    re.VERBOSE,
)

# Folded words → what they may stand for, the likeliest first.
_RUNS = {
    "a m": ("am main",),
    "a main": ("am main",),
    "frankfurt m": ("frankfurt am main",),
    "frankfurt main": ("frankfurt am main",),
    "frankfurt o": ("frankfurt oder",),
    "halle s": ("halle saale", "halle"),
    "a d": ("an der",),
    "a rh": ("am rhein",),
    "a rhein": ("am rhein",),
    "a n": ("am neckar",),
    "a see": ("am see",),
    "i br": ("im breisgau",),
    "i b": ("im breisgau",),
    "i breisgau": ("im breisgau",),
    "i allg": ("im allgau",),
    "i w": ("in westfalen",),
    "i westf": ("in westfalen",),
    "o d t": ("ob der tauber",),
    "o d tauber": ("ob der tauber",),
    "b m": ("bei munchen",),
    "v d h": ("vor der hohe",),
    "v d": ("vor der",),
    "s mer": ("sur mer",),
    "co spgs": ("colorado springs",),
    "co springs": ("colorado springs",),
    "bs as": ("buenos aires",),
    "d f": ("mexico city", "distrito federal"),
    "mexico d f": ("mexico city",),
    "i d opf": ("in der oberpfalz",),
    "i opf": ("in der oberpfalz",),
    "i t": ("in tirol", "im taunus"),
}
_WORDS = {
    "n": ("north", "nord"),
    "no": ("north",),
    "nth": ("north",),
    "s": ("south", "sur", "san"),
    "so": ("south",),
    "sth": ("south",),
    "e": ("east",),
    "w": ("west",),
    "ne": ("northeast",),
    "nw": ("northwest",),
    "upr": ("upper",),
    "lwr": ("lower",),
    "lit": ("little",),
    "lt": ("little",),
    "gt": ("great",),
    "gr": ("grand", "great"),
    "hts": ("heights",),
    "hgts": ("heights",),
    "spgs": ("springs",),
    "spg": ("spring", "springs"),
    "spr": ("springs", "spring"),
    "sprs": ("springs",),
    "sprgs": ("springs",),
    "bch": ("beach",),
    "jct": ("junction",),
    "jctn": ("junction",),
    "lk": ("lake",),
    "l": ("lake",),
    "mtn": ("mountain",),
    "mtns": ("mountains",),
    "cty": ("city",),
    "ctr": ("center", "centre"),
    "vlg": ("village",),
    "pk": ("park",),
    "hl": ("hill",),
    "hls": ("hills",),
    "vly": ("valley",),
    "val": ("valley",),
    "pt": ("port", "point"),
    "prt": ("port",),
    "is": ("island",),
    "isl": ("island",),
    "riv": ("river",),
    "fls": ("falls",),
    "grv": ("grove",),
    "crk": ("creek",),
    "ck": ("creek",),
    "hbr": ("harbor", "harbour"),
    "hrbr": ("harbor",),
    "brdg": ("bridge",),
    "cr": ("creek",),
    "rch": ("ranch",),
    "rpds": ("rapids",),
    "gdn": ("garden",),
    "gdns": ("gardens",),
    "twp": ("",),
    "boro": ("borough",),
    "u": ("upon",),
    "o": ("on",),
    "sta": ("santa",),
    "sto": ("santo",),
    "sn": ("san",),
    "pto": ("puerto",),
    "cd": ("ciudad",),
    "gral": ("general",),
    "b": ("baton", "bei"),
    "d": ("der",),
    "ss": ("sous",),
    "a": ("am",),
    "weinstr": ("weinstrasse",),
    "bergstr": ("bergstrasse",),
    "holst": ("holstein",),
    "westf": ("westfalen",),
    "schw": ("schwarzwald",),
    "odw": ("odenwald",),
    "wash": ("washington",),
    "colo": ("colorado",),
    "okla": ("oklahoma",),
    "kans": ("kansas",),
    "va": ("virginia",),
    "mich": ("michigan",),
    "phila": ("philadelphia",),
    "balto": ("baltimore",),
    "indpls": ("indianapolis",),
    "mpls": ("minneapolis",),
    "jax": ("jacksonville",),
    "albq": ("albuquerque",),
    "abq": ("albuquerque",),
    "sac": ("sacramento",),
    "bham": ("birmingham",),
    "mcr": ("manchester",),
    "soton": ("southampton",),
    "ncl": ("newcastle upon tyne",),
    "nottm": ("nottingham",),
    "lpool": ("liverpool",),
    "wton": ("wolverhampton",),
    "ntown": ("northampton",),
    "edin": ("edinburgh",),
    "leics": ("leicester",),
    "shef": ("sheffield",),
    "pboro": ("peterborough",),
    "mboro": ("middlesbrough",),
    "gla": ("glasgow",),
    "melb": ("melbourne",),
    "syd": ("sydney",),
    "bris": ("brisbane",),
    "adl": ("adelaide",),
    "chch": ("christchurch",),
    "welly": ("wellington",),
    "akl": ("auckland",),
    "ffm": ("frankfurt am main",),
    "muc": ("munchen",),
    "bln": ("berlin",),
    "ddorf": ("dusseldorf",),
    "rdam": ("rotterdam",),
    "denbosch": ("s hertogenbosch",),
    "bcn": ("barcelona",),
    "vlc": ("valencia",),
    "svq": ("sevilla",),
    "bsas": ("buenos aires",),
    "baires": ("buenos aires",),
    "gdl": ("guadalajara",),
    "mty": ("monterrey",),
    "rj": ("rio de janeiro",),
    "bh": ("belo horizonte",),
    "bsb": ("brasilia",),
    "poa": ("porto alegre",),
    "ssa": ("salvador",),
    "cwb": ("curitiba",),
    "mtl": ("montreal",),
    "yvr": ("vancouver",),
    "yyz": ("toronto",),
    "yul": ("montreal",),
    "yyc": ("calgary",),
    "lax": ("los angeles",),
    "jfk": ("new york",),
    "lga": ("new york",),
    "ewr": ("newark",),
    "sfo": ("san francisco",),
    "dfw": ("dallas",),
    "iah": ("houston",),
    "lhr": ("london",),
    "lgw": ("london",),
    "cdg": ("paris",),
    "txl": ("berlin",),
    "cgn": ("koln",),
    "dus": ("dusseldorf",),
    "zrh": ("zurich",),
    "gva": ("geneve",),
    "agp": ("malaga",),
    "fco": ("roma",),
    "mxp": ("milano",),
    "opo": ("porto",),
    "gru": ("sao paulo",),
    "eze": ("buenos aires",),
    "cph": ("copenhagen",),
    "arn": ("stockholm",),
    "ldn": ("london",),
}
MOST_SPELLINGS = 24
# Said of towns alone: with one of these the town is meant, and not the region of its name.
_TOWN_WORDS = """
    city town village ville stadt stad ciudad citta cidade center centre centro centrum zentrum
    downtown uptown midtown central inner innenstadt altstadt hansestadt landeshauptstadt capital
"""
TOWN_WORDS = frozenset(_TOWN_WORDS.split())


def bare(text: str) -> Iterator[str]:
    """A text with ever fewer of the words that people put around a town."""
    seen = {text}
    waiting = [text]
    while waiting and len(seen) < 12:
        now = waiting.pop(0)
        for shorter in (
            _STARTS.sub("", now, count=1) if _STARTS.match(now) else now,
            _ENDS.sub("", now, count=1),
            _QUARTER.sub("", now, count=1),
        ):
            if shorter not in seen and fold(shorter):
                seen.add(shorter)
                waiting.append(shorter)
                yield shorter


def in_full(text: str) -> Iterator[str]:
    """What a text may say when its shortened words are written in full, the likeliest first."""
    parts = [_spellings(fold(part).split()) for part in text.split(",")]
    choices = (", ".join(part for part in chosen if part) for chosen in product(*parts))
    plain = ", ".join(filter(None, (fold(part) for part in text.split(","))))
    yield from (choice for choice in islice(choices, MOST_SPELLINGS) if choice and choice != plain)


def _spellings(words: list[str]) -> list[str]:
    """Ways to say the words of one part, those in full first and the words as they are last."""
    found = [""]
    at = 0
    while at < len(words):
        length, choices = _choices(words, at)
        found = [f"{start} {choice}".strip() for start in found for choice in choices][
            :MOST_SPELLINGS
        ]
        at += length
    return found


def _choices(words: list[str], at: int) -> tuple[int, tuple[str, ...]]:
    for length in (3, 2):
        run = " ".join(words[at : at + length])
        if run in _RUNS:
            return length, _RUNS[run]
    return 1, (*_WORDS.get(words[at], ()), words[at])
