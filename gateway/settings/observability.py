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
    """`observability`: metrics, traces and the log.

    Attributes:
        metrics: Whether `/metrics` is served, at the gateway's port and at `server.probes.port` of a worker.
        metrics_token: The bearer token that a scrape must carry. Without it, no token is needed, and a request that
            came through a proxy is refused.
        otlp_endpoint: The collector that traces are sent to, over OTLP and HTTP, such as `http://collector:4318`; needs
            the extra `traces` (`pip install sagegraph[traces]`; the image has it). `null` sends none.
        log_level: The lowest level that is logged; `info` has one line for each request.
    """

    metrics: Switch = True
    metrics_token: Omittable[Secret] = None
    otlp_endpoint: Url | None = None
    log_level: LogLevel = "info"

    @property
    def level(self) -> int:
        """The level as a number of the module `logging`."""
        return logging.getLevelNamesMapping()[self.log_level.upper()]
