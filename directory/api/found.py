"""A search of the API, from its parameters to what is written down."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import brotli
from flask import Response, request
from flask_babel import get_locale

from directory import measured
from directory.api.answers.listings import ResultSchema
from directory.api.answers.results import AboutSchema
from directory.api.asking import (
    MALFORMED,
    UNHEARD,
    Fault,
    Given,
    Refused,
    asked,
    faults_of,
    refused,
)
from directory.api.narrowing import ORDER_HOLDS_FOR, narrowed
from directory.api.outside import GEOJSON, JSON, api_search, seen, sent_packed, tag_of
from directory.api.written import (
    Fields,
    dumps,
    facets,
    feature,
    fields_of,
    listed,
    result,
    schema_of,
    written,
)
from directory.edge import home_of_browser, runtime
from directory.errors import Invalid
from directory.said import Said, said
from directory.schemas import search as schemas
from directory.schemas.search import ApiSearchSchema, Shape
from directory.usecases.visitors import profiles, query, searching
from directory.usecases.visitors.criteria import Criteria
from directory.usecases.visitors.finder import Finder, Key, Watch, Written
from directory.usecases.visitors.results import Results, Term

Pairs = Sequence[tuple[str, str]]
# An answer is asked for but once as a rule.
QUICK = 3


@dataclass(frozen=True, slots=True)
class Page:
    """A page of results, with the addresses of the next one and the one before."""

    results: Results
    shape: Shape
    day: date
    next: str | None
    prev: str | None


def found(given: Given, *, keep: str) -> Response:
    """Search, and write down what was found; raises Refused for what cannot be understood."""
    finder = runtime().finder(home_of_browser())
    schema, check = schema_of(ApiSearchSchema), partial(_check, finder)
    wanted, shape = asked(schema, given, check)
    # All that the answer depends on, but for what SQL says of those found.
    key = ("API", wanted, shape, _is_mapped(shape), str(get_locale()), finder.state())
    watch = Watch()
    with runtime().reading() as session:
        kept = None if request.method == "POST" else profiles.again(session, finder, key)
    watch.end("listings")
    if kept is None:
        try:
            page = _page(finder, wanted, shape)
        except Invalid as error:
            raise refused(schema, given, faults_of(error), check, error.instead) from None
        kept, watch = _kept(finder, key, page), page.results.watch
    response = _sent(kept, keep=keep, mimetype=GEOJSON if _is_mapped(shape) else JSON)
    watch.end("answer")
    measured.searched(watch.seconds)
    return response


def _kept(finder: Finder, key: Key, page: Page) -> Written:
    """The answer, written down; kept, unless its words are nobody else's business."""
    with seen(_also(page.shape)):
        fields = _features(page) if _is_mapped(page.shape) else _results(page)
    tag = tag_of("".join([part for name, part in fields.items() if name != "took_ms"]))
    packed = brotli.compress(f"{written(fields)}\n".encode(), quality=QUICK)
    beside = (tag, page.prev or "", page.next or "")
    if request.method == "POST":
        return Written({}, packed, beside)
    return profiles.keep(finder, key, page.results, packed, *beside)


def _sent(kept: Written, *, keep: str, mimetype: str) -> Response:
    tag, before, after = kept.beside
    response = sent_packed(kept.packed, tag, keep=keep, mimetype=mimetype)
    response.vary.update(("Accept", "Accept-Language"))
    if request.method != "POST":
        for relation, address in (("next", after), ("prev", before)):
            if address:
                response.headers.add("Link", f'<{address}>; rel="{relation}"')
    return response


def _page(finder: Finder, wanted: Criteria, shape: Shape) -> Page:
    day = _checked(finder, shape)
    with runtime().reading() as session:
        results = searching.find(session, narrowed(finder, box=shape.bbox, day=day), wanted)
    also = (*_also(replace(shape, day=None)), ("day", day.isoformat()))
    before, after = _beside(results)
    return Page(results, shape, day, _address(after, also), _address(before, also))


def _checked(finder: Finder, shape: Shape) -> date:
    """The day whose order holds; raises Refused for a day or a field that there is not."""
    wrong = [
        Fault("fields", UNHEARD, said("A result has no field “%(name)s”.", name=name))
        for name in shape.fields
        if name not in schema_of(ResultSchema).fields
    ]
    day = shape.day or finder.today
    if not finder.today - ORDER_HOLDS_FOR <= day <= finder.today:
        told = said("This order is over. Leave the day out to begin again.")
        wrong.append(Fault("day", MALFORMED, told))
    if wrong:
        raise Refused(wrong)
    return day


def _check(finder: Finder, loaded: tuple[Criteria, Shape]) -> None:
    """Raise what a search would, without one."""
    wanted, shape = loaded
    _checked(finder, shape)
    query.ask(finder, wanted)


def _beside(results: Results) -> tuple[Criteria | None, Criteria | None]:
    """The pages before and after; before a page beyond the end is the last one."""
    wanted, last = results.wanted, results.pages
    before = replace(wanted, page=min(wanted.page - 1, last)) if last and wanted.page > 1 else None
    after = replace(wanted, page=wanted.page + 1) if wanted.page < last else None
    return before, after


def _address(wanted: Criteria | None, also: Pairs) -> str | None:
    return api_search(wanted, also) if wanted else None


def _also(shape: Shape) -> list[tuple[str, str]]:
    """The parameters that say a Shape; what is usual is left out."""
    box = shape.bbox
    said_so = {
        "facets": "" if shape.facets else "0",
        "fields": ",".join(shape.fields),
        "format": shape.format,
        "bbox": f"{box.west:.10g},{box.south:.10g},{box.east:.10g},{box.north:.10g}" if box else "",
        "day": shape.day.isoformat() if shape.day else "",
    }
    return [(name, value) for name, value in said_so.items() if value]


def _is_mapped(shape: Shape) -> bool:
    if shape.format or "geo" not in request.headers.get("Accept", ""):
        return shape.format == schemas.GEOJSON
    return request.accept_mimetypes.best_match((JSON, GEOJSON)) == GEOJSON


def _where(page: Page) -> dict[str, str]:
    """Where in all results the page stands."""
    results = page.results
    return {
        "total": dumps(results.total),
        "page": dumps(results.wanted.page),
        "per_page": dumps(results.wanted.per_page),
        "day": dumps(page.day.isoformat()),
        "next": dumps(page.next),
        "prev": dumps(page.prev),
        "took_ms": dumps(round(results.took_ms, 1)),
    }


def _results(page: Page) -> Fields:
    results, shape = page.results, page.shape
    warned = replace(results, notes=(*results.notes, *map(_doctor_first, results.serious)))
    return {
        **_where(page),
        "results": listed([result(one, shape.fields) for one in results.results]),
        "facets": facets(results.facets) if shape.facets else "null",
        **fields_of(AboutSchema, warned),
    }


def _features(page: Page) -> Fields:
    found_here = page.results.results
    return {
        "type": '"FeatureCollection"',
        **_where(page),
        "features": listed([feature(one, page.shape.fields) for one in found_here]),
    }


def _doctor_first(condition: Term) -> Said:
    return said("%(condition)s: please see a doctor first.", condition=condition.label)
