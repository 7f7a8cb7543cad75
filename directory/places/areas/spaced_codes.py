"""Codes as "945 01" that our lists lack: the nearest one of that country, or a Greek town.

Slovak codes begin with 0, 8 or 9. Of Greece we know by common knowledge which town the first
two digits stand for.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

from directory.places.names import place_key
from directory.places.place import Match
from directory.places.tables import NEARBY

COUNTRIES = "SE CZ SK GR"
_SLOVAK = frozenset("089")
# Codes of one region begin with the same three digits, or with nearly those; of one beginning
# there are so many in all countries.
MOST_BESIDE = 5  # so near to an Irish code another is of the same neighbourhood
BEGINNING, NEARLY, MOST_READ = 3, 2, 1500
_GREEK = """
    10 Athens|11 Athens|12 Athens|13 Athens|14 Athens|15 Athens|16 Athens|17 Athens|18 Piraeus
    |19 Athens|20 Corinth|21 Nafplio|22 Tripoli|23 Sparta|24 Kalamata|25 Patra|26 Patra
    |27 Pyrgos|28 Argostoli|29 Zakynthos|30 Agrinio|31 Lefkada|32 Livadeia|33 Amfissa
    |34 Chalkida|35 Lamia|36 Karpenisi|37 Skiathos|38 Volos|40 Elassona|41 Larissa
    |42 Trikala|43 Karditsa|44 Ioannina|45 Ioannina|46 Igoumenitsa|47 Arta|48 Preveza
    |49 Corfu|50 Kozani|51 Grevena|52 Kastoria|53 Florina|54 Thessaloniki|55 Thessaloniki
    |56 Thessaloniki|57 Thessaloniki|58 Edessa|59 Veroia|60 Katerini|61 Kilkis|62 Serres
    |63 Polygyros|64 Kavala|65 Kavala|66 Drama|67 Xanthi|68 Alexandroupoli|69 Komotini
    |70 Irakleion|71 Irakleion|72 Agios Nikolaos|73 Chania|74 Rethymno|80 Kythira|81 Mytilini
    |82 Chios|83 Samos|84 Ermoupolis|85 Rodos
"""
GREEK = {said.split()[0]: said.split(maxsplit=1)[1].strip() for said in _GREEK.split("|")}


def missing(
    key: str,
    known: Collection[str],
    *,
    starting: Callable[[str, int], Iterable[Match]],
    towns: Callable[[str], Iterable[Match]],
) -> Iterator[Match]:
    """Where a code may be in the countries that are not `known` to have it.

    `starting` finds the first codes that begin so, `towns` those of a key.
    """
    if key[0] in _SLOVAK and "SK" not in known:
        for beginning in _beginnings(int(key[:BEGINNING])):
            alike = starting(beginning, MOST_READ)
            same = [match for match in alike if match.place.country == "SK"]
            if same:
                yield _as_code(min(same, key=lambda one: abs(int(one.key) - int(key))), key)
                break
    if town := GREEK.get(key[:2]):
        greek = [one for one in towns(place_key(town)) if _is_greek(one)]
        if greek:
            yield _as_code(greek[0], key)


def irish(key: str, known: Callable[[list[str]], Iterable[Match]]) -> list[Match]:
    """Where an Irish code is whose first three letters nobody has told us: with those next to them."""
    letter, digits = key[:1], key[1:]
    if not digits.isdigit():
        return []
    near = sorted(range(-MOST_BESIDE, MOST_BESIDE + 1), key=abs)
    found = known([f"{letter}{max(0, int(digits) + away):02}" for away in near])
    first = next((one for one in found if one.place.country == "IE"), None)
    return [replace(first, quality=NEARBY)] if first else []


def _beginnings(digits: int) -> Iterator[str]:
    """Three digits, then those next to them, which begin with the same one."""
    for away in range(NEARLY + 1):
        for near in {digits - away, digits + away}:
            if near // 100 == digits // 100:
                yield f"{near:03}"


def _is_greek(town: Match) -> bool:
    return town.place.country == "GR"


def _as_code(match: Match, key: str) -> Match:
    shown = f"{key[:BEGINNING]} {key[BEGINNING:]}"
    place = replace(match.place, kind="postcode", postcode=shown, population=0)
    return replace(match, place=place, weight=0, key=key, quality=NEARBY)
