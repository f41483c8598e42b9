"""Deterministic names of a deployment's AWS resources, so that a repeated step finds its own."""

import hashlib
from typing import Final

from registry.deployment_rows import DeploymentRow

MAX_RUNTIME_NAME_LENGTH: Final = 63


def job_name(row: DeploymentRow, model_name: str) -> str:
    """The transform job of a model's rehearsal."""
    digest = hashlib.blake2s(model_name.encode(), digest_size=3).hexdigest()
    return f"sagegraph-{_random_part(row)}-{row.attempt}-{digest}"


def runtime_name(row: DeploymentRow) -> str:
    """The endpoint that it becomes: the one that was asked for, else one of its own."""
    if row.runtime_wish is not None:
        return row.runtime_wish
    tail = f"-{_random_part(row)}-{row.attempt}"
    return row.snapshot_name[: MAX_RUNTIME_NAME_LENGTH - len(tail)].rstrip("-") + tail


def output_prefix(row: DeploymentRow, prefix: str, model_name: str) -> str:
    """The folder in S3 that a model's rehearsal writes into."""
    place = f"{row.account_id}/{row.group}/{row.key}/{row.attempt}/{model_name}/"
    return prefix.rstrip("/") + "/" + place


def _random_part(row: DeploymentRow) -> str:
    """The part of the key that is random."""
    return row.key[-10:]
