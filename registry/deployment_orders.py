"""Orders of lists of deployments."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final

from sqlalchemy import Column, Label, func, literal

from registry.deployment_tables import deployments
from registry.pages import KeysetOrder

_COLUMNS = deployments.c
_NOT_ENDED: Final = datetime(9999, 12, 31, tzinfo=UTC)

DEPLOYMENT_ORDER: Final = KeysetOrder(_COLUMNS.started_at, _COLUMNS.key)
"""The order with the last started deployment first."""

ENDED_OR_GOING_ON: Final = func.coalesce(_COLUMNS.ended_at, literal(_NOT_ENDED, _COLUMNS.ended_at.type)).label(
    "ended_or_going_on"
)
"""The end of a deployment; the year 9999 for one that has not ended."""


class DeploymentOrderField(Enum):
    """The field that deployments are ordered by."""

    STARTED = "STARTED"
    ENDED = "ENDED"


_ORDER_VALUES: Final[Mapping[DeploymentOrderField, Column[Any] | Label[Any]]] = {
    DeploymentOrderField.STARTED: _COLUMNS.started_at,
    DeploymentOrderField.ENDED: ENDED_OR_GOING_ON,
}


def ordered_by(field: DeploymentOrderField, *, ascending: bool) -> KeysetOrder:
    """The order by `field`; a deployment that has not ended counts as ending last."""
    return KeysetOrder(_ORDER_VALUES[field], _COLUMNS.key, ascending)
