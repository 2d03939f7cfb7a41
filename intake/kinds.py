"""The closed sets of what arrives. Pure."""

from enum import StrEnum

from geo.position import NorthReference as BearingReference

__all__ = [
    "BearingReference",
    "Category",
    "Derivation",
    "MediaKind",
    "ObservationSource",
    "OpeningStep",
    "RelaySide",
    "RequestStatus",
]


class MediaKind(StrEnum):
    """A still picture, a moving one, or a spoken note of an inspector (never evidence that a detector sees)."""

    PHOTO = "photo"
    VIDEO = "video"
    AUDIO = "audio"


class Derivation(StrEnum):
    """How a copy was made of its parent."""

    REDACTED = "redacted"  # faces and plates unreadable, metadata stripped: what is shown
    STILL = "still"  # one redacted frame of a clip, for lists and the review page
    THUMBNAIL = "thumbnail"


class ObservationSource(StrEnum):
    """Who held the camera; decides what the picture can prove (decree 135/2021, domain 1.7)."""

    CITIZEN = "citizen"
    CAMERA = "camera"
    OFFICER = "officer"


class Category(StrEnum):
    """The kind of request a sender chooses, by the codes of domain 5.4."""

    TRADING = "trading"  # LC-HANG goods, tables, hawkers
    PARKING = "parking"  # LC-XE vehicles on the sidewalk
    PARKING_SERVICE = "parking_service"  # LC-GIUXE vehicle keeping
    SIGNBOARD = "signboard"  # LC-BIEN
    MATERIAL = "material"  # LC-VL building material, rubble
    BARRIER = "barrier"  # LC-RAO
    EVENT = "event"  # LC-TAM wedding, funeral: a person first
    CONSTRUCTION = "construction"  # XD-* building without or against a permit
    OTHER = "other"
    UNSTATED = "unstated"  # the sender did not choose; the machine suggests


class RequestStatus(StrEnum):
    """Status of a service request (domain 5.2); the allowed moves are in ``cases.lifecycle``."""

    SUBMITTED = "submitted"
    AWAITING_INFORMATION = "awaiting_information"
    REFUSED = "refused"
    DUPLICATE = "duplicate"
    TRANSFERRED = "transferred"
    RETURNED = "returned"
    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    ANSWERED = "answered"
    CLOSED = "closed"
    CLOSED_INCOMPLETE = "closed_incomplete"
    REOPENED = "reopened"


class OpeningStep(StrEnum):
    """What became of a wish to open a sender's contact."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    OPENED = "opened"


class RelaySide(StrEnum):
    """Who speaks in the relay."""

    OFFICE = "office"
    SENDER = "sender"
