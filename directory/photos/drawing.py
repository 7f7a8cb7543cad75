"""From a picture to small squares that say nothing else: judge the header, decode, draw anew."""

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO

from PIL import AvifImagePlugin, ExifTags, Image, ImageCms

from directory.errors import DirectoryError, Invalid
from directory.said import Said, said

MOST_BYTES = 12_000_000
MOST_PIXELS = 40_000_000
# What is no JPEG must be decoded whole, and a hundred kilobytes can be that many pixels.
MOST_WHOLE_PIXELS = 16_000_000
LONGEST_SIDE = 12_000
SHORTEST_SIDE = 200
SIZES = (160, 320, 640)
# At 320 pixels: about 15 KB as JPEG, 10 as WebP and AVIF.
FORMATS: dict[str, dict[str, object]] = {
    "avif": {"quality": 60, "speed": 6, "max_threads": 1},
    "webp": {"quality": 76, "method": 4},
    "jpg": {"format": "JPEG", "quality": 78, "optimize": True, "progressive": True},
}
READABLE = ("JPEG", "PNG", "WEBP", "AVIF")
# These can be decoded at a fraction of their size.
REDUCED = ("JPEG", "MPO")
WHITE = (255, 255, 255)

UNREADABLE = said(
    "This file is not a picture that we can read. Choose a photo saved as JPEG, PNG or WebP."
)
HEIC = said(
    "This seems to be an iPhone photo in the HEIC format, which we cannot read."
    " Save it as JPEG, or take a screenshot of it, and choose that."
)
TOO_HEAVY = said(
    "This photo is larger than %(most)s MB. Choose a smaller one.", most=MOST_BYTES // 1_000_000
)
TOO_BIG = said(
    "This photo has more than %(most)s million pixels. Choose a smaller one.",
    most=MOST_PIXELS // 1_000_000,
)
TOO_BIG_WHOLE = said(
    "This picture has more than %(most)s million pixels. Save it as JPEG, or choose a smaller one.",
    most=MOST_WHOLE_PIXELS // 1_000_000,
)
TOO_LONG = said(
    "This photo is longer than %(most)s pixels on one side. Choose a smaller one.",
    most=LONGEST_SIDE,
)
TOO_SMALL = said(
    "This photo is too small. Choose one with at least %(least)s pixels on each side.",
    least=SHORTEST_SIDE,
)
MOVING = said("This picture moves. Choose a photo that stands still.")
TOO_SLOW = said("This photo took too long to read. Save it again as JPEG, and choose that.")
BUSY = said("Other photos are being worked on just now. Try again in a minute.")
REFUSALS = (
    *(UNREADABLE, HEIC, TOO_HEAVY, TOO_BIG, TOO_BIG_WHOLE, TOO_LONG, TOO_SMALL, MOVING),
    *(TOO_SLOW, BUSY),
)


@dataclass(frozen=True, slots=True)
class Crop:
    """A square of a picture as it is seen, upright.

    `x` and `y` place its corner: 0 is the left (the top) edge, 1 as far right (down) as the
    square can go. `size` is its side as a share of the picture's shorter side. All within
    0 and 1; anything else raises ValueError.
    """

    x: float
    y: float
    size: float = 1.0

    def __post_init__(self) -> None:
        if not all(0 <= value <= 1 for value in (self.x, self.y, self.size)):
            raise ValueError("A crop lies between 0 and 1.")


# Faces are more often above the middle than below it.
CENTRED = Crop(0.5, 0.25)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One new file of a portrait."""

    size: int
    ext: str
    data: bytes


def refused(words: Said) -> Invalid:
    """The error that says so beside the field `photo`."""
    return Invalid({"photo": [words]})


def draw(data: bytes, crop: Crop) -> Iterator[Drawn]:
    """A picture as new square files, made from its pixels alone, never larger than it was.

    Sizes and kind are judged by the header, before anything is decoded. Raises Invalid.
    """
    with _opened(data) as image:
        square = _square(image, crop)
        for size in SIZES:
            if size <= square.width:
                small = square.resize((size, size), Image.Resampling.LANCZOS)
                for ext, options in FORMATS.items():
                    yield Drawn(size, ext, _encoded(small, ext, options))


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    # Pillow itself refuses twice this number, in part before our own look at the size.
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(data), formats=READABLE) as image:
                _check_header(image)
                yield image
    except DirectoryError:
        raise
    except Image.DecompressionBombError:
        raise refused(TOO_BIG) from None
    except Exception:  # a broken file breaks its decoder in ways that nobody can list
        raise refused(HEIC if data[4:8] == b"ftyp" else UNREADABLE) from None


def _check_header(image: Image.Image) -> None:
    if max(image.size) > LONGEST_SIDE:
        raise refused(TOO_LONG)
    pixels = image.width * image.height
    if image.format not in REDUCED and pixels > MOST_WHOLE_PIXELS:
        raise refused(TOO_BIG_WHOLE)
    if pixels > MOST_PIXELS:
        raise refused(TOO_BIG)
    if min(image.size) < SHORTEST_SIDE:
        raise refused(TOO_SMALL)
    # Phones hide further pictures behind a JPEG (MPO); the first one is the photo.
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise refused(MOVING)


def square_of(size: tuple[int, int], crop: Crop) -> tuple[float, float, float]:
    """Where a crop lies in a picture of that size, in pixels: left, top, side.

    Never less than the smallest size that we write, so that nothing is scaled up.
    """
    width, height = size
    side = max(crop.size * min(size), SIZES[0])
    return crop.x * (width - side), crop.y * (height - side), side


def _square(image: Image.Image, crop: Crop) -> Image.Image:
    """The chosen square in sRGB on white, upright, as large as we need it."""
    turn = _turn(image)
    turned = turn is not None and turn in _SIDEWAYS
    width, height = image.size
    x, y, side = square_of((height, width) if turned else (width, height), crop)
    target = max(size for size in SIZES if size <= side)
    # A JPEG can be decoded at a fraction of its size: less memory, less time.
    enough = 2 * target / side
    image.draft(None, (math.ceil(width * enough), math.ceil(height * enough)))
    box = _lying((width, height), (x, y, side), turn)
    scale = image.width / width, image.height / height
    small = _plain(image).resize(
        (target, target),
        Image.Resampling.LANCZOS,
        box=(box[0] * scale[0], box[1] * scale[1], box[2] * scale[0], box[3] * scale[1]),
        reducing_gap=3.0,
    )
    upright = _coloured(small, image.info.get("icc_profile"))
    return upright if turn is None else upright.transpose(turn)


# EXIF's orientation: what turns the stored picture upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = frozenset(_TURNS[number] for number in (5, 6, 7, 8))
# Whether a turn, once its axes are those of the stored picture, runs from right, from below.
_BACKWARDS = {
    _TURNS[2]: (True, False),
    _TURNS[3]: (True, True),
    _TURNS[4]: (False, True),
    _TURNS[5]: (False, False),
    _TURNS[6]: (False, True),
    _TURNS[7]: (True, True),
    _TURNS[8]: (True, False),
}


def _turn(image: Image.Image) -> Image.Transpose | None:
    # Orientation is a hint: one that cannot be read is none.
    with suppress(Exception):
        return _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    return None


def _lying(
    stored: tuple[int, int], square: tuple[float, float, float], turn: Image.Transpose | None
) -> tuple[float, float, float, float]:
    """The box in the stored picture that shows as `square` in the upright one."""
    x, y, side = square
    if turn is not None:
        if turn in _SIDEWAYS:
            x, y = y, x
        from_right, from_below = _BACKWARDS[turn]
        x = stored[0] - side - x if from_right else x
        y = stored[1] - side - y if from_below else y
    x, y = max(x, 0.0), max(y, 0.0)
    return x, y, min(x + side, stored[0]), min(y + side, stored[1])


def _plain(image: Image.Image) -> Image.Image:
    """The picture in a mode that can be scaled smoothly."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        return image if image.mode in ("RGBA", "LA") else image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _coloured(image: Image.Image, profile: bytes | None) -> Image.Image:
    """On white, in sRGB, and with none of what came along with the pixels."""
    if image.mode in ("RGBA", "LA"):
        alpha = image.getchannel("A")
        flat = Image.new("RGB", image.size, WHITE)
        flat.paste(image.convert("RGB"), mask=alpha)
        image = flat
    if profile:
        # A profile that cannot be used is none.
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            image = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB") or image
    clean = Image.new("RGB", image.size, WHITE)
    clean.paste(image.convert("RGB"))
    return clean


def _encoded(image: Image.Image, ext: str, options: dict[str, object]) -> bytes:
    file = BytesIO()
    image.save(file, **({"format": ext.upper()} | options))  # type: ignore[arg-type]
    return file.getvalue()
