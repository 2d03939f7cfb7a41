"""By Zalo Official Account: a text to a follower (openapi.zalo.me v3.0), with tokens that are refreshed (oauth.zaloapp.com v4).

An access token lives about a day; a refresh token works once and brings the next pair, which is kept before it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.notices.http import post, read_object
from pipeline.notices.message import AddressGone, ChannelRefuses, Message, Unreachable, sort_status

# Zalo answers 200 with a code of its own: -216 and -220 the token, -213 and -201 not a follower, -32 too fast.
_TOKEN_OVER = {-216, -220}
_GONE = {-213, -201, -230}
_BUSY = {-32, -211}


@dataclass(frozen=True, slots=True)
class Tokens:
    """A pair; ``lives_s``: how long the access token is good for."""

    access: str
    refresh: str
    lives_s: float


class ZaloChannel:
    """``take`` gives the current access token; ``renew`` runs a function on the kept refresh token, one at a time."""

    def __init__(
        self, base: str, oauth: str, app_id: str, secret_key: str, *, take: Callable[[], str],
        renew: Callable[[str, Callable[[str], Tokens]], str],
    ) -> None:  # fmt: skip
        self.url = f"{base.rstrip('/')}/v3.0/oa/message/cs"
        self.oauth = f"{oauth.rstrip('/')}/v4/oa/access_token"
        self.app_id, self.secret_key = app_id, secret_key
        self.take, self.renew = take, renew

    def send(self, message: Message) -> str:
        """Send; a token that is over is renewed once."""
        token = self.take() or self.renew("", self.refresh)
        code, reference = self._send(message, token)
        if code in _TOKEN_OVER:
            code, reference = self._send(message, self.renew(token, self.refresh))
        if code == 0:
            return reference
        if code in _GONE:
            raise AddressGone(f"zalo {code}")
        raise (Unreachable if code in _BUSY else ChannelRefuses)(f"zalo {code}")

    def refresh(self, refresh_token: str) -> Tokens:
        """The next pair for a refresh token."""
        form = {"refresh_token": refresh_token, "app_id": self.app_id, "grant_type": "refresh_token"}
        answer = post(self.oauth, data=form, headers={"secret_key": self.secret_key})
        told = read_object(answer)
        if not answer.is_success:
            raise sort_status(answer.status_code, "zalo token")
        if not told.get("access_token") or not told.get("refresh_token"):
            raise ChannelRefuses(f"zalo token {told.get('error', '')}")
        return Tokens(str(told["access_token"]), str(told["refresh_token"]), float(told.get("expires_in", 3600)))

    def _send(self, message: Message, token: str) -> tuple[int, str]:
        body = {
            "recipient": {"user_id": message.address}, "message": {"text": message.body},
            "tracking_id": str(message.id),
        }  # fmt: skip
        answer = post(self.url, json=body, headers={"access_token": token})
        if not answer.is_success:
            raise sort_status(answer.status_code, "zalo")
        told = read_object(answer)
        data = told.get("data") if isinstance(told.get("data"), dict) else {}
        return int(told.get("error", -1)), str(data.get("message_id", ""))[:120]  # type: ignore[union-attr]
