"""`manage.py hall`: HTTPS on the hall's own network that verifies with its authority, a plain page that offers it, and an end without leftovers."""

import asyncio
import ipaddress
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from django.core.management import CommandError, call_command
from django.test import Client

from tests.conftest import ROOT, one_at_a_time, template
from workshops.desk import authority, relay

pytestmark = pytest.mark.once
WITHIN = 180  # seconds until it answers: a busy machine takes a minute to begin


@pytest.fixture
def folder(tmp_path):
    authority.prepare(tmp_path / "hall", "192.168.1.10")
    return tmp_path / "hall"


def loaded(path):
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_the_key_is_readable_by_its_owner_alone(folder):
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "server.key").stat().st_mode) == 0o600


def test_the_authoritys_own_key_is_kept_nowhere(folder):
    assert sorted(path.name for path in folder.iterdir()) == ["ca.pem", "server.key", "server.pem"]


def test_the_authority_vouches_for_one_address_and_not_for_long(folder):
    ca = loaded(folder / "ca.pem")
    constraints = ca.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    assert constraints.value.permitted_subtrees == [x509.IPAddress(ipaddress.ip_network("192.168.1.10/32"))]
    assert ca.not_valid_after_utc < datetime.now(UTC) + timedelta(days=61)


def test_it_stays_for_the_same_address_and_is_new_for_another_or_near_its_end(folder):
    first = (folder / "ca.pem").read_bytes()
    authority.prepare(folder, "192.168.1.10")
    assert (folder / "ca.pem").read_bytes() == first
    authority.prepare(folder, "192.168.1.11")
    second = (folder / "ca.pem").read_bytes()
    assert second != first
    authority.prepare(folder, "192.168.1.11", datetime.now(UTC) + timedelta(days=58))
    assert (folder / "ca.pem").read_bytes() != second


def test_a_name_works_as_well_as_a_number(tmp_path):
    authority.prepare(tmp_path, "hoi-truong.local")
    names = loaded(tmp_path / "server.pem").extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["hoi-truong.local"]


def test_every_address_at_once_is_no_address(tmp_path, settings):
    with pytest.raises(CommandError, match="HOST="):
        call_command("hall", host="0.0.0.0")  # noqa: S104 (refused)


async def telling(reader, writer):
    """A server that says from which address it is asked, and then waits for the next question."""
    while await reader.readline():
        writer.write(f"{writer.get_extra_info('peername')[0]}\n".encode())


async def asked_from(port, trusting, *addresses):
    """What it says to phones at these addresses, all of which stay connected."""
    phones = [await asyncio.open_connection("127.0.0.1", port, ssl=trusting, local_addr=(one, 0)) for one in addresses]
    for _reader, writer in phones:
        writer.write(b"?\n")
    said = [(await asyncio.wait_for(reader.readline(), WITHIN)).decode().strip() for reader, _writer in phones]
    for _reader, writer in phones:
        writer.close()
    return said


def through_the_relay(folder, *addresses):
    async def run():
        inner = await asyncio.start_server(telling, "127.0.0.1", 0)
        outer = await relay.listen("127.0.0.1", 0, inner.sockets[0].getsockname()[1], folder)
        trusting = ssl.create_default_context(cafile=folder / "ca.pem")
        try:
            return await asked_from(outer.sockets[0].getsockname()[1], trusting, *addresses)
        finally:
            outer.close()
            inner.close()

    return asyncio.run(run())


@pytest.fixture
def loopback(tmp_path):
    authority.prepare(tmp_path / "hall", "127.0.0.1")
    return tmp_path / "hall"


@pytest.mark.skipif(sys.platform == "darwin", reason="one loopback address alone")
def test_each_phone_reaches_the_server_from_an_address_of_its_own(loopback):
    """One that tries codes uses up nobody else's tries."""
    said = through_the_relay(loopback, "127.168.1.57", "127.168.1.58", "127.168.1.57")
    assert said == ["127.168.1.57", "127.168.1.58", "127.168.1.57"]


@pytest.mark.parametrize(
    ("peer", "inside"),
    [("192.168.1.57", "127.168.1.57"), ("10.0.3.9", "127.0.3.9"), ("fe80::1%eth0", "127.46.24.16")],
)
def test_the_address_follows_from_the_phones(peer, inside):
    assert relay.address_of(peer) == inside


def test_a_hall_whose_browsers_keep_six_connections_each_leaves_nobody_waiting(loopback):
    assert len(through_the_relay(loopback, *["127.0.0.1"] * 600)) == 600


@pytest.mark.django_db
def test_where_no_hall_is_served_nothing_is_offered(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    assert Client().get("/diem-danh/bao-mat/").status_code == 404
    assert Client().get("/diem-danh/hoi-truong.crt").status_code == 404


@pytest.mark.django_db
def test_the_page_offers_the_certificate_and_names_ways_that_need_none(settings, folder):
    settings.VAR_DIR = folder.parent
    (folder / "address").write_text("https://192.168.1.10:8443\nhttp://192.168.1.10:8000\n")
    page = Client().get("/diem-danh/bao-mat/").text
    for said in (
        "Android",
        "iPhone",
        "hoi-truong.crt",
        "http://192.168.1.10:8000/diem-danh/tu/",
        "https://192.168.1.10:8443/diem-danh/",
    ):
        assert said in page
    given = Client().get("/diem-danh/hoi-truong.crt")
    assert given["Content-Type"] == "application/x-x509-ca-cert"
    assert b"".join(given) == (folder / "ca.pem").read_bytes()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def served(tmp_path, django_db_blocker):
    """A hall on loopback with an empty database of its own, ended by its number."""
    copy = template(f"hall-{os.getpid()}", is_bare=True)
    from django.db import connection

    with django_db_blocker.unblock(), one_at_a_time(), copy.beside():
        copy.make()
        copy.clone()
        name = connection.settings_dict["NAME"]
    Path(name).rename(tmp_path / "db.sqlite3")
    (tmp_path / "static").mkdir()
    port, secure = free_port(), free_port()
    kept = {name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "BASE_URL")}
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "manage.py", "hall", "--host", "127.0.0.1", "--port", str(port), "--secure-port", str(secure), "--workers", "1"],
        cwd=ROOT, env=kept | {"VAR_DIR": str(tmp_path), "DEMO": "1"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield tmp_path / "hall", port, secure, process
    finally:
        process.terminate()
        process.wait(30)


def answer(address, context=None):
    return urllib.request.urlopen(address, timeout=5, context=context)  # noqa: S310 (our own)


def waited_for(address, context, process):
    until = time.monotonic() + WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            return answer(address, context)
        except (ssl.SSLCertVerificationError, urllib.error.HTTPError):
            raise
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the hall did not answer")


def test_a_phone_that_trusts_the_halls_authority_has_https_and_others_have_http(served):
    folder, port, secure, process = served
    until = time.monotonic() + WITHIN
    while not (folder / "address").exists() and time.monotonic() < until:
        time.sleep(0.1)
    trusting = ssl.create_default_context(cafile=folder / "ca.pem")
    given = waited_for(f"https://127.0.0.1:{secure}/diem-danh/hoi-truong.crt", trusting, process)
    assert given.status == 200
    assert "Strict-Transport-Security" not in given.headers
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        answer(f"https://127.0.0.1:{secure}/diem-danh/hoi-truong.crt", ssl.create_default_context())
    plain = waited_for(f"http://127.0.0.1:{port}/diem-danh/hoi-truong.crt", None, process)
    assert plain.read() == (folder / "ca.pem").read_bytes()
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert not (folder / "address").exists()  # the page offers it no longer
    for closed in (port, secure):
        with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", closed), 2):
            pass
