"""What other languages call our terms: complete, unambiguous, and read in every form."""

from collections import defaultdict

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from directory.files import terms
from directory.models import Kind
from directory.models.taxonomy import said_elsewhere
from directory.places import fold
from directory.search.text import form_abroad, typed
from directory.search.tongues import LANGUAGES, stems_in
from directory.search.vocabulary import Vocabulary
from directory.usecases.visitors.reading.spellings import COMMON

TERMS = [term for term in terms.read() if term.kind is not Kind.CREDENTIAL]
ENGLISH = [
    (term.kind.value, term.slug, said)
    for term in TERMS
    for said in (str(term.columns["label"]), *term.synonyms, *term.everyday)
]
VOCABULARY = Vocabulary(ENGLISH, said_elsewhere())
# Of the commonest English words, those that mean about the same abroad.
MEANT_ALIKE = {
    "emotions": "emotional",
    "tension": "stress",
    "matron": "midwife",
}


def test_every_term_has_words_in_every_language():
    said = {(language, slug) for language, _, slug, words in said_elsewhere() if words}

    assert {(language, term.slug) for language in LANGUAGES for term in TERMS} - said == set()


def test_no_word_stands_for_two_terms():
    meant = defaultdict(set)
    for _, kind, slug, words in said_elsewhere():
        meant[fold(words)].add((kind, slug))
    for kind, slug, words in ENGLISH:
        if fold(words) in meant:
            meant[fold(words)].add((kind, slug))
    meant.pop("cranio sacral")  # in English everybody's trade

    assert {words: slugs for words, slugs in meant.items() if len(slugs) > 1} == {}


def test_every_way_to_say_a_term_is_read_as_that_term():
    wrong = {}
    for _, kind, slug, words in said_elsewhere():
        spans = VOCABULARY.spans(typed(words))
        if kind != "field" and [(span.kind, span.slug) for span in spans] != [(kind, slug)]:
            wrong[words] = [(span.kind, span.slug) for span in spans]

    assert wrong == {}


@pytest.mark.parametrize(
    ("inflected", "slug"),
    [
        ("Kopfschmerzen", "headache"), ("Rückenschmerz", "back-pain"), ("Narben", "scar-tissue"),
        ("Hebamme", "midwife"), ("Verspannungen", "stress"), ("Migränen", "migraine"),
        ("Schlafstörungen", "insomnia"), ("Gehirnerschütterung", "concussion"),
        ("cicatrice", "scar-tissue"), ("migraine", "migraine"), ("otites", "ear-infections"),
        ("torticolis", "torticollis"), ("ostéopathes", "osteopath"), ("scolioses", "scoliosis"),
        ("lumbalgia", "low-back-pain"), ("masajes", "massage-therapist"), ("jaqueca", "migraine"),
        ("comadronas", "midwife"), ("esguinces", "sports-injury"), ("vértigos", "dizziness"),
        ("emicranie", "migraine"), ("osteopati", "osteopath"), ("capogiri", "dizziness"),
        ("fisioterapisti", "physical-therapist"), ("cefalee", "headache"), ("vampata", "menopause"),
        ("enxaqueca", "migraine"), ("tonturas", "dizziness"), ("parteiras", "midwife"),
        ("fisioterapeuta", "physical-therapist"), ("zumbido", "tinnitus"), ("tontura", "dizziness"),
        ("littekens", "scar-tissue"), ("osteopaten", "osteopath"), ("kolieken", "colic"),
        ("logopedisten", "speech-language-pathologist"), ("opvlieger", "menopause"),
        ("mal à l’épaule", "shoulder-pain"), ("douleurs à la nuque", "neck-pain"),
        ("dolor en la espalda", "back-pain"), ("Schmerzen in meinem Nacken", "neck-pain"),
    ],
)  # fmt: skip
def test_inflected_forms_mean_the_same(inflected, slug):
    assert [span.slug for span in VOCABULARY.spans(typed(inflected))] == [slug]


def test_complaints_are_known_by_what_they_are_about():
    known = {
        "Kiefergelenksprobleme": "tmj", "Steißbeinbeschwerden": "tailbone-pain",
        "Borreliosebeschwerden": "lyme", "Verdauungsstörung": "digestion",
        "Ischiasbeschwerden": "sciatica", "Symphysenprobleme": "pelvic-girdle-pain",
        "kaakgewrichtklachten": "tmj", "overgangsproblemen": "menopause",
        "ischiasklachten": "sciatica", "Hautprobleme": None, "Autoprobleme": None,
    }  # fmt: skip
    read = {word: [span.slug for span in VOCABULARY.spans(typed(word))] for word in known}

    assert read == {word: [slug] if slug else [] for word, slug in known.items()}


@pytest.mark.parametrize("plain", ["Zaehneknirschen", "Zahneknirschen", "ZÄHNEKNIRSCHEN"])
def test_umlauts_may_be_typed_as_people_type_them(plain):
    assert [span.slug for span in VOCABULARY.spans(typed(plain))] == ["teeth-grinding"]


@pytest.mark.parametrize(
    "english",
    ["I want some gentle hands", "open on Saturday mornings", "she was very kind to my son",
     "the best part of the week", "a room with a view", "quiet and calm", "cost of one visit"],
)  # fmt: skip
def test_everyday_english_names_no_foreign_term(english):
    assert VOCABULARY.spans(typed(english)) == []


def test_no_common_english_word_is_a_foreign_term_by_chance():
    english = Vocabulary(ENGLISH)
    found = {
        word: span.slug
        for word in COMMON.read_text(encoding="ascii").split()
        for span in VOCABULARY.spans(typed(word))
        if not english.spans(typed(word))
    }

    assert found == MEANT_ALIKE


def test_words_that_only_ask_have_no_stem():
    assert stems_in("de", ("fur", "die")) == frozenset()
    assert stems_in("fr", ("mal", "a", "la", "tete")) == stems_in("fr", ("tete", "mal"))


def test_abbreviations_of_other_languages_count_in_capitals_only():
    assert [span.slug for span in VOCABULARY.spans(typed("TDAH"))] == ["adhd"]
    assert VOCABULARY.spans(typed("tdah")) == []


@given(st.from_regex(r"[a-zà-ÿ]{2,12}", fullmatch=True))
@example("looking")
@example("guyer")
def test_a_stem_keeps_the_first_two_letters_of_its_word(word):
    word = form_abroad(word)

    for language in LANGUAGES:
        (stem,) = stems_in(language, (word,)) or {word}
        assert stem[:2] == word[: len(stem[:2])]
