"""What is written of requests that are refused."""

import copy
import logging

LONGEST = 200


class OneLine(logging.Filter):
    """A refused request is one short line, whoever sent it and whatever it held: with tracebacks, or paths of any length,
    anybody could fill the disk. Failures of ours keep theirs."""

    def filter(self, record: logging.LogRecord) -> logging.LogRecord:
        if not 400 <= getattr(record, "status_code", 500) < 500:
            return record
        said = " ".join(record.getMessage().split())
        line = copy.copy(record)
        line.msg, line.args = said[:LONGEST] + "…" * (len(said) > LONGEST), ()
        line.exc_info = line.exc_text = None
        if line.levelno > logging.WARNING:  # Django calls a form of too many fields an error, which anybody can send
            line.levelno, line.levelname = logging.WARNING, "WARNING"
        return line
