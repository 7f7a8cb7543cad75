"""The album: what is taken, what is refused, and that nothing but pixels comes through."""

import resource
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from threading import Event

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms, ImageOps

from directory.errors import Invalid
from directory.photos import CENTRED, MOST_BYTES, Album, Busy, Crop, draw, turns
from directory.photos.album import ROOT
from directory.photos.drawing import square_of

RED, GREEN, BLUE, YELLOW = (220, 20, 20), (20, 160, 20), (20, 20, 220), (220, 220, 20)
CANARY = b"GPS-CANARY-46.9480N"
FIRST = "0" * 32
NO_ID = (
    "",
    "../../../etc/passwd",
    "..",
    "a" * 31,
    "a" * 33,
    "A" * 32,
    "g" * 32,
    f"{'a' * 32}\n",
    f"{'a' * 30}/.",
    f"{'a' * 32}\x00",
    "%2e%2e%2f" + "a" * 23,
    "\u202e" + "a" * 31,
    "٣" * 32,
)


@pytest.fixture
def album(tmp_path) -> Album:
    return Album(tmp_path / "photos")


def quarters(size=(240, 240), mode="RGB") -> Image.Image:
    """Four colours: red and green above, blue and yellow below."""
    image = Image.new("RGB", (2, 2))
    for place, colour in zip(
        ((0, 0), (1, 0), (0, 1), (1, 1)), (RED, GREEN, BLUE, YELLOW), strict=True
    ):
        image.putpixel(place, colour)
    return image.resize(size, Image.Resampling.NEAREST).convert(mode)


def encoded(image: Image.Image, kind="JPEG", **options) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def drawn(data: bytes, crop: Crop = CENTRED) -> dict[tuple[int, str], Image.Image]:
    return {(one.size, one.ext): Image.open(BytesIO(one.data)) for one in draw(data, crop)}


def corners(image: Image.Image) -> list[str]:
    names = {RED: "red", GREEN: "green", BLUE: "blue", YELLOW: "yellow", (255, 255, 255): "white"}
    far = image.width - image.width // 8

    def nearest(pixel):
        return min(names, key=lambda c: sum(abs(a - b) for a, b in zip(c, pixel, strict=True)))

    near, seen = image.width // 8, image.convert("RGB")
    places = ((near, near), (far, near), (near, far), (far, far))
    return [names[nearest(seen.getpixel(place))] for place in places]


UPRIGHT = ["red", "green", "blue", "yellow"]


def refusal(data: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        list(draw(data, CENTRED))
    return str(refused.value.fields["photo"][0])


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG that says it is that large, black and white."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def webp_header(width: int, height: int) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + size + bytes(40)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_a_photo_is_kept_in_three_sizes_and_three_formats(album):
    kept = album.keep(encoded(quarters((700, 900))))

    assert (kept.width, kept.height) == (640, 640)
    assert album.sizes_of(kept.id) == (160, 320, 640)
    files = sorted(path.name for path in album.folder.rglob("*") if path.is_file())
    assert files == sorted(
        f"{kept.id}-{size}.{ext}" for size in (160, 320, 640) for ext in ("avif", "jpg", "webp")
    )
    for size in (160, 320, 640):
        for ext, kind in (("avif", "AVIF"), ("webp", "WEBP"), ("jpg", "JPEG")):
            with Image.open(album.path(kept.id, size, ext)) as image:
                assert (image.format, image.size, image.mode) == (kind, (size, size), "RGB")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "MPO"])
def test_what_phones_and_programs_save_is_read(kind):
    more = {"save_all": True, "append_images": [quarters()]} if kind == "MPO" else {}

    assert corners(drawn(encoded(quarters(), kind, **more))[160, "jpg"]) == UPRIGHT


def test_a_small_photo_is_not_scaled_up_and_answers_for_larger_sizes(album):
    kept = album.keep(encoded(quarters((330, 400))))

    assert kept.width == 320
    assert album.sizes_of(kept.id) == (160, 320)
    assert album.path(kept.id, 640, "webp") == album.path(kept.id, 320, "webp")


def test_a_removed_photo_is_gone_and_removing_it_again_is_no_error(album):
    kept = album.keep(encoded(quarters()))

    album.remove(kept.id)
    album.remove(kept.id)

    assert [path for path in album.folder.rglob("*") if path.is_file()] == []
    assert album.path(kept.id, 160, "jpg") is None


@pytest.mark.parametrize("photo_id", NO_ID)
def test_an_id_that_is_none_finds_and_removes_nothing(album, photo_id):
    outside = album.folder.parent / "passwd"
    outside.write_text("stays")

    album.remove(photo_id)

    assert outside.exists()
    assert album.sizes_of(photo_id) == ()
    assert album.path(photo_id, 160, "jpg") is None


def test_a_size_or_kind_that_we_do_not_make_is_not_there(album):
    kept = album.keep(encoded(quarters()))

    for size, ext in ((161, "jpg"), (0, "jpg"), (-160, "jpg"), (160, "php")):
        assert album.path(kept.id, size, ext) is None
    path = album.path(kept.id, 160, "jpg")
    assert path == album.folder / kept.id[:2] / f"{kept.id}-160.jpg"
    assert path.stat().st_size > 100


@contextmanager
def full_disk(most: int):
    """No file can grow beyond `most` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_nothing_half(album):
    noise = Image.effect_noise((330, 330), 90)

    with full_disk(8_000), pytest.raises(OSError, match="File too large"):
        album.keep(encoded(noise))

    assert [path for path in album.folder.rglob("*") if path.is_file()] == []
    assert list(album.folder.glob(".new-*")) == []


def test_what_a_broken_off_process_left_is_found_and_cleared(album):
    kept = album.keep(encoded(quarters()))
    left = album.folder / f".new-{FIRST}"
    left.mkdir()
    (left / "160.jpg").write_bytes(b"half")
    now = datetime.now(UTC)

    album.clear(before=now - timedelta(hours=1))
    assert left.exists()
    assert album.ids(before=now - timedelta(hours=1)) == set()

    album.clear(before=now + timedelta(hours=1))
    assert not left.exists()
    assert album.ids(before=now + timedelta(hours=1)) == {kept.id}


def test_a_file_of_320_pixels_is_about_15_kilobytes():
    grain = Image.effect_noise((700, 700), 18).convert("RGB")
    face = Image.blend(quarters((700, 700)).resize((700, 700)), grain, 0.3)

    sizes = {(one.size, one.ext): len(one.data) for one in draw(encoded(face), CENTRED)}

    assert all(sizes[320, ext] < 25_000 for ext in ("avif", "webp", "jpg"))


# What is refused, and why.


def jpeg_header(width: int, height: int) -> bytes:
    """A small JPEG that says it is larger."""
    small, size = encoded(quarters()), struct.pack(">HH", 240, 240)
    return small.replace(size, struct.pack(">HH", height, width), 1)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "not a picture"),
        (b"%PDF-1.7\n1 0 obj", "not a picture"),
        (b"<!doctype html><script>alert(1)</script>", "not a picture"),
        (b"GIF89a" + bytes(100), "not a picture"),
        (b"PK\x03\x04" + bytes(100), "not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "not a picture"),
        (b"\xff\xd8\xff" + bytes(100), "not a picture"),
        (b"\xff\xd8\xff<?php system('id');", "not a picture"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100), "HEIC"),
        (encoded(quarters((199, 800))), "too small"),
        (encoded(quarters((800, 199)), "PNG"), "too small"),
        (png(12_001, 300), "12000 pixels"),
        (png(50_000, 50_000), "pixels"),
        (png(4_100, 4_000), "16 million pixels"),
        (webp_header(16_000, 16_000), "40 million pixels"),
        (webp_header(8_000, 7_000), "40 million pixels"),
        (jpeg_header(8_000, 7_000), "40 million pixels"),
    ],
    ids=lambda value: repr(value[:12]) if isinstance(value, bytes) else value,
)
def test_what_is_no_fitting_photo_is_refused_with_words(data, words):
    assert words in refusal(data)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "PPM", "PDF", "EPS", "JPEG2000"])
def test_a_picture_of_another_kind_is_refused_whatever_it_is_called(album, kind):
    with pytest.raises(Invalid, match="not a picture"):
        album.keep(encoded(quarters(), kind))


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_a_moving_picture_is_refused(kind):
    moving = encoded(quarters(), kind, save_all=True, append_images=[quarters().rotate(90)])

    assert "moves" in refusal(moving)


def test_too_many_bytes_are_refused_before_anything_reads_them(album):
    with pytest.raises(Invalid, match="larger than 12 MB"):
        album.keep(b"\xff\xd8\xff" + bytes(MOST_BYTES))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_truncated_file_is_refused(kind):
    whole = encoded(Image.effect_noise((300, 300), 80), kind)

    for share in (0.2, 0.6, 0.9):
        assert refusal(whole[: int(len(whole) * share)])


BOMB = """
import resource, sys
from directory.errors import Invalid
from directory.photos import CENTRED, draw
data = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    list(draw(data, CENTRED))
except Invalid as refused:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, refused)
"""


@pytest.mark.parametrize(
    "bomb",
    [png(50_000, 50_000, bytes(20_000_000)), png(11_000, 11_000), webp_header(16_000, 16_000)],
    ids=["50k PNG", "11k PNG", "16k WebP"],
)
def test_a_pixel_bomb_is_refused_from_its_header_without_memory(bomb):
    ended = subprocess.run(
        [sys.executable, "-c", BOMB], input=bomb, capture_output=True, cwd=ROOT, check=True
    )

    grown, words = ended.stdout.decode().split(" ", 1)
    assert "pixels" in words
    assert int(grown) < 4_000  # kB


def test_a_file_that_takes_too_long_is_refused(album, monkeypatch):
    monkeypatch.setattr("directory.photos.album.SECONDS", 0.01)

    with pytest.raises(Invalid, match="took too long"):
        album.keep(encoded(quarters()))


def test_the_process_that_draws_has_bounds():
    probe = (
        "import os, resource; from directory.photos.__main__ import _limit; _limit();"
        "print(os.nice(0), resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CPU)[0])"
    )

    ended = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, cwd=ROOT, env={}, check=True
    )

    assert ended.stdout.split() == ["10", "1500000000", "12"]


# Nothing but pixels comes through.


def tails() -> dict[str, bytes]:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("evil.class", CANARY)
    return {
        "zip or GIFAR": archive.getvalue(),
        "html": b"<html><script>alert('" + CANARY + b"')</script></html>",
        "php": b"<?php system($_GET['c']); /* " + CANARY + b" */ ?>",
    }


@pytest.mark.parametrize("tail", tails())
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_hangs_on_behind_a_picture_is_left_behind(kind, tail):
    data = encoded(quarters(), kind) + tails()[tail]

    for one in draw(data, CENTRED):
        assert CANARY not in one.data
        assert b"PK\x03\x04" not in one.data
        assert b"<script" not in one.data
        assert b"<?php" not in one.data
        assert not zipfile.is_zipfile(BytesIO(one.data))


def with_everything(kind: str) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = CANARY.decode()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = CANARY.decode()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    more = {"comment": CANARY, "quality": 90} if kind == "JPEG" else {}
    image = quarters((400, 400))
    return encoded(image, kind, exif=exif, icc_profile=profile, xmp=b"<x>" + CANARY, **more)


def is_clean(image: Image.Image) -> bool:
    image.load()
    harmless = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
    harmless |= {"loop", "background", "timestamp", "duration"}  # WebP and AVIF have no others
    return not image.getexif() and set(image.info) <= harmless and image.width == image.height


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_position_author_profile_and_comment_are_dropped(kind):
    data = with_everything(kind)
    if kind != "PNG":  # which packs them
        assert CANARY in data

    for one in draw(data, CENTRED):
        assert CANARY not in one.data
        assert is_clean(Image.open(BytesIO(one.data)))


def is_refused_or_clean(data: bytes) -> bool:
    try:
        files = drawn(data)
    except Invalid as refused:
        return set(refused.fields) == {"photo"}
    return bool(files) and all(is_clean(image) for image in files.values())


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"]))
def test_any_bytes_are_refused_or_give_clean_pictures(rest, start):
    assert is_refused_or_clean(start + rest)


SOUND = [encoded(quarters((200, 210)), kind) for kind in ("JPEG", "PNG", "WEBP", "AVIF")]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(SOUND),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=4),
)
def test_a_damaged_picture_is_refused_or_gives_clean_pictures(data, damage):
    broken = bytearray(data)
    for place, value in damage:
        broken[place % len(broken)] = value

    assert is_refused_or_clean(bytes(broken))


# How it looks.


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("crop", [Crop(0, 0, 0.6), Crop(1, 0.3, 0.9)])
def test_the_crop_is_of_the_picture_as_it_is_seen(orientation, crop):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    data = encoded(quarters((300, 420)), "PNG", exif=exif)

    image = drawn(data, crop)[160, "jpg"]

    with Image.open(BytesIO(data)) as stored:
        seen = ImageOps.exif_transpose(stored)
    x, y, side = square_of(seen.size, crop)
    expected = seen.resize((160, 160), Image.Resampling.LANCZOS, box=(x, y, x + side, y + side))
    assert corners(image) == corners(expected)


def test_a_large_jpeg_is_cropped_where_it_should_be_though_it_is_decoded_smaller():
    data = encoded(quarters((5200, 2600)))

    def smallest(crop: Crop) -> Image.Image:
        return Image.open(BytesIO(next(draw(data, crop)).data))

    assert corners(smallest(Crop(0, 0))) == ["red", "red", "blue", "blue"]
    assert corners(smallest(Crop(1, 0))) == ["green", "green", "yellow", "yellow"]
    assert corners(smallest(Crop(0.5, 0.5, 0.99))) == UPRIGHT


@settings(max_examples=100)
@given(
    st.tuples(st.integers(200, 12_000), st.integers(200, 12_000)),
    st.builds(Crop, st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)),
)
def test_every_crop_is_a_square_inside_the_picture_of_160_pixels_or_more(size, crop):
    x, y, side = square_of(size, crop)

    assert side >= 160
    assert -1e-6 <= x <= size[0] - side + 1e-6
    assert -1e-6 <= y <= size[1] - side + 1e-6


@pytest.mark.parametrize("value", [-0.01, 1.01, float("nan"), float("inf")])
def test_a_crop_beyond_the_picture_is_none(value):
    for place in ((value, 0, 1), (0, value, 1), (0, 0, value)):
        with pytest.raises(ValueError, match="between 0 and 1"):
            Crop(*place)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_stands_on_white(mode):
    image = quarters((240, 240), "RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 120, 120))

    seen = drawn(encoded(image.convert(mode), "PNG"))[160, "webp"]

    assert corners(seen)[0] == "white"


@pytest.mark.parametrize("mode", ["1", "L", "CMYK", "I;16"])
def test_pictures_of_every_depth_are_read(mode):
    grey = Image.new("L", (240, 240), 64)
    image = Image.new("I;16", (240, 240), 64 * 257) if mode == "I;16" else grey.convert(mode)

    seen = drawn(encoded(image, "JPEG" if mode == "CMYK" else "PNG"))[160, "jpg"]

    assert seen.mode == "RGB"
    if mode != "1":
        assert all(abs(value - 64) < 6 for value in seen.getpixel((80, 80)))


def test_colours_of_another_profile_become_srgb():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB", 5000)).tobytes()
    grey = Image.new("RGB", (240, 240), (200, 100, 50))
    swapped = encoded(grey, "PNG", icc_profile=swapped_profile())

    assert drawn(encoded(grey, "PNG", icc_profile=profile))  # of no use for RGB: left out
    assert drawn(encoded(grey, "PNG", icc_profile=b"no profile at all"))
    red, _, blue = drawn(swapped)[160, "webp"].getpixel((80, 80))
    assert blue > red


def swapped_profile() -> bytes:
    """sRGB with red and blue exchanged."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.find(b"rXYZ"), profile.find(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


HOLDS = """
import sys, time
from pathlib import Path
from directory.photos.turns import turn
with turn(Path(sys.argv[1])) as ours:
    print(ours, flush=True)
    time.sleep(60)
"""


def test_while_another_process_draws_one_waits_and_then_is_told(album, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.2)
    command = [sys.executable, "-c", HOLDS, str(album.folder.with_suffix(".lock"))]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "True\n"
        began = time.monotonic()
        with pytest.raises(Busy, match="Try again in a minute"):
            album.keep(encoded(quarters()))
        waited = time.monotonic() - began
        other.kill()  # and gives its turn back by that

    assert waited >= 0.2
    assert not album.folder.exists()
    assert album.keep(encoded(quarters())).id


def test_of_one_process_never_more_than_two_wait_for_photos(album, monkeypatch):
    lock, inside, done = album.folder.with_suffix(".lock"), Event(), Event()

    def draws() -> bool:
        with turns.turn(lock) as ours:
            inside.set()
            done.wait(30)
            return ours

    def waits() -> bool:
        with turns.turn(lock) as ours:
            return ours

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(draws)
        inside.wait(30)
        second = threads.submit(waits)
        while turns._places._value:
            time.sleep(0.01)
        third = waits()  # at once
        done.set()

    assert (first.result(), second.result(), third) == (True, True, False)
