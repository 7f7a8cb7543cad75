"""Where a row says that somebody works: countries, states, codes that Excel shortened, positions."""

import re
from collections.abc import Mapping

from directory.places.names import fold
from directory.schemas.names import country_code

# Digits of a postal code where it may begin with a nought, which spreadsheets take away.
_DIGITS = {
    **dict.fromkeys(("US", "PR", "GU", "VI", "AS", "MP"), 5),
    **dict.fromkeys(("DE", "FR", "IT", "ES", "FI", "EE", "LT", "MX", "TR", "KR", "UA", "MY"), 5),
    **dict.fromkeys(("AU", "NO", "DK"), 4),
    **dict.fromkeys(("RO", "CN"), 6),
    **dict.fromkeys(("HR", "SA", "CR"), 5),
    "JP": 7,
    "BR": 8,
}
_AMERICAN = frozenset(("US", "PR", "GU", "VI", "AS", "MP"))
# Where ZIP codes begin with one nought, and with two.
_ONE_NOUGHT = frozenset(("CT", "MA", "ME", "NH", "NJ", "RI", "VT"))
_TWO_NOUGHTS = frozenset(("PR", "VI"))
_US = """AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|
    DE Delaware|DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|
    IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|
    MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|
    NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|
    OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|SC South Carolina|
    SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington|
    WV West Virginia|WI Wisconsin|WY Wyoming|PR Puerto Rico|VI US Virgin Islands|GU Guam|
    AS American Samoa|MP Northern Mariana Islands"""
_CA = """AB Alberta|BC British Columbia|MB Manitoba|NB New Brunswick|NL Newfoundland and Labrador|
    NS Nova Scotia|NT Northwest Territories|NU Nunavut|ON Ontario|PE Prince Edward Island|
    QC Quebec|SK Saskatchewan|YT Yukon"""
_AU = """NSW New South Wales|VIC Victoria|QLD Queensland|SA South Australia|WA Western Australia|
    TAS Tasmania|NT Northern Territory|ACT Australian Capital Territory"""
_GB = """England|Scotland|Wales|Northern Ireland"""
_SHAPES = (
    ("CA", re.compile(r"[A-Z]\d[A-Z][ -]?\d[A-Z]\d", re.I)),
    ("GB", re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.I)),
    ("IE", re.compile(r"(?:[AC-FHKNPRTV-Y]\d{2}|D6W) ?[AC-FHKNPRTV-Y\d]{4}", re.I)),
    ("NL", re.compile(r"\d{4} ?[A-Z]{2}", re.I)),
    ("PL", re.compile(r"\d{2}-\d{3}")),
)
_CARS = {"D": "DE", "A": "AT", "F": "FR", "I": "IT", "E": "ES", "B": "BE", "P": "PT", "L": "LU"}
# In brackets or a formula, ="02134"; with a point and noughts, 80302.0; with an apostrophe.
_WRAPPED = re.compile(r"""=?["']([^"']*)["']|'(\S.*)""")
_POINT = re.compile(r"(\d+)[.,]0+")
_THOUSANDS = re.compile(r"\d{1,3}(?:[,.’' ]\d{3})")
_SCIENTIFIC = re.compile(r"\d[.,]\d+E\+?0?\d", re.I)
_CALLED_A_CODE = re.compile(r"(?:zip(?: ?code)?|plz|cp|cap|postcode)[ :.#]*(?=\S)|[-–,.]+$", re.I)
_TOWN_AND_CODE = re.compile(r"(?P<code>(?:[A-Z]{1,2}-)?\d{4,5}) (?P<town>[^\d,]+)")
_ENDS_WITH_CODE = re.compile(
    r"(?P<rest>.*?)[ ,]+(?P<code>\d{4,5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d|"
    r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})",
    re.I,
)
_DMS = re.compile(
    r"(?P<sign>[-+−]?)\s*(?P<d>\d+(?:[.,]\d+)?)\s*°?\s*(?:(?P<m>\d+(?:[.,]\d+)?)\s*['′’]\s*)?"
    r"(?:(?P<s>\d+(?:[.,]\d+)?)\s*(?:\"|″|''|”)\s*)?(?P<side>[NSEW]?)",
    re.I,
)


def _by_words(listed: str) -> dict[str, str]:
    found = {}
    for line in listed.split("|"):
        code, _, name = line.strip().partition(" ")
        found[fold(code)] = found[fold(name or code)] = code
    return found


_STATES = {"US": _by_words(_US), "CA": _by_words(_CA), "AU": _by_words(_AU)}
_EVERY_STATE = frozenset(word for states in _STATES.values() for word in states)


def country(text: str) -> str | None:
    """The code of a country by whatever somebody calls it, its letters on cars, too."""
    return country_code(text) or _CARS.get(text.strip().upper())


def country_of(region: str, postcode: str, phone: str) -> str:
    """The country that a state, a code or a number tells when none is named; "" when none does.

    "WA" is Washington and Western Australia, "NT" is in Canada and Australia: such tell nothing.
    """
    said = fold(region)
    if said in {fold(one) for one in _GB.split("|")}:
        return "GB"
    holding = [code for code, states in _STATES.items() if said in states]
    shaped = [code for code, shape in _SHAPES if shape.fullmatch(postcode.strip())]
    if len(holding) == 1:
        return holding[0]
    if len(shaped) == 1:
        return shaped[0]
    if holding and re.fullmatch(r"\d{5}(?:-\d{4})?", postcode.strip()):
        return "US" if "US" in holding else ""
    if holding and re.fullmatch(r"\d{4}", postcode.strip()):
        return "AU" if "AU" in holding else ""
    return _CALLED.get(phone.strip()[:3], "") if phone.strip().startswith("+") else ""


_CALLED = {"+44": "GB", "+49": "DE", "+43": "AT", "+41": "CH", "+33": "FR", "+34": "ES"} | {
    "+39": "IT",
    "+31": "NL",
    "+32": "BE",
    "+61": "AU",
    "+64": "NZ",
}


def unwrapped(text: str) -> str:
    """What a spreadsheet wrapped to keep it as it is: ="02134", '02134."""
    found = _WRAPPED.fullmatch(text.strip())
    return (found[1] if found[1] is not None else found[2]) if found else text


def postcode(text: str, region: str, code: str) -> tuple[str, str]:
    """A postal code as it was before a spreadsheet took it for a number, and what was done."""
    given = unwrapped(text).strip()
    plain = _CALLED_A_CODE.sub("", given)
    if _POINT.fullmatch(plain):
        plain = _POINT.sub(r"\1", plain)
    elif _THOUSANDS.fullmatch(plain) and _DIGITS.get(code):
        plain = re.sub(r"\D", "", plain)
    elif _SCIENTIFIC.fullmatch(plain):
        plain = f"{float(plain.replace(',', '.')):.0f}"
    full = _with_noughts(plain, region, code) if plain.isdecimal() and plain.isascii() else plain
    if full != given:
        lost = " (a spreadsheet took its first zero)" if len(full) > len(plain) else ""
        return full, f"“{given}” is read as {full}{lost}"
    return full, ""


def _with_noughts(digits: str, region: str, code: str) -> str:
    wanted = _DIGITS.get(code, 0)
    missing = wanted - len(digits)
    if code in _AMERICAN and len(digits) in (7, 8):  # a ZIP+4 without its dash, too
        digits = digits.zfill(9)
        return f"{digits[:5]}-{digits[5:]}"
    if missing not in (1, 2) or (code == "AU" and missing != 1):
        return digits
    if code in _AMERICAN:
        state = _STATES["US"].get(fold(region), "")
        here = _TWO_NOUGHTS if missing == 2 else _ONE_NOUGHT
        known = code if code in _TWO_NOUGHTS else state
        return digits.zfill(wanted) if not known or known in here else digits
    return digits.zfill(wanted) if missing == 1 else digits


def apart(text: str) -> dict[str, str]:
    """ "Boulder, CO 80302", "80331 München" or "Totnes, Devon" as town, region, code, country."""
    found: dict[str, str] = {}
    rest = " ".join(text.split())
    if both := _TOWN_AND_CODE.fullmatch(rest):
        return {"locality": both["town"].strip(), "postcode": both["code"]}
    parts = [part.strip() for part in rest.split(",") if part.strip()]
    last = parts[-1] if len(parts) > 1 and len(parts[-1]) > 2 else ""
    if fold(last) not in _EVERY_STATE and (known := country_code(last)):
        found["country"] = known
        parts.pop()
    rest = ", ".join(parts)
    if ends := _ENDS_WITH_CODE.fullmatch(rest):
        found["postcode"], rest = ends["code"], ends["rest"].strip(" ,")
    town, _, region = rest.partition(",")
    *first, end = rest.split() or [""]
    if not region and first and end.isupper() and fold(end) in _EVERY_STATE:  # "Denver CO"
        town, region = " ".join(first), end
    return found | {"locality": town.strip(), "region": region.strip()}


def degrees(text: str) -> str:
    """Degrees as a number, as text: "40°00'54\\" N" and "105,27 W" too; else what was given."""
    plain = text.strip().replace("º", "°")
    if "," in plain and "." in plain:
        return plain
    turned = re.sub(r"^([NSEW])\s*(.+)$", r"\2\1", plain, flags=re.I)
    found = _DMS.fullmatch(turned)
    if not found:
        return plain
    number = sum(
        float(found[name].replace(",", ".")) / unit
        for name, unit in (("d", 1), ("m", 60), ("s", 3600))
        if found[name]
    )
    if not found["side"] and not found["m"] and not found["s"]:
        return turned.replace("−", "-").replace(",", ".").replace("°", "").replace(" ", "")
    west = found["side"].upper() in ("S", "W") or found["sign"] in ("-", "−")
    return repr(round(-number if west else number, 6))


def pair(text: str) -> tuple[str, str]:
    """ "40.015, -105.27" as latitude and longitude; ("", "") when it is no pair."""
    parts = re.split(r"\s*[;|]\s*|,\s+|(?<=[NSns])\s+|(?<=\d)\s+(?=[-+\d])", text.strip())
    if len(parts) != 2 and text.count(",") == 1:
        parts = text.split(",")
    return (degrees(parts[0]), degrees(parts[1])) if len(parts) == 2 else ("", "")


def exchanged(lat: str, lon: str) -> bool:
    """Whether these can only be a longitude and a latitude."""
    try:
        return abs(float(lat)) > 90 >= abs(float(lon))
    except ValueError:
        return False


def completed(values: Mapping[str, str]) -> str:
    """The country of a row that names none, from what else it says; "" when nothing tells it."""
    return country_of(values["region"], values["postcode"], values["phone"])
