"""browser/storage.js: the looks of GraphiQL outlive the page; whatever can hold a secret does not."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gateway import explorer

SCRIPT = """
import { looksStorage } from %s;
const kept = new Map(Object.entries(JSON.parse(process.argv[1])));
const store = new Proxy({
  getItem: key => kept.get(key) ?? null,
  setItem: (key, text) => void kept.set(key, text),
  removeItem: key => void kept.delete(key),
}, { ownKeys: () => [...kept.keys()], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) });
const storage = looksStorage(store, '{"X":"ann"}');
const atStart = Object.fromEntries(kept);
const entry = JSON.stringify([{ headers: 's3cret', query: 'q' }]);
for (const key of JSON.parse(process.argv[2])) storage.setItem(key, entry);
const read = Object.fromEntries(['theme', 'queries', 'tabState'].map(key => [key, storage.getItem(`graphiql:${key}`)]));
const after = Object.fromEntries(kept);
const length = storage.length;
storage.clear();
console.log(JSON.stringify({ atStart, after, read, length, cleared: [Object.fromEntries(kept), storage.length] }));
"""
SECRET_KEYS = ("query", "variables", "headers", "tabState", "queries", "favorites", "shouldPersistHeaders", "newOne")


@pytest.fixture(scope="module")
def outcome() -> Any:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node.js")
    module = json.dumps((Path(explorer.__file__).parent / "browser" / "storage.js").as_uri())
    before = {"graphiql:theme": "dark", "graphiql:tabState": "s3cret", "graphiql:queries": "s3cret", "other": "kept"}
    keys = [f"graphiql:{key}" for key in (*SECRET_KEYS, "editorFlex")]
    command = [node, "--input-type=module", "-e", SCRIPT % module, json.dumps(before), json.dumps(keys)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)


def test_what_an_earlier_version_left_is_deleted(outcome: Any) -> None:
    assert outcome["atStart"] == {"graphiql:theme": "dark", "other": "kept"}


def test_only_the_appearance_is_stored(outcome: Any) -> None:
    assert sorted(outcome["after"]) == ["graphiql:editorFlex", "graphiql:theme", "other"]


def test_the_page_has_all_of_it_for_as_long_as_it_is_open(outcome: Any) -> None:
    """The history's entries are asked again with the headers to begin with, which say who asks."""
    read = outcome["read"]
    assert read["theme"] == "dark"
    assert json.loads(read["tabState"]) == [{"headers": "s3cret", "query": "q"}]
    assert json.loads(read["queries"]) == [{"headers": '{"X":"ann"}', "query": "q"}]
    assert outcome["length"] == len(SECRET_KEYS) + 2


def test_it_can_be_emptied(outcome: Any) -> None:
    assert outcome["cleared"] == [{"other": "kept"}, 0]
