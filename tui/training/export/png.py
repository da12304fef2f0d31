"""A drawing as PNG, painted with Pillow, which is imported only here."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

from tui.training.export.drawing import Area, Drawing, Path, Point, Words

if TYPE_CHECKING:
    from PIL import ImageFont

SCALE = 2
"""Pixels a point, for screens of fine resolution."""
_FINER = 2
"""It is painted so many times larger and then made smaller, for Pillow's lines have jagged edges."""
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


def png(drawing: Drawing) -> bytes:
    """The whole file."""
    from PIL import Image, ImageDraw

    factor = SCALE * _FINER
    image = Image.new("RGB", (drawing.width * factor, drawing.height * factor), drawing.ground)
    pen = ImageDraw.Draw(image, "RGBA")
    fonts: dict[tuple[float, bool], ImageFont.FreeTypeFont | ImageFont.ImageFont] = {}
    for shape in drawing.shapes:
        match shape:
            case Path():
                for points in _strokes(shape):
                    scaled = [(x * factor, y * factor) for x, y in points]
                    pen.line(scaled, fill=shape.colour, width=max(round(shape.width * factor), 1), joint="curve")
            case Area():
                fill = (*_rgb(shape.colour), round(shape.opacity * 255))
                pen.polygon([(x * factor, y * factor) for x, y in shape.points], fill=fill)
            case Words():
                key = (shape.size, shape.bold)
                font = fonts.setdefault(key, _font(shape.size * factor, shape.bold))
                x, y = shape.at
                pen.text(
                    (x * factor, y * factor), shape.text, fill=shape.colour, font=font, anchor=_ANCHORS[shape.anchor]
                )
    smaller = image.resize((drawing.width * SCALE, drawing.height * SCALE), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    smaller.save(file, "PNG", optimize=True)
    return file.getvalue()


def _font(size: float, bold: bool) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font that the SVG names first where this machine has it, for it knows more letters; else Pillow's own."""
    from PIL import ImageFont

    try:
        return ImageFont.truetype("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf", round(size))
    except OSError:
        return ImageFont.load_default(round(size))


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _strokes(path: Path) -> list[list[Point]]:
    """The pieces of a line that are painted; Pillow knows no dashes."""
    if not path.dash:
        return [list(path.points)]
    strokes: list[list[Point]] = []
    index, left, painting = 0, path.dash[0], True
    current: list[Point] = [path.points[0]]
    for start, end in zip(path.points, path.points[1:], strict=False):
        (x, y), length = start, math.dist(start, end)
        while length > left:
            share = left / length
            x, y = x + (end[0] - x) * share, y + (end[1] - y) * share
            length -= left
            if painting:
                strokes.append([*current, (x, y)])
            painting, index = not painting, (index + 1) % len(path.dash)
            left, current = path.dash[index], [(x, y)]
        left -= length
        current.append(end)
    if painting and len(current) > 1:
        strokes.append(current)
    return strokes
