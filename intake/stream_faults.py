"""Why a camera's stream gives no frames, as one of a closed set of codes: what health pages say in words. Pure.

The codes come from the exceptions of PyAV (FFmpeg) and of the system; a stream's own text never gets further.
"""

from __future__ import annotations

import errno
from enum import StrEnum


class StreamFault(StrEnum):
    """What keeps a stream from being seen, or what was noticed about it."""

    NO_ANSWER = "no_answer"  # nothing answered within the time-out when it was opened
    STALLED = "stalled"  # it was open and no frame came any more
    REFUSED = "refused"
    NETWORK = "network"
    NOT_FOUND = "not_found"
    NEEDS_PASSWORD = "needs_password"  # noqa: S105 - a code, no password
    SERVER_FAULT = "server_fault"
    GARBAGE = "garbage"  # bytes that are no video
    NO_VIDEO = "no_video"
    ENDED = "ended"
    OUT_OF_MEMORY = "out_of_memory"
    BEGINS_AGAIN = "begins_again"  # a looped file
    RESOLUTION_CHANGED = "resolution_changed"
    CLOCK_JUMPED = "clock_jumped"
    KEY_FRAMES_ONLY = "key_frames_only"  # more frames than this machine can decode: only key frames are
    ALL_FRAMES_AGAIN = "all_frames_again"  # ... and that is over: takes the former back, never shown


_BY_EXCEPTION = {
    "ExitError": StreamFault.STALLED,
    "TimeoutError": StreamFault.STALLED,
    "ConnectionRefusedError": StreamFault.REFUSED,
    "HTTPNotFoundError": StreamFault.NOT_FOUND,
    "FileNotFoundError": StreamFault.NOT_FOUND,
    "HTTPUnauthorizedError": StreamFault.NEEDS_PASSWORD,
    "HTTPForbiddenError": StreamFault.NEEDS_PASSWORD,
    "PermissionError": StreamFault.NEEDS_PASSWORD,
    "HTTPServerError": StreamFault.SERVER_FAULT,
    "HTTPBadRequestError": StreamFault.SERVER_FAULT,
    "HTTPOtherClientError": StreamFault.SERVER_FAULT,
    "HTTPTooManyRequestsError": StreamFault.SERVER_FAULT,
    "InvalidDataError": StreamFault.GARBAGE,
    "DecoderNotFoundError": StreamFault.GARBAGE,
    "DemuxerNotFoundError": StreamFault.GARBAGE,
    "PatchWelcomeError": StreamFault.GARBAGE,
    "ValueError": StreamFault.GARBAGE,
    "UnicodeDecodeError": StreamFault.GARBAGE,
    "EOFError": StreamFault.ENDED,
    "IndexError": StreamFault.NO_VIDEO,
    "MemoryError": StreamFault.OUT_OF_MEMORY,
}


def name_fault(error: BaseException, *, was_open: bool) -> StreamFault:
    """The code of an exception; silence before the stream was open is ``no_answer``, after it ``stalled``."""
    if isinstance(error, OSError) and error.errno == errno.EIO:
        # the other side hung up: in the middle, or before any video
        return StreamFault.ENDED if was_open else StreamFault.GARBAGE
    found = next(
        (_BY_EXCEPTION[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in _BY_EXCEPTION),
        StreamFault.NETWORK,
    )
    if found is StreamFault.STALLED and not was_open:
        return StreamFault.NO_ANSWER
    return found
