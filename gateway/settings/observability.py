"""Settings of metrics, traces and logs."""

import logging
from typing import Annotated, Literal

from gateway.settings.model import SettingsModel, ValueType
from gateway.settings.values import Omittable, Secret, Switch, Url, one_of

LogLevel = Annotated[
    Literal["debug", "info", "warning", "error"],
    ValueType("debug, info, warning or error", one_of("debug", "info", "warning", "error")),
]


class ObservabilitySettings(SettingsModel):
    """`observability`: what can be seen of a process.

    Attributes:
        metrics: Whether `/metrics` is served.
        metrics_token: The bearer token that a scrape must carry; left out, none is needed, and what comes through a
            proxy is refused.
        otlp_endpoint: The collector that traces are sent to, over OTLP and HTTP; None sends none.
        log_level: The least grave level that is logged.
    """

    metrics: Switch = True
    metrics_token: Omittable[Secret] = None
    otlp_endpoint: Url | None = None
    log_level: LogLevel = "info"

    @property
    def level(self) -> int:
        """The level as a number of the module `logging`."""
        return logging.getLevelNamesMapping()[self.log_level.upper()]
