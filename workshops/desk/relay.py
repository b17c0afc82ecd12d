"""TLS in front of the site's own server, which takes requests in whole (docs/decisions/0011) and knows none: bytes in, bytes out."""

import asyncio
import contextlib
import ssl
from pathlib import Path

HANDSHAKE, SILENCE = 15, 90  # seconds
A_PIECE = 65_536
CONNECTIONS = 500


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


async def listen(host: str, port: int, inner: int, folder: Path) -> asyncio.Server:
    room = asyncio.Semaphore(CONNECTIONS)

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with room:
            try:
                away, back = await asyncio.open_connection("127.0.0.1", inner)
            except OSError:
                writer.close()
                return
            await asyncio.gather(_pour(reader, back), _pour(away, writer))

    context = secured(folder)
    return await asyncio.start_server(relay, host, port, ssl=context, ssl_handshake_timeout=HANDSHAKE)
