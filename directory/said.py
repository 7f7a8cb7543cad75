"""Sentences for people, kept apart from their values until somebody reads them.

The core knows no web framework, so it cannot translate; it says what is to be said,
and the page translates `text` before it fills in `values`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in English with named places, such as "without %(label)s"."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.values


def said(text: str, /, **values: object) -> Said:
    """Mark a sentence for translation."""
    return Said(text, values)
