"""The one tree of errors. Each names what was wrong, the value, and the cure; daily events (no geotag,
several parcels, undetermined) are values, not errors.

    ProjectError
    ├── InputError            what was sent cannot be used: the sender can cure it
    │   ├── UnreadableMedia   not a picture or clip we can open
    │   └── MediaTooLarge     more bytes or pixels than we accept
    ├── NotFound              no such thing, or not for you
    ├── Conflict              an illegal move, or someone else was first
    ├── NotAllowed            the role may not do this
    ├── PlaceError            outside the jurisdiction, camera without calibration
    ├── TemporaryError        a store or register is unreachable: tasks retry these and only these
    └── ConfigurationError    the operator must change a setting or a file; raised at start-up
"""

from collections.abc import Mapping


class ProjectError(Exception):
    """Base of all errors of this project.

    ``field`` is what was wrong, ``value`` what it held (shortened, never a secret), ``cure`` what to do next. A message that
    ``is_worded`` stands in the reader's language already. With ``names`` both are templates such as "There is: {names}." whose
    words are translated and whose names are not.
    """

    code = "error"

    def __init__(
        self,
        message: str,
        *,
        field: str = "",
        value: object = "",
        cure: str = "",
        is_worded: bool = False,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self.templates = (message, cure)
        self.names = names
        if names is not None:
            message, cure = message.format_map(names), cure.format_map(names)
        super().__init__(message)
        self.message = message
        self.field = field
        self.value = str(value)[:200]
        self.cure = cure
        self.is_worded = is_worded

    def __str__(self) -> str:
        named = f" [{self.field}={self.value}]" if self.field else ""
        return f"{self.message}{named}{' ' + self.cure if self.cure else ''}"


class InputError(ProjectError):
    """What was sent cannot be used; the sender can cure it."""

    code = "input"


class UnreadableMedia(InputError):
    """The bytes are not a picture or clip that can be opened."""

    code = "unreadable_media"


class MediaTooLarge(InputError):
    """More bytes, pixels or seconds than the settings accept."""

    code = "media_too_large"


class NotFound(ProjectError):
    """No such thing, or it is not for this person to know."""

    code = "not_found"


class Conflict(ProjectError):
    """An illegal move, or somebody else was first."""

    code = "conflict"


class NotAllowed(ProjectError):
    """The role, unit or date does not give this right."""

    code = "not_allowed"


class PlaceError(ProjectError):
    """The place cannot be used: outside the jurisdiction, or the camera has no calibration."""

    code = "place"


class TemporaryError(ProjectError):
    """A store, broker or register is unreachable; trying again may help. Tasks retry only these."""

    code = "temporary"


class ConfigurationError(ProjectError):
    """A setting or file is missing or wrong; the operator must act."""

    code = "configuration"
