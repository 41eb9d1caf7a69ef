"""The code for a phone's camera, as a picture on a page."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
import typst
from PIL import Image

from citizen_portal.acknowledgement.qr import qr_svg
from tests.support.proofs import CHECK_URL, codes_in, picture


def drawn(svg: str) -> Image.Image:
    """The SVG as another program draws it, two pixels for each of its own, on grey."""
    page = '#set page(width: auto, height: auto, margin: 9pt, fill: gray)\n#image(bytes(sys.inputs.svg), format: "svg")'
    made = typst.compile(page.encode(), format="png", ppi=144, sys_inputs={"svg": svg}, ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return picture(made)


@pytest.mark.parametrize("scale", [2, 4, 10])
def test_a_camera_reads_what_was_put_in(scale: int) -> None:
    assert codes_in(drawn(qr_svg(CHECK_URL, scale=scale))) == [CHECK_URL]


def test_it_is_read_with_a_stamp_on_it() -> None:
    image = drawn(qr_svg(CHECK_URL))
    middle, stamp = image.width // 2, image.width // 16
    image.paste(128, (middle - stamp, middle - stamp, middle + stamp, middle + stamp))
    assert codes_in(image) == [CHECK_URL]


def test_it_can_stand_in_a_page_under_a_strict_policy() -> None:
    svg = qr_svg('https://example.nl/?a=1&b="><script>')
    assert not svg.startswith("<?xml")
    root = ET.fromstring(svg)
    assert {part.tag.rpartition("}")[2] for part in root.iter()} == {"svg", "g", "path"}
    assert not {name for part in root.iter() for name in part.attrib} & {"style", "id", "class", "onload", "href"}


def test_its_size_is_modules_times_scale_with_a_quiet_zone() -> None:
    small, large = (int(ET.fromstring(qr_svg("x", scale=scale)).attrib["width"]) for scale in (1, 5))
    # Version 1 has 21 modules; four of quiet zone stand on each side.
    assert (small, large) == (29, 145)


def test_it_grows_with_the_box_that_a_style_sheet_gives_it() -> None:
    root = ET.fromstring(qr_svg(CHECK_URL))
    assert root.attrib["viewBox"] == f"0 0 {root.attrib['width']} {root.attrib['height']}"


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="QR Code"):
        qr_svg("x" * 4000)
