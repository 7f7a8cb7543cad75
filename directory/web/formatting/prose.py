"""What practitioners write about themselves: a little Markdown, and nothing that could run."""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a"}
_markdown = MarkdownIt("zero", {"breaks": True}).enable(
    ["emphasis", "list", "link", "newline", "escape", "entity"]
)
# Without any of these a text reads as it stands.
_MARKED = re.compile(r"[*_\[\]\\&<>]|^\s*(?:[-+]|\d+[.)])\s", re.MULTILINE)


@lru_cache(maxsize=2_000)
def render(text: str) -> Markup:
    """Bold, italics, lists and links as safe HTML; everything else stays plain text."""
    html = nh3.clean(
        _markdown.render(text),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noreferrer ugc",
    )
    # nh3 has just cleaned it.
    return Markup(html)  # noqa: S704  # nosec B704


def plain(text: str) -> str:
    """The same without its Markdown, line by line; to be escaped like any text."""
    if not _MARKED.search(text):
        return text
    return "\n".join(Markup(line).striptags() for line in render(text).splitlines())  # noqa: S704  # nosec B704


def excerpt(text: str, most: int) -> str:
    """The beginning as plain words, cut between two of them."""
    words = " ".join(plain(text).split())
    if len(words) <= most:
        return words
    return words[:most].rsplit(" ", 1)[0].rstrip(" ,;:.–-") + " …"
