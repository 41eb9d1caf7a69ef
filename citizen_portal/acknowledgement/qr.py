"""The code that a phone's camera reads."""

from __future__ import annotations

import io

import segno

# A quarter of the picture may be lost to a fold or a stamp (ISO/IEC 18004, level Q).
_ERROR_LEVEL = "q"
_QUIET_ZONE = 4


def qr_svg(text: str, *, scale: int = 4) -> str:
    """An SVG picture of `text` as a QR code: `scale` pixels a module, white ground and quiet zone included.

    It has a `viewBox`: a style sheet may give it another size, and the whole code grows with it.

    No style attributes, no ids, no XML declaration: it can stand inside a page or be a file. Raises ValueError when
    `text` is longer than a QR code can hold.
    """
    picture = io.BytesIO()
    code = segno.make_qr(text, error=_ERROR_LEVEL, boost_error=False)
    width, height = code.symbol_size(scale, _QUIET_ZONE)
    code.save(
        picture,
        kind="svg",
        scale=scale,
        border=_QUIET_ZONE,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        nl=False,
        # segno writes either a size or a viewBox.
        omitsize=True,
    )
    return picture.getvalue().decode().replace("<svg ", f'<svg width="{width}" height="{height}" ', 1)
