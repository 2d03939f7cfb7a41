"""By e-mail, through Django's mail door: SMTP, or a mail service of django-anymail by setting."""

from __future__ import annotations

import smtplib

from django.core.mail import EmailMessage, get_connection

from pipeline.notices.message import AddressGone, ChannelRefuses, Message, Unreachable

_TIMEOUT_S = 15


class EmailChannel:
    """Plain text; ``Message-ID`` is made of the notice's id, so that a second one is known as the same."""

    def __init__(self, sender: str) -> None:
        self.sender = sender
        self.host = sender.rpartition("@")[2].strip("> ") or "localhost"

    def send(self, message: Message) -> str:
        """Hand over to the mail server."""
        reference = f"<{message.id}@{self.host}>"
        mail = EmailMessage(
            message.title, message.body, self.sender, [message.address],
            headers={"Message-ID": reference, "Auto-Submitted": "auto-generated", "X-Notice-Id": str(message.id)},
        )  # fmt: skip
        try:
            with get_connection(timeout=_TIMEOUT_S) as door:
                mail.connection = door
                mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise (AddressGone if all(code >= 550 for code in codes) else Unreachable)(f"smtp {codes}") from error  # noqa: PLR2004
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused) as error:
            raise ChannelRefuses(f"smtp {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(type(error).__name__) from error
        return reference
