"""Words that promise what nobody can, found in a text, each with another wording."""

import re
from dataclasses import dataclass


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
_VERB = re.compile(r"\b(?:support|work|ease|aim)\b")


def lint(text: str) -> tuple[Flag, ...]:
    """Every promise in a text, in order, each with a rewrite to offer."""
    return tuple(
        Flag(m.start(), m.end(), m.group(), _in_its_form(m.group(), m.lastgroup or "p0"))
        for m in _PROMISE.finditer(text)
    )


def _in_its_form(words: str, pattern: str) -> str:
    rewrite, found = _PROMISES[int(pattern[1:])][1], words.lower()
    if found.endswith("ing"):
        return _VERB.sub(lambda verb: verb[0].removesuffix("e") + "ing", rewrite)
    if found.endswith("ed"):
        return _VERB.sub(lambda verb: verb[0].removesuffix("e") + "ed", rewrite)
    return _VERB.sub(r"\g<0>s", rewrite) if found.endswith("s") else rewrite


def rewritten(text: str, flag: Flag) -> str:
    """The text with one promise said in the other way; a capital stays a capital."""
    said = flag.rewrite[:1].upper() + flag.rewrite[1:] if flag.words[0].isupper() else flag.rewrite
    return text[: flag.start] + said + text[flag.end :]
