"""What changed between two pictures of a page, and whether an eye sees it: contrast as WCAG 2.2 defines it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
from matplotlib.image import imread
from numpy.typing import NDArray

Picture = NDArray[np.float64]
"""Relative luminance of each pixel, 0 (black) to 1 (white)."""
SEEN = 3.0
"""The contrast from which a mark or a change is seen: WCAG 2.2, 1.4.11 and 2.4.13."""


def picture(png: bytes) -> Picture:
    """What Playwright's `screenshot` gave."""
    rgb: NDArray[Any] = imread(BytesIO(png), format="png")[:, :, :3].astype(np.float64)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    weighed: Picture = linear @ np.array([0.2126, 0.7152, 0.0722])
    return weighed


def seen_changes(before: Picture, after: Picture) -> int:
    """How many pixels are another colour now, with a contrast between then and now of at least SEEN."""
    lighter, darker = np.maximum(before, after), np.minimum(before, after)
    return int(np.count_nonzero((lighter + 0.05) / (darker + 0.05) >= SEEN))
