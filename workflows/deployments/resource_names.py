"""Deterministic names of a deployment's AWS resources, so that a repeated step finds its own."""

import hashlib
from typing import Final

from registry.deployment_rows import DeploymentRow

MAX_RUNTIME_NAME_LENGTH: Final = 63


def job_name(row: DeploymentRow, model_name: str) -> str:
    """The name of the transform job that rehearses a model in the present attempt of a deployment, `row`."""
    digest = hashlib.blake2s(model_name.encode(), digest_size=3).hexdigest()
    return f"sagegraph-{_random_part(row)}-{row.attempt}-{digest}"


def runtime_name(row: DeploymentRow) -> str:
    """The name of a deployment's endpoint: the one that its row asks for, else one of its own."""
    if row.runtime_wish is not None:
        return row.runtime_wish
    tail = f"-{_random_part(row)}-{row.attempt}"
    return row.snapshot_name[: MAX_RUNTIME_NAME_LENGTH - len(tail)].rstrip("-") + tail


def output_prefix(row: DeploymentRow, prefix: str, model_name: str) -> str:
    """The folder in S3, below a prefix, that the rehearsal of a deployment's model writes into."""
    place = f"{row.account_id}/{row.group}/{row.key}/{row.attempt}/{model_name}/"
    return prefix.rstrip("/") + "/" + place


def _random_part(row: DeploymentRow) -> str:
    """The part of the key that is random."""
    return row.key[-10:]
