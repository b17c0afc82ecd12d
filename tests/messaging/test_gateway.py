"""Messages through a provider's address: what goes out, what counts as taken, and what is kept of a failure. The provider is a server of
our own on loopback."""

import json
import logging
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from django.utils import timezone

from messaging import actions, checks
from messaging.channels import LONGEST, ChannelError, Gateway
from messaging.models import Message

TO, BODY, TOKEN = "+84912345678", "Moi anh/chi {token} den lop.\nTran trong.", "khong-ai-biet"
ESMS = {
    "header": "",
    "message": '{"ApiKey": "{token}", "Phone": "{to0}", "Content": "{body}", "SmsType": 2, "Sandbox": [{"to": "{to84}"}]}',
    "taken": "CodeResult=100",
}


@dataclass
class Provider:
    """Answers as it is told, and writes down what it was sent."""

    port: int = 0
    status: int = 200
    answer: bytes = b"{}"
    more: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)  # address, headers, what was said

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/gui"


@pytest.fixture
def provider():
    told = Provider()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self):
            said = self.rfile.read(int(self.headers["Content-Length"]))
            told.asked.append((self.path, dict(self.headers), said))
            self.send_response(told.status)
            for name, value in told.more.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(told.answer)

        def log_message(self, *said):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answering)
    told.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def configured(settings, provider):
    settings.MESSAGING_SMS_CHANNEL = checks.GATEWAY
    usual = {"url": provider.address, "token": TOKEN}

    def configure(**fields):
        settings.MESSAGING_GATEWAY = settings.MESSAGING_GATEWAY | usual | fields

    configure()
    return configure


def send():
    Gateway().send(to=TO, body=BODY)


def fault() -> str:
    with pytest.raises(ChannelError) as caught:
        send()
    return str(caught.value)


def test_a_message_is_posted_with_the_number_the_words_and_the_token(configured, provider):
    send()
    (path, headers, said), = provider.asked  # fmt: skip
    assert (path, headers["Authorization"], headers["Content-Type"]) == ("/gui", f"Bearer {TOKEN}", "application/json")
    assert json.loads(said) == {"to": TO, "text": BODY}


def test_a_provider_is_told_in_its_own_words(configured, provider):
    configured(**ESMS)
    provider.answer = b'{"CodeResult": "100"}'
    send()
    (_path, headers, said), = provider.asked  # fmt: skip
    assert "Authorization" not in headers
    assert json.loads(said) == {
        "ApiKey": TOKEN, "Phone": "0912345678", "Content": BODY, "SmsType": 2, "Sandbox": [{"to": "84912345678"}],
    }  # fmt: skip


def test_what_somebody_wrote_into_a_message_never_becomes_the_token(configured, provider):
    """A name or a reason of an organiser may stand in a message."""
    send()
    assert TOKEN.encode() not in provider.asked[0][2]


def test_a_form_instead_of_json(configured, provider):
    configured(format="form", header="X-Key: {token}")
    send()
    (_path, headers, said), = provider.asked  # fmt: skip
    assert headers["X-Key"] == TOKEN
    assert parse_qs(said.decode()) == {"to": [TO], "text": [BODY]}


@pytest.mark.parametrize(
    ("answer", "wanted", "taken"),
    [
        (b'{"CodeResult": "100"}', "CodeResult=100", True), (b'{"CodeResult": 100}', "CodeResult=100", True),
        (b'{"sms": [{"ok": true}]}', "sms.0.ok=true", True), (b'{"CodeResult": "99"}', "CodeResult=100", False),
        (b"{}", "CodeResult=100", False), (b"no JSON", "CodeResult=100", False), (b"[]", "CodeResult=100", False),
        (b"7", "a.b=1", False), (b"[" * LONGEST, "a=1", False), (b'{"a": "' + b"x" * LONGEST, "a=1", False), (b"no JSON", "", True),
    ],
)  # fmt: skip
def test_what_counts_as_taken(configured, provider, answer, wanted, taken):
    configured(taken=wanted)
    provider.answer = answer
    if taken:
        send()
    else:
        assert fault().startswith("gateway: ")
    assert len(provider.asked) == 1


@pytest.mark.parametrize("status", [301, 307, 400, 401, 429, 500])
def test_any_other_status_is_a_message_that_was_not_taken(configured, provider, status):
    provider.status, provider.more = status, {"Location": f"{provider.address}/khac"}
    assert fault() == f"gateway: HTTP {status}"
    assert len(provider.asked) == 1, "a redirect is followed to nobody"


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [b'{"code": "9"}', f'{{"code": "No route to {TO}"}}'.encode(), TO.encode()])
def test_nothing_of_the_person_is_kept_or_logged_of_a_failure(configured, provider, answer, caplog):
    configured(taken="code=0")
    provider.answer = answer
    with caplog.at_level(logging.INFO):
        sent = actions.deliver_due(at=_waiting().due_at)
    message = Message.objects.get()
    assert (sent, message.attempts, message.sent_at) == (0, 1, None)
    assert "12345678" not in message.last_error + caplog.text
    assert TOKEN not in message.last_error + caplog.text
    assert message.last_error.startswith("gateway: ")


@pytest.mark.django_db
def test_a_provider_that_is_away_is_asked_again_later(configured, provider, caplog):
    configured(url="http://127.0.0.1:1/gui?number=12345678")
    at = _waiting().due_at
    assert actions.deliver_due(at=at) == 0
    message = Message.objects.get()
    assert message.last_error == "gateway: ConnectionError"
    assert "12345678" not in caplog.text
    configured()
    assert actions.deliver_due(at=message.due_at) == 1
    assert len(provider.asked) == 1


def _waiting() -> Message:
    return actions.enqueue(to=TO, body=BODY, purpose="invitation", at=timezone.now())


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"url": "http://sms.example.vn/"}, "https"), ({"url": ""}, "https"), ({"message": "{to}"}, "not JSON"), ({"message": '{"a": "{body}"}'}, "{to}"),
        ({"message": '["{to}{body}"]'}, "{to}"), ({"message": '{"key": "{token}", "text": "{body}"}'}, "{to}"), ({"format": "xml"}, "form"), ({"header": "token"}, "colon"), ({"taken": "100"}, "equals"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_said_before_the_server_starts_and_sends_nothing(configured, provider, fields, why):
    assert checks.the_gateway_can_be_used() == []
    configured(**fields)
    (found,) = checks.the_gateway_can_be_used()
    assert (found.id, why in found.msg) == ("messaging.E001", True)
    assert why in fault()
    assert provider.asked == []


def test_it_is_off_by_default(settings):
    assert settings.MESSAGING_GATEWAY["url"] == ""
    assert settings.MESSAGING_SMS_CHANNEL != checks.GATEWAY
    assert checks.the_gateway_can_be_used() == []


def test_a_password_of_this_machine_for_that_host_stays_here(configured, provider, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ai password mat-khau\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    configured(header="")
    send()
    assert "Authorization" not in provider.asked[0][1]
