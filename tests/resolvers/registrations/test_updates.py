"""resolvers.registrations.updates: each caller's own, in pages; and what is changed is changed whole, or not at all."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from auth.errors import ForbiddenError, UnauthenticatedError
from auth.permissions import Permission
from registry import assets, registrations, tables
from registry.ids import encode_own_id, new_key
from registry.records import Registration
from registry.registrations import RegistrationOrderField
from resolvers.errors import BadInputError, UserFaultError
from resolvers.lists.connections import PageArguments
from resolvers.lists.filters import Direction
from resolvers.registrations.queries import (
    RegistrationOrder,
    RegistrationQuery,
    get_registration,
    list_registrations,
)
from resolvers.registrations.updates import (
    UpdateRegistration,
    remove_registration,
    require_registration,
    update_registration,
)
from tests.registry.factories import create_registration, key_in_id, minutes_after_noon, new_asset, start_deployment
from tests.resolvers.harness import MutationHarness, error_triples

IMPORT = Permission.IMPORT
ALL = RegistrationQuery()
UNSEEN = "There is no registration with this id that you may see."


async def kept(harness: MutationHarness, **changed: Any) -> Registration:
    """A registration of risk's, with all that people may say of it."""
    texts = {"display_name": "Churn", "description": "Who leaves", "custom_metadata": {"owner": "ann", "tier": 1}}
    return await create_registration(harness.database, **{"group": "risk", **texts, **changed})


async def updated(harness: MutationHarness, registration: Registration, **value: Any) -> Registration:
    """The registration after a change that nothing is wrong with."""
    async with harness.mutation(IMPORT) as context:
        payload = await update_registration(context, UpdateRegistration(id=registration.id, **value))
    assert payload.user_errors == ()
    assert payload.registration is not None
    assert context.target == f"Registration {registration.id}"
    return payload.registration


async def said(harness: MutationHarness) -> list[tuple[Any, ...]]:
    """What the registry has of each registration that people may change."""
    table = tables.registrations.c
    async with harness.database.reading() as connection:
        rows = await connection.execute(select(table.display_name, table.description, table.custom_metadata))
        return [tuple(row) for row in rows]


async def shown(
    harness: MutationHarness, *groups: str, which: RegistrationQuery = ALL, first: int = 10, after: str | None = None
) -> tuple[list[str], int | None]:
    """The models of a page, and how many there are in all."""
    async with harness.request("ann", *groups) as request:
        connection = await list_registrations(request, PageArguments(first, after), which)
    return [node.model_name for node in connection.nodes], connection.total_count


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({}, ("Churn", "Who leaves", {"owner": "ann", "tier": 1})),
        ({"display_name": " Churn 2 "}, ("Churn 2", "Who leaves", {"owner": "ann", "tier": 1})),
        ({"display_name": None}, ("churn", "Who leaves", {"owner": "ann", "tier": 1})),
        ({"description": "Who stays"}, ("Churn", "Who stays", {"owner": "ann", "tier": 1})),
        ({"description": None}, ("Churn", None, {"owner": "ann", "tier": 1})),
        ({"custom_metadata": {"owner": None, "tier": {"a": 2}}}, ("Churn", "Who leaves", {"tier": {"a": 2}})),
        (
            {"display_name": "x", "description": "y", "custom_metadata": {"z": []}},
            ("x", "y", {"owner": "ann", "tier": 1, "z": []}),
        ),
    ],
)
async def test_what_is_left_out_is_kept_and_null_clears(
    harness: MutationHarness, value: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    changed = await updated(harness, await kept(harness), **value)
    assert (changed.display_name, changed.description, changed.custom_metadata) == expected
    assert [asset.role.value for asset in changed.required_assets] == ["DOCUMENTATION"]
    assert await said(harness) == [expected]


EMPTY = ("INVALID", ("displayName",), "The display name is empty; give one, or leave it out.")
LONG = ("INVALID", ("description",), "This may have 10,000 characters, not 10,001.")
NO_OBJECT = ("INVALID", ("customMetadata",), "Custom metadata must be a JSON object.")


@pytest.mark.parametrize(
    ("value", "faults"),
    [
        ({"display_name": " "}, [EMPTY]),
        ({"description": "d" * 10_001}, [LONG]),
        ({"custom_metadata": None}, [NO_OBJECT]),
        ({"display_name": " ", "description": "d" * 10_001, "custom_metadata": []}, [EMPTY, LONG, NO_OBJECT]),
    ],
)
async def test_a_change_at_fault_changes_nothing_beside_it(
    harness: MutationHarness, value: dict[str, Any], faults: list[tuple[Any, ...]]
) -> None:
    registration = await kept(harness)
    whole = {"display_name": "New", "description": "New", "custom_metadata": {"new": True}}
    with pytest.raises(UserFaultError) as caught:
        await updated(harness, registration, **{**whole, **value})
    assert error_triples(caught.value.errors) == faults
    assert await said(harness) == [("Churn", "Who leaves", {"owner": "ann", "tier": 1})]


async def test_a_removal_takes_what_belongs_to_it(harness: MutationHarness) -> None:
    """Deployments keep their history, and another registration stays."""
    registration = await kept(harness)
    await kept(harness, name="fraud")
    await start_deployment(harness.database)
    async with harness.database.writing() as connection:
        await assets.upsert(connection, key_in_id(registration.id), new_asset())
    async with harness.mutation(IMPORT, "eve", "mlops") as context:
        payload = await remove_registration(context, registration.id)
    assert (payload.removed_registration_id, payload.user_errors) == (registration.id, ())
    assert (context.target, context.group) == (f"Registration {registration.id}", "risk")
    assert await shown(harness, "risk") == (["fraud"], 1)
    assert await harness.rows("registrations", "assets", "deployments") == [1, 0, 1]
    async with harness.mutation(IMPORT) as context:
        with pytest.raises(UserFaultError) as caught:
            await remove_registration(context, registration.id)
    assert error_triples(caught.value.errors) == [("NOT_FOUND", ("id",), UNSEEN)]


@pytest.mark.parametrize("change", [update_registration, remove_registration])
async def test_one_that_is_removed_meanwhile_is_not_there(
    harness: MutationHarness, monkeypatch: pytest.MonkeyPatch, change: Any
) -> None:
    registration = await kept(harness)

    async def overtaken(*value: Any) -> Registration:
        result = await require_registration(*value)
        async with harness.database.writing() as connection:
            assert await registrations.remove(connection, key_in_id(registration.id))
        return result

    monkeypatch.setattr("resolvers.registrations.updates.require_registration", overtaken)
    async with harness.mutation(IMPORT) as context:
        values = (
            UpdateRegistration(id=registration.id, display_name="New")
            if change is update_registration
            else registration.id
        )
        with pytest.raises(UserFaultError) as caught:
            await change(context, values)
    assert error_triples(caught.value.errors) == [("NOT_FOUND", ("id",), UNSEEN)]


async def test_whose_it_is_not_cannot_change_it(harness: MutationHarness) -> None:
    """The field that the fault is about is the one that the id was given by."""
    registration = await kept(harness)
    as_asset = encode_own_id("Asset", key_in_id(registration.id))
    for value in (registration.id, encode_own_id("Registration", new_key()), as_asset, ""):
        async with harness.mutation(IMPORT, "bob", "other") as context:
            with pytest.raises(UserFaultError) as caught:
                await require_registration(context, value, "registrationId")
        assert error_triples(caught.value.errors) == [("NOT_FOUND", ("registrationId",), UNSEEN)]
        assert context.hidden_refusal == (value == registration.id)
    async with harness.mutation(IMPORT, "bob", "reader") as context:
        with pytest.raises(ForbiddenError, match="needs the permission IMPORT"):
            await require_registration(context, registration.id)
    assert (context.target, context.group) == (f"Registration {registration.id}", "risk")
    async with harness.mutation(IMPORT) as context:
        assert (await require_registration(context, registration.id)).id == registration.id


async def test_a_page_is_of_what_the_caller_may_see(harness: MutationHarness) -> None:
    for number, group in enumerate(("risk", "other", "risk", "stranger")):
        await create_registration(
            harness.database, f"model-{number}", group=group, imported_at=minutes_after_noon(number)
        )
    assert await shown(harness, "risk") == (["model-2", "model-0"], 2)
    assert await shown(harness, "mlops") == (["model-2", "model-0"], 2)
    assert await shown(harness, "risk", "other") == (["model-2", "model-1", "model-0"], 3)
    for group in ("risk", "other"):
        expected = (["model-2", "model-0"], 2) if group == "risk" else (["model-1"], 1)
        assert await shown(harness, "risk", "other", which=RegistrationQuery(group=group)) == expected
    assert await shown(harness, "risk", which=RegistrationQuery(name_contains="L-2")) == (["model-2"], 1)
    assert await shown(harness, "risk", which=RegistrationQuery(name_contains="l-2")) == (["model-2"], 1)


async def test_who_may_see_none_is_told_so(harness: MutationHarness) -> None:
    await kept(harness)
    words = "None of your groups may READ the registrations of the group `other`."
    with pytest.raises(ForbiddenError) as caught:
        await shown(harness, "risk", which=RegistrationQuery(group="other"))
    assert str(caught.value) == words
    with pytest.raises(ForbiddenError, match="needs the permission READ"):
        await shown(harness, "stranger")
    async with harness.request(None) as request:
        with pytest.raises(UnauthenticatedError):
            await list_registrations(request, PageArguments(10, None), ALL)


async def test_a_cursor_is_good_for_its_list_alone(harness: MutationHarness) -> None:
    for number in range(3):
        await create_registration(harness.database, f"model-{number}", imported_at=minutes_after_noon(number))
    async with harness.request("ann", "risk") as request:
        connection = await list_registrations(request, PageArguments(2, None), ALL)
    after = connection.page_info.end_cursor
    assert (connection.page_info.has_next_page, connection.total_count) == (True, 3)
    assert await shown(harness, "risk", after=after) == (["model-0"], 3)
    for groups, which in ((("risk", "other"), ALL), (("risk",), RegistrationQuery(name_contains="model"))):
        with pytest.raises(BadInputError, match="`after` is not a cursor of this list"):
            await shown(harness, *groups, which=which, after=after)


@pytest.mark.parametrize("part", ["a\0", "\ud800"])
def test_a_part_that_no_database_keeps_is_in_no_name(part: str) -> None:
    with pytest.raises(BadInputError) as caught:
        RegistrationQuery(name_contains=part)
    assert str(caught.value) == (
        "`filter.nameContains` holds a NUL or half of a surrogate pair, and no name does; leave it out."
    )


async def test_by_its_id(harness: MutationHarness) -> None:
    registration = await kept(harness)
    async with harness.request("ann", "risk") as request:
        result = await get_registration(request, registration.id)
        assert result is not None
        assert (result.id, [asset.role.value for asset in result.required_assets]) == (
            registration.id,
            ["DOCUMENTATION"],
        )
        with pytest.raises(BadInputError, match="`id` is not the id of a registration"):
            await get_registration(request, encode_own_id("Asset", new_key()))
    async with harness.request("bob", "other") as request:
        assert await get_registration(request, registration.id) is None


async def test_the_orders_of_registrations(harness: MutationHarness) -> None:
    """Page by page, each once, also of those that share a name; case does not tell names apart."""
    names = ["b", "A", "\N{LATIN SMALL LETTER A WITH DIAERESIS}" * 256, "a", "B"]
    keys = []
    for number, name in enumerate(names):
        made = await create_registration(
            harness.database, f"model-{number}", display_name=name, imported_at=minutes_after_noon(number)
        )
        keys.append(key_in_id(made.id))
        async with harness.database.writing() as connection:
            await registrations.mark_synced(connection, keys[-1], minutes_after_noon(19 - number))
    by_name = "".join(map(str, sorted(range(5), key=lambda number: (names[number].lower(), keys[number]))))
    for field, expected in (
        (RegistrationOrderField.IMPORTED, "01234"),
        (RegistrationOrderField.SYNCED, "43210"),
        (RegistrationOrderField.DISPLAY_NAME, by_name),
    ):
        for direction, numbers in ((Direction.ASC, expected), (Direction.DESC, expected[::-1])):
            assert await _walked(harness, RegistrationOrder(RegistrationOrderField(field), direction)) == numbers


async def _walked(harness: MutationHarness, order: RegistrationOrder) -> str:
    """The numbers of all models, on pages of two; no cursor is good for another order."""
    after, result, more = None, "", True
    others = [replace(order, by=field) for field in RegistrationOrderField if field is not order.by]
    while more:
        async with harness.request("ann", "risk") as request:
            page = await list_registrations(request, PageArguments(2, after), ALL, order)
            after, more = page.page_info.end_cursor, page.page_info.has_next_page
            result += "".join(node.model_name[-1] for node in page.nodes)
            for other in others:
                with pytest.raises(BadInputError):
                    await list_registrations(request, PageArguments(2, after), ALL, other)
    return result
