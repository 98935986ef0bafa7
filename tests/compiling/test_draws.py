"""Compiled draws for many cases at once are those of NumPy's arithmetic, bit for bit."""

from __future__ import annotations

import math
import os

import numpy as np
import pytest

from enforcement_sim.decisions.dice import BLOCKS_PER_VISIT, MANY, Dice, unit_array, word_arrays

pytestmark = pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="both are the same without compiler")


@pytest.mark.parametrize("word", range(4))
def test_uniform_numbers(word: int) -> None:
    dice, ordinals = Dice(20240101, 7), np.arange(MANY, dtype=np.int64) * 3
    for stream in (2**64 - 5, np.random.default_rng(1).integers(0, 2**63, MANY).astype(np.uint64)):
        words = word_arrays(dice.keys, stream, ordinals.astype(np.uint64), 5 * BLOCKS_PER_VISIT, 2**62 + 1)
        expected = unit_array(words[word])
        assert dice.units(stream, ordinals, 2**62 + 1, word, visit=5).tolist() == expected.tolist()


def test_points_of_a_poisson_process() -> None:
    dice, first, last = Dice(1, 0), 4_096, 4_101.25
    luck = unit_array(word_arrays(dice.keys, 9, np.arange(first, first + 1_000, dtype=np.uint64), 0, 77)[0])
    gaps = [-math.log1p(-u) for u in luck.tolist()]

    assert dice.points(9, first, 1_000, 77, last).tolist() == (last + np.cumsum(gaps)).tolist()
