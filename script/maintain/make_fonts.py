"""Merge the @fontsource subsets into one complete TTF per weight.

For maintainers only: the result is committed in certificates/designs/fonts (OFL, see THIRD_PARTY.md).

Usage: python script/maintain/make_fonts.py NODE_MODULES OUT_DIR, with @fontsource/{be-vietnam-pro,noto-serif-display,noto-serif-khmer} 5.3.0
No subset alone covers Vietnamese; latin + vietnamese + latin-ext does. Stops if a letter is missing.
"""

import io
import sys
import unicodedata
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont

FACES = {
    "be-vietnam-pro": ["400-normal", "600-normal"],
    "noto-serif-display": ["600-normal", "500-italic"],
    "tinos": ["400-normal", "400-italic", "700-normal", "700-italic"],
}
KHMER = ("noto-serif-khmer", "400-normal")
BASES = "aăâeêioôơuưy"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]


def vietnamese_letters():
    low = {unicodedata.normalize("NFC", base + tone) for base in BASES for tone in TONES} | {"đ"}
    return low | {letter.upper() for letter in low}


def subset(modules, family, part, face):
    font = TTFont(modules / "@fontsource" / family / "files" / f"{family}-{part}-{face}.woff2")
    font.flavor = None
    data = io.BytesIO()
    font.save(data)
    data.seek(0)
    return data


def main(modules, out):
    out.mkdir(parents=True, exist_ok=True)
    for family, faces in FACES.items():
        for face in faces:
            parts = [subset(modules, family, part, face) for part in ("latin", "vietnamese", "latin-ext")]
            font = Merger().merge(parts)
            missing = [c for c in sorted(vietnamese_letters()) if ord(c) not in font.getBestCmap()]
            if missing:
                sys.exit(f"{family} {face} lacks {''.join(missing)}")
            font.save(out / f"{family}-{face}.ttf")
    family, face = KHMER
    (out / f"{family}-{face}.ttf").write_bytes(subset(modules, family, "khmer", face).read())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
