"""resolvers.registrations.updates: each caller's own, in pages; and what is changed is changed whole, or not at all."""

from typing import Any

import pytest
from sqlalchemy import select

from auth.errors import ForbiddenError, UnauthenticatedError
from auth.permissions import Permission
from registry import assets, registrations, tables
from registry.ids import encode_own_id, new_key
from registry.records import Registration
from resolvers.errors import BadInputError, UserFaultError
from resolvers.lists.connections import PageArguments
from resolvers.registrations.queries import RegistrationQuery, get_registration, list_registrations
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
UNSEEN = "There is no registration with this id among those that you may see."


async def kept(desk: MutationHarness, **changed: Any) -> Registration:
    """A registration of risk's, with all that people may say of it."""
    said = {"display_name": "Churn", "description": "Who leaves", "custom_metadata": {"owner": "ann", "tier": 1}}
    return await create_registration(desk.database, **{"group": "risk", **said, **changed})


async def updated(desk: MutationHarness, registration: Registration, **given: Any) -> Registration:
    """The registration after a change that nothing is wrong with."""
    async with desk.mutation(IMPORT) as act:
        payload = await update_registration(act, UpdateRegistration(id=registration.id, **given))
    assert payload.user_errors == ()
    assert payload.registration is not None
    assert act.target == f"Registration {registration.id}"
    return payload.registration


async def said(desk: MutationHarness) -> list[tuple[Any, ...]]:
    """What the registry has of each registration that people may change."""
    table = tables.registrations.c
    async with desk.database.reading() as connection:
        rows = await connection.execute(select(table.display_name, table.description, table.custom_metadata))
        return [tuple(row) for row in rows]


async def shown(
    desk: MutationHarness, *groups: str, which: RegistrationQuery = ALL, first: int = 10, after: str | None = None
) -> tuple[list[str], int | None]:
    """The models of a page, and how many there are in all."""
    async with desk.request("ann", *groups) as request:
        found = await list_registrations(request, PageArguments(first, after), which)
    return [node.model_name for node in found.nodes], found.total_count


@pytest.mark.parametrize(
    ("given", "expected"),
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
    desk: MutationHarness, given: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    changed = await updated(desk, await kept(desk), **given)
    assert (changed.display_name, changed.description, changed.custom_metadata) == expected
    assert [each.role.value for each in changed.required_assets] == ["DOCUMENTATION"]
    assert await said(desk) == [expected]


EMPTY = ("INVALID", ("displayName",), "The display name is empty; give one, or leave it out.")
LONG = ("INVALID", ("description",), "This may have 10,000 characters, not 10,001.")
NO_OBJECT = ("INVALID", ("customMetadata",), "Custom metadata is a JSON object; give one.")


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"display_name": " "}, [EMPTY]),
        ({"description": "d" * 10_001}, [LONG]),
        ({"custom_metadata": None}, [NO_OBJECT]),
        ({"display_name": " ", "description": "d" * 10_001, "custom_metadata": []}, [EMPTY, LONG, NO_OBJECT]),
    ],
)
async def test_a_change_at_fault_changes_nothing_beside_it(
    desk: MutationHarness, given: dict[str, Any], faults: list[tuple[Any, ...]]
) -> None:
    registration = await kept(desk)
    whole = {"display_name": "New", "description": "New", "custom_metadata": {"new": True}}
    with pytest.raises(UserFaultError) as caught:
        await updated(desk, registration, **{**whole, **given})
    assert error_triples(caught.value.errors) == faults
    assert await said(desk) == [("Churn", "Who leaves", {"owner": "ann", "tier": 1})]


async def test_a_removal_takes_what_belongs_to_it(desk: MutationHarness) -> None:
    """Deployments keep their history, and another registration stays."""
    registration = await kept(desk)
    await kept(desk, name="fraud")
    await start_deployment(desk.database)
    async with desk.database.writing() as connection:
        await assets.upsert(connection, key_in_id(registration.id), new_asset())
    async with desk.mutation(IMPORT, "eve", "mlops") as act:
        payload = await remove_registration(act, registration.id)
    assert (payload.removed_registration_id, payload.user_errors) == (registration.id, ())
    assert (act.target, act.group) == (f"Registration {registration.id}", "risk")
    assert await shown(desk, "risk") == (["fraud"], 1)
    assert await desk.rows("registrations", "assets", "deployments") == [1, 0, 1]
    async with desk.mutation(IMPORT) as act:
        with pytest.raises(UserFaultError) as caught:
            await remove_registration(act, registration.id)
    assert error_triples(caught.value.errors) == [("NOT_FOUND", ("id",), UNSEEN)]


@pytest.mark.parametrize("change", [update_registration, remove_registration])
async def test_one_that_is_removed_meanwhile_is_not_there(
    desk: MutationHarness, monkeypatch: pytest.MonkeyPatch, change: Any
) -> None:
    registration = await kept(desk)

    async def overtaken(*given: Any) -> Registration:
        found = await require_registration(*given)
        async with desk.database.writing() as connection:
            assert await registrations.remove(connection, key_in_id(registration.id))
        return found

    monkeypatch.setattr("resolvers.registrations.updates.require_registration", overtaken)
    async with desk.mutation(IMPORT) as act:
        given = (
            UpdateRegistration(id=registration.id, display_name="New")
            if change is update_registration
            else registration.id
        )
        with pytest.raises(UserFaultError) as caught:
            await change(act, given)
    assert error_triples(caught.value.errors) == [("NOT_FOUND", ("id",), UNSEEN)]


async def test_whose_it_is_not_cannot_change_it(desk: MutationHarness) -> None:
    """The field that the fault is about is the one that the id was given by."""
    registration = await kept(desk)
    as_asset = encode_own_id("Asset", key_in_id(registration.id))
    for given in (registration.id, encode_own_id("Registration", new_key()), as_asset, ""):
        async with desk.mutation(IMPORT, "bob", "other") as act:
            with pytest.raises(UserFaultError) as caught:
                await require_registration(act, given, "registrationId")
        assert error_triples(caught.value.errors) == [("NOT_FOUND", ("registrationId",), UNSEEN)]
        assert act.hidden_refusal == (given == registration.id)
    async with desk.mutation(IMPORT, "bob", "reader") as act:
        with pytest.raises(ForbiddenError, match="takes the permission IMPORT"):
            await require_registration(act, registration.id)
    assert (act.target, act.group) == (f"Registration {registration.id}", "risk")
    async with desk.mutation(IMPORT) as act:
        assert (await require_registration(act, registration.id)).id == registration.id


async def test_a_page_is_of_what_the_caller_may_see(desk: MutationHarness) -> None:
    for number, group in enumerate(("risk", "other", "risk", "stranger")):
        await create_registration(desk.database, f"model-{number}", group=group, imported_at=minutes_after_noon(number))
    assert await shown(desk, "risk") == (["model-2", "model-0"], 2)
    assert await shown(desk, "mlops") == (["model-2", "model-0"], 2)
    assert await shown(desk, "risk", "other") == (["model-2", "model-1", "model-0"], 3)
    for group in ("risk", "other"):
        expected = (["model-2", "model-0"], 2) if group == "risk" else (["model-1"], 1)
        assert await shown(desk, "risk", "other", which=RegistrationQuery(group=group)) == expected
    assert await shown(desk, "risk", which=RegistrationQuery(name_contains="L-2")) == (["model-2"], 1)
    assert await shown(desk, "risk", which=RegistrationQuery(name_contains="l-2")) == (["model-2"], 1)


async def test_who_may_see_none_is_told_so(desk: MutationHarness) -> None:
    await kept(desk)
    words = "None of your groups may READ what the group `other` has registered."
    with pytest.raises(ForbiddenError) as caught:
        await shown(desk, "risk", which=RegistrationQuery(group="other"))
    assert str(caught.value) == words
    with pytest.raises(ForbiddenError, match="takes the permission READ"):
        await shown(desk, "stranger")
    async with desk.request(None) as request:
        with pytest.raises(UnauthenticatedError):
            await list_registrations(request, PageArguments(10, None), ALL)


async def test_a_cursor_is_good_for_its_list_alone(desk: MutationHarness) -> None:
    for number in range(3):
        await create_registration(desk.database, f"model-{number}", imported_at=minutes_after_noon(number))
    async with desk.request("ann", "risk") as request:
        found = await list_registrations(request, PageArguments(2, None), ALL)
    after = found.page_info.end_cursor
    assert (found.page_info.has_next_page, found.total_count) == (True, 3)
    assert await shown(desk, "risk", after=after) == (["model-0"], 3)
    for groups, which in ((("risk", "other"), ALL), (("risk",), RegistrationQuery(name_contains="model"))):
        with pytest.raises(BadInputError, match="`after` is not a cursor of this list"):
            await shown(desk, *groups, which=which, after=after)


@pytest.mark.parametrize("part", ["a\0", "\ud800"])
def test_a_part_that_no_database_keeps_is_in_no_name(part: str) -> None:
    with pytest.raises(BadInputError) as caught:
        RegistrationQuery(name_contains=part)
    assert str(caught.value) == ("`filter.nameContains` holds a NUL or half of a surrogate pair, which no name does.")


async def test_by_its_id(desk: MutationHarness) -> None:
    registration = await kept(desk)
    async with desk.request("ann", "risk") as request:
        found = await get_registration(request, registration.id)
        assert found is not None
        assert (found.id, [each.role.value for each in found.required_assets]) == (registration.id, ["DOCUMENTATION"])
        with pytest.raises(BadInputError, match="`id` is no id of a registration"):
            await get_registration(request, encode_own_id("Asset", new_key()))
    async with desk.request("bob", "other") as request:
        assert await get_registration(request, registration.id) is None
