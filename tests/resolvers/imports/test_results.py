"""resolvers.imports.results: how a run stands, and what a dry run says of a model that is not there."""

from aws.client.call_stats import CallStats
from registry import import_runs, registrations
from registry.enums import ImportRunState
from registry.ids import new_key
from resolvers.imports.results import ImportResult, failure_reason, import_result, plan_without_model
from tests.gateway_client import RISK
from tests.registry.factories import create_registration_key, key_in_id, minutes_after_noon, new_run
from tests.resolvers.harness import MutationHarness, error_triples


async def test_a_run_is_answered_as_it_stands_with_what_it_has_come_to(harness: MutationHarness) -> None:
    """Or without, where that is to come or was removed; of a run that is not there nothing is told."""
    async with harness.database.writing() as connection:
        run, _ = await import_runs.start(connection, new_run())
    run_key, services = key_in_id(run.id, "ImportRun"), harness.request_factory.services
    assert await import_result(services, run_key) == ImportResult(import_run=run)
    registration_key = await create_registration_key(harness.database)
    async with harness.database.writing() as connection:
        await import_runs.attach_registration(connection, run_key, registration_key)
        await import_runs.finish(connection, run_key, ImportRunState.DONE, "Done", minutes_after_noon(1))
    result = await import_result(services, run_key)
    assert result.import_run is not None
    assert result.registration is not None
    assert (result.import_run.state, key_in_id(result.registration.id)) == (ImportRunState.DONE, registration_key)
    assert [asset.role.value for asset in result.registration.required_assets] == ["DOCUMENTATION"]
    assert (result.plan, result.user_errors) == (None, ())
    async with harness.database.writing() as connection:
        await registrations.remove(connection, registration_key)
    assert (await import_result(services, run_key)).registration is None
    assert await import_result(services, new_key()) == ImportResult()


async def test_only_a_run_that_has_failed_has_a_reason(harness: MutationHarness) -> None:
    """It is the phase in which it ended."""
    assert failure_reason(ImportResult()) is None
    for number, (state, reason) in enumerate(
        ((None, None), (ImportRunState.DONE, None), (ImportRunState.FAILED, "AWS refuses it."))
    ):
        async with harness.database.writing() as connection:
            run, _ = await import_runs.start(connection, new_run(model_name=f"model-{number}"))
            run_key = key_in_id(run.id, "ImportRun")
            if state is not None:
                await import_runs.finish(connection, run_key, state, "AWS refuses it.", minutes_after_noon(1))
        assert failure_reason(await import_result(harness.request_factory.services, run_key)) == reason


async def test_a_dry_run_of_what_is_not_there_has_a_plan_and_a_fault(harness: MutationHarness) -> None:
    stats = CallStats()
    stats.calls.update({"DescribeModel": 2, "ListModels": 1})
    async with harness.request("ann", "risk") as request:
        scope = (await request.view()).scope
        payload = plan_without_model(scope, "gone", stats)
    assert payload.plan is not None
    assert (payload.plan.model_name, payload.plan.exists, payload.plan.aws_calls) == ("gone", False, 3)
    words = f"SageMaker has no model `gone` in account {RISK.account}, {RISK.region}."
    assert error_triples(payload.user_errors) == [("NOT_FOUND", ("modelName",), words)]
    assert (payload.registration, payload.import_run) == (None, None)
