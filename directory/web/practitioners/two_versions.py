"""Two versions of one page, side by side, and the one that is chosen from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from directory.edge import runtime
from directory.models import ACCESS, AGES, DAYS, PRACTITIONERS, Draft
from directory.schemas.names import language_labels
from directory.schemas.pages import CLOSURE_FIELDS, DAY_FIELDS, PRICE_FIELDS
from directory.usecases.listings.fields import FIELDS
from directory.web.formatting.filters import say
from directory.web.practitioners.filled import TICKED, Boxes, filled

KEEP = "keep-"
YES_OR_NO = (*TICKED, "accepting", "online", "online_only")
CLOSURES = tuple(name for names in CLOSURE_FIELDS for name in names)


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that differs: what was typed here, and what stands there now."""

    name: str
    label: str
    mine: str
    theirs: str


def chosen(page: str, content: Draft, form: MultiDict[str, str]) -> MultiDict[str, str]:
    """The form, with what stands there where that was chosen on the merge page."""
    merged, theirs = MultiDict(form), filled(page, content)
    for name, boxes in _answers_of(page, theirs).items():
        if form.get(KEEP + name) == "theirs":
            for box in boxes:
                merged.setlist(box, theirs.get(box, []))
    return merged


def differences(page: str, mine: Boxes, content: Draft) -> list[Difference]:
    """Every answer of a page that is not what stands there."""
    theirs = filled(page, content)
    found = []
    for name, boxes in _answers_of(page, theirs).items():
        here, there = _words(name, boxes, mine), _words(name, boxes, theirs)
        if here != there:
            found.append(Difference(name, label(name), here, there))
    return found


def _answers_of(page: str, theirs: Boxes) -> dict[str, tuple[str, ...]]:
    """What is chosen as a whole, with its boxes; days away are one answer."""
    if page != "times":
        return {name: (name,) for name in theirs}
    single = (*DAY_FIELDS, "fees", *TICKED, "accepting")
    return {name: (name,) for name in single} | {"price": PRICE_FIELDS, "closures": CLOSURES}


def _words(name: str, boxes: tuple[str, ...], answers: Boxes) -> str:
    values = [
        value.replace("\r\n", "\n").strip() for box in boxes for value in answers.get(box, ())
    ]
    if name == "closures":
        rows = zip(
            *[iter([next(iter(answers.get(box, ())), "") for box in boxes])] * 3, strict=True
        )
        return "\n".join(sorted(" ".join(filter(None, row)) for row in rows if any(row)))
    if name == "price":  # a currency alone, which is always chosen, says nothing
        return " ".join(values) if any(answers.get(boxes[0], ())) else ""
    named = _labels(name)
    return ", ".join(str(named.get(value, value)) for value in values if value)


def _labels(name: str) -> dict[str, str]:
    known = runtime().taxonomy
    terms: Mapping[str, Mapping[str, Any]] = {
        "professions": known.professions,
        "credentials": known.credentials,
        "conditions": known.conditions,
    }
    if name in terms:
        return {slug: term.label for slug, term in terms[name].items()}
    yes_or_no = {"yes": _("Yes"), "no": _("No")}
    few = {
        "ages": AGES,
        "access": ACCESS,
        "languages": language_labels(),
        "practitioner": PRACTITIONERS,
    }
    return dict(few.get(name, yes_or_no if name in YES_OR_NO else {}))


def label(name: str) -> str:
    """A box as its page calls it."""
    if name in DAY_FIELDS:
        return DAYS[DAY_FIELDS.index(name)]
    return say(FIELDS[name]) if name in FIELDS else name
