"""Makes answers fit to be kept: equal texts are one text, and times are in UTC, whatever zone this machine is in."""

import sys
from datetime import UTC, datetime
from typing import Any


def compact(answer: Any) -> Any:
    """The same answer with its texts interned and its times in UTC.

    Rows and descriptions repeat names, ARNs, images, roles and statuses: kept apart, they are half of what a known job
    weighs. botocore makes a time-zone object for each time, which weighs more than the time.
    """
    if isinstance(answer, str):
        # Sub-classes of str cannot be interned; what a parser gives is none.
        return sys.intern(answer) if type(answer) is str else answer
    if isinstance(answer, dict):
        return {compact(key): compact(value) for key, value in answer.items()}
    if isinstance(answer, list):
        return [compact(value) for value in answer]
    return answer.astimezone(UTC) if isinstance(answer, datetime) else answer
