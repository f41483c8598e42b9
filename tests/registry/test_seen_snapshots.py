"""registry.seen_snapshots: which snapshots of which registrations have been looked at."""

from registry import registrations, seen_snapshots
from registry.database import Database
from registry.seen_snapshots import WatchedRegistration
from tests.registry.factories import create_registration_key, minutes_after_noon

MARKS = [("churn-1", minutes_after_noon(1)), ("churn-2", minutes_after_noon(2))]


async def test_marks_are_of_a_registration_and_kept_once(database: Database) -> None:
    churn, fraud = await create_registration_key(database), await create_registration_key(database, "fraud")
    async with database.writing() as connection:
        await seen_snapshots.mark_seen(connection, churn, MARKS)
        await seen_snapshots.mark_seen(connection, churn, MARKS[:1])
        await seen_snapshots.mark_seen(connection, fraud, [])
        result = await seen_snapshots.of_registrations(connection, [churn, fraud])
        assert result == {churn: frozenset(MARKS), fraud: frozenset()}
        assert await registrations.remove(connection, churn)
        assert await seen_snapshots.of_registrations(connection, [churn]) == {churn: frozenset()}


async def test_places_and_what_is_watched_there(database: Database) -> None:
    churn, fraud = await create_registration_key(database), await create_registration_key(database, "fraud")
    await create_registration_key(database, "promo", group="marketing")
    async with database.reading() as connection:
        assert await seen_snapshots.watched_scopes(connection) == (
            ("marketing", "111111111111", "eu-west-1"),
            ("risk", "111111111111", "eu-west-1"),
        )
        registrations = await seen_snapshots.watched_registrations(connection, "risk", "111111111111", "eu-west-1")
        assert sorted(registrations, key=lambda registration: registration.model_name) == [
            WatchedRegistration(churn, "churn"),
            WatchedRegistration(fraud, "fraud"),
        ]
        assert await seen_snapshots.watched_registrations(connection, "risk", "111111111111", "us-east-2") == ()
