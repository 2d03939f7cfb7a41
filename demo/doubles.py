"""Doubles of the providers that notices go through, speaking their protocols on this machine: Zalo OA with its tokens, Messenger,
an SMS gateway, a web push service, and an SMTP server. For tests and ``make chaos``; nothing leaves the machine.

    python -m demo.doubles [--port 8099] [--smtp 8025]

``GET /told`` answers what was received; ``POST /down?channel=sms`` makes one silent, ``/up?channel=sms`` lets it speak.
"""

from __future__ import annotations

import argparse
import json
import secrets
import socketserver
import threading
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEYS = {"sms": "sms-key", "messenger": "page-token", "zalo_secret": "zalo-secret", "zalo_app": "4242"}
_GONE = "gone"  # an address that begins so is no address


@dataclass(slots=True)
class Told:
    """What arrived. ``requests`` counts every request by its reference; ``messages`` keeps each once, as providers do."""

    messages: dict[str, dict[str, str]] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)
    down: set[str] = field(default_factory=set)
    access: set[str] = field(default_factory=set)
    refresh: str = "first-refresh"
    refreshed: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, channel: str, reference: str, to: str, text: str) -> str:
        """A message under its reference; a second one of the same reference is dropped. Its id."""
        with self.lock:
            self.requests[reference] += 1
            known = self.messages.setdefault(
                reference, {"channel": channel, "to": to, "text": text, "id": f"{channel}-{len(self.messages) + 1}"}
            )
            return known["id"]

    def of(self, channel: str) -> list[dict[str, str]]:
        """The messages of one channel."""
        with self.lock:
            return [message for message in self.messages.values() if message["channel"] == channel]


class _Answer(Exception):
    """A status and a body, from anywhere inside a handler."""

    def __init__(self, status: int, body: Any = None, **headers: str) -> None:
        super().__init__(status)
        self.status, self.body, self.headers = status, body, headers


class _Http(BaseHTTPRequestHandler):
    told: Told
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        """What was received so far."""
        with self.told.lock:
            body = {"messages": list(self.told.messages.values()), "requests": dict(self.told.requests),
                    "refreshed": self.told.refreshed}  # fmt: skip
        self._say(200, body)

    def do_POST(self) -> None:
        """One message by the provider's own form."""
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urlsplit(self.path)
        try:
            self._route(url.path, {name: values[0] for name, values in parse_qs(url.query).items()}, raw)
        except _Answer as answer:
            self._say(answer.status, answer.body, answer.headers)
        except (ValueError, KeyError, TypeError) as error:
            self._say(400, {"error": f"malformed: {error}"})

    def _route(self, path: str, query: dict[str, str], raw: bytes) -> None:
        if path in ("/down", "/up"):
            (self.told.down.add if path == "/down" else self.told.down.discard)(query["channel"])
            raise _Answer(200, {"down": sorted(self.told.down)})
        for begins, channel, handle in (
            ("/sms", "sms", self._sms), ("/v4/oa/access_token", "zalo", self._zalo_token),
            ("/v3.0/oa/message/cs", "zalo", self._zalo), ("/me/messages", "messenger", self._messenger),
            ("/push/", "web_push", self._push),
        ):  # fmt: skip
            if path.startswith(begins):
                if channel in self.told.down:
                    raise _Answer(503, {"error": "down"})
                handle(path, query, raw)
        raise _Answer(404, {"error": "no such provider"})

    def _sms(self, _path: str, _query: dict[str, str], raw: bytes) -> None:
        if self.headers.get("Authorization") != f"Bearer {KEYS['sms']}":
            raise _Answer(401, {"error": "key"})
        body = json.loads(raw)
        if body["to"].startswith(_GONE) or not body["to"].lstrip("+").isdigit():
            raise _Answer(422, {"error": "number"})
        raise _Answer(202, {"id": self.told.keep("sms", body["client_ref"], body["to"], body["text"])})

    def _zalo_token(self, _path: str, _query: dict[str, str], raw: bytes) -> None:
        form = {name: values[0] for name, values in parse_qs(raw.decode()).items()}
        is_ours = self.headers.get("secret_key") == KEYS["zalo_secret"] and form.get("app_id") == KEYS["zalo_app"]
        with self.told.lock:
            if not is_ours or form.get("grant_type") != "refresh_token" or form["refresh_token"] != self.told.refresh:
                raise _Answer(200, {"error_name": "Invalid refresh token", "error": -14014})
            access, self.told.refresh = secrets.token_hex(8), secrets.token_hex(8)
            self.told.access = {access}
            self.told.refreshed += 1
            raise _Answer(200, {"access_token": access, "refresh_token": self.told.refresh, "expires_in": "90000"})

    def _zalo(self, _path: str, _query: dict[str, str], raw: bytes) -> None:
        if self.headers.get("access_token") not in self.told.access:
            raise _Answer(200, {"error": -216, "message": "Access token is invalid"})
        body = json.loads(raw)
        user, text = body["recipient"]["user_id"], body["message"]["text"]
        if user.startswith(_GONE):
            raise _Answer(200, {"error": -213, "message": "User has not followed OA"})
        reference = self.told.keep("zalo", body["tracking_id"], user, text)
        raise _Answer(200, {"error": 0, "message": "Success", "data": {"message_id": reference, "user_id": user}})

    def _messenger(self, _path: str, query: dict[str, str], raw: bytes) -> None:
        if query.get("access_token") != KEYS["messenger"]:
            raise _Answer(
                400, {"error": {"message": "Invalid OAuth access token.", "type": "OAuthException", "code": 190}}
            )
        body = json.loads(raw)
        user, message = body["recipient"]["id"], body["message"]
        if user.startswith(_GONE):
            raise _Answer(400, {"error": {"message": "This person isn't available right now.", "code": 551}})
        reference = self.told.keep("messenger", message["metadata"], user, message["text"])
        raise _Answer(200, {"recipient_id": user, "message_id": reference})

    def _push(self, path: str, _query: dict[str, str], raw: bytes) -> None:
        name = path.removeprefix("/push/")
        if name.startswith(_GONE):
            raise _Answer(410, {"error": "unsubscribed"})
        if not self.headers.get("Authorization", "").startswith(("vapid t=", "WebPush ")):
            raise _Answer(401, {"error": "vapid"})
        if self.headers.get("Content-Encoding") != "aes128gcm" or not self.headers.get("TTL") or not raw:
            raise _Answer(400, {"error": "form"})
        reference = self.told.keep("web_push", self.headers["Topic"], name, raw.hex())
        raise _Answer(201, None, Location=f"/push-message/{reference}")

    def _say(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode() if body is not None else b""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


class _Smtp(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client needs to hand over a mail."""

    told: Told

    def handle(self) -> None:
        """One conversation."""
        if "email" in self.told.down:
            self._say("421 closing")
            return
        self._say("220 double ESMTP")
        readers: list[str] = []
        while line := self.rfile.readline():
            verb = line.decode(errors="replace").strip()
            if verb.upper().startswith("EHLO"):
                self._say("250-double", "250 8BITMIME")
            elif verb.upper().startswith("RCPT TO:"):
                address = verb[8:].split(">")[0].strip(" <")
                readers.append(address)
                self._say("550 no such mailbox" if address.startswith(_GONE) else "250 ok")
            elif verb.upper() == "DATA":
                self._say("354 go on")
                self._take(readers)
                readers = []
            elif verb.upper() == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self, readers: list[str]) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        mail = message_from_bytes(b"".join(lines))
        text = mail.get_payload(decode=True)
        said = text.decode() if isinstance(text, bytes) else ""
        self.told.keep("email", str(mail["Message-ID"]), ", ".join(readers), said)
        self._say("250 kept")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


class _Threads(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class Doubles:
    """Both servers in threads; a context manager. ``url`` is of the HTTP providers, ``smtp_port`` of the mail server."""

    def __init__(self, port: int = 0, smtp_port: int = 0) -> None:
        self.told = Told()
        self._http = ThreadingHTTPServer(("127.0.0.1", port), type("Http", (_Http,), {"told": self.told}))
        self._http.daemon_threads = True
        self._smtp = _Threads(("127.0.0.1", smtp_port), type("Smtp", (_Smtp,), {"told": self.told}))
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self.smtp_port = int(self._smtp.server_address[1])

    def __enter__(self) -> Doubles:
        for server in (self._http, self._smtp):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for server in (self._http, self._smtp):
            server.shutdown()
            server.server_close()


def main() -> None:
    """Run until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--smtp", type=int, default=8025)
    asked = parser.parse_args()
    with Doubles(asked.port, asked.smtp) as doubles:
        print(f"{doubles.url}, SMTP on 127.0.0.1:{doubles.smtp_port}; Ctrl-C ends", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
