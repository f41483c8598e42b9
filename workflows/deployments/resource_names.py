"""Deterministic names of a deployment's AWS resources, so that a repeated step finds its own."""

import hashlib
from typing import Final

from registry.deployment_rows import DeploymentRow

MAX_RUNTIME_NAME_LENGTH: Final = 63


def job_name(course: DeploymentRow, model_name: str) -> str:
    """The transform job of a model's rehearsal."""
    digest = hashlib.blake2s(model_name.encode(), digest_size=3).hexdigest()
    return f"sagegraph-{_random_part(course)}-{course.attempt}-{digest}"


def runtime_name(course: DeploymentRow) -> str:
    """The endpoint that it becomes: the one that was asked for, else one of its own."""
    if course.runtime_wish is not None:
        return course.runtime_wish
    tail = f"-{_random_part(course)}-{course.attempt}"
    return course.snapshot_name[: MAX_RUNTIME_NAME_LENGTH - len(tail)].rstrip("-") + tail


def output_prefix(course: DeploymentRow, prefix: str, model_name: str) -> str:
    """The folder in S3 that a model's rehearsal writes into."""
    place = f"{course.account_id}/{course.group}/{course.key}/{course.attempt}/{model_name}/"
    return prefix.rstrip("/") + "/" + place


def _random_part(course: DeploymentRow) -> str:
    """The part of the key that is random."""
    return course.key[-10:]
