"""What every search needs at hand."""

from dataclasses import dataclass
from datetime import date

from directory.models import Taxonomy
from directory.places import Gazetteer
from directory.policies import Policies
from directory.search.port import Reader
from directory.search.text import Vocabulary


@dataclass(frozen=True, slots=True)
class Finder:
    """The reader and the knowledge that turn a visitor's words into results on a day."""

    reader: Reader
    gazetteer: Gazetteer
    taxonomy: Taxonomy
    vocabulary: Vocabulary
    policies: Policies
    today: date
