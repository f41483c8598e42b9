"""The JSON form of a rehearsal's comparator, see docs/rehearsals.md."""

from collections.abc import Mapping
from enum import Enum
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from aws.client.errors import NotFoundError
from aws.s3_uris import MalformedS3UriError
from aws.storage import ObjectStorage, ObjectTooLargeError
from registry.records import Asset
from workflows.deployments.errors import ComparatorError

MAX_COMPARATOR_BYTES: Final = 262_144
"""The largest comparator, in bytes."""
# The most faults of one comparator that are named.
_MAX_FAULTS_SHOWN: Final = 5

Share = Annotated[float, Field(ge=0, le=1)]
RowCount = Annotated[int, Field(ge=0, le=1_000_000_000)]
Tolerance = Annotated[float, Field(ge=0)]
Column = str | Annotated[int, Field(ge=0, le=1_000_000_000)]


class Metric(Enum):
    """Measures of the output's rows: over one column, or against the expected rows."""

    MEAN = "mean"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    MEAN_ABSOLUTE_ERROR = "meanAbsoluteError"
    ROOT_MEAN_SQUARED_ERROR = "rootMeanSquaredError"
    ACCURACY = "accuracy"


AGAINST_EXPECTED: Final = frozenset({Metric.MEAN_ABSOLUTE_ERROR, Metric.ROOT_MEAN_SQUARED_ERROR, Metric.ACCURACY})
"""The metrics that take expected rows."""


class _FormPart(BaseModel):
    # Strict: a truth value is no count, and a number that stands in quotes is a text.
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, allow_inf_nan=False, strict=True)


class RowCountRule(_FormPart):
    """The number of rows to expect: exact, or within bounds.

    Attributes:
        equals: The exact number.
        minimum: The least number.
        maximum: The greatest number.
    """

    equals: RowCount | None = None
    minimum: RowCount | None = None
    maximum: RowCount | None = None


class ErrorShareRule(_FormPart):
    """The share of rows that may be errors: empty, not of the format, or not a number if numbers are compared.

    Attributes:
        maximum_share: The greatest share, from 0 to 1.
    """

    maximum_share: Share


class ExpectedRowsRule(_FormPart):
    """The rows that are expected, in the order of the input.

    Attributes:
        s3_uri: The file that holds them, of the format of the output.
        tolerance: The difference that a number may have.
        relative_tolerance: The share of the expected number that it may differ by besides.
        maximum_mismatch_share: The share of the rows that may differ by more, from 0 to 1.
    """

    s3_uri: str = Field(alias="s3Uri")
    tolerance: Tolerance = 0
    relative_tolerance: Tolerance = 0
    maximum_mismatch_share: Share = 0


class MetricRule(_FormPart):
    """The bounds of a metric.

    Attributes:
        name: The metric.
        column: The column that it is about: from 0 on in CSV, a key in JSON lines; None for the first.
        minimum: The least value; None for no bound.
        maximum: The greatest value; None for no bound.
    """

    name: Metric
    column: Column | None = None
    minimum: float | None = None
    maximum: float | None = None


class Comparator(_FormPart):
    """The rules of a comparison; a rule that is left out is not checked.

    Attributes:
        version: The form's version.
        format: The format of the output: rows of CSV, or of JSON.
        rows: The number of rows to come.
        errors: The share of them that may be errors.
        expected: The rows that are expected.
        metrics: The bounds of metrics.
    """

    version: Literal[1] = 1
    format: Literal["csv", "jsonlines"] = "csv"
    rows: RowCountRule | None = None
    errors: ErrorShareRule | None = None
    expected: ExpectedRowsRule | None = None
    metrics: tuple[MetricRule, ...] = Field(default=(), max_length=50)


NO_COMPARATOR: Final = Comparator()
"""Compares nothing: it is enough that the job was completed."""


async def load_comparator(storage: ObjectStorage, asset: Asset) -> Comparator:
    """The comparator in an asset, whose text or object is read.

    Raises:
        ComparatorError: It cannot be read, or is not of the form.
        AWSError: S3 refused it, turned calls away or did not answer.
    """
    text = asset.content.encode() if asset.content is not None else await _read(storage, asset)
    try:
        comparator = Comparator.model_validate_json(text)
    except ValidationError as error:
        faults = [_fault_text(fault) for fault in error.errors(include_url=False, include_input=False)]
        message = "; ".join([*faults[:_MAX_FAULTS_SHOWN], *(["and more"] if len(faults) > _MAX_FAULTS_SHOWN else [])])
        raise ComparatorError(
            f"{_asset_name(asset)} does not have the form that docs/rehearsals.md describes: {message}."
        ) from error
    against = [metric.name.value for metric in comparator.metrics if metric.name in AGAINST_EXPECTED]
    if against and comparator.expected is None:
        raise ComparatorError(
            f"{_asset_name(asset)} measures {', '.join(against)}, for which it must name `expected` rows."
        )
    return comparator


async def _read(storage: ObjectStorage, asset: Asset) -> bytes:
    try:
        return await storage.read(asset.s3_uri or "", MAX_COMPARATOR_BYTES)
    except (ObjectTooLargeError, NotFoundError, MalformedS3UriError) as error:
        raise ComparatorError(f"{_asset_name(asset)} cannot be read: {error}") from error


def _asset_name(asset: Asset) -> str:
    return f"The TEST_RESULT_COMPARATOR `{asset.name}`"


def _fault_text(fault: Mapping[str, object]) -> str:
    place = fault["loc"]
    path = ".".join(str(part) for part in place) if isinstance(place, tuple) else ""
    return f"{path[:100] or 'the whole'}: {str(fault['msg'])[:200]}"
