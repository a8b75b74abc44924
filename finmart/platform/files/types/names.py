"""Names of files, made fit to be shown and saved under."""

import re
import unicodedata

from finmart.platform.files.types.kinds import ENDINGS, FileKind

MAX_NAME = 120

#: Not in a name on some system, or able to end a header or a shell word early.
_UNFIT = re.compile(r'[<>:"/\\|?*;]+')
#: Control, format (bidirectional overrides hide an ending), surrogate, private, unassigned; line and paragraph ends.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def fit_name(name: str, kind: FileKind) -> str:
    """``name`` without a path and unseen characters, at most 120 long, ending as its kind does."""
    base = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(sign for sign in base if unicodedata.category(sign) not in _UNSEEN)
    words = " ".join(_UNFIT.sub("_", seen).split())
    endings = ENDINGS[kind]
    ending = next((one for one in endings if words.lower().endswith(one)), "")
    stem = words[: len(words) - len(ending)].strip(". ") or "file"
    return stem[: MAX_NAME - len(endings[0]) - 1] + (ending or endings[0])
