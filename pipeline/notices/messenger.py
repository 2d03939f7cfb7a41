"""By Facebook Messenger: the Send API of a page (graph.facebook.com, developers.facebook.com/docs/messenger-platform)."""

from __future__ import annotations

from pipeline.notices.http import post, read_object
from pipeline.notices.message import AddressGone, ChannelRefuses, Message, sort_status

# Codes of the Graph API: 190 token, 10 and 200 rights; 551 and 100/2018001 the reader cannot be reached.
_KEYS = {190, 10, 200}
_GONE = {551, 2018001, 2018108}


class MessengerChannel:
    """A message of the kind ``UPDATE``; ``metadata`` carries the notice's id."""

    def __init__(self, base: str, page_token: str) -> None:
        self.url, self.page_token = f"{base.rstrip('/')}/me/messages", page_token

    def send(self, message: Message) -> str:
        """Send to a page-scoped id."""
        body = {
            "recipient": {"id": message.address}, "messaging_type": "UPDATE",
            "message": {"text": message.body, "metadata": str(message.id)},
        }  # fmt: skip
        answer = post(self.url, json=body, params={"access_token": self.page_token})
        told = read_object(answer)
        if answer.is_success and "error" not in told:
            return str(told.get("message_id", ""))[:120]
        error = told.get("error") if isinstance(told.get("error"), dict) else {}
        code, sub = error.get("code"), error.get("error_subcode")  # type: ignore[union-attr]
        if code in _KEYS:
            raise ChannelRefuses(f"messenger {code}")
        if code in _GONE or sub in _GONE:
            raise AddressGone(f"messenger {code}/{sub}")
        raise sort_status(answer.status_code, f"messenger {code}")
