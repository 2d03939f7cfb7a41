"""The queues; each has a worker in ``docker-compose.yml`` (a house law checks it). Pure."""

from enum import StrEnum


class Queue(StrEnum):
    """Where a stage's work waits, by what it needs: bytes, the detector, the registers, the case files, the world outside."""

    INTAKE = "intake"
    DETECTION = "detection"
    RULES = "rules"
    CASES = "cases"
    UPKEEP = "upkeep"
    NOTICES = "notices"
