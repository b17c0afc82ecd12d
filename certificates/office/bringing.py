"""Files that somebody brings, one after another: single PDFs, or ZIPs of them. Nothing is unpacked to a disk.

A ZIP is judged by its end, before its list of files is read, and read with bounds: what claims little and unpacks to much is
found while it is read. At most one unpacked file is in memory.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

from django.utils.translation import gettext as _

MOST_FILES = 200
LARGEST_FILE = 5_000_000
LARGEST_ZIP = 200_000_000
LARGEST_LIST = 200_000  # bytes of a ZIP's list of files: room for some 2,000 names
LONGEST_END = 22 + 65_535  # what stands behind that list, with the longest comment
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


@dataclass(frozen=True)
class Brought:
    """A file with its content, or why it is not looked at."""

    name: str
    data: bytes = b""
    refused: str = ""


def brought(uploads: Iterable[Any]) -> Iterator[Brought]:
    left = MOST_FILES
    for upload in uploads:
        for one in _of(upload):
            if not left:
                yield Brought(
                    "…",
                    refused=_("Nhiều nhất %(most)s tệp một lần. Hãy tải phần còn lại lên lần sau.")
                    % {"most": MOST_FILES},
                )
                return
            left -= 1
            yield one


def _of(upload: Any) -> Iterator[Brought]:
    name = PurePosixPath(upload.name or "").name[:100]
    begin = upload.read(4)
    upload.seek(0)
    if begin == b"%PDF":
        yield _one(name, upload)
    elif begin[:2] == b"PK":
        yield from _zip(name, upload, upload.size)
    else:
        yield Brought(name, refused=_("Không phải tệp PDF hay ZIP."))


def _one(name: str, file: IO[bytes]) -> Brought:
    data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        return Brought(name, refused=_("Tệp lớn quá: nhiều nhất 5 MB."))
    if not data.startswith(b"%PDF"):
        return Brought(name, refused=_("Không phải tệp PDF."))
    return Brought(name, data)


def _zip(name: str, file: Any, size: int) -> Iterator[Brought]:
    damaged = Brought(name, refused=_("Không mở được tệp ZIP này: tệp bị hỏng, có mật khẩu hoặc chứa quá nhiều."))
    if size > LARGEST_ZIP or not _has_short_list(file, size):
        yield damaged
        return
    try:
        with zipfile.ZipFile(file) as packed:
            for entry in packed.infolist()[: MOST_FILES + 1]:
                if not entry.is_dir() and not _is_of_a_mac(entry.filename):
                    yield _entry(packed, entry)
    except BROKEN:
        yield damaged


def _has_short_list(file: Any, size: int) -> bool:
    """The list of files is read whole by `zipfile`: a million names must not get that far, nor a ZIP64, which may hide them."""
    file.seek(max(0, size - LONGEST_END - 20))
    end = file.read()
    at = end.rfind(b"PK\5\6")
    file.seek(0)
    is_64 = b"PK\6\7" in end[max(0, at - 20) : at] or b"PK\6\6" in end
    return (
        at >= 0
        and len(end) >= at + 22
        and not is_64
        and int.from_bytes(end[at + 12 : at + 16], "little") <= LARGEST_LIST
    )


def _is_of_a_mac(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(name).name == ".DS_Store"


def _entry(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Brought:
    name = PurePosixPath(entry.filename.replace("\\", "/")).name[:100]
    if why := _unwanted(entry):
        return Brought(name, refused=why)
    try:
        with packed.open(entry) as file:
            return _one(name, file)
    except BROKEN:
        return Brought(name, refused=_("Không đọc được tệp này trong ZIP: tệp bị hỏng."))


def _unwanted(entry: zipfile.ZipInfo) -> str:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in entry.filename:
        return _("Tên tệp không hợp lệ: trỏ tới chỗ nằm ngoài tệp ZIP.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        return _("Không phải tệp mà là lối tắt.")
    if entry.flag_bits & 1:
        return _("Tệp có mật khẩu.")
    # The other ways of packing have no bound on what one read unpacks.
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return _("Tệp nén theo cách lạ. Hãy nén lại bằng ZIP thường.")
    return _("Tệp lớn quá: nhiều nhất 5 MB.") if entry.file_size > LARGEST_FILE else ""
