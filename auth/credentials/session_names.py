"""Names the AWS sessions after the people for whom they are taken, so that CloudTrail tells who it was."""

import hashlib
import re
from typing import Final

MAX_SESSION_NAME_CHARACTERS: Final = 64
"""The most characters that STS takes in RoleSessionName; the fewest are 2."""

SESSION_NAME_DIGEST_DIGITS: Final = 20
"""Hexadecimal digits of the digest: 80 bits, beyond anyone's search for a second name with the same digest."""

LEGAL_SESSION_NAME: Final = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
ILLEGAL_CHARACTER: Final = re.compile(r"[^\w+=,.@-]", re.ASCII)
ALTERED_SESSION_NAME: Final = re.compile(rf"=[0-9a-f]{{{SESSION_NAME_DIGEST_DIGITS}}}\Z")


def session_name(subject: str) -> str:
    """Give the RoleSessionName for a caller: the name itself where STS takes it, else a likeness with a digest of it.

    Two callers never get the same name. A legal name that looks as if it had a digest gets one of its own, so that
    nobody can call himself what another's altered name is.
    """
    if LEGAL_SESSION_NAME.fullmatch(subject) and not ALTERED_SESSION_NAME.search(subject):
        return subject
    digest = hashlib.sha256(subject.encode("utf-8", "surrogatepass")).hexdigest()[:SESSION_NAME_DIGEST_DIGITS]
    likeness = ILLEGAL_CHARACTER.sub("-", subject)[: MAX_SESSION_NAME_CHARACTERS - SESSION_NAME_DIGEST_DIGITS - 1]
    return f"{likeness}={digest}"
