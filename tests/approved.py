"""Papers beside pictures that somebody looked at: the first page at 60 dpi, and the PNG in an `approved/` folder.

Tolerance: on average 1 of 255 a pixel, and 3 in 1,000 pixels that clearly differ (another version of a library smooths edges
otherwise); of sheets of black words half of one in 1,000, as a word is no more. A colour, a line moved by two millimetres or a mark too many is far beyond it (each file has its controls). A look that is
meant to change: run the file with APPROVE=1, look at the pictures, commit them.
"""

import os
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageStat

AVERAGE, CLEARLY, SHARE, SHARE_OF_WORDS = 1.0, 48, 0.003, 0.0005


def first_page(content: bytes) -> Image.Image:
    return pypdfium2.PdfDocument(content)[0].render(scale=60 / 72).to_pil().convert("RGB")


def is_alike(one: Image.Image, other: Image.Image, share: float = SHARE) -> bool:
    if one.size != other.size:
        return False
    apart = ImageChops.difference(one, other).convert("L")
    clearly = sum(apart.histogram()[CLEARLY:]) / (apart.width * apart.height)
    return ImageStat.Stat(apart).mean[0] <= AVERAGE and clearly <= share


def approved(path: Path) -> Image.Image:
    with Image.open(path) as opened:
        return opened.convert("RGB")


def is_as_approved(now: Image.Image, path: Path, share: float = SHARE) -> bool:
    if os.environ.get("APPROVE"):
        now.quantize(64).save(path, optimize=True)
    return is_alike(now, approved(path), share)
