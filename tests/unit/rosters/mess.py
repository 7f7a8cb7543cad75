"""A roster of an association as volunteers keep it: Excel's habits, two encodings, every sort of cell."""

import csv
import io
from random import Random

HEADER = (
    *("Member No.", "Practitioner Name", "Profession/Licence", "Town/City", "State/Province"),
    *("Zip/Postcode", "Country", "Tel.", "E-mail", "Web site", "Taking new clients?"),
    *("Languages spoken", "Works with", "Level", "Travels", "Lat", "Long", "Bio"),
)
FIRST = ("Maria José", "Zoë", "Siobhán", "Łukasz", "François", "Jürgen", "Dana", "Søren", "Věra")
LAST = ("Fictional", "Müller-Test", "O’Probe", "Nobody", "de-la-Fuente", "Testerly", "Démo")
PLACES = (
    *(("Boulder", "CO", "80302", "USA"), ("Boston", "MA", "2134", "United States of America")),
    *(("San Juan", "PR", "901", "US"), ("Montréal", "Quebec", "H2X 1Y4", "CAN")),
    *(("Totnes", "Devon", "TQ9 5DR", "England"), ("Köln", "NRW", "50667", "Deutschland")),
    *(("Dresden", "Sachsen", "1067", "Germany"), ("Wien", "", "1010", "Österreich")),
    *(("Darwin", "NT", "800", "AUS"), ("Amsterdam", "", "1012 AB", "Netherlands (the)")),
    *(("Denver, CO", "", "80202", "EEUU"), ("Austin", "Texas", "78701.0", "")),
)
TRADES = (
    *("Massage Therapist", "L.M.T.", "Licensed Massage Therapist (LMT)", "Energy Healer"),
    *("Physical Therapist / Bodyworker", "Osteopath, Naturopath", "Cranio-Sacral Therapist"),
)
PHONES = (
    *("n/a", "303-555-0{n:03}", "call after 6", "1.5551E+10", "303 555 0{n:03} (mobile)", "-"),
    *("303-555-0{n:03} / 303-555-0999", ""),
)
MAILS = ("p{n}@r.example", "mailto:p{n}@r.example", "p{n}@r.example, q{n}@r.example", "none", "")
SITES = ("", "www.p{n}.example", "none", "@p{n}", "https://p{n}.example", "coming soon")
ANSWERS = ("Yes", "no", "waiting list", "Waitlist", "", "yes - mornings", "call first")
TONGUES = ("English", "EN, ES", "English and Spanish", "eng", "ASL", "", "n/a")
WORK = ("migraine, TMJ, back pain", "TMJ/TMD", "babies", "whatever", "", "stress & anxiety")
LEVELS = ("CST-D", "Techniques", "in training", "", "CST2, SER1")
FAR = ("", "10 miles", "25 km", "yes", "10-15 miles", "no")
BIOS = ("", "Quiet room.", 'A 5" step', '"Hands" Clinic', "- gentle\n- slow", "=1+1")


def roster(rows: int, seed: int) -> bytes:
    """So many people, a title and a blank line above them, a fifth of the lines in UTF-8."""
    chance = Random(seed)
    lines = [b"CST Association 2026;;\r\n", b";;\r\n", _line(HEADER).encode()]
    for number in range(rows):
        text = _line(_person(number, chance))
        try:
            lines.append(text.encode("cp1252" if number % 5 else "utf-8"))
        except UnicodeEncodeError:
            lines.append(text.encode())
    return b"".join(lines)


def _person(n: int, chance: Random) -> list[str]:
    first, last = chance.choice(FIRST), f"{chance.choice(LAST)} {chr(65 + n % 26)}{n // 26}x"
    name = (
        *(f"Dr. {first} {last}, LMT, CST-D", f"{first} {last}".upper(), f"{last}, {first}"),
        *(f"{first} {last}", f"{first} {last}".lower()),
    )[n % 5]
    name = name.encode().decode("cp1252", "replace") if n % 41 == 3 else name
    point = chance.choice((*[("", "")] * 9, ("0", "0"), ("40.015", "105.27")))
    cells = (PHONES, MAILS, SITES, ANSWERS, TONGUES, WORK, LEVELS, FAR)
    return [
        *(str(1000 + n), name, chance.choice(TRADES), *chance.choice(PLACES)),
        *(chance.choice(kind).format(n=n) for kind in cells),
        *(*point, chance.choice(BIOS)),
    ]


def _line(cells) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=";").writerow(cells)
    return line.getvalue()
