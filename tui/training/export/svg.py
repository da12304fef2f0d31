"""A drawing as SVG 1.1."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from tui.training.export.drawing import Area, Drawing, Path, Point, Words

_FONT = "DejaVu Sans, Helvetica, Arial, sans-serif"


def svg(drawing: Drawing, title: str) -> str:
    """The whole file. Text must be free of control characters (`tui.literal.literal`), which XML has no word for."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawing.width}" height="{drawing.height}" '
        f'viewBox="0 0 {drawing.width} {drawing.height}" font-family={quoteattr(_FONT)}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="100%" height="100%" fill={quoteattr(drawing.ground)}/>',
        *(_shape(each) for each in drawing.shapes),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _shape(shape: Path | Area | Words) -> str:
    match shape:
        case Path():
            dash = f' stroke-dasharray="{" ".join(map(_number, shape.dash))}"' if shape.dash else ""
            return (
                f'<polyline points="{_points(shape.points)}" fill="none" stroke={quoteattr(shape.colour)} '
                f'stroke-width="{_number(shape.width)}" stroke-linejoin="round" stroke-linecap="round"{dash}/>'
            )
        case Area():
            opacity = f' fill-opacity="{_number(shape.opacity)}"' if shape.opacity < 1 else ""
            return f'<polygon points="{_points(shape.points)}" fill={quoteattr(shape.colour)}{opacity}/>'
        case Words():
            x, y = shape.at
            bold = ' font-weight="bold"' if shape.bold else ""
            return (
                f'<text x="{_number(x)}" y="{_number(y)}" font-size="{_number(shape.size)}" '
                f'text-anchor="{shape.anchor}" fill={quoteattr(shape.colour)}{bold}>{escape(shape.text)}</text>'
            )


def _points(points: tuple[Point, ...]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
