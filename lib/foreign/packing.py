"""Packed files of other people, opened with bounds: what unpacks without end is not unpacked."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from . import foreign_xml
from .refused import UnreadableError

MOST_FILES = 3_000
LARGEST = 200_000_000  # bytes of all together when unpacked
_AT_ONCE = 1_000_000


@contextmanager
def opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """Raises UnreadableError for what is no such file, too large, or names a place outside of itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            _check(packed)
            yield packed
    # All that `zipfile` says of a file that is damaged, packed in a way that it does not know, or locked by a password.
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise UnreadableError(
            _("Không mở được tệp nén này: tệp bị hỏng hoặc có mật khẩu. Hãy xuất lại rồi chọn lại.")
        ) from error


def _check(packed: zipfile.ZipFile) -> None:
    files = packed.infolist()
    if len(files) > MOST_FILES or sum(file.file_size for file in files) > LARGEST:
        raise UnreadableError(_("Tệp nén này chứa quá nhiều. Hãy chia nhỏ rồi tải lên."))
    for file in files:
        if is_outside(file.filename):
            raise UnreadableError(
                _("Trong tệp nén có tên “%(name)s” chỉ ra ngoài tệp, nên chưa đọc.") % {"name": file.filename[:80]}
            )


def is_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name


def part(packed: zipfile.ZipFile, name: str, largest: int) -> bytes:
    """Raises UnreadableError for a part that is not there or larger than it may be, whatever its entry says."""
    try:
        with packed.open(name) as file:
            content = file.read(largest + 1)
    except KeyError as error:
        raise UnreadableError(_("Trong tệp nén không có “%(name)s”.") % {"name": name[:80]}) from error
    if len(content) > largest:
        raise UnreadableError(_("“%(name)s” trong tệp nén lớn quá nên chưa đọc.") % {"name": name[:80]})
    return content


def holds_too_much(packed: zipfile.ZipFile, largest: int) -> bool:
    """For those who read a packed file by themselves: more bytes, or more elements of XML, than are read."""
    files = packed.infolist()
    if sum(file.file_size for file in files) > largest:
        return True
    return sum(_elements(packed, file) for file in files) > foreign_xml.MOST_ELEMENTS


def _elements(packed: zipfile.ZipFile, file: zipfile.ZipInfo) -> int:
    with packed.open(file) as part:
        return sum(map(foreign_xml.elements_in, iter(lambda: part.read(_AT_ONCE), b"")))


def names(data: bytes) -> set[str]:
    """What a packed file holds, to tell its kind; nothing for what cannot be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return set(packed.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError):
        return set()
