"""What the API answers to letters typed so far."""

from typing import Any

from marshmallow import fields

from directory.api.answers.kinds import Body, Seen


class SuggestionSchema(Body):
    """One suggestion: what to show, and where it leads."""

    label = fields.Str()
    words = fields.Str(
        metadata={"description": "The synonym that the letters matched; else empty."}
    )
    slug = fields.Str(metadata={"description": "Of a practitioner; else empty."})
    url = fields.Method(
        "lead", metadata={"type": "string", "description": "A public page, or a search here."}
    )

    def lead(self, suggestion: Any) -> str:
        """A practitioner's page; for all else the search that it starts."""
        outside = Seen.get()
        if suggestion.slug or suggestion.wanted is None:
            return outside.page(suggestion.slug)
        return outside.search(suggestion.wanted)


class SuggestionGroupSchema(Body):
    """Suggestions of one kind: condition, profession, wish, place or practitioner."""

    kind = fields.Str()
    items = fields.List(fields.Nested(SuggestionSchema))


class SuggestionsSchema(Body):
    """What the letters so far may become."""

    groups = fields.List(fields.Nested(SuggestionGroupSchema))
