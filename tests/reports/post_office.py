"""A mail server of one's own, which does to every mail what it is told: takes, refuses, hangs, or breaks off."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

ANSWERS = {b"EHLO": b"250 here\r\n", b"HELO": b"250 here\r\n", b"MAIL": b"250 ok\r\n", b"RCPT": b"250 ok\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n", b"RSET": b"250 ok\r\n"}  # fmt: skip


class PostOffice:
    """`does`: "takes", "refuses" (550 to the recipient), "hangs" (never greets), "breaks" (is gone after it has all of the mail)."""

    def __init__(self, does: str) -> None:
        self.does, self.mails, self.visits = does, list[EmailMessage](), 0
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.open: list[socket.socket] = []
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def options(self) -> dict[str, object]:
        return {"default": {"OPTIONS": {"host": "127.0.0.1", "port": self.port, "timeout": 0.5}}}

    def _serve(self) -> None:
        while True:
            try:
                visitor, _address = self.listening.accept()
            except OSError:
                return
            self.visits += 1
            if self.does == "hangs":
                self.open.append(visitor)
                continue
            with visitor, visitor.makefile("rb") as lines:
                self._talk(visitor, lines)

    def _talk(self, visitor: socket.socket, lines: Iterator[bytes]) -> None:
        visitor.sendall(b"220 here\r\n")
        for line in lines:
            word = line[:4].upper()
            if word == b"RCPT" and self.does == "refuses":
                visitor.sendall(b"550 no such person\r\n")
                continue
            visitor.sendall(ANSWERS[word])
            if word == b"QUIT":
                return
            if word == b"DATA":
                taken = b"".join(iter(lambda: next(lines), b".\r\n"))
                self.mails.append(message_from_bytes(taken, policy=policy.default))
                if self.does == "breaks":
                    return
                visitor.sendall(b"250 taken\r\n")

    def close(self) -> None:
        self.listening.close()
        for one in self.open:
            one.close()


@contextmanager
def post_office(settings: object, does: str) -> Iterator[PostOffice]:
    office = PostOffice(does)
    settings.MAILERS = office.options()  # type: ignore[attr-defined]
    try:
        yield office
    finally:
        office.close()
