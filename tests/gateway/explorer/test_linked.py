"""browser/linked.js: a link to the page fills the editors with queries, and with nothing else, whatever it holds.

GraphQL's own parser is not there without npm; a stand-in tells operations apart by their first words.
"""

import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import pytest

from gateway import explorer
from gateway.commands.demo_links import QUESTION

SCRIPT = """
import { linkedTab } from %s;
const parse = text => {
  if (!text.trimEnd().endsWith('}')) throw new SyntaxError(text);
  const kinds = { fragment: 'FragmentDefinition', type: 'ObjectTypeDefinition' };
  return { definitions: text.split(';').map(part => part.trim().split(' ')[0]).map(word =>
    kinds[word] ? { kind: kinds[word] } : { kind: 'OperationDefinition', operation: word }) };
};
const searches = JSON.parse(process.argv[1]);
console.log(JSON.stringify(searches.map(search => linkedTab(search, parse) ?? null)));
"""

HOSTILE = '</script><script>alert(1)</script>"\u2028'
CASES: list[tuple[dict[str, str], dict[str, str] | None]] = [
    (
        {"query": "query Q { a }", "variables": '{"id":"a+b&c"}'},
        {"query": "query Q { a }", "variables": '{"id":"a+b&c"}'},
    ),
    (
        {"query": "query Q { a } ; fragment F on A { b }"},
        {"query": "query Q { a } ; fragment F on A { b }", "variables": ""},
    ),
    ({"query": "query Q { a }", "variables": HOSTILE}, {"query": "query Q { a }", "variables": HOSTILE}),
    (
        {"query": "query Q { a }", "headers": '{"X-Forwarded-User":"eve"}', "operationName": "Q"},
        {"query": "query Q { a }", "variables": ""},
    ),
    ({"query": QUESTION}, {"query": QUESTION, "variables": ""}),
    ({}, None),
    ({"query": ""}, None),
    ({"variables": "{}"}, None),
    ({"query": HOSTILE}, None),
    ({"query": "mutation M { a }"}, None),
    ({"query": "subscription S { a }"}, None),
    ({"query": "query Q { a } ; mutation M { b }"}, None),
    ({"query": "type Q { a }"}, None),
]


@pytest.mark.skipif(shutil.which("node") is None, reason="It takes Node.js, as the explorer itself does.")
def test_a_link_fills_the_editors_with_queries_alone() -> None:
    module = (Path(explorer.__file__).parent / "browser" / "linked.js").as_uri()
    searches = json.dumps([f"?{urlencode(value)}" for value, _ in CASES])
    command = ["node", "--input-type=module", "--eval", SCRIPT % json.dumps(module), searches]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout) == [tab for _, tab in CASES]
