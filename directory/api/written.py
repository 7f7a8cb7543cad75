"""Answers as JSON, put together from parts.

What no search changes of a result is written once for each version of a listing, and kept with
it; the same holds for the values of filters. The schemas say what may be written: each part is
dumped by one.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache

from marshmallow import Schema

from directory.api.answers.kinds import Seen
from directory.api.answers.listings import ListingSchema, PersonSchema
from directory.said import said
from directory.search.port import FACETS
from directory.usecases.visitors.results import FacetValue, Profile, Result

# No language has such a name: pages keep theirs by language.
PERSON, LISTING = "API: result", "API: listing"
Fields = Mapping[str, str]

dumps = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


@cache
def schema_of(kind: type[Schema]) -> Schema:
    """Making a schema takes longer than dumping a result: each is made once."""
    return kind()


def fields_of(kind: type[Schema], value: object) -> Fields:
    """Each field of an object as JSON, by name; to be asked within `Seen`."""
    return {name: dumps(part) for name, part in schema_of(kind).dump(value).items()}


def written(fields: Fields) -> str:
    """A JSON object."""
    return "{" + ",".join(f'"{name}":{part}' for name, part in fields.items()) + "}"


def listed(parts: Iterable[str]) -> str:
    """A JSON list."""
    return "[" + ",".join(parts) + "]"


def listing(profile: Profile) -> str:
    """All that the public may see of a listing."""
    made: str | None = profile.made.get(LISTING)
    if made is None:
        made = profile.made[LISTING] = written(fields_of(ListingSchema, profile))
    return made


def result(found: Result, only: Collection[str] = ()) -> str:
    """A result; of its fields those of `only`, when any are named, and its number."""
    person, whole = _person(found.profile)
    far = _away(found)
    away, score, why = dumps(far), repr(round(found.score, 3)), dumps(_why(found, far))
    if not only:
        return f'{whole},"distance_km":{away},"score":{score},"why":{why}}}'
    asked = {"distance_km": away, "score": score, "why": why}
    both = {**person, **asked}
    return written({name: both[name] for name in both if name in only or name == "id"})


def _person(profile: Profile) -> tuple[Fields, str]:
    """The fields that no search changes; and all of them, the brace that ends them left out."""
    made: tuple[Fields, str] | None = profile.made.get(PERSON)
    if made is None:
        fields = fields_of(PersonSchema, profile)
        made = profile.made[PERSON] = fields, written(fields)[:-1]
    return made


def _away(found: Result) -> float | None:
    """Kilometres to a result; whole ones where the address is hidden."""
    if found.distance_km is None:
        return None
    return round(found.distance_km, 0 if found.practice.hide_address else 1)


def _why(found: Result, far: float | None) -> list[str]:
    """The reasons of a result, the distance last."""
    say = Seen.get().say
    reasons = [say(reason) for reason in found.why]
    if far is not None:
        reasons.append(say(said("%(km)s km away", km=f"{far:g}")))
    return reasons


def feature(found: Result, only: Collection[str] = ()) -> str:
    """A result as GeoJSON has it, at the practice that the search shows."""
    lat, lon = found.practice.lat, found.practice.lon
    place = "null"
    if lat is not None and lon is not None:
        at = dumps([round(lon, 5), round(lat, 5)])
        place = f'{{"type":"Point","coordinates":{at}}}'
    return (
        f'{{"type":"Feature","id":{found.profile.listing_id},"geometry":{place},'
        f'"properties":{result(found, only)}}}'
    )


def facets(by_name: Mapping[str, Sequence[FacetValue]]) -> str:
    """Every filter's values, in the order that searches give them; all filters are there."""
    return written(
        {
            name: listed(
                [f"{_value(one.value, one.label)}{one.count}}}" for one in by_name.get(name, ())]
            )
            for name in FACETS
        }
    )


@lru_cache(maxsize=4096)
def _value(value: str, label: str) -> str:
    """A value of a filter, but for its number."""
    return f'{{"value":{dumps(value)},"label":{dumps(label)},"count":'
