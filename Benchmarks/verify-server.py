#!/usr/bin/env python3
"""An HTTPS server on 127.0.0.1 that answers as Google does about API keys, a while after it is asked.

    verify-server.py --live FILE [--latency SECONDS] [--port PORT]

Keys are those in the header `x-goog-api-key`. The ones in FILE, one a line, are live: whatever path
is asked for, the answer is a list of models. All others, so also keyscan's made-up ones, are told
that they are not valid. Connections are kept open.

When it is ready it prints a line of JSON: the port, and the file with the authority to trust, for
`--endpoint google=https://127.0.0.1:PORT --endpoint-ca FILE`. Ended by SIGTERM or SIGINT it prints
another: requests, how many were answered as live, connections, the most requests at one time, and
the seconds from the first request to the last answer.
"""

import argparse
import asyncio
import json
import os
import signal
import ssl
import subprocess
import tempfile
import time

LIVE = json.dumps({"models": [
    {"name": f"models/gemini-{number}", "supportedGenerationMethods": ["generateContent"]}
    for number in range(40)]}).encode()
DEAD = json.dumps({"error": {
    "code": 400,
    "message": "API key not valid. Please pass a valid API key.",
    "status": "INVALID_ARGUMENT",
    "details": [{
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "API_KEY_INVALID",
        "domain": "googleapis.com",
        "metadata": {"service": "generativelanguage.googleapis.com"}}]}}).encode()


def certificate(folder):
    """Makes an authority and a certificate of it; returns the paths of both and of the key."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    for name in ("authority", "server"):
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")
    openssl("req", "-x509", "-new", "-key", "authority.key", "-sha256", "-days", "2",
            "-subj", "/CN=keyscan bench", "-out", "authority.pem")
    openssl("req", "-new", "-key", "server.key", "-subj", "/CN=localhost", "-out", "server.csr")
    with open(os.path.join(folder, "names"), "w", encoding="ascii") as file:
        file.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "authority.pem", "-CAkey",
            "authority.key", "-CAcreateserial", "-sha256", "-days", "2", "-extfile", "names",
            "-out", "server.pem")
    return [os.path.join(folder, name) for name in ("authority.pem", "server.pem", "server.key")]


class Server:
    def __init__(self, live, latency):
        self.live = live
        self.latency = latency
        self.counts = {"requests": 0, "live": 0, "connections": 0, "most": 0}
        self.under_way = 0
        self.first = self.last = None

    async def serve(self, reader, writer):
        self.counts["connections"] += 1
        try:
            while await self.answer(reader, writer):
                pass
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            pass
        finally:
            writer.close()

    async def answer(self, reader, writer):
        """Answers one request; false when the connection is to be closed."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        headers = {}
        for line in head.split("\r\n")[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        await reader.readexactly(int(headers.get("content-length", 0)))

        self.first = self.first or time.monotonic()
        self.under_way += 1
        self.counts["requests"] += 1
        self.counts["most"] = max(self.counts["most"], self.under_way)
        await asyncio.sleep(self.latency)
        self.under_way -= 1

        is_live = headers.get("x-goog-api-key") in self.live
        self.counts["live"] += is_live
        status, body = ("200 OK", LIVE) if is_live else ("400 Bad Request", DEAD)
        closes = headers.get("connection", "").lower() == "close"
        writer.write(
            f"HTTP/1.1 {status}\r\nContent-Type: application/json; charset=UTF-8\r\n"
            f"Content-Length: {len(body)}\r\n{'Connection: close' if closes else 'X-Bench: 1'}"
            "\r\n\r\n".encode() + body)
        await writer.drain()
        self.last = time.monotonic()
        return not closes

    def summary(self):
        seconds = round(self.last - self.first, 3) if self.last else 0
        return json.dumps({**self.counts, "seconds": seconds})


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--live", required=True)
    parser.add_argument("--latency", type=float, default=0.05)
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    with open(arguments.live, encoding="ascii") as file:
        server = Server(set(file.read().split()), arguments.latency)

    with tempfile.TemporaryDirectory(prefix="keyscan-bench-") as folder:
        authority, chain, key = certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, key)
        listener = await asyncio.start_server(
            server.serve, "127.0.0.1", arguments.port, ssl=context, backlog=1024)
        over = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, over.set)
        port = listener.sockets[0].getsockname()[1]
        print(json.dumps({"port": port, "authority": authority}), flush=True)
        await over.wait()
        listener.close()
        print(server.summary(), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
