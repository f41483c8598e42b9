"""Names the AWS sessions after the people for whom they are taken, so that CloudTrail tells who it was."""

import hashlib
import re
from typing import Final

LONGEST: Final = 64
"""The most characters that STS takes in RoleSessionName; the fewest are 2."""

DIGEST_LENGTH: Final = 20
"""Hexadecimal digits of the digest: 80 bits, beyond anyone's search for a second name with the same digest."""

LEGAL: Final = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
ILLEGAL_CHARACTER: Final = re.compile(r"[^\w+=,.@-]", re.ASCII)
ALTERED: Final = re.compile(rf"=[0-9a-f]{{{DIGEST_LENGTH}}}\Z")


def session_name(subject: str) -> str:
    """Give the RoleSessionName for a caller: the name itself where STS takes it, else a likeness with a digest of it.

    Two callers never get the same name. A legal name that looks as if it had a digest gets one of its own, so that
    nobody can call himself what another's altered name is.
    """
    if LEGAL.fullmatch(subject) and not ALTERED.search(subject):
        return subject
    digest = hashlib.sha256(subject.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST_LENGTH]
    likeness = ILLEGAL_CHARACTER.sub("-", subject)[: LONGEST - DIGEST_LENGTH - 1]
    return f"{likeness}={digest}"
