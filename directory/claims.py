"""What may be said where: claims policies by country, and the linter for promises."""

import enum
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


class Policy(enum.Enum):
    """How conditions may appear.

    NEUTRAL: as what the practitioner works with, beside the evidence, never as what
    CST treats. NO_CONDITIONS: neither shown, indexed, filtered nor exported.
    """

    NEUTRAL = "neutral"
    NO_CONDITIONS = "no-conditions"


_IN_GB: Mapping[str, Policy] = MappingProxyType({"GB": Policy.NO_CONDITIONS})


# Where no condition may be named, client groups, relaxation and wellbeing still may.
WELLBEING = frozenset({"stress", "pregnancy"})


@dataclass(frozen=True, slots=True)
class Policies:
    """Which policy holds in which country (ISO 3166-1 alpha-2); NEUTRAL elsewhere."""

    by_country: Mapping[str, Policy] = field(default_factory=lambda: _IN_GB)

    @classmethod
    def named(cls, pairs: Iterable[tuple[str, str]]) -> "Policies":
        """As the settings say it: country and the policy's name."""
        return cls({country: Policy(name) for country, name in pairs})

    def of(self, country: str) -> Policy:
        """The policy of one country."""
        return self.by_country.get(country.upper(), Policy.NEUTRAL)

    def strictest(self, countries: Iterable[str]) -> Policy:
        """The policy of a listing that practises in all these countries."""
        found = {self.of(country) for country in countries}
        return Policy.NO_CONDITIONS if Policy.NO_CONDITIONS in found else Policy.NEUTRAL


USUAL = Policies()


@dataclass(frozen=True, slots=True)
class Flag:
    """A promise found in a text: where (`start`, `end`), the words, and what to say instead."""

    start: int
    end: int
    words: str
    rewrite: str


_PROMISES = (
    (r"cur(?:e|es|ed|ing)", "support people with"),
    (r"heal(?:s|ed|ing)?", "support"),
    (r"treatments", "sessions"),
    (r"treatment", "session"),
    (r"treat(?:s|ed|ing)?", "work with"),
    (r"effective (?:for|against|in)", "used by people with"),
    (r"(?:clinically |scientifically )?proven", "practised"),
    (r"guarantee(?:s|d)?", "aim for"),
    (r"fix(?:es|ed)?", "ease"),
    (r"eliminat(?:e|es|ed)", "ease"),
    (r"miracle", "change"),
)
_PROMISE = re.compile(
    "|".join(rf"(?P<p{i}>\b{pattern}\b)" for i, (pattern, _) in enumerate(_PROMISES)), re.I
)
# What may be said instead, in the form of the word that it replaces: "heals", "supports".
_VERB = re.compile(r"(support|work|ease|aim)\b")


def lint(text: str) -> tuple[Flag, ...]:
    """Every promise in a text, in order, each with a rewrite to offer."""
    return tuple(
        Flag(m.start(), m.end(), m.group(), _in_its_form(m.group(), m.lastgroup or "p0"))
        for m in _PROMISE.finditer(text)
    )


def _in_its_form(words: str, pattern: str) -> str:
    rewrite, found = _PROMISES[int(pattern[1:])][1], words.lower()
    if found.endswith("ing"):
        return _VERB.sub(lambda verb: verb[1].removesuffix("e") + "ing", rewrite, count=1)
    if found.endswith("ed"):
        return _VERB.sub(lambda verb: verb[1].removesuffix("e") + "ed", rewrite, count=1)
    return _VERB.sub(r"\1s", rewrite, count=1) if found.endswith("s") else rewrite


def rewritten(text: str, flag: Flag) -> str:
    """The text with one promise said in the other way; a capital stays a capital."""
    said = flag.rewrite[:1].upper() + flag.rewrite[1:] if flag.words[0].isupper() else flag.rewrite
    return text[: flag.start] + said + text[flag.end :]
