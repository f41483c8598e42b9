"""Puts the schema together, with its limits and caches."""

from typing import Any

import strawberry
from strawberry.extensions import ParserCache, SchemaExtension, ValidationCache
from strawberry.schema.config import StrawberryConfig

from schema.jobs import TrainingJob, TransformJob
from schema.limits import DocumentLimits, limits_extension
from schema.queries import Query
from schema.scalars import SCALARS


class GatewaySchema(strawberry.Schema):
    """The schema; errors are told and logged where the response is made, so Strawberry logs none of its own."""

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        """Nothing: see schema/errors.py."""


def build_schema(
    limits: DocumentLimits | None = None,
    *,
    introspection: bool = True,
    extensions: tuple[type[SchemaExtension], ...] = (),
) -> GatewaySchema:
    """The schema of the gateway.

    Args:
        limits: How large a document may be.
        introspection: Whether clients may read the schema by query.
        extensions: Further extensions, such as one that adds to the response.
    """
    # The order matters: a document is parsed and validated (both from caches) before its size is taken.
    # Each operation gets extensions of its own; what the caches keep is shared by all.
    chosen: list[Any] = [
        lambda: ParserCache(maxsize=512),
        lambda: ValidationCache(maxsize=512),
        limits_extension(limits or DocumentLimits()),
    ]
    return GatewaySchema(
        query=Query,
        types=[TrainingJob, TransformJob],
        extensions=[*chosen, *extensions],
        config=StrawberryConfig(auto_camel_case=True, scalar_map=dict(SCALARS)),
    )
