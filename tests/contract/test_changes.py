"""tests.contract.changes: a change that breaks clients is refused unless it is accepted with a reason."""

from graphql import build_schema

from tests.contract.changes import ACCEPTED, RELEASED, Changes, changes_between, changes_since, report
from tests.contract.printed_schema import FOLDER

OLD = """
enum Light { RED GREEN }
type Query { light(at: Int = null, of: String): Light, gone: Int }
"""
NEW = """
enum Light { RED GREEN AMBER }
type Query { light(at: Int, of: String, by: Int = 1): Light, added: Int }
"""
CHANGES = Changes(
    ("Field Query.gone was removed.",),
    (
        "Enum value 'AMBER' was added to enum 'Light'.",
        "An optional argument Query.light(by:) was added.",
    ),
    ("Field Query.added was added.",),
)


def test_changes_are_classified_and_a_default_of_null_is_none() -> None:
    found = changes_between(build_schema(OLD), build_schema(NEW))
    assert [len(part) for part in (found.breaking, found.dangerous, found.safe)] == [1, 2, 1]
    assert "gone" in found.breaking[0]
    assert found.refused(()) == found.breaking
    assert found.refused(found.breaking) == ()


def test_the_report_names_what_may_hurt_and_why_it_is_accepted() -> None:
    lines = report("0.1.0", CHANGES, {CHANGES.breaking[0]: "nobody asks for it"}).splitlines()
    assert lines[0] == "Changes of the schema since 0.1.0: 1 breaking, 2 dangerous, 1 safe"
    assert lines[1] == "  breaking: Field Query.gone was removed. (nobody asks for it)"
    assert len(lines) == 4
    assert "(not accepted)" in report("0.1.0", CHANGES, {})


def test_nothing_breaks_that_is_not_accepted_and_nothing_is_accepted_that_does_not() -> None:
    changes = changes_since(RELEASED[-1])
    assert changes.refused(ACCEPTED) == ()
    assert set(ACCEPTED) <= set(changes.breaking)


def test_every_accepted_change_is_in_the_changelog() -> None:
    text = (FOLDER.parent / "CHANGELOG.md").read_text(encoding="utf-8")
    unreleased = " ".join(text.partition("## Unreleased")[2].partition("\n## ")[0].split())
    assert [reason for reason in ACCEPTED.values() if reason not in unreleased] == []


def test_the_last_release_is_the_newest() -> None:
    assert [path.stem for path in RELEASED][:2] == ["0.1.0", "0.2.0"]
