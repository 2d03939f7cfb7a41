"""By short message, through a gateway with the usual form: JSON ``to``, ``text``, ``client_ref``; bearer token."""

from __future__ import annotations

from pipeline.notices.http import post, read_object
from pipeline.notices.message import AddressGone, Message, sort_status


class SmsChannel:
    """``client_ref`` is the notice's id: gateways drop a second message of the same reference."""

    def __init__(self, url: str, token: str, sender: str) -> None:
        self.url, self.token, self.sender = url, token, sender

    def send(self, message: Message) -> str:
        """One line: letters cost money."""
        text = " ".join(part for part in (message.title, message.link) if part)
        body = {"to": message.address, "from": self.sender, "text": text, "client_ref": str(message.id)}
        answer = post(self.url, json=body, headers={"Authorization": f"Bearer {self.token}"})
        told = read_object(answer)
        if answer.is_success:
            return str(told.get("id", ""))[:120]
        if answer.status_code == 422:  # noqa: PLR2004 - the gateway read it: the number is no number
            raise AddressGone("422 number refused")
        raise sort_status(answer.status_code, str(told.get("error", "")))
