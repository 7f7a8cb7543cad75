"""How often, where and with what: the proportions that make a demo directory believable."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LEAST_PEOPLE = 5000


@dataclass(frozen=True, slots=True)
class Country:
    """A country's share of the listings, its name pool, its prices (low, high, step), its tongues."""

    code: str
    weight: float
    names: str
    currency: str
    price: tuple[int, int, int]
    speaks: tuple[str, ...]
    also_speaks: Mapping[str, float] = field(default_factory=dict)

    @property
    def neighbours(self) -> tuple[str, ...]:
        """Countries that are served online from here, too: most speak the same."""
        return NEIGHBOURS.get(self.code, ())


NEIGHBOURS: Mapping[str, tuple[str, ...]] = {
    "US": ("CA",), "CA": ("US",), "GB": ("IE",), "IE": ("GB",), "DE": ("AT", "CH"),
    "AT": ("DE", "CH"), "CH": ("DE", "AT"), "FR": ("BE", "CH"), "BE": ("NL", "FR"),
    "NL": ("BE",), "AU": ("NZ",), "NZ": ("AU",), "PT": ("BR",), "BR": ("PT",), "ES": ("MX",),
}  # fmt: skip
# A few work online only: here, and for people far away, too.
ONLINE_ONLY = frozenset({"NL", "BE", "DK", "PT"})
FAR_AWAY = ("US", "CA", "GB")
_EN = {"en": 0.6}
_ALL = (
    Country("US", 45, "en", "$", (80, 190, 5), ("en",), {"es": 0.17, "fr": 0.03, "zh": 0.02}),
    Country("CA", 8, "en", "C$", (90, 180, 5), ("en",), {"fr": 0.25, "zh": 0.03, "pa": 0.03}),
    Country("GB", 9, "en", "£", (45, 95, 5), ("en",), {"cy": 0.03, "pl": 0.03, "fr": 0.04}),
    Country("DE", 7, "de", "€", (60, 120, 5), ("de",), {"en": 0.6, "tr": 0.04, "ru": 0.04}),
    Country("FR", 4, "fr", "€", (50, 90, 5), ("fr",), {"en": 0.4, "es": 0.1}),
    Country("AU", 5, "en", "A$", (90, 170, 5), ("en",), {"it": 0.04, "vi": 0.03, "el": 0.03}),
    Country("NZ", 3, "en", "NZ$", (80, 150, 5), ("en",), {"mi": 0.2}),
    Country("IE", 2, "en", "€", (55, 95, 5), ("en",), {"ga": 0.2}),
    Country("NL", 2.5, "nl", "€", (60, 110, 5), ("nl",), {"en": 0.8, "de": 0.2}),
    Country("CH", 2.5, "de", "CHF ", (110, 180, 10), ("de",), {"fr": 0.4, "en": 0.6, "it": 0.2}),
    Country("AT", 2, "de", "€", (65, 120, 5), ("de",), _EN),
    Country("IT", 1.5, "it", "€", (50, 90, 5), ("it",), {"en": 0.4, "de": 0.08}),
    Country("ES", 1.5, "es", "€", (40, 80, 5), ("es",), {"en": 0.4, "ca": 0.15}),
    Country("SE", 1.2, "nordic", "", (700, 1300, 50), ("sv",), {"en": 0.85}),
    Country("DK", 1, "nordic", "", (500, 950, 50), ("da",), {"en": 0.85}),
    Country("NO", 1, "nordic", "", (700, 1300, 50), ("no",), {"en": 0.85}),
    Country("BE", 1.4, "nl", "€", (50, 90, 5), ("nl",), {"fr": 0.5, "en": 0.7}),
    Country("PT", 1, "pt", "€", (40, 80, 5), ("pt",), _EN),
    Country("JP", 0.9, "ja", "¥", (6000, 14000, 500), ("ja",), {"en": 0.35}),
    Country("BR", 0.9, "pt", "R$", (150, 380, 10), ("pt",), {"en": 0.3, "es": 0.2}),
)
COUNTRIES: Mapping[str, Country] = {country.code: country for country in _ALL}

# Towns known for bodywork, and the ones people try first: their share of a country's listings.
# The rest are spread over all its towns by population.
SHARES: Mapping[str, Mapping[tuple[str, str], float]] = {
    "US": {
        ("Boulder", "Colorado"): 0.1,
        ("Denver", "Colorado"): 0.05,
        ("Portland", "Oregon"): 0.06,
        ("Ashland", "Oregon"): 0.01,
        ("Seattle", "Washington"): 0.025,
        ("San Francisco", "California"): 0.02,
        ("Berkeley", "California"): 0.012,
        ("Santa Cruz", "California"): 0.012,
        ("Los Angeles", "California"): 0.025,
        ("San Diego", "California"): 0.015,
        ("Austin", "Texas"): 0.02,
        ("Houston", "Texas"): 0.01,
        ("Santa Fe", "New Mexico"): 0.015,
        ("Taos", "New Mexico"): 0.007,
        ("Sedona", "Arizona"): 0.008,
        ("Phoenix", "Arizona"): 0.01,
        ("Chicago", "Illinois"): 0.02,
        ("Minneapolis", "Minnesota"): 0.015,
        ("Asheville", "North Carolina"): 0.02,
        ("Atlanta", "Georgia"): 0.01,
        ("West Palm Beach", "Florida"): 0.015,
        ("Philadelphia", "Pennsylvania"): 0.012,
        ("Ithaca", "New York"): 0.008,
        ("New York City", "New York"): 0.03,
        ("Boston", "Massachusetts"): 0.02,
        ("Portland", "Maine"): 0.012,
        ("Burlington", "Vermont"): 0.008,
    },
    "CA": {
        ("Vancouver", "British Columbia"): 0.12,
        ("Victoria", "British Columbia"): 0.06,
        ("Nelson", "British Columbia"): 0.05,
        ("Toronto", "Ontario"): 0.12,
        ("Montréal", "Québec"): 0.08,
        ("Calgary", "Alberta"): 0.05,
    },
    "GB": {
        ("London", "England"): 0.18,
        ("Brighton", "England"): 0.06,
        ("Bristol", "England"): 0.06,
        ("Totnes", "England"): 0.05,
        ("Stroud", "England"): 0.04,
        ("Edinburgh", "Scotland"): 0.06,
        ("Manchester", "England"): 0.04,
        ("Cardiff", "Wales"): 0.03,
    },
    "DE": {
        ("Berlin", "Berlin"): 0.14,
        ("Munich", "Bavaria"): 0.1,
        ("Hamburg", "Hamburg"): 0.08,
        ("Köln", "North Rhine-Westphalia"): 0.06,
        ("Freiburg", "Baden-Württemberg"): 0.06,
    },
    "FR": {("Paris", "Île-de-France"): 0.2, ("Lyon", "Auvergne-Rhône-Alpes"): 0.1},
    "AU": {
        ("Sydney", "New South Wales"): 0.14,
        ("Melbourne", "Victoria"): 0.14,
        ("Byron Bay", "New South Wales"): 0.06,
        ("Brisbane", "Queensland"): 0.08,
    },
    "NZ": {
        ("Auckland", "Auckland"): 0.2,
        ("Wellington", "Wellington Region"): 0.12,
        ("Nelson", "Nelson Region"): 0.12,
    },
    "IE": {("Dublin", "Leinster"): 0.3, ("Galway", "Connacht"): 0.1},
    "NL": {("Amsterdam", "North Holland"): 0.2, ("Utrecht", "Utrecht"): 0.1},
    "CH": {("Zürich", "Zürich"): 0.2, ("Basel", "Basel-City"): 0.08, ("Bern", "Bern"): 0.1},
    "AT": {("Vienna", "Vienna"): 0.35, ("Graz", "Styria"): 0.1},
    "IT": {("Rome", "Lazio"): 0.15, ("Milan", "Lombardy"): 0.15},
    "ES": {("Barcelona", "Catalonia"): 0.2, ("Madrid", "Madrid"): 0.2},
    "SE": {("Stockholm", "Stockholm"): 0.3},
    "DK": {("Copenhagen", "Capital Region"): 0.3},
    "NO": {("Oslo", "Oslo"): 0.3},
    "BE": {("Brussels", "Brussels"): 0.2, ("Gent", "Flanders"): 0.1},
    "PT": {("Lisbon", "Lisbon"): 0.3, ("Porto", "Porto"): 0.15},
    "JP": {("Tokyo", "Tokyo"): 0.4, ("Kyoto", "Kyoto"): 0.2},
    "BR": {("São Paulo", "São Paulo"): 0.25, ("Rio de Janeiro", "Rio de Janeiro"): 0.15},
}

# Upledger's courses in the order they are taken, each with the share that goes on to it.
LADDER = (
    *(("cst1", 1.0), ("cst2", 0.85), ("ser1", 0.65), ("ser2", 0.6), ("cst-t", 0.62)),
    *(("adv1", 0.6), ("adv2", 0.5), ("cst-d", 0.7)),
)
SPECIALTIES = {
    "cst-peds": 0.14,
    "cst-immune": 0.05,
    "cst-brain": 0.07,
    "cst-enteric": 0.05,
    "cst-longevity": 0.04,
    "cst-bioaquatic": 0.03,
    "cvtp": 0.04,
    "cvmp": 0.03,
}


@dataclass(frozen=True, slots=True)
class Profile:
    """How one profession appears: its share, the condition groups it meets, letters by country.

    `countries`, when given, are the only ones where it exists under this name; letters
    under "" are for every country that has none of its own.
    """

    weight: float
    groups: tuple[str, ...]
    letters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    families: bool = False
    licensed: bool = True
    countries: frozenset[str] | None = None

    def weight_in(self, country: str) -> float:
        """How likely it is there."""
        return self.weight if self.countries is None or country in self.countries else 0.0


_NORTH_AMERICA = frozenset({"US", "CA"})
_US = frozenset({"US"})
_BODY = ("head", "body", "whole")
_YOUNG = ("baby", "child", "maternal")
PROFILES: Mapping[str, Profile] = {
    "massage-therapist": Profile(
        26, (*_BODY, "mind"), {"US": ("LMT", "LMT, BCTMB", "CMT"), "CA": ("RMT",)}
    ),
    "craniosacral-therapist": Profile(17, (*_BODY, "mind", "baby"), licensed=False),
    "bodyworker": Profile(7, (*_BODY, "mind"), licensed=False),
    "osteopath": Profile(
        9,
        (*_BODY, "baby"),
        {"GB": ("BOst", "MOst"), "": ("DO",)},
        countries=frozenset(
            ("GB", "FR", "DE", "AU", "NZ", "IE", "NL", "CH", "AT", "IT", "ES", "BE", "PT", "SE")
        ),
    ),
    "physical-therapist": Profile(9, (*_BODY, "neuro"), {"US": ("PT", "DPT"), "CA": ("PT",)}),
    "chiropractor": Profile(12, ("head", "body"), {"US": ("DC",), "CA": ("DC",), "": ("DC",)}),
    "naturopath": Profile(4, ("whole", "gut", "mind"), {"US": ("ND",), "CA": ("ND",)}),
    "acupuncturist": Profile(3, (*_BODY, "mind", "gut"), {"US": ("LAc",), "CA": ("RAc",)}),
    "occupational-therapist": Profile(
        4, ("child", "neuro", "baby"), {"US": ("OTR/L",), "CA": ("OT",)}, families=True
    ),
    "registered-nurse": Profile(3, ("whole", "mind"), {"US": ("RN", "BSN, RN"), "CA": ("RN",)}),
    "lactation-consultant": Profile(3, _YOUNG, {"": ("IBCLC",)}, families=True, licensed=False),
    "midwife": Profile(2.5, _YOUNG, {"US": ("CPM",), "CA": ("RM",)}, families=True),
    "doula": Profile(1.5, _YOUNG, families=True, licensed=False),
    "dentist": Profile(1, ("head",), {"US": ("DDS", "DMD"), "CA": ("DMD",)}),
    "dental-hygienist": Profile(0.7, ("head",), {"US": ("RDH",)}),
    "orthodontist": Profile(0.3, ("head",), {"US": ("DDS, MS",)}),
    "speech-language-pathologist": Profile(
        1.6, ("baby", "child"), {"US": ("MS, CCC-SLP",)}, families=True
    ),
    "psychologist": Profile(1, ("mind",), {"US": ("PsyD", "PhD")}),
    "counselor": Profile(1.6, ("mind",), {"US": ("LPC",)}),
    "social-worker": Profile(0.8, ("mind",), {"US": ("LCSW",)}, countries=_NORTH_AMERICA),
    "family-therapist": Profile(0.6, ("mind",), {"US": ("LMFT",)}, countries=_US),
    "osteopathic-physician": Profile(1.2, (*_BODY, "baby"), {"US": ("DO",)}, countries=_US),
    "medical-doctor": Profile(0.9, ("whole", "neuro"), {"": ("MD",), "GB": ("MBBS",)}),
    "nurse-practitioner": Profile(0.6, ("whole",), {"US": ("FNP",)}, countries=_NORTH_AMERICA),
    "athletic-trainer": Profile(0.6, ("body",), {"US": ("ATC",)}, countries=_US),
    "physical-therapist-assistant": Profile(
        0.6, ("body", "neuro"), {"US": ("PTA",)}, countries=_NORTH_AMERICA
    ),
    "reflexologist": Profile(1.4, ("whole", "mind"), licensed=False),
    "homeopath": Profile(0.8, ("whole", "child"), licensed=False),
}
