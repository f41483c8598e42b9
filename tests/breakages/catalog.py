"""Gather the breakages of every folder of the product."""

from typing import Final

from tests.breakages import (
    of_auth,
    of_aws,
    of_gateway,
    of_observability,
    of_registry,
    of_resolvers,
    of_schema,
    of_subscriptions,
    of_tools,
    of_workflows,
)
from tests.breakages.breakage import Breakage

BREAKAGES: Final[tuple[Breakage, ...]] = (
    *of_gateway.BREAKAGES,
    *of_observability.BREAKAGES,
    *of_schema.BREAKAGES,
    *of_resolvers.BREAKAGES,
    *of_workflows.BREAKAGES,
    *of_auth.BREAKAGES,
    *of_aws.BREAKAGES,
    *of_registry.BREAKAGES,
    *of_subscriptions.BREAKAGES,
    *of_tools.BREAKAGES,
)
