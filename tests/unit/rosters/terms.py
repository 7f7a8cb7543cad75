"""The shipped terms, without a database."""

from directory.files import terms
from directory.models import Condition, Credential, Kind, Profession, Taxonomy


def _taxonomy() -> Taxonomy:
    kinds = {Kind.PROFESSION: Profession, Kind.CONDITION: Condition, Kind.CREDENTIAL: Credential}
    made = {kind: {} for kind in kinds}
    synonyms = {}
    for term in terms.read():
        made[term.kind][term.slug] = kinds[term.kind](slug=term.slug, **term.columns)
        synonyms[term.kind, term.slug] = (*term.synonyms, *term.everyday)
    return Taxonomy(*made.values(), synonyms)


TAXONOMY = _taxonomy()
