"""The words that ship with the project: which one stands for what is a decision."""

from collections import defaultdict

import pytest

from directory.files import terms
from directory.models import Kind
from directory.places import fold

TERMS = terms.read()


def slugs_by_phrase() -> dict[str, set[tuple[Kind, str]]]:
    found = defaultdict(set)
    for term in TERMS:
        own = (term.slug, str(term.columns["label"]), str(term.columns.get("plural", "")))
        for words in (*own, *term.synonyms, *term.everyday):
            if words:
                found[fold(words)].add((term.kind, term.slug))
    return found


PHRASES = slugs_by_phrase()


def meaning(words: str) -> set[str]:
    return {slug for _, slug in PHRASES.get(fold(words), set())}


def test_every_phrase_stands_for_one_term():
    assert {phrase: slugs for phrase, slugs in PHRASES.items() if len(slugs) > 1} == {}


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        # Near relations of these stand for something else; these were chosen with care.
        ("paralysis", "spinal-cord-injury"),
        ("facial paralysis", "bells-palsy"),
        ("SPD", "sensory"),
        ("SPD pregnancy", "pelvic-girdle-pain"),
        ("GERD", "reflux"),
        ("GERD baby", "infant-reflux"),
        ("crying", "unsettled-baby"),
        ("crying baby", "colic"),
        ("cries all day", "unsettled-baby"),
        ("cries for hours", "colic"),
        ("braces", "dental-work"),
        ("autoimmune", "immune"),
        ("autoimmune connective", "connective-tissue"),
        ("breastfeeding", "infant-feeding"),
        ("breastfeeding consultant", "lactation-consultant"),
        ("DO", "osteopathic-physician"),
        ("DO (UK)", "osteopath"),
        ("birth trauma", "after-birth-baby"),
        ("trauma", "ptsd"),
        ("brain fog", "low-energy"),
    ],
)
def test_words_with_close_relations_mean_what_we_decided(words, slug):
    assert meaning(words) == {slug}


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("turns head left", "torticollis"),
        ("latch", "infant-feeding"),
        ("won't latch", "infant-feeding"),
        ("wont latch", "infant-feeding"),
        ("baby won't sleep", "unsettled-baby"),
        ("bad headaches", "headache"),
        ("jaw clicks", "tmj"),
        ("slipped disc", "back-pain"),
        ("tight shoulders", "shoulder-pain"),
        ("can't turn neck", "neck-pain"),
        ("pins and needles", "neuropathy"),
        ("flat spot", "flat-head"),
        ("diarrhoea", "digestion"),
        ("diarrhea", "digestion"),
        ("physiotherapist", "physical-therapist"),
        ("chiropracter", "chiropractor"),
        ("accupuncture", "acupuncturist"),
        ("message therapist", "massage-therapist"),
        ("counsellor", "counselor"),
        ("Ostéopathe", "osteopath"),
        ("CST2", "cst2"),
    ],
)
def test_the_words_that_people_type_are_known(words, slug):
    assert meaning(words) == {slug}


@pytest.mark.parametrize(
    "letters", ["OT", "MS", "CP", "PT", "OA", "ME", "DC", "ND", "PA", "DO", "DN"]
)
def test_two_letter_abbreviations_are_spelled_in_capitals(letters):
    spelled = {words for term in TERMS for words in (*term.synonyms, *term.everyday)}

    assert letters in spelled
    assert letters.lower() not in spelled


@pytest.mark.parametrize("words", ["chest", "face drooping", "short of breath", "bleeding"])
def test_words_of_an_emergency_lead_to_no_practitioner(words):
    assert meaning(words) == set()


def test_every_term_has_its_columns():
    kinds = defaultdict(int)
    for term in TERMS:
        kinds[term.kind] += 1
        assert term.slug == "-".join(fold(term.slug).split())
        assert term.columns["label"]
        assert all(len(words) <= 80 for words in (*term.synonyms, *term.everyday))

    assert kinds == {Kind.PROFESSION: 34, Kind.CONDITION: 93, Kind.CREDENTIAL: 26}


@pytest.mark.parametrize(
    ("file", "line", "complaint"),
    [
        ("everyday_words.csv", "condition,no-such-slug,sore thumb", "no-such-slug"),
        ("conditions.csv", "sore-thumb,Sore thumb,thumbs,,M79.6,", "thumbs"),
        ("credentials.csv", "cst1,Again,Somebody,course,10", "twice"),
    ],
)
def test_a_slip_in_the_files_is_found_when_they_are_read(tmp_path, file, line, complaint):
    for path in terms.DATA.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / file).open("a", encoding="utf-8") as out:
        out.write(f"{line}\n")

    with pytest.raises(ValueError, match=complaint):
        terms.read(tmp_path)
