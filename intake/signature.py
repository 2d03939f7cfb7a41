"""Which kind of file some bytes are, judged by how they begin and never by a name."""

from __future__ import annotations

from dataclasses import dataclass
from mmap import mmap

from errors import UnreadableMedia
from intake.kinds import MediaKind

Readable = bytes | mmap  # a clip on the disk is looked into without being read as a whole

FIELD = "media"
SEND_ANOTHER = "Send the file as your phone took it: JPEG, PNG, WebP or HEIC, or an MP4, MOV, 3GP or WebM clip."

HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc", b"hevx", b"MiHE"})
AVIF_BRANDS = frozenset({b"avif", b"avis"})
OLD_QUICKTIME_BOXES = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
NAMED_REFUSALS: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", "a GIF animation"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "an archive or office document"),
    (b"BM", "a bitmap picture"),
    (b"II*\x00", "a TIFF or raw picture"),
    (b"MM\x00*", "a TIFF or raw picture"),
    (b"<", "a web page"),
)


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What the first bytes say a file is."""

    kind: MediaKind
    content_type: str
    extension: str


PHOTOS = {
    "image/jpeg": MediaInfo(MediaKind.PHOTO, "image/jpeg", "jpg"),
    "image/png": MediaInfo(MediaKind.PHOTO, "image/png", "png"),
    "image/webp": MediaInfo(MediaKind.PHOTO, "image/webp", "webp"),
    "image/heic": MediaInfo(MediaKind.PHOTO, "image/heic", "heic"),
}
MP4 = MediaInfo(MediaKind.VIDEO, "video/mp4", "mp4")
QUICKTIME = MediaInfo(MediaKind.VIDEO, "video/quicktime", "mov")
MOBILE_3GP = MediaInfo(MediaKind.VIDEO, "video/3gpp", "3gp")
WEBM = MediaInfo(MediaKind.VIDEO, "video/webm", "webm")


def sniff(data: bytes) -> MediaInfo:
    """Kind and content type by magic bytes; ``UnreadableMedia`` for everything we do not take, named when known."""
    found = find_media_info(data)
    if found is not None:
        return found
    if not data:
        raise UnreadableMedia("The file is empty.", field=FIELD, value="0 bytes", cure=SEND_ANOTHER)
    raise UnreadableMedia(
        "This is not a photo or clip that can be opened.", field=FIELD, value=_name_refusal(data), cure=SEND_ANOTHER
    )


def find_media_info(data: Readable) -> MediaInfo | None:
    """As ``sniff``, none when the bytes are of no kind we take."""
    if data[:3] == b"\xff\xd8\xff":
        return PHOTOS["image/jpeg"]
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return PHOTOS["image/png"]
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return PHOTOS["image/webp"]
    if data[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in data[:64]:
        return WEBM
    if data[4:8] == b"ftyp":
        return _find_by_brand(data)
    return QUICKTIME if data[4:8] in OLD_QUICKTIME_BOXES else None


def _find_by_brand(data: Readable) -> MediaInfo | None:
    length = min(int.from_bytes(data[:4], "big"), 256, len(data))
    major = data[8:12]
    brands = {major} | {data[at : at + 4] for at in range(16, length - 3, 4)}
    if brands & AVIF_BRANDS:
        return None
    if major in HEIF_BRANDS or (brands & HEIF_BRANDS and not brands & {b"isom", b"mp41", b"mp42", b"qt  "}):
        return PHOTOS["image/heic"]
    if major == b"qt  ":
        return QUICKTIME
    return MOBILE_3GP if major[:2] in (b"3g",) else MP4


def _name_refusal(data: bytes) -> str:
    if data[4:8] == b"ftyp":
        return "an AVIF picture"
    for start, name in NAMED_REFUSALS:
        if data.lstrip()[: len(start)] == start:
            return name
    return f"unknown bytes {data[:8].hex()}"
