"""Which letters a file is in, and letters that were read wrong before it came here."""

import pytest

from directory.files.rosters import letters

GERMAN = "name;Ort;Land\nZoë Müller;Köln;Deutschland\nJörg Groß;Lübeck;Deutschland\n"
FRENCH = "nom;ville\nHélène François;Orléans\nNoël Lefèvre;Béziers\n"
POLISH = "name;miasto;kraj\nŁukasz Świętosławski;Łódź;Polska\n"
CZECH = "name;city;country\nJiří Dvořák;Plzeň;Czech Republic\n"
RUSSIAN = "имя;город\nИван Примеров;Казань\n"
GREEK = "name;city\nΓιώργος Παράδειγμα;Αθήνα\n"
TURKISH = "name;city;country\nIşıl Çağdaş;Eskişehir;Turkey\n"
JAPANESE = "氏名;市\n山田 太郎;東京\n佐藤 花子;大阪\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((GERMAN, one) for one in ("cp1252", "mac_roman", "cp850")),
        *((FRENCH, one) for one in ("cp1252", "mac_roman")),
        *((text, "cp1250") for text in (POLISH, CZECH)),
        (RUSSIAN, "cp1251"),
        (GREEK, "cp1253"),
        (TURKISH, "cp1254"),
        (JAPANESE, "cp932"),
        (POLISH, "iso8859_2"),
        (RUSSIAN, "koi8_r"),
        ("name;country\nJānis Bērziņš;Latvia\n", "cp1257"),
        ("name;country\nישראל ישראלי;Israel\n", "cp1255"),
        ("name;country\n王小明;China\n", "gb18030"),
        ("name;country\n김철수;South Korea\n", "cp949"),
        ("name;about\nZoe O’Hara;“Quiet” – and slow … 5 €\n", "cp1252"),
        ("name;about\nZoë O’Hara;“Quiet” – and slow … 5 €\n", "mac_roman"),
        ("nom;ville;province\nHélène Lefèvre;Saskatoon;SK\n", "cp1252"),
    ],
)
def test_the_encoding_is_the_one_in_which_names_look_like_names(text, encoding):
    read, notes = letters.decoded(text.encode(encoding))

    assert read == text
    assert "not UTF-8" in notes[0]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("text", [GERMAN, POLISH])
def test_unicode_is_read_with_and_without_a_mark(text, encoding):
    assert letters.decoded(text.encode(encoding)) == (text, [])


def test_a_file_of_two_encodings_is_read_line_by_line_and_said_to_be():
    lines = GERMAN.splitlines(keepends=True)
    content = lines[0].encode() + lines[1].encode("utf-8") + lines[2].encode("cp1252")

    read, notes = letters.decoded(content)

    assert read == GERMAN
    assert "two encodings" in notes[0]


@pytest.mark.parametrize(
    ("damaged", "meant"),
    [
        ("ZÃ¼rich", "Zürich"),
        ("ZÃƒÂ¼rich", "Zürich"),
        ("Z√ºrich", "Zürich"),
        ("Z├╝rich", "Zürich"),
        ("DvoÅ™Ã¡k", "Dvořák"),
        ("Siobh&aacute;n O&#39;Hara", "Siobhán O'Hara"),
        ("&amp;eacute;", "é"),
        ("£ukasz ¯ó³towski", "Łukasz Żółtowski"),
        ("MŸller", "Müller"),
        ("Zo‘", "Zoë"),
        ("M¸ller", "Müller"),
        ("Ìîñêâà", "Москва"),
        ("å±±ç”°", "山田"),
        ("Zo=C3=AB", "Zoë"),
        (r"Zo\u00eb", "Zoë"),
    ],
)
def test_letters_that_were_read_wrong_become_what_they_were(damaged, meant):
    text, how = letters.mended(damaged)

    assert text == meant
    assert how


@pytest.mark.parametrize(
    "text",
    [
        *("Łukasz Żółtowski", "FRANÇOIS", "José Ñandú", "10½ £20", "Hôtel de l‘Europe", "¿Qué?"),
        *("Nguyễn Văn", "Ægir Þór", "山田 太郎", "Straße", "col·lecció", "R & B", "a = b?"),
    ],
)
def test_letters_that_are_right_stay(text):
    assert letters.mended(text) == (text, "")


def test_letters_that_are_gone_are_noticed():
    assert [letters.lost(text) for text in ("M?ller", "Ren\ufffd", "Why?")] == [True, True, False]
