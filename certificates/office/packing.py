"""Unsigned files as a ZIP that goes out while it is made: one file is in memory at a time."""

import zipfile
from collections.abc import Callable, Iterable, Iterator

from django.utils import timezone
from django.utils.text import slugify

from certificates import rendering
from certificates.models import Credential
from lib.refusals import Refusal
from lib.text import fold


class _Pipe:
    """What a ZIP is written into; it cannot go back."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def taken(self) -> bytes:
        data, self.waiting = b"".join(self.waiting), []
        return data


def file_name(credential: Credential) -> str:
    """Number and name, so that nobody has to open it to know whose it is, and the code, so that no two are the same."""
    said = slugify(fold(f"{credential.number.replace('/', '-')} {credential.evidence['name']}"))[:60]
    return f"{said}-{credential.code}.pdf"


def packed(
    credentials: Iterable[Credential], content: Callable[[Credential], bytes] = rendering.to_sign
) -> Iterator[bytes]:
    """One whose `content` is refused is represented by a text that says so."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        for credential in credentials:
            try:
                name, data = file_name(credential), content(credential)
            except Refusal as refusal:
                name, data = f"CHUA-CO-{credential.code}.txt", f"{credential.number}\n{refusal}\n".encode()
            info = zipfile.ZipInfo(name, timezone.localtime(credential.issued_at).timetuple()[:6])
            info.external_attr = 0o600 << 16
            archive.writestr(info, data)
            yield pipe.taken()
    yield pipe.taken()
