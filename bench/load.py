"""The load: a process of its own, standard library only, a new connection for each request, bounded in count and time."""

import http.client
import json
import random
import re
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

TIMEOUT = 30  # seconds for one answer
TOKEN = "b" * 32  # any 32 letters do, the same in cookie and form
ANSWER = re.compile(r'type="(?:radio|checkbox)"[^>]*name="answer"[^>]*value="([^"]+)"')
BUTTON = re.compile(r'<button [^>]*name="go" value="(\w+)"')  # the first is the main one
REVISION = re.compile(r'name="revision" value="(\d+)"')
FORM = re.compile(r'<form [^>]*data-address="([^"]+)".*?</form>', re.DOTALL)


class Phone:
    """One browser's session: sends its cookies, follows redirects by hand, writes down how long each answer took."""

    def __init__(self, base: str, session: str | None) -> None:
        self.host = urlsplit(base).netloc
        self.cookie = f"sessionid={session}; csrftoken={TOKEN}" if session else ""
        self.waits: list[float] = []
        self.errors: list[str] = []

    def get(self, path: str) -> tuple[int, str, str]:
        return self._send("GET", path, None)

    def post(self, path: str, **fields: Any) -> tuple[int, str, str]:
        return self._send("POST", path, urlencode(fields | {"csrfmiddlewaretoken": TOKEN}))

    def tell(self, path: str, said: Any, **headers: str) -> tuple[int, str, str]:
        """As a script does, without a cookie."""
        return self._send("POST", path, json.dumps(said), {"Content-Type": "application/json"} | headers)

    def _send(
        self, method: str, path: str, body: str | None, more: Mapping[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Status, address that a redirect leads to, body."""
        headers = {"Connection": "close", "Accept-Encoding": "gzip, br"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        headers |= more or {}
        begun = time.perf_counter()
        connection = http.client.HTTPConnection(self.host, timeout=TIMEOUT)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            content = response.read()
        except OSError as error:
            self.errors.append(f"{method} {path}: {error!r}")
            return 0, "", ""
        finally:
            connection.close()
            self.waits.append(time.perf_counter() - begun)
        if response.status >= 400:
            self.errors.append(f"{method} {path}: {response.status}")
        return response.status, response.headers.get("Location", ""), _text(content, response.headers)

    def follow(self, answer: tuple[int, str, str]) -> tuple[str, str]:
        """The page at the end of redirects, and its address."""
        path = ""
        while answer[1]:
            path = answer[1]
            answer = self.get(path)
        return path, answer[2]


def _text(content: bytes, headers: Any) -> str:
    if headers.get("Content-Encoding") == "gzip":
        import gzip

        content = gzip.decompress(content)
    elif headers.get("Content-Encoding") == "br":
        import brotli

        content = brotli.decompress(content)
    return content.decode(errors="replace")


def quiz(phone: Phone, start: str) -> None:
    """A whole quiz as a browser without JavaScript takes it: start, a page and a save for each question, submit, result."""
    path, page = phone.follow(phone.post(start))
    while "/cau/" in path:
        answers = ANSWER.findall(page) or ["chủ thể"]
        answer = random.choice(answers)  # noqa: S311 (not a secret)
        fields = {"answer": answer, "revision": REVISION.findall(page)[0], "go": BUTTON.findall(page)[0]}
        path, page = phone.follow(phone.post(path, **fields))
    path, page = phone.follow(phone.post(path))
    if not path.endswith("/ket-qua/"):
        phone.errors.append(f"a quiz ended at {path}")


def saves(phone: Phone, start: str, count: int) -> Callable[[], None]:
    """Opens the first question of an attempt; the job then saves answers to it again and again."""
    path, page = phone.follow(phone.post(start))
    answers, revision = ANSWER.findall(page) or ["chủ thể"], int(REVISION.findall(page)[0])
    phone.waits.clear()

    def job() -> None:
        for number in range(count):
            phone.post(f"{path}luu/", answer=answers[number % len(answers)], revision=revision + number)

    return job


def check_ins(phone: Phone, path: str, desk: str, count: int) -> Callable[[], None]:
    """One delegate after another at a desk: its token, the session, and the badge that it begins with, in one word."""
    token, session, first = desk.split("|")

    def job() -> None:
        for number in range(int(first), int(first) + count):
            said = {"nonce": str(uuid4()), "kind": "scan", "session": session, "number": number, "age": 0}
            _status, _address, answer = phone.tell(path, {"items": [said]}, **{"X-Desk": token})
            if '"outcome": "present"' not in answer:
                phone.errors.append(f"badge {number}: {answer[:200]}")

    return job


def sitting(phone: Phone, start: str) -> None:
    """A whole quiz as a browser with the script takes it: start, all questions at once, an autosave for each, submit, result."""
    path, _page = phone.follow(phone.post(start))
    attempt = path.partition("cau/")[0]
    for form in FORM.finditer(phone.get(f"{attempt}cau/")[2]):
        answers = ANSWER.findall(form[0]) or ["chủ thể"]
        phone.post(form[1], answer=random.choice(answers), revision=0)  # noqa: S311 (not a secret)
    path, _page = phone.follow(phone.post(f"{attempt}nop/"))
    if not path.endswith("/ket-qua/"):
        phone.errors.append(f"a quiz ended at {path}")


def at_once(jobs: list[Callable[[], None]]) -> float:
    threads = [threading.Thread(target=job, daemon=True) for job in jobs]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begun


def reads(phone: Phone, path: str, count: int) -> Callable[[], None]:
    def job() -> None:
        for _again in range(count):
            phone.get(path)

    return job


def quizzes(take: Callable[[Phone, str], None], phone: Phone, start: str, after: float) -> Callable[[], None]:
    def job() -> None:
        time.sleep(after)
        take(phone, start)

    return job


def main() -> None:
    """Says "ready" when all is prepared and begins on the next line of input; prints what was seen.

    `sessions`: one phone each (None: nobody is logged in); `count`: requests of each phone; `over`: seconds of arrivals.
    """
    question = json.loads(sys.stdin.readline())
    desks = question["sessions"] if question["task"] == "check_in" else []
    phones = [Phone(question["base"], None if desks else session) for session in question["sessions"]]
    path, count = question["path"], question["count"]
    match question["task"]:
        case "get":
            jobs = [reads(phone, path, count) for phone in phones]
        case "save":
            jobs = [saves(phone, path, count) for phone in phones]
        case "check_in":
            jobs = [check_ins(phone, path, desk, count) for phone, desk in zip(phones, desks, strict=True)]
        case "quiz" | "sitting":
            gap, take = question["over"] / len(phones), {"quiz": quiz, "sitting": sitting}[question["task"]]
            jobs = [quizzes(take, phone, path, number * gap) for number, phone in enumerate(phones)]
        case task:
            raise SystemExit(f"unknown task {task}")
    print("ready", flush=True)  # noqa: T201 (the protocol)
    sys.stdin.readline()
    wall = at_once(jobs)
    waits = [wait for phone in phones for wait in phone.waits]
    errors = [error for phone in phones for error in phone.errors]
    print(json.dumps({"wall": wall, "waits": waits, "errors": errors}))  # noqa: T201


if __name__ == "__main__":
    main()
