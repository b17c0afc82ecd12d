"""TLS in front of the site's own server, which takes requests in whole (docs/decisions/0011) and knows none: bytes in, bytes out.

Each phone reaches the server from a loopback address of its own, so that limits count it by itself; nobody outside can claim one.
"""

import asyncio
import contextlib
import ssl
from hashlib import sha256
from ipaddress import IPv4Address, ip_address
from pathlib import Path

HANDSHAKE, SILENCE = 15, 90  # seconds
A_PIECE = 65_536
CONNECTIONS = 2000  # at once; a browser keeps six open, so a hall of 120 phones has 720
FILES_EACH = 2
LOOPBACK = 127 << 24


def secured(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    context.set_alpn_protocols(["http/1.1"])
    return context


async def _pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, ssl.SSLError, TimeoutError):
        while piece := await asyncio.wait_for(source.read(A_PIECE), SILENCE):
            target.write(piece)
            await asyncio.wait_for(target.drain(), SILENCE)
    target.close()


def make_room() -> None:
    """As many open files as so many connections need, as far as the system lets this process have them."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows sets no such limit
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = FILES_EACH * CONNECTIONS + 200
        if soft < wanted:
            resource.setrlimit(
                resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
            )


def address_of(peer: str) -> str:
    """The loopback address that stands for a phone of the hall: 192.168.1.57 is 127.168.1.57."""
    phone = ip_address(peer.partition("%")[0])
    number = int(phone) if isinstance(phone, IPv4Address) else int(sha256(phone.packed).hexdigest()[:6], 16)
    return str(IPv4Address(LOOPBACK | number & 0xFFFFFF))


async def _inside(peer: str, inner: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Where a system has one loopback address alone (macOS), all phones share it."""
    with contextlib.suppress(OSError):
        return await asyncio.open_connection("127.0.0.1", inner, local_addr=(address_of(peer), 0))
    return await asyncio.open_connection("127.0.0.1", inner)


async def listen(host: str, port: int, inner: int, folder: Path) -> asyncio.Server:
    room = asyncio.Semaphore(CONNECTIONS)

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with room:
            try:
                away, back = await _inside(writer.get_extra_info("peername")[0], inner)
            except OSError:
                writer.close()
                return
            await asyncio.gather(_pour(reader, back), _pour(away, writer))

    make_room()
    context = secured(folder)
    return await asyncio.start_server(relay, host, port, ssl=context, ssl_handshake_timeout=HANDSHAKE)
