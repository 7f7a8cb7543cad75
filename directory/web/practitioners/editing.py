"""The steps of the listing editor: shown, saved, kept as typed, and merged when two collide."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from directory.edge import actor, runtime, signed_in
from directory.errors import Invalid
from directory.models import ACCESS, AGES, GROUPS, PRACTITIONERS, Draft
from directory.models.offers import currency_of
from directory.policies import Policy
from directory.promises import Flag, lint, rewritten
from directory.schemas import as_typed, read
from directory.schemas.names import language_labels
from directory.schemas.pages import CLOSURE_FIELDS, LIMITS, SCHEMAS, PageSchema
from directory.usecases.practitioners import writing
from directory.usecases.practitioners.writing import Changed, Writing
from directory.web.formatting.filters import kind_word
from directory.web.formatting.languages import gettext as _
from directory.web.formatting.money import currency_names
from directory.web.practitioners import desk, filled
from directory.web.practitioners.filled import Boxes
from directory.web.practitioners.two_versions import chosen, differences, label
from directory.web.responses import see

blueprint = Blueprint("editing", __name__, url_prefix="/my/listing/<id:listing_id>/edit")

STEP = "/<any(you, work, people, places, contact, times, words):page>"
# Where promises are looked for.
OWN_WORDS = {"words": ("about", "first_visit", "background"), "times": ("fees",)}
# What most people look for stands first; every language can be found by typing.
OFTEN_SPOKEN = ("en", "es", "fr", "de", "it", "pt", "nl", "zh", "ar", "hi", "ru", "ja")
_ORDER = ("registered", "assessed", "teacher", "course", "specialty", "student", "licence")
KINDS = {kind: number for number, kind in enumerate(_ORDER)}


@blueprint.get(STEP)
@signed_in
def show(listing_id: int, page: str) -> Response:
    """One step: what is written, or what was typed and could not be used yet."""
    written = desk.written(listing_id)
    if page not in written.typed:
        return _form(written, page, filled.filled(page, written.content))
    answers = written.typed[page]
    errors: Mapping[str, Sequence[Any]] = {}
    try:
        read(_schema(page, written.content), filled.as_form(answers))
    except Invalid as error:
        errors = error.fields
    if not errors and differences(page, answers, written.content):
        return _merge(written, page, answers, status=200)
    return _form(written, page, answers, errors)


@blueprint.post(STEP)
@signed_in
def save(listing_id: int, page: str) -> AnyResponse:
    """Save a step, and go on; what cannot be used is kept as it was typed."""
    here, before = runtime(), desk.written(listing_id)
    given = chosen(page, before.content, request.form)
    schema = _schema(page, before.content)
    answers = as_typed(schema, given)
    try:
        changes, accepted = _with_rewrite(read(schema, given))
    except Invalid as error:
        desk.keep(listing_id, page, answers)
        return _refuse(before, page, answers, error.fields)
    try:
        with here.transaction() as session:
            written = writing.save(
                session,
                listing_id,
                page,
                changes,
                seen=request.form.get("seen", ""),
                by=actor(),
                at=here.clock(),
            )
    except Changed:
        desk.keep(listing_id, page, answers)
        return _merge(desk.written(listing_id), page, answers, status=409)
    if filled.quiet():
        return jsonify(seen=written.seen(page), parts=_parts(page, written.content))
    if accepted:
        again = "?back=check" if filled.back() else ""
        return see(f"{filled.step(listing_id, page)}{again}#{accepted}")
    return see(filled.onward(listing_id, page))


def _schema(page: str, content: Draft) -> PageSchema:
    return SCHEMAS[page](runtime().taxonomy, filled.countries(content))


def _refuse(
    written: Writing, page: str, answers: Boxes, errors: Mapping[str, Sequence[Any]]
) -> Response:
    if filled.quiet():
        answer = jsonify(fields={label(name): str(texts[0]) for name, texts in errors.items()})
    else:
        answer = _form(written, page, answers, errors)
    answer.status_code = 422
    return answer


def _form(
    written: Writing,
    page: str,
    answers: Boxes,
    errors: Mapping[str, Sequence[Any]] | None = None,
) -> Response:
    return _page(
        f"practitioners/edit_{page}.html",
        written,
        page,
        answers=answers,
        errors=errors or {},
        **_more(page, written, answers),
    )


def _merge(written: Writing, page: str, answers: Boxes, *, status: int) -> Response:
    if filled.quiet():
        answer = jsonify(changed=True)
    else:
        found = differences(page, answers, written.content)
        answer = _page("practitioners/merge.html", written, page, answers=answers, found=found)
    answer.status_code = status
    return answer


def _page(template: str, written: Writing, page: str, **values: Any) -> Response:
    seen = written.seen(page)
    return desk.shown(template, written, page, seen=seen, box_name=label, **values)


def _with_rewrite(changes: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The changes with the rewrite that somebody accepted, and the box that it is in."""
    name, _, where = request.form.get("accept", "").partition(":")
    for flag in lint(str(changes.get(name, ""))) if where else ():
        if where == f"{flag.start}:{flag.end}":
            return {**changes, name: rewritten(changes[name], flag)}, name
    return changes, name if where and name in changes else ""


def _promises(page: str, answers: Boxes) -> dict[str, tuple[Flag, ...]]:
    texts = {name: next(iter(answers.get(name, ())), "") for name in OWN_WORDS.get(page, ())}
    return {name: lint(text.replace("\r\n", "\n")) for name, text in texts.items()}


def _parts(page: str, content: Draft) -> dict[str, str]:
    """What stands below a box of own words, to be put there while somebody writes."""
    answers = filled.filled(page, content)
    return {
        name: render_template(
            "practitioners/_promises.html", name=name, flags=flags, text=answers[name][0]
        )
        for name, flags in _promises(page, answers).items()
    }


def _more(page: str, written: Writing, answers: Boxes) -> dict[str, Any]:
    """What one of the pages needs besides its answers."""
    if page in OWN_WORDS:
        return {
            "promises": _promises(page, answers),
            "limits": LIMITS,
            "days": filled.day_names(),
            "closures": CLOSURE_FIELDS,
            "currencies": _currencies(written.content, answers),
        }
    if page == "work":
        return _work()
    if page == "people":
        return _people(written.content, answers)
    if page == "places":
        unfinished = [name.partition("/")[2] for name in written.typed if "/" in name]
        return {
            "practices": written.content.practices,
            "most": writing.MOST_PRACTICES,
            "places_seen": written.places_seen,
            "unfinished": unfinished,
            "access": ACCESS.items(),
        }
    if page == "you":
        return {"practitioners": [*PRACTITIONERS.items(), ("", _("Do not say"))]}
    return {}


def _currencies(content: Draft, answers: Boxes) -> list[tuple[str, str]]:
    """Those of the countries of the places first, then all others; none chosen is the first."""
    named = currency_names()
    here = [currency_of(country) for country in filled.countries(content)]
    first = dict.fromkeys(filter(None, [*answers.get("price_currency", ()), *here]))
    rest = sorted((code for code in named if code not in first), key=lambda code: named[code])
    return [(code, f"{code} · {named[code]}") for code in (*first, *rest) if code in named]


def _work() -> dict[str, Any]:
    known = runtime().taxonomy
    by_kind = sorted(known.credentials.values(), key=lambda term: KINDS.get(term.kind, len(KINDS)))
    groups: dict[str, list[Any]] = defaultdict(list)
    for term in by_kind:
        groups[kind_word(term.kind)].append(term)
    return {"professions": known.professions.values(), "credentials": groups.items()}


def _people(content: Draft, answers: Boxes) -> dict[str, Any]:
    here = runtime()
    where = filled.countries(content)
    conditions = [
        (name, [term for term in here.taxonomy.conditions.values() if term.group == group])
        for group, name in GROUPS.items()
    ]
    named = language_labels()
    first = dict.fromkeys((*answers.get("languages", ()), *OFTEN_SPOKEN))
    often = [code for code in first if code in named]
    rest = sorted((code for code in named if code not in often), key=lambda code: named[code])
    return {
        "conditions": conditions,
        "ages": AGES.items(),
        "languages": [[(code, named[code]) for code in codes] for codes in (often, rest)],
        "not_shown_in": [
            country for country in where if here.policies.of(country) is Policy.NO_CONDITIONS
        ],
    }
