"""Parts of a file: a phone that jumps within a video asks for a few bytes, and would otherwise get all from the start."""

import re
from collections.abc import Callable, Iterator
from functools import wraps
from itertools import count
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

CHUNK = 64 * 1024
_ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
type View = Callable[..., HttpResponseBase]


def in_parts(view: View) -> View:
    """Answers a single range with 206 or 416. Several ranges, or one of an older file (If-Range), get the whole, as HTTP allows."""

    @wraps(view)
    def serve(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if not isinstance(response, FileResponse) or response.status_code != 200:
            return response
        if response.headers.get("Content-Encoding") == "None":  # Wagtail's sendfile writes the word
            del response.headers["Content-Encoding"]
        response.headers["Accept-Ranges"] = "bytes"
        asked = _ONE_RANGE.fullmatch(request.headers.get("Range", ""))
        if asked is None or request.method != "GET" or not _is_same(request, response):
            return response
        return _part(response, asked[1], asked[2])

    return serve


def _is_same(request: HttpRequest, response: HttpResponseBase) -> bool:
    known = request.headers.get("If-Range")
    return known is None or known in (response.headers.get("ETag"), response.headers.get("Last-Modified"))


def bounds(first: str, last: str, size: int) -> tuple[int, int] | None:
    """The first byte and the one after the last, of what a range names; None if there is no such part."""
    if first:
        start, end = int(first), min(int(last or size) + 1, size)
    else:
        start, end = max(size - int(last or 0), 0), size
    return (start, end) if start < end else None


def _part(whole: FileResponse, first: str, last: str) -> HttpResponseBase:
    size = int(whole.headers["Content-Length"])
    if (part := bounds(first, last, size)) is None:
        whole.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    headers = dict(whole.headers) | {
        "Content-Range": f"bytes {part[0]}-{part[1] - 1}/{size}",
        "Content-Length": str(part[1] - part[0]),
    }
    response = StreamingHttpResponse(_bytes(whole.file_to_stream, *part), status=206, headers=headers)
    response._resource_closers.extend(whole._resource_closers)  # type: ignore[attr-defined]
    return response


def _bytes(file: Any, start: int, end: int) -> Iterator[bytes]:
    file.seek(start)
    for position in count(start, CHUNK):
        if position >= end or not (piece := file.read(min(CHUNK, end - position))):
            return
        yield piece
