"""How long places take to be found, by kind of what is typed, and what the gazetteer holds.

    python -m tests.bench.lookups

In milliseconds of the processor's time, each input as if nobody had asked it before: the median of
five. The first one of all reads the spellings; it is told apart. Then the megabytes that one more
process takes for a gazetteer that has answered everything: resident in it alone (USS), and with its
part of what is shared (PSS); SQLite's own 2 MB of pages, which any question fills, do not count.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import thread_time

import psutil
from sqlalchemy import Engine

from directory import db
from directory.migrations import to_head
from directory.places import Gazetteer, loader
from directory.places.selects.recent import Recent

TIMES = 5
MB = 1024**2
# Suggestions are asked for what has been typed so far; all others are places that are meant.
SUGGESTED = "suggested"
TYPED = {
    "exact": """
        Boulder | Denver | Portland | Santa Fe | London | Leeds | Berlin | Paris | Madrid | Milan
        Boulder, CO | Portland, OR | Springfield, Illinois | Austin TX | Totnes, Devon | Bath
        Cambridge, MA | Vancouver, BC | Melbourne, Victoria | Cork, Ireland | Bavaria | California
        Bay Area | Cook County, IL | Isle of Skye | Hay-on-Wye | St. Louis | New York, NY | Zürich
    """,
    "misspelt": """
        Bolder | Denvr | Portlnad | Sanfransisco | Lodnon | Leedes | Berlni | Pariss | Mardid | Milano Centrle
        Albuqerque | Philadelhia | Minneapollis | Cincinatti | Pittsburg | Tuscon | Sacremento | Edinburg
        Glasgwo | Birmingam | Manchster | Liverpol | Brigthon | Novasibirsk | Vancuver | Torornto | Montrael
        Calgery | Xoulder | Qenver | Melborne | Sydeny | Hamberg | Munchn | Stutgart
    """,
    "misspelt in a region": """
        Bolder, CO | Denvr, Colorado | Portlnad OR | Albuqerque, NM | Philadelhia, PA | Minneapollis MN
        Cincinatti, Ohio | Tuscon AZ | Sacremento, California | Ashvile, NC | Santa Fee, New Mexico
        Springfeild, IL | Eugne, Oregon | Seatle, Washington | Bellinghm WA | Brigthon, England
        Totness, Devon | Glasgwo, Scotland | Cardif, Wales | Galwey, Ireland | Vancuver, BC
        Torornto, Ontario | Melborne, Victoria | Nurnbreg, Bayern | Freibrug, Germany | Lyonn, France
        Sevila, Spain | Floence, Italy | Zurihc, Switzerland | Zzyzx, CO | Qwertz, Texas
    """,
    "quarter and town": """
        Capitol Hill, Seattle | Mission District, San Francisco | Park Slope, Brooklyn | Old Town Pasadena
        Kreuzberg, Berlin | Schwabing, München | Le Marais, Paris | Shoreditch, London | Headingley, Leeds
        Downtown Denver | South Austin | North Portland | Pearl District, Portland, OR | Lakeview, Chicago
        Eimsbüttel, Hamburg | Trastevere, Roma | Gràcia, Barcelona | Jordaan, Amsterdam | Newtown, Sydney
        Fitzroy, Melbourne | West End, Vancouver | The Annex, Toronto | Wicker Park Chicago | near Boulder
        Boulder/Denver | Clifton in Bristol
    """,
    "postcode": """
        80302 | 97214 | 10001 | 80302-1234 | Boulder 80302 | V6B 1A1 | M5V | LS6 3HN | LS6 | tq9 5dr
        SW1A 1AA | 10115 Berlin | D-80331 | 8001 Zürich | 75004 Paris | 28013 | 150-0002 | 01310-100 | 3000
        VIC 3000 | D02 X285 | 1017 GA | 110001 | 06700 | 114 55 | 00-001 | 99999 | 00000 | 12345 Nowhere
    """,
    "street": """
        1234 Pearl Street Boulder CO 80302 | 12 High St Totnes TQ9 5RY | 221b Baker Street London NW1 6XE
        350 5th Ave New York NY 10118 | Hauptstraße 5, 10115 Berlin | 10 rue de Rivoli 75004 Paris
        Suite 200, 100 Main St, Asheville NC | Calle Mayor 5 28013 Madrid | Via Roma 12 Torino
        45 Queen Street West Toronto ON M5H 2M5 | 7 Castle Street Hay-on-Wye HR3 5DF
        100 Collins St Melbourne VIC 3000 | Bahnhofstrasse 10 8001 Zürich | Kerkstraat 12 1017 GA Amsterdam
        2020 SE Hawthorne Blvd Portland OR 97214 | 1600 Pennsylvania Avenue NW Washington DC
        17 Abbey Road, Nether Edge, Sheffield, S7 1FF | 5 Market Pl, Somewhere Unheard | 99 Nowhere Ln
        1 Infinite Loop, Cupertino, California 95014 | Rua Augusta 1200 São Paulo | 88 Wood St, Ealing, London W5
        Unit 4, The Old Mill, Station Road, Frome, Somerset BA11 1RE | 4th floor, 77 Geary Street, San Francisco
    """,
    "foreign": """
        München | Muenchen | Köln | Colonia | Genève | Genf | Ginevra | Firenze | Florenz | Roma | Mailand | Lisboa
        Lissabon | Praha | Prag | Wien | Viena | Kopenhagen | København | Warszawa | Varsovie | Den Haag | La Haye
        Londres | Londra | Nueva York | Nouvelle-Orléans | Toskana | Bayern | Katalonien | Schottland | Kalifornien
        東京 | Москва | Αθήνα | Ciudad de México | Sevilla | Bruxelles | Brüssel | Lüttich
    """,
    "unknown": """
        asdfgh | qwertzuiop | chiropractor | gentle hands | my kitchen | somewhere over the rainbow | xxxxxxxx
        babies with colic | the middle of nowhere | craniosacral | Hogwarts | Middle Earth | Gotham City
        sdkfjh sdkjfh | lorem ipsum dolor | near the station | osteopathie | migrane relief | a quiet village
        Stonebridgeworthington | Llanfairpwllgwyn | north of the river | back pain | tmj jaw | Atlantis
    """,
    SUGGESTED: """
        b | bo | bou | boul | bould | boulde | p | po | por | port | portl | portla | s | sa | san | san f | san fr
        san fra | l | lo | lon | lond | londo | m | mu | mün | münc | münch | ne | new | new y | calif | bay a
        cook c | bavar | portland, m | santa f | st l | 803 | 8030 | ls6 | tq | v6b | ber | berl | paris | pari, t
        xq | zzz | qwert | col | colo | bird | heil | spri | spring | vill | ville | del | el | la | de | che | ch
    """,
}


def inputs() -> Iterator[tuple[str, str]]:
    """(kind, typed) of all of them."""
    for kind, table in TYPED.items():
        yield from (
            (kind, one.strip())
            for line in table.split("\n")
            for one in line.split("|")
            if one.strip()
        )


def asked(gazetteer: Gazetteer, kind: str, typed: str) -> object:
    """What a page asks for it."""
    return gazetteer.suggest(typed) if kind == SUGGESTED else gazetteer.resolve(typed)


def measured(fresh: Callable[[], Gazetteer]) -> dict[str, list[float]]:
    """Milliseconds for each input, by kind; each time by a gazetteer that has answered nothing yet."""
    taken: dict[str, list[float]] = {kind: [] for kind in TYPED}
    for kind, typed in inputs():
        times = []
        for _ in range(TIMES):
            gazetteer = fresh()
            began = thread_time()
            asked(gazetteer, kind, typed)
            times.append((thread_time() - began) * 1000)
        taken[kind].append(median(times))
    return taken


def main() -> None:
    """Load the tables, ask, print."""
    with tempfile.TemporaryDirectory(prefix="stillpoint-lookups-") as folder:
        path = Path(os.environ.get("LOOKUPS_DB") or Path(folder) / "places.db")
        engine = db.make_engine(f"sqlite:///{path}")
        if not path.exists() or not Gazetteer(engine).is_loaded():
            to_head(engine)
            loader.load(engine)
        first = Gazetteer(engine)
        began = thread_time()
        first.resolve("Bouldre")
        print(f"first misspelt one: {(thread_time() - began) * 1000:.0f} ms")

        def fresh() -> Gazetteer:
            _forget(first)
            return first

        everything = []
        for kind, times in measured(fresh).items():
            everything += times
            _print(kind, times)
        _print("all", everything)
        worst = sorted(zip(everything, (typed for _, typed in inputs()), strict=True), reverse=True)
        print("worst:", ", ".join(f"{typed} {ms:.1f}" for ms, typed in worst[:12]))
        print(held(path))


def _forget(gazetteer: Gazetteer) -> None:
    """Take from a gazetteer what it kept of its answers; what it has read once stays."""
    gazetteer._begun.cache_clear()
    gazetteer._lookups._apart.cache_clear()
    for kept in vars(gazetteer._lookups).values():
        if isinstance(kept, Recent):
            kept._kept.clear()
    known = gazetteer._spelling._known
    for packed in known or ():
        packed._chosen.cache_clear()


def _print(kind: str, times: list[float]) -> None:
    ranked = sorted(times)
    p95 = ranked[min(len(ranked) - 1, int(0.95 * len(ranked)))]
    print(
        f"{kind:<22}{len(ranked):>4} inputs  p50 {median(ranked):5.2f}  p95 {p95:5.2f}  worst {ranked[-1]:5.2f} ms"
    )


def held(path: Path) -> str:
    """What a gazetteer adds to a process, in megabytes."""
    said = subprocess.run(
        [sys.executable, "-c", f"from tests.bench.lookups import holding; holding({str(path)!r})"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return said.strip()


def holding(path: str) -> None:
    """Print what this process takes more once its gazetteer has answered everything."""
    engine: Engine = db.make_engine(f"sqlite:///{path}")
    gazetteer = Gazetteer(engine)
    gazetteer.is_loaded()
    with engine.connect() as connection:  # SQLite's own 2 MB fill up whatever is asked
        connection.exec_driver_sql("SELECT sum(length(locality)) FROM gazetteer_postcodes")
    before = psutil.Process().memory_full_info()
    for kind, typed in inputs():
        asked(gazetteer, kind, typed)
    after = psutil.Process().memory_full_info()
    print(
        f"memory: USS +{(after.uss - before.uss) / MB:.1f} MB, PSS +{(after.pss - before.pss) / MB:.1f} MB"
    )


if __name__ == "__main__":
    main()
