"""What practitioners write about themselves: a little Markdown, and nothing that could run."""

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from directory import mailboxes
from directory.schemas.kinds import is_web_address

TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a"}
_markdown = MarkdownIt("zero", {"breaks": True}).enable(
    ["emphasis", "list", "link", "newline", "escape", "entity"]
)
_TELEPHONE = re.compile(r"\+?[0-9][0-9().-]{2,24}")
# Without any of these a text reads as it stands.
_MARKED = re.compile(r"[*_\[\]\\&<>]|^\s*(?:[-+]|\d+[.)])\s", re.MULTILINE)


def _leads_out(address: str) -> bool:
    """Whether a link may lead there: a whole address of the web, a mailbox or a telephone.

    Browsers find a host in much that names none: "//host", "/\\host", "https:host".
    """
    scheme, _, rest = address.partition(":")
    match scheme.lower():
        case "http" | "https":
            return is_web_address(address) and "@" not in urlsplit(address).netloc
        case "mailto":
            return mailboxes.is_one(unquote(rest))
        case "tel":
            return bool(_TELEPHONE.fullmatch(rest))
    return False


def _only_out(_tag: str, attribute: str, value: str) -> str | None:
    return value if attribute != "href" or _leads_out(value) else None


# What leads nowhere stands there as it was typed.
_markdown.validateLink = _leads_out  # type: ignore[method-assign,assignment]


@lru_cache(maxsize=2_000)
def render(text: str) -> Markup:
    """Bold, italics, lists and links as safe HTML; everything else stays plain text."""
    html = nh3.clean(
        _markdown.render(text),
        tags=TAGS,
        attributes={"a": {"href"}},
        attribute_filter=_only_out,
        url_schemes={"http", "https", "mailto", "tel"},
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
