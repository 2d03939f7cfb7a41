"""Writes of intake: a service request with its files, a camera's clip, the geotag of an observation, derived copies.

Everything is checked before anything is written; the rows of one call are one transaction, and their bytes are stored
before it, under their own hash, so that no row ever names bytes that are not there.
"""

from intake.actions.checking import ExtraWishes
from intake.actions.frames import receive_frame
from intake.actions.geotagging import record_geotag
from intake.actions.keeping import StoredMedia, store_copy, store_original, store_voice, sweep_orphans
from intake.actions.receiving import ReceivedRequest, receive_request
from intake.request_form import parse_pin
from intake.uploads import UploadedMedia

__all__ = [
    "ExtraWishes",
    "ReceivedRequest",
    "StoredMedia",
    "UploadedMedia",
    "parse_pin",
    "receive_frame",
    "receive_request",
    "record_geotag",
    "store_copy",
    "store_original",
    "store_voice",
    "sweep_orphans",
]
