"""Portraits of people who do not exist: patterns of hills, moons and rings, nothing of a face."""

import hashlib
from colorsys import hls_to_rgb
from functools import cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from directory.usecases.imports.intake import PICTURED as SIDE

# So few are drawn; who has the same one lives in another town as a rule.
PATTERNS = 12
# Every second one has one, and nobody after so many: a hundred thousand people need no pictures.
EVERY, LAST = 2, 600
FINER = 2  # drawn so many times larger, for smooth edges


def of(seed: int, number: int) -> tuple[str, int] | None:
    """The id of the portrait of a demo person, the same one each time, and its pattern."""
    if number > LAST or number % EVERY:
        return None
    said = f"the portrait of demo:{seed}:{number}"
    return hashlib.sha256(said.encode()).hexdigest()[:32], (number // EVERY) % PATTERNS


@cache
def drawn(pattern: int) -> bytes:
    """A pattern as a PNG file."""
    chance = Random(f"pattern {pattern}")  # noqa: S311  # nosec B311 - no secret
    hue, side = pattern / PATTERNS, SIDE * FINER
    image = Image.new("RGB", (side, side), _colour(hue, 0.86))
    draw = ImageDraw.Draw(image)
    x, y = side * chance.uniform(0.25, 0.75), side * chance.uniform(0.2, 0.4)
    for ring in range(5, 0, -1):
        reach = side * 0.09 * ring
        draw.ellipse(
            (x - reach, y - reach, x + reach, y + reach), fill=_colour(hue, 0.9 - ring / 60)
        )
    for hill in range(3):
        middle, reach = side * chance.uniform(0, 1), side * chance.uniform(0.7, 1.0)
        top = side * (0.55 + 0.13 * hill)
        draw.ellipse(
            (middle - reach, top, middle + reach, top + 2 * reach),
            fill=_colour(hue + 0.08, 0.62 - 0.14 * hill),
        )
    file = BytesIO()
    image.resize((SIDE, SIDE), Image.Resampling.LANCZOS).save(file, "PNG")
    return file.getvalue()


def _colour(hue: float, light: float) -> tuple[int, int, int]:
    red, green, blue = hls_to_rgb(hue % 1, light, 0.35)
    return round(red * 255), round(green * 255), round(blue * 255)
