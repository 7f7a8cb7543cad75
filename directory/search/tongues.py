"""Words of German, French, Spanish, Italian, Portuguese and Dutch in the form to compare them by."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from whoosh.lang.snowball.dutch import DutchStemmer
from whoosh.lang.snowball.french import FrenchStemmer
from whoosh.lang.snowball.german import GermanStemmer
from whoosh.lang.snowball.italian import ItalianStemmer
from whoosh.lang.snowball.portugese import PortugueseStemmer
from whoosh.lang.snowball.spanish import SpanishStemmer

_STEMMERS = {
    "de": GermanStemmer(),
    "fr": FrenchStemmer(),
    "es": SpanishStemmer(),
    "it": ItalianStemmer(),
    "pt": PortugueseStemmer(),
    "nl": DutchStemmer(),
}
LANGUAGES = tuple(_STEMMERS)
# Words that join or ask, without accents: they name nothing. English has its own list.
_ASKING = {
    "de": """
        aber als am an auf aus bei beim bitte das dem den der des die ein eine einem einen einer es
        fur gegen hat habe haben hilfe ich im in ist jemand jemanden kann kennt mein meine meinem meinen meiner mich
        mir mit nach nahe oder sehr sich sind sohn suche sucht tochter uber und unser unsere unserem
        unseren vom von vor was wegen wer wir wo zu zum zur
    """,
    "fr": """
        a ai ait au aux avec ce cette chez cherche cherchons contre d dans de depuis des du elle en
        est et il j je l la le les leur ma mes moi mon notre nos nous ou par pour pres qu que quelquun qui s
        sa se ses son souffre sur un une vers vos votre y
    """,
    "es": """
        a al alguien ante busco buscamos con contra cerca de del desde el ella en es esta este hay la las le
        los me mi mis necesito nuestra nuestro o para pero por que quien se sin su sus tengo tiene
        un una unas unos y ya yo
    """,
    "it": """
        a ad ai al alla alle allo anche c che chi ci cerco cerchiamo con contro da dal dalla dei del
        della delle dello di e ed gli ha ho i il in io l la le lo ma mi mia mie mio nei nel nella
        nostra nostro o per presso qualcuno si soffre soffro su sul sulla un una uno vicino
    """,
    "pt": """
        a alguem ao aos as com contra da das de do dos e ela ele em estou eu meu meus minha minhas na nas
        no nos nossa nosso o os ou para pela pelo perto por procuro que quem se sem sofro tem tenho
        um uma
    """,
    "nl": """
        aan als bij dat de die een en er gezocht heb heeft het hij iemand ik in is kan last met mijn naar
        nabij of om onze ons op over te tegen uit van voor wie wij ze zij zijn zoek zoeken
    """,
}
ASKING: Mapping[str, frozenset[str]] = MappingProxyType(
    {language: frozenset(said.split()) for language, said in _ASKING.items()}
)
_ANY_ASKING = frozenset().union(*ASKING.values())


def asks(word: str) -> bool:
    """Whether a folded word only asks or joins, in one of these languages."""
    return word in _ANY_ASKING


@lru_cache(maxsize=100_000)
def _stem(language: str, word: str) -> str:
    stemmed: str = _STEMMERS[language].stem(word)
    return stemmed


@lru_cache(maxsize=20_000)
def stems_in(language: str, parts: tuple[str, ...]) -> frozenset[str]:
    """The stems of folded words, those that only ask left out; none when all of them ask."""
    asking = ASKING[language]
    if parts[0] in asking or parts[-1] in asking:
        return frozenset()
    return frozenset(_stem(language, part) for part in parts if part not in asking)
