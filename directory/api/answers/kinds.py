"""Kinds of answers: nothing leaves that is not declared by one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from marshmallow import RAISE, Schema, fields
from marshmallow.experimental.context import Context

from directory.said import Said
from directory.usecases.visitors.criteria import Criteria


@dataclass(frozen=True, slots=True)
class Outside:
    """How inside values look to whoever asked: addresses, and sentences in their language."""

    page: Callable[[str], str]
    photo: Callable[[str], str]
    search: Callable[[Criteria], str]
    say: Callable[[str | Said], str]


Seen = Context[Outside]


class Body(Schema):
    """An answer: every declared field is always there, and no other ever is.

    Dump inside `with Seen(Outside(…))`.
    """

    class Meta:
        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """For the OpenAPI document: nobody has to ask whether a field is there."""
        field_obj.required = True


class Sentence(fields.Str):
    """Words for a person, in the language of the request."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return Seen.get().say(value)


class Instant(fields.AwareDateTime):
    """A moment, in UTC."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> str | None:
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if value else None


class PageUrl(fields.Url):
    """A slug, as the address of the public page."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return Seen.get().page(value)


class PhotoUrl(fields.Url):
    """A portrait, as the address of its picture; null where there is none."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> str | None:
        return Seen.get().photo(value) if value else None


class SearchUrl(fields.Url):
    """A Wanted, as the address of that search at this API."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return Seen.get().search(value)


class Rounded(fields.Float):
    """A number with no more decimals than it deserves; null stays null."""

    def __init__(self, places: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.places = places

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> float | None:
        return None if value is None else round(float(value), self.places_for(obj))

    def places_for(self, obj: Any) -> int:
        """How many decimals this object's number has."""
        return self.places


class Slugs(fields.List[Any]):
    """The slugs of some terms: as the list of `Pluck`s that the document shows, only sooner."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> list[str]:
        return [str(term.slug) for term in value]


def slugs(description: str, **kwargs: Any) -> fields.List[Any]:
    """The slugs of some terms, in their order."""
    return Slugs(fields.Pluck(TermSchema, "slug"), metadata={"description": description}, **kwargs)


class TermSchema(Body):
    """A term's slug; its words are at the taxonomy endpoints."""

    slug = fields.Str()
