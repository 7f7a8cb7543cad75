"""Listings beside the DOZEN: what a page can show when everything is said, or nothing may be."""

from typing import Any

from directory.models import Practice, State

LOUISVILLE = Practice(
    name="Aspen Rooms",
    address="34 Imagined Avenue",
    locality="Louisville",
    region="Colorado",
    postcode="80027",
    country="US",
    lat=39.9778,
    lon=-105.1319,
    precision="exact",
    home_visit_km=16.0,
)
DISCREET = Practice(
    name="At home",
    address="56 Secret Lane",
    locality="Nederland",
    region="Colorado",
    postcode="80466",
    country="US",
    lat=39.96137,
    lon=-105.51084,
    precision="exact",
    hide_address=True,
)
BRISTOL = Practice(
    name="The Front Parlour",
    address="7 Nowhere Row",
    locality="Bristol",
    region="England",
    postcode="BS1 4ST",
    country="GB",
    lat=51.4552,
    lon=-2.5967,
    precision="exact",
)

# Twelve and some kilometres from Boulder, so that she comes second there.
FULL: dict[str, Any] = {
    "name": "Aspen Thorough",
    "suffix": "DC, CST-D",
    "professions": ("chiropractor", "massage-therapist"),
    "conditions": ("migraine", "concussion", "tmj"),
    "credentials": ("cst-d", "cst1", "bctmb"),
    "languages": ("en", "es", "fr"),
    "ages": ("infants", "adults"),
    "access": ("wheelchair", "step-free", "quiet"),
    "about": "Unhurried work. **Questions are welcome.**\n\n- by phone\n- by e-mail",
    "fees": "$90 for an hour",
    "phone": "+1 303 555 0142",
    "email": "aspen@practice.example",
    "website": "https://aspen.example/practice",
    "accepting": True,
    "practices": (LOUISVILLE, DISCREET),
}
# Her words name conditions, which in Great Britain nobody may.
BRITISH: dict[str, Any] = {
    "name": "Yarrow Invented",
    "suffix": "RCST",
    "professions": ("craniosacral-therapist",),
    "conditions": ("migraine", "anxiety", "colic"),
    "about": "Many who come here live with migraine or anxiety. Tea is served in the parlour.",
    "phone": "+44 117 496 0123",
    "email": "yarrow@parlour.example",
    "practices": (BRISTOL,),
}
ERASED: dict[str, Any] = {"name": "Nobody Anymore", "slug": "erased", "state": State.ERASED}
EXTRA = (FULL, BRITISH, ERASED)
