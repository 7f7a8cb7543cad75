"""Words that mean a filter: a language, an age, access, home visits, room for new clients.

They are read so only when nobody has them as text: a listing says some of this in prose.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from directory.search.text import Typed, Vocabulary, folded
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.profiles import language_names
from directory.usecases.visitors.understanding import Reading

OWN_NAMES = {
    "ar": "arabi", "cs": "čeština", "cy": "Cymraeg", "da": "dansk", "de": "Deutsch",
    "es": "español", "fi": "suomi", "fr": "français", "ga": "Gaeilge", "hu": "magyar",
    "it": "italiano", "ja": "nihongo", "nl": "Nederlands", "no": "norsk", "pl": "polski",
    "pt": "português", "ro": "română", "ru": "russkiy", "sv": "svenska", "tr": "Türkçe",
    "vi": "tiếng Việt", "zh": "Mandarin",
}  # fmt: skip
FILTERS = (
    ("ages", "infants", ("baby", "newborn", "new born", "infant")),
    ("ages", "children", ("child", "children", "kid", "toddler", "pediatric", "paediatric")),
    ("ages", "teens", ("teen", "teenager", "adolescent")),
    ("ages", "older", ("elderly", "senior", "older people", "older person")),
    ("access", "wheelchair", ("wheelchair", "wheelchair access", "wheelchair accessible")),
    ("access", "step-free", ("step free", "no stairs", "no steps")),
    ("access", "parking", ("parking", "car park")),
    ("access", "quiet", ("quiet room", "low light")),
    ("access", "online", ("online", "video", "video call", "zoom")),
    ("home_visits", "1", ("home visit", "house call", "come to my house", "come to my home",
                          "visit at home", "come to us", "come to me")),
    ("accepting", "1", ("accepting patients", "accepting new patients", "accepting clients",
                        "accepting new clients", "taking new patients", "taking new clients",
                        "new patients", "new clients")),
)  # fmt: skip
FLAGS = frozenset({"home_visits", "accepting"})
# "Swedish massage" and "Chinese medicine" are no languages.
METHODS = frozenset({"massage", "massages", "medicine", "bodywork"})


@dataclass(frozen=True, slots=True)
class _Filter:
    start: int
    end: int
    name: str
    value: str


def filtered(wanted: Criteria, reading: Reading) -> Criteria | None:
    """The search with the filters that its left-over words mean; None when they mean none."""
    found = list(_filters(reading))
    if not found:
        return None
    inside = {i for one in found for i in range(one.start, one.end)}
    q = " ".join(str(piece) for i, piece in enumerate(reading.pieces) if i not in inside)
    changes: dict[str, object] = {"q": q}
    for one in found:
        if one.name in FLAGS:
            changes[one.name] = True
        else:
            chosen = changes.get(one.name, getattr(wanted, one.name))
            assert isinstance(chosen, tuple)  # noqa: S101
            changes[one.name] = tuple(dict.fromkeys((*chosen, one.value)))
    return replace(wanted, **changes)  # type: ignore[arg-type]


def _filters(reading: Reading) -> Iterator[_Filter]:
    for start, end in reading.left_over:
        for span in _vocabulary().spans(reading.pieces[start:end]):
            after = reading.pieces[start + span.end : start + span.end + 1]
            if span.kind != "language" or not _names_a_method(after):
                yield _Filter(start + span.start, start + span.end, span.kind, span.slug)


def _names_a_method(after: tuple[Typed, ...]) -> bool:
    return any(folded(piece.text) in METHODS for piece in after)


@cache
def _vocabulary() -> Vocabulary:
    return Vocabulary(_phrases())


def _phrases() -> Iterator[tuple[str, str, str]]:
    for name, value, ways in FILTERS:
        for words in ways:
            yield name, value, words
    for code, english in language_names().items():
        for spoken in filter(None, (english, OWN_NAMES.get(code))):
            yield "language", code, spoken
            yield "language", code, f"speaks {spoken}"
            yield "language", code, f"{spoken} speaker"
