"""Files that Moodle packs with a question, and where its words show them."""

import base64
import binascii
import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import quote, unquote
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

_REFERENCE = re.compile(
    r"""(?<=")@@PLUGINFILE@@/([^"<>]+)|(?<=')@@PLUGINFILE@@/([^'<>]+)|@@PLUGINFILE@@/([^\s"')>]+)"""
)
_INLINE = re.compile(r"data:image/(png|jpe?g|gif|webp);base64,([A-Za-z0-9+/=\s%]+)")
_MARK = "\ue102"  # before the name of a packed file while words are turned: nobody writes it, as somebody may "tep:"
_SHOWN = re.compile(rf"!\[([^\]]*)\]\({_MARK}([^)\s]+)(?:\s+\"[^)]*\")?\)")
_LEFT = re.compile(rf"{_MARK}([\w.~%-]*)")


@dataclass
class Files:
    """By one name for both sides: words write it with %20 and the like, the file as it is."""

    packed: dict[str, bytes] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    wanted: list[str] = field(default_factory=list)

    def keep(self, element: Element) -> None:
        for file in element.findall("file"):
            name = _name(f"{file.get('path', '')}{file.get('name', '')}")
            self.packed.pop(name, None)
            self._pack(name, file.text or "")

    def _pack(self, name: str, written: str) -> None:
        """A broken or empty file is none: then the words that show it say so."""
        try:
            content = base64.b64decode(written, validate=False)
        except (binascii.Error, ValueError):
            return
        if content:
            self.packed[name] = content

    def addressed(self, raw: str) -> str:
        """Words of Moodle in which a marked name stands where a file was named, or written out."""
        return _REFERENCE.sub(self._address, _INLINE.sub(self._unpacked, raw))

    def settled(self, words: str) -> str:
        """Markdown in which only pictures that are there are still shown; of the others the description stays."""
        return _LEFT.sub(lambda found: unquote(found[1]), _SHOWN.sub(self._picture, words))

    def pictures(self) -> dict[str, bytes]:
        return {name: content for name, content in self.packed.items() if name in self.shown}

    def losses(self) -> list[str]:
        lost = [name for name in dict.fromkeys(self.wanted) if name not in self.shown]
        return [
            _("Hình “%(name)s” không nhập được: không có trong tệp, bị hỏng, hoặc không phải hình.")
            % {"name": unquote(name)}
            for name in lost
        ]

    def _address(self, found: re.Match[str]) -> str:
        name = _name(unescape(found[1] or found[2] or found[3]).partition("?")[0])
        self.wanted.append(name)
        return f"{_MARK}{name}"

    def _unpacked(self, found: re.Match[str]) -> str:
        """A picture that was pasted into the words gets a name of its own."""
        name = _name(f"{hashlib.sha256(found[2].encode()).hexdigest()[:12]}.{found[1]}")
        self._pack(name, unquote(found[2]))
        self.wanted.append(name)
        return f"{_MARK}{name}"

    def _picture(self, found: re.Match[str]) -> str:
        if found[2] not in self.packed:
            return found[1]
        self.shown.add(found[2])
        return f"![{found[1]}](tep:{found[2]})"


def _name(written: str) -> str:
    return quote(unicodedata.normalize("NFC", unquote(written)).strip("/ "), safe="")
