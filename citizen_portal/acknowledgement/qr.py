"""The code that a phone's camera reads."""

from __future__ import annotations

import io

import segno

# A quarter of the picture may be lost to a fold or a stamp (ISO/IEC 18004, level Q).
_ERROR_LEVEL = "q"
_QUIET_ZONE = 4


def qr_svg(text: str, *, scale: int = 4) -> str:
    """An SVG picture of `text` as a QR code: `scale` pixels a module, white ground and quiet zone included.

    No style attributes, no ids, no XML declaration: it can stand inside a page or be a file. Raises ValueError when
    `text` is longer than a QR code can hold.
    """
    picture = io.BytesIO()
    segno.make_qr(text, error=_ERROR_LEVEL, boost_error=False).save(
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
    )
    return picture.getvalue().decode()
