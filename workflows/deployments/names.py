"""Names of what a deployment makes: always the same for an attempt and a model, so that a step may run twice."""

import hashlib
from typing import Final

from registry.courses import Course

LONGEST_NAME: Final = 63


def job_name(course: Course, model_name: str) -> str:
    """The transform job of a model's rehearsal."""
    digest = hashlib.blake2s(model_name.encode(), digest_size=3).hexdigest()
    return f"sagegraph-{_short(course)}-{course.attempt}-{digest}"


def runtime_name(course: Course) -> str:
    """The endpoint that it becomes: the one that was asked for, else one of its own."""
    if course.runtime_wish is not None:
        return course.runtime_wish
    tail = f"-{_short(course)}-{course.attempt}"
    return course.snapshot_name[: LONGEST_NAME - len(tail)].rstrip("-") + tail


def output_of(course: Course, prefix: str, model_name: str) -> str:
    """The folder in S3 that a model's rehearsal writes into."""
    place = f"{course.account_id}/{course.group}/{course.key}/{course.attempt}/{model_name}/"
    return prefix.rstrip("/") + "/" + place


def _short(course: Course) -> str:
    """The part of the key that is random."""
    return course.key[-10:]
