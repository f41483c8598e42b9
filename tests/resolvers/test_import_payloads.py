"""resolvers.import_payloads: how a run stands, and what a dry run says of a model that is not there."""

from aws.tally import Tally
from registry import import_runs, registrations
from registry.ids import new_key
from registry.words import ImportRunState
from resolvers.import_payloads import ImportPayload, failure_of, payload_of, plan_of_nothing
from tests.asking import RISK
from tests.registry.making import key, key_of_new, later, new_run
from tests.resolvers.desks import Desk, told


async def test_a_run_is_answered_as_it_stands_with_what_it_has_come_to(desk: Desk) -> None:
    """Or without, where that is to come or was removed; of a run that is not there nothing is told."""
    async with desk.database.writing() as connection:
        run, _ = await import_runs.start(connection, new_run())
    run_key, services = key(run.id, "ImportRun"), desk.door.services
    assert await payload_of(services, run_key) == ImportPayload(import_run=run)
    kept = await key_of_new(desk.database)
    async with desk.database.writing() as connection:
        await import_runs.attach(connection, run_key, kept)
        await import_runs.finish(connection, run_key, ImportRunState.DONE, "Done", later(1))
    found = await payload_of(services, run_key)
    assert found.import_run is not None
    assert found.registration is not None
    assert (found.import_run.state, key(found.registration.id)) == (ImportRunState.DONE, kept)
    assert [each.role.value for each in found.registration.required_assets] == ["DOCUMENTATION"]
    assert (found.plan, found.user_errors) == (None, ())
    async with desk.database.writing() as connection:
        await registrations.remove(connection, kept)
    assert (await payload_of(services, run_key)).registration is None
    assert await payload_of(services, new_key()) == ImportPayload()


async def test_only_a_run_that_has_failed_has_a_reason(desk: Desk) -> None:
    """It is the phase in which it ended."""
    assert failure_of(ImportPayload()) is None
    for number, (state, reason) in enumerate(
        ((None, None), (ImportRunState.DONE, None), (ImportRunState.FAILED, "AWS refuses it."))
    ):
        async with desk.database.writing() as connection:
            run, _ = await import_runs.start(connection, new_run(model_name=f"model-{number}"))
            run_key = key(run.id, "ImportRun")
            if state is not None:
                await import_runs.finish(connection, run_key, state, "AWS refuses it.", later(1))
        assert failure_of(await payload_of(desk.door.services, run_key)) == reason


async def test_a_dry_run_of_what_is_not_there_has_a_plan_and_a_fault(desk: Desk) -> None:
    tally = Tally()
    tally.calls.update({"DescribeModel": 2, "ListModels": 1})
    async with desk.request("ann", "risk") as request:
        scope = (await request.view()).scope
        payload = plan_of_nothing(scope, "gone", tally)
    assert payload.plan is not None
    assert (payload.plan.model_name, payload.plan.exists, payload.plan.aws_calls) == ("gone", False, 3)
    words = f"SageMaker has no model `gone` in account {RISK.account}, {RISK.region}."
    assert told(payload.user_errors) == [("NOT_FOUND", ("modelName",), words)]
    assert (payload.registration, payload.import_run) == (None, None)
