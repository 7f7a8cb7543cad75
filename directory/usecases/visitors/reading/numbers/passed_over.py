"""What was understood, though nobody is found by it: an hour of today, how long it has hurt."""

from collections.abc import Callable, Iterator, Sequence

from directory.said import Said, said
from directory.search.vocabulary import Span


def notes(spans: Sequence[Span], words_of: Callable[[Span], str]) -> Iterator[Said]:
    """That it was passed over, in the visitor's own words."""
    if any(span.kind == "in_person" for span in spans):
        yield said("Whoever practises near a place can be seen there in person.")
    for span in spans:
        words = words_of(span)
        if span.kind == "minutes":
            yield said(
                "Nobody is found by how long a session takes, so “%(words)s” was passed over.",
                words=words,
            )
        elif span.kind == "lasting":
            yield said(
                "Nobody is found by a length of time, so “%(words)s” was passed over.", words=words
            )
        elif span.kind == "at_once":
            yield said(
                "We know usual hours, not who is free just now, so “%(words)s” was passed over.",
                words=words,
            )
        elif span.kind == "daytime":
            yield said(
                "Of times, people are found by Saturday, Sunday, evening and early morning,"
                " so “%(words)s” was passed over.",
                words=words,
            )
