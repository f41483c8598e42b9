"""Tags: on every kind, at creation and afterwards."""

from typing import Any

from sandbox import faults
from sandbox.sagemaker.desk import Answer, Ask, Desk
from sandbox.sagemaker.store import Record

MOST_TAGS = 50


def from_list(tags: list[dict[str, str]] | None) -> dict[str, str]:
    """Tags as a request gives them; a key given twice is refused."""
    found: dict[str, str] = {}
    for tag in tags or ():
        if tag["Key"] in found:
            raise faults.invalid(f"Duplicate tag key found: {tag['Key']}")
        if tag["Key"].lower().startswith("aws:"):
            raise faults.invalid("System tags starting with aws: cannot be added, updated or removed")
        found[tag["Key"]] = tag["Value"]
    return found


def to_list(tags: dict[str, str]) -> list[dict[str, str]]:
    """Tags as an answer gives them."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def list_tags(desk: Desk, ask: Ask) -> Answer:
    """ListTags: no more than fifty fit on a resource, so one page holds them."""
    return {"Tags": to_list(_resource(desk, ask).tags)}


def add_tags(desk: Desk, ask: Ask) -> Answer:
    """AddTags: a key that is there gets the new value."""
    record = _resource(desk, ask)
    together = record.tags | from_list(ask["Tags"])
    if len(together) > MOST_TAGS:
        raise faults.invalid(f"Too many tags. The maximum number of tags per resource is {MOST_TAGS}.")
    record.tags = together
    return {"Tags": to_list(together)}


def delete_tags(desk: Desk, ask: Ask) -> Answer:
    """DeleteTags: keys that are not there are no matter."""
    record = _resource(desk, ask)
    gone = set(ask["TagKeys"])
    record.tags = {key: value for key, value in record.tags.items() if key not in gone}
    return {}


def _resource(desk: Desk, ask: dict[str, Any]) -> Record:
    arn = ask["ResourceArn"]
    parts = arn.split(":", 5)
    here = len(parts) == 6 and (parts[3], parts[4]) == (desk.place.region, desk.place.account)
    record = desk.place.by_arn(arn) if here else None
    if record is None:
        raise faults.invalid(f"Could not find resource '{arn}'.")
    return record
