"""What every search needs at hand."""

from dataclasses import dataclass
from datetime import date
from time import perf_counter

from directory.models import Taxonomy
from directory.places import Gazetteer
from directory.policies import Policies
from directory.search.port import Reader
from directory.search.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Finder:
    """The reader and the knowledge that turn a visitor's words into results on a day.

    `home` is the country (ISO code) that the language of the visitor's browser names, "" for none.
    """

    reader: Reader
    gazetteer: Gazetteer
    taxonomy: Taxonomy
    vocabulary: Vocabulary
    policies: Policies
    today: date
    home: str = ""


class Watch:
    """How long a search takes, stage by stage; looking at it costs less than a microsecond."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._began = self._at = perf_counter()

    def end(self, stage: str) -> None:
        """What was done since the last stage ended was this one."""
        now = perf_counter()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._at
        self._at = now

    def milliseconds(self) -> float:
        """All of it so far."""
        return (perf_counter() - self._began) * 1000
