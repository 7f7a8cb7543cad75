"""The country of a browser's languages."""

import pytest
from flask import Flask

from directory.edge import home_of_browser


@pytest.mark.parametrize(
    ("languages", "country"),
    [
        *(("en-US,en;q=0.9", "US"), ("en-GB", "GB"), ("de-CH,de;q=0.9,en-US;q=0.5", "CH")),
        *(("es-MX,es;q=0.9", "MX"), ("zh-Hant-TW", "TW"), ("pt_BR", "BR")),
        *(("it", "IT"), ("es", "ES"), ("fr,en;q=0.5", "FR"), ("cs", "CZ"), ("SK", "SK")),
        # A language that names a country says more than one that only may.
        *(("it,en-US;q=0.8", "US"), ("en,de;q=0.5", ""), ("en", ""), ("*", ""), ("", "")),
    ],
)
def test_a_browser_is_at_home_where_its_language_says(languages, country):
    with Flask(__name__).test_request_context(headers={"Accept-Language": languages}):
        assert home_of_browser() == country
