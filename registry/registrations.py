"""The registrations: imported models, one for each group, model and creation time.

Functions that give registrations take `required`, the roles of assets that deployments require.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Label, Row, and_, delete, func, select, update

from registry import assets
from registry.changes import note_change
from registry.custom_metadata import merge_patched
from registry.database import Connection
from registry.enums import AssetRole
from registry.errors import RegistryConflictError
from registry.ids import encode_own_id, new_key
from registry.pages import KeysetOrder, KeysetPosition, Page, VisibleGroups, in_groups, rows_after
from registry.queries import count_rows, rows_in
from registry.records import Asset, AssetRequirement, Registration
from registry.storable_text import require_storable
from registry.tables import registrations
from registry.upserts import chunks, insert

_COLUMNS = registrations.c
_FOLDED_NAME = func.lower(_COLUMNS.display_name).label("folded_display_name")
_ORDER = KeysetOrder(_COLUMNS.imported_at, _COLUMNS.key)


class RegistrationOrderField(Enum):
    """The field that registrations are ordered by."""

    IMPORTED = "IMPORTED"
    SYNCED = "SYNCED"
    DISPLAY_NAME = "DISPLAY_NAME"


_ORDER_VALUES: Final[Mapping[RegistrationOrderField, Column[Any] | Label[Any]]] = {
    RegistrationOrderField.IMPORTED: _COLUMNS.imported_at,
    RegistrationOrderField.SYNCED: _COLUMNS.last_synced_at,
    RegistrationOrderField.DISPLAY_NAME: _FOLDED_NAME,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRegistration:
    """A registration to be made.

    Attributes:
        group: The group that owns it.
        account_id: The model's AWS account.
        region: The model's AWS region.
        model_name: The model's name.
        model_arn: The model's ARN.
        model_created_at: The model's creation time.
        display_name: The name for people; None takes the model's.
        description: The description by people; None without one.
        custom_metadata: The custom metadata of people, a JSON object.
        imported_by: The person who imports it.
        imported_at: The present time.
    """

    group: str
    account_id: str
    region: str
    model_name: str
    model_arn: str
    model_created_at: datetime
    display_name: str | None = None
    description: str | None = None
    custom_metadata: Mapping[str, object] = field(default_factory=dict)
    imported_by: str
    imported_at: datetime


@dataclass(frozen=True, slots=True)
class RegistrationCriteria:
    """Criteria of registrations.

    Attributes:
        groups: The groups whose registrations match.
        name_contains: A part of the display name or the model's name, in any case; None for any.
    """

    groups: VisibleGroups
    name_contains: str | None = None


async def find_or_create(
    connection: Connection, new: NewRegistration, required: Sequence[AssetRole]
) -> tuple[Registration, bool]:
    """The registration of the group and model of `new`, and whether this call made it.

    An existing one is not changed. Of concurrent calls one makes it, and the others wait and get that registration.

    Raises:
        UnstorableTextError: Its display name or description cannot be stored.
        MetadataError: Its custom metadata is not within the limits.
        RegistryConflictError: It existed, and was removed at this moment.
    """
    written = insert(connection, registrations).values(_row(new)).on_conflict_do_nothing().returning(_COLUMNS.key)
    created = (await connection.execute(written)).scalar_one_or_none() is not None
    same = select(registrations).where(
        _COLUMNS.group_name == new.group,
        _COLUMNS.model_arn == new.model_arn,
        _COLUMNS.model_created_at == new.model_created_at,
    )
    row = (await connection.execute(same)).one_or_none()
    if row is None:
        raise RegistryConflictError(f"The registration of {new.model_name} was removed just now; import it again.")
    (registration,) = await _load_registrations(connection, [row], required)
    return registration, created


async def by_key(connection: Connection, key: str, required: Sequence[AssetRole]) -> Registration | None:
    """The registration of this key; None if there is none."""
    return (await by_keys(connection, [key], required)).get(key)


async def by_keys(
    connection: Connection, keys: Collection[str], required: Sequence[AssetRole]
) -> Mapping[str, Registration]:
    """The registrations with these keys, by key; keys without a registration are left out."""
    rows = await rows_in(connection, select(registrations), _COLUMNS.key, keys)
    return dict(zip([row.key for row in rows], await _load_registrations(connection, rows, required), strict=True))


async def importers(connection: Connection, keys: Collection[str]) -> Mapping[str, str]:
    """The importer of each registration with one of these keys, by key."""
    rows = await rows_in(connection, select(_COLUMNS.key, _COLUMNS.imported_by), _COLUMNS.key, keys)
    return {row.key: row.imported_by for row in rows}


async def of_models(
    connection: Connection,
    groups: VisibleGroups,
    account_id: str,
    region: str,
    model_arns: Collection[str],
    required: Sequence[AssetRole],
) -> tuple[Registration, ...]:
    """The registrations of these models, newest first; a model may have one for each group and creation time."""
    rows: list[Row[Any]] = []
    for part in chunks(list(model_arns)):
        condition = and_(_in_scope(groups, account_id, region), _COLUMNS.model_arn.in_(part))
        rows += await connection.execute(select(registrations).where(condition))
    rows.sort(key=_ORDER.position, reverse=True)
    return await _load_registrations(connection, rows, required)


async def imported_models(
    connection: Connection, groups: VisibleGroups, account_id: str, region: str
) -> frozenset[tuple[str, datetime]]:
    """The ARN and creation time of every model of an account and region that the groups have imported."""
    models = select(_COLUMNS.model_arn, _COLUMNS.model_created_at).where(_in_scope(groups, account_id, region))
    return frozenset((row.model_arn, row.model_created_at) for row in await connection.execute(models))


async def models_shown_as(
    connection: Connection, groups: VisibleGroups, account_id: str, region: str, part: str
) -> frozenset[tuple[str, datetime]]:
    """The ARN and creation time of every model whose registration's display name contains `part`, in any case.

    Raises:
        UnstorableTextError: The text cannot be stored, so no name contains it.
    """
    models = select(_COLUMNS.model_arn, _COLUMNS.model_created_at).where(
        _in_scope(groups, account_id, region), _contains(_COLUMNS.display_name, require_storable(part, "The text"))
    )
    return frozenset((row.model_arn, row.model_created_at) for row in await connection.execute(models))


async def page(
    connection: Connection,
    criteria: RegistrationCriteria,
    required: Sequence[AssetRole],
    first: int,
    after: KeysetPosition | None = None,
    order: KeysetOrder = _ORDER,
) -> Page[Registration]:
    """A page of the registrations, the newest imported first unless `order` (see `ordered_by`) says otherwise."""
    statement = select(registrations, _FOLDED_NAME).where(_condition(criteria))
    rows, more = await rows_after(connection, statement, order, first, after)
    return Page(await _load_registrations(connection, rows, required), tuple(map(order.position, rows)), more)


def ordered_by(field: RegistrationOrderField, *, ascending: bool) -> KeysetOrder:
    """The order by `field`; display names are compared in the lower case of the database."""
    return KeysetOrder(_ORDER_VALUES[field], _COLUMNS.key, ascending)


async def count(connection: Connection, criteria: RegistrationCriteria) -> int:
    """Count the registrations that match the criteria."""
    return await count_rows(connection, registrations, _condition(criteria))


async def rename(connection: Connection, key: str, display_name: str | None) -> bool:
    """Set a registration's display name, None for the model's; False if it is gone. Raises UnstorableTextError."""
    name = _COLUMNS.model_name if display_name is None else require_storable(display_name, "The display name")
    return await _update(connection, key, display_name=name)


async def describe(connection: Connection, key: str, description: str | None) -> bool:
    """Set a registration's description, or None for none; False if it is gone. Raises UnstorableTextError."""
    text = None if description is None else require_storable(description, "The description")
    return await _update(connection, key, description=text)


async def patch_metadata(connection: Connection, key: str, patch: object) -> bool:
    """Apply a JSON Merge Patch to the custom metadata; False if the registration is gone.

    Concurrent patches wait for each other, so that none is lost. Raises MetadataError.
    """
    locked = select(_COLUMNS.custom_metadata).where(_COLUMNS.key == key).with_for_update()
    row = (await connection.execute(locked)).one_or_none()
    return row is not None and await _update(connection, key, custom_metadata=merge_patched(row.custom_metadata, patch))


async def mark_synced(connection: Connection, key: str, at: datetime) -> bool:
    """Set the time of the last sync of the registration `key` with AWS; False if it is gone."""
    return await _update(connection, key, last_synced_at=at)


async def remove(connection: Connection, key: str) -> bool:
    """Remove the registration `key` with its elements, assets, uploads and links by hand; False if it was gone."""
    await note_change(connection, "Registration", key)
    return (await connection.execute(delete(registrations).where(_COLUMNS.key == key))).rowcount > 0


def _in_scope(groups: VisibleGroups, account_id: str, region: str) -> ColumnElement[bool]:
    return and_(in_groups(_COLUMNS.group_name, groups), _COLUMNS.account_id == account_id, _COLUMNS.region == region)


def _condition(criteria: RegistrationCriteria) -> ColumnElement[bool]:
    condition = in_groups(_COLUMNS.group_name, criteria.groups)
    if not criteria.name_contains:
        return condition
    part = require_storable(criteria.name_contains, "nameContains")
    return and_(condition, _contains(_COLUMNS.display_name, part) | _contains(_COLUMNS.model_name, part))


def _contains(name: Column[str], part: str) -> ColumnElement[bool]:
    """The condition that a name contains a text that is not empty, in upper or lower case."""
    # The databases differ in the case of LIKE, and in their functions that search a text; `replace` is common to both.
    return func.replace(func.lower(name), func.lower(part), "") != func.lower(name)


async def _update(connection: Connection, key: str, **values: Any) -> bool:
    changed = await connection.execute(update(registrations).where(_COLUMNS.key == key).values(**values))
    return changed.rowcount > 0


async def _load_registrations(
    connection: Connection, rows: Sequence[Row[Any]], required: Sequence[AssetRole]
) -> tuple[Registration, ...]:
    stored = await assets.of_registrations(connection, [row.key for row in rows])
    return tuple(_registration_from_row(row, stored[row.key], required) for row in rows)


def _row(new: NewRegistration) -> dict[str, Any]:
    return {
        "key": new_key(),
        "group_name": new.group,
        "account_id": new.account_id,
        "region": new.region,
        "model_name": new.model_name,
        "model_arn": new.model_arn,
        "model_created_at": new.model_created_at,
        "display_name": require_storable(new.display_name or new.model_name, "The display name"),
        "description": None if new.description is None else require_storable(new.description, "The description"),
        "custom_metadata": merge_patched({}, new.custom_metadata),
        "imported_by": new.imported_by,
        "imported_at": new.imported_at,
        "last_synced_at": new.imported_at,
    }


def _registration_from_row(row: Row[Any], assets: tuple[Asset, ...], required: Sequence[AssetRole]) -> Registration:
    roles = {asset.role for asset in assets}
    return Registration(
        id=encode_own_id("Registration", row.key),
        display_name=row.display_name,
        description=row.description,
        group=row.group_name,
        model_name=row.model_name,
        model_arn=row.model_arn,
        model_created_at=row.model_created_at,
        account_id=row.account_id,
        region=row.region,
        imported_by=row.imported_by,
        imported_at=row.imported_at,
        last_synced_at=row.last_synced_at,
        custom_metadata=row.custom_metadata,
        assets=assets,
        required_assets=tuple(AssetRequirement(role, present=role in roles) for role in required),
    )
