"""Links in what practitioners write: to whole addresses, or none at all."""

import re
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st

from directory.web.formatting.prose import plain, render

LEADING = (
    "https://practice.example",
    "http://practice.example/a/b?c=d&e=f#g",
    "HTTPS://Practice.example",
    "https://practice.example:8443/",
    "https://praxis-köln.example/über-uns",
    "https://practice.example//twice",
    "mailto:rowan@practice.example",
    "tel:+1-503-555-0101",
)
MISLEADING = (
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "\\\\\\\\evil.example",
    "/\\\\evil.example",
    "\\\\/evil.example",
    "/&#92;evil.example",
    "&#47;&#47;evil.example",
    "&sol;&sol;evil.example",
    "&bsol;&bsol;evil.example",
    "/&Tab;/evil.example",
    "/%09/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "https:\\\\\\\\evil.example",
    "https://",
    "https://evil",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://good.example@evil.example",
    "https://good.example%40evil.example",
    "https://good.example\\\\@evil.example",
    "https://evil.example:99999",
    "h&Tab;ttps://evil.example",
    "&#1;https://evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java&Tab;script:alert(1)",
    "javascript&colon;alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://evil.example/x",
    "mailto:",
    "mailto:nobody",
    "mailto:a@b.example,c@d.example",
    "mailto:a@b.example?bcc=c@d.example",
    "mailto:-o@b.example",
    "mailto:a%0Ab@c.example",
    "tel:",
    "tel:javascript",
    "tel:*21*123#",
    "evil.example",
    "/account/sign-out",
    "?q=x",
    "#main",
    "",
)
FORMS = (
    "[here]({})",
    "[here](<{}>)",
    '[here]({} "title")',
    "[**here**]({})",
    "- [here]({})",
    "![here]({})",
    "[here][ref]\n\n[ref]: {}",
    "<{}>",
    "{}",
    '<a href="{}">here</a>',
    "[a [here]({}) b](https://practice.example)",
)
LINKS = re.compile(
    r"(https?://[^/@\\\\\s]+\.[^/@\\\\\s]+|mailto:[^@\s?]+@[^@\s?]+|tel:[+0-9().-]+)", re.I
)


def links(text):
    return [
        a.get("href") for a in BeautifulSoup(render(text), "html.parser").find_all("a", href=True)
    ]


@pytest.mark.parametrize("address", LEADING)
def test_a_whole_address_is_a_link(address):
    [found] = links(f"[here]({address})")

    assert found is not None
    assert "nofollow" in render(f"[here]({address})")


@pytest.mark.parametrize("form", FORMS)
def test_what_is_no_whole_address_is_no_link_in_any_form(form):
    found = {address: links(form.format(address)) for address in MISLEADING}

    assert {link for all_of_it in found.values() for link in all_of_it} <= {
        "https://practice.example"
    }


PIECES = (
    *(
        *"/\\:@.#?&;%()<>[]! \t\n\0",
        "https",
        "http",
        "mailto",
        "tel",
        "javascript",
        "//",
        "evil.example",
    ),
    *(
        "&Tab;",
        "&#47;",
        "%2f",
        "%5C",
        "[a](",
        "[a](<",
        "![",
        "](",
        "\u2028",
        "ｈttps",
        "。",
        "+1503",
    ),
)


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@example("[a](https://evil.example/)")
def test_no_text_at_all_makes_a_link_that_is_not_whole(text):
    for link in links(f"[a]({text})") + links(text):
        assert link is not None
        assert LINKS.match(link)
        if not link.startswith(("mailto:", "tel:")):
            parts = urlsplit(link)
            assert parts.scheme in ("http", "https")
            assert "." in (parts.hostname or "")
            assert "@" not in parts.netloc


def test_a_text_with_a_link_that_leads_nowhere_still_reads():
    assert plain("See [my page](//evil.example) now") == "See [my page](//evil.example) now"
