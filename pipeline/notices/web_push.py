"""By web push (RFC 8030, 8291, 8292): encrypted for the one browser, signed with our VAPID key, by pywebpush."""

from __future__ import annotations

import json

from pipeline.notices.http import TIMEOUT_S
from pipeline.notices.message import Message, Unreachable, sort_status

TTL_S = 24 * 3600


class WebPushChannel:
    """``Topic`` is made of the notice's id: a second one takes the place of the first while it still waits (RFC 8030 5.4)."""

    def __init__(self, private_key: str, contact: str) -> None:
        self.private_key, self.contact = private_key, contact

    def send(self, message: Message) -> str:
        """Hand over to the browser's push service."""
        import requests
        from pywebpush import WebPushException, webpush

        data = json.dumps({"id": str(message.id), "title": message.title, "text": message.text, "link": message.link})
        try:
            answer = webpush(
                json.loads(message.address), data, vapid_private_key=self.private_key,
                vapid_claims={"sub": self.contact}, ttl=TTL_S, timeout=TIMEOUT_S,
                headers={"Topic": message.id.hex[:32], "Urgency": "normal"},
            )  # fmt: skip
        except WebPushException as error:
            status = error.response.status_code if error.response is not None else 0
            raise sort_status(status or 503, "push") from error
        except requests.RequestException as error:
            raise Unreachable(type(error).__name__) from error
        return str(getattr(answer, "headers", {}).get("Location", ""))[:120]
