"""Choosing terms by typing plain words: what the letters so far may mean, as options of a listbox."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from flask import Blueprint, Response, request

from directory.edge import runtime, signed_in
from directory.models import Kind
from directory.places import fold
from directory.schemas import read
from directory.schemas.names import language_code, language_labels
from directory.schemas.practitioners import LettersSchema
from directory.search.text import typed
from directory.web.responses import rendered, unshared

blueprint = Blueprint("choosing", __name__)

MOST_OFFERED = 8
VOCABULARY = {"professions": Kind.PROFESSION, "conditions": Kind.CONDITION}


@dataclass(frozen=True, slots=True)
class Offer:
    """A term to choose; `words` are those that matched when they are not its own."""

    slug: str
    label: str
    words: str = ""


@blueprint.get("/my/choose/<any(professions, credentials, conditions, languages):kind>")
@signed_in
def choose(kind: str) -> Response:
    """What the letters so far may mean, the likeliest first."""
    asked = read(LettersSchema(), request.args)
    offers = tuple(islice(_offers(kind, asked["q"]), MOST_OFFERED)) if fold(asked["q"]) else ()
    return unshared(rendered("practitioners/_options.html", offers=offers, box=asked["box"]))


def _offers(kind: str, text: str) -> Iterator[Offer]:
    if kind in VOCABULARY:
        return _terms(kind, text)
    return _languages(text) if kind == "languages" else _credentials(text)


def _terms(kind: str, text: str) -> Iterator[Offer]:
    """Terms that begin so, then those that a whole sentence names."""
    here, wanted = runtime(), VOCABULARY[kind].value
    known = getattr(here.taxonomy, kind)
    pieces = typed(text)
    named = [
        (span.slug, " ".join(piece.text for piece in pieces[span.start : span.end]))
        for span in here.vocabulary.spans(pieces)
        if span.kind == wanted
    ]
    found: dict[str, str] = {}
    for slug, words in (*here.vocabulary.beginning(text, wanted), *named):
        found.setdefault(slug, words)
    for slug, words in found.items():
        yield Offer(slug, known[slug].label, _unless_said(words, known[slug].label))


def _credentials(text: str) -> Iterator[Offer]:
    known = runtime().taxonomy
    for slug, term in known.credentials.items():
        others = known.synonyms.get((Kind.CREDENTIAL, slug), ())
        if words := _beginning(text, (term.label, term.issuer, slug, *others)):
            yield Offer(slug, term.label, term.issuer if words in (term.label, slug) else words)


def _languages(text: str) -> Iterator[Offer]:
    named = language_labels()
    # By any name that people give it: "Deutsch", "farsi".
    exact = language_code(text)
    if exact:
        yield Offer(exact, named[exact], _unless_said(text.strip(), named[exact]))
    for code, label in named.items():
        if code != exact and _beginning(text, (label,)):
            yield Offer(code, label)


def _beginning(text: str, names: Iterable[str]) -> str:
    """The first of the names in which a word begins so."""
    want = f" {fold(text)}"
    return next((name for name in names if want in f" {fold(name)}"), "")


def _unless_said(words: str, label: str) -> str:
    return "" if words.casefold() in label.casefold() else words
