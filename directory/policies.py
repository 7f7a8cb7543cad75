"""Which conditions may be shown where: one policy for each country."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


class Policy(enum.Enum):
    """How conditions may appear.

    NEUTRAL: as what the practitioner works with, beside the evidence, never as what
    CST treats. NO_CONDITIONS: neither shown, indexed, filtered nor exported.
    """

    NEUTRAL = "neutral"
    NO_CONDITIONS = "no-conditions"


_IN_GB: Mapping[str, Policy] = MappingProxyType({"GB": Policy.NO_CONDITIONS})
# Where no condition may be named, client groups, relaxation and wellbeing still may.
WELLBEING = frozenset({"stress", "pregnancy"})


@dataclass(frozen=True, slots=True)
class Policies:
    """Which policy holds in which country (ISO 3166-1 alpha-2); NEUTRAL elsewhere."""

    by_country: Mapping[str, Policy] = field(default_factory=lambda: _IN_GB)

    @classmethod
    def named(cls, pairs: Iterable[tuple[str, str]]) -> "Policies":
        """As the settings say it: country and the policy's name."""
        return cls({country: Policy(name) for country, name in pairs})

    def of(self, country: str) -> Policy:
        """The policy of one country."""
        return self.by_country.get(country.upper(), Policy.NEUTRAL)

    def strictest(self, countries: Iterable[str]) -> Policy:
        """The policy of a listing that practises in all these countries."""
        found = {self.of(country) for country in countries}
        return Policy.NO_CONDITIONS if Policy.NO_CONDITIONS in found else Policy.NEUTRAL


USUAL = Policies()
