"""Which parts of a text are Vietnamese, for pages in another language: laws and registers keep the names they were given. Pure.

Told by letters that no other language of the product has; the same as ``web/app/src/words/tongues.ts``.
"""

from __future__ import annotations

import re
import unicodedata

_VIETNAMESE = re.compile("[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
_BETWEEN = re.compile(r"(\s*[,;·()]\s*)")


def split_tongues(text: str, page: str) -> list[tuple[str, bool]]:
    """Runs of the text and whether each is Vietnamese on a page in another language; a sign goes with the part before it."""
    if page.startswith("vi"):
        return [(text, False)]
    runs: list[tuple[str, bool]] = []
    for index, part in enumerate(_BETWEEN.split(text)):
        is_between = bool(index % 2)
        is_foreign = (
            runs[-1][1] if is_between and runs else bool(_VIETNAMESE.search(unicodedata.normalize("NFC", part)))
        )
        if runs and (runs[-1][1] == is_foreign or not part):
            runs[-1] = (runs[-1][0] + part, runs[-1][1])
        elif part:
            runs.append((part, is_foreign))
    return runs
