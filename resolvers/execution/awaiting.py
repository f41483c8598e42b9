"""Answers that are awaited together, each failure in the place of its answer."""

import asyncio
from inspect import isawaitable
from typing import Any


async def awaited_answers(answers: list[Any]) -> list[Any]:
    """Await those of the answers that are awaitable, together; an exception stands for a failed one.

    The list is changed in place, and given back.
    """
    if len(answers) == 1:
        return [await _awaited_one(answers[0])]
    places = [index for index, answer in enumerate(answers) if isawaitable(answer)]
    results = await asyncio.gather(*(answers[index] for index in places), return_exceptions=True)
    for index, result in zip(places, results, strict=True):
        if isinstance(result, BaseException) and not isinstance(result, Exception):
            raise result
        answers[index] = result
    return answers


async def _awaited_one(answer: Any) -> Any:
    """An answer, awaited if it is awaitable; a task of its own, which `gather` makes, would do nothing side by side."""
    try:
        return await answer if isawaitable(answer) else answer
    except Exception as error:  # noqa: BLE001 - a field's failure is shown in its place, of any type.
        return error
