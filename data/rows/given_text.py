"""Text that a person gives for a row, made into bytes that leave the rows around it whole."""

from __future__ import annotations

from data.rows.codec import EMPTY, Codec, EditError


def row_bytes(text: str, codec: Codec) -> bytes:
    """The bytes of a row's text. Raises EditError for a text that would be no row, or more than one."""
    text = text.strip("\r\n")
    if not text:
        raise EditError(EMPTY)
    text = codec.given(text)
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise EditError(f"holds half a character (U+{ord(text[error.start]):04X}), which no file can hold") from error
