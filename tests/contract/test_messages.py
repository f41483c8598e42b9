"""The error texts are those of tests/contract/messages.txt, so that other tests need assert no more than codes."""

from tests.contract.messages import SNAPSHOT, texts


def test_the_texts_are_the_known_ones() -> None:
    """After a change of texts: `python -m tests.contract.messages`, and read the difference."""
    assert len(texts()) > 200
    assert texts() == SNAPSHOT.read_text(encoding="utf-8").splitlines()
