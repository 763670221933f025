"""The reference face gives the same bits whatever the processor offers: it calls nothing that depends on it."""

from __future__ import annotations

import os
import subprocess
import sys

PROGRAM = """
from hashlib import sha256
from quiz_bank.engine import reference as engine

logits = [[(7 * i * j) % 19 / 3 - 2 for i in range(10)] for j in range(1, 40)]
results = [engine.cross_entropy_with_gradient(each, 3) for each in logits] + [engine.softmax(each) for each in logits]
results += [engine.entropy(engine.softmax(each), log_base="2") for each in logits]
print(sha256(repr(results).encode()).hexdigest())
"""


def digest(**environment: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=os.environ | environment, capture_output=True, text=True, check=True
    )
    return ran.stdout.strip()


def test_results_are_the_same_without_the_processors_vector_instructions() -> None:
    assert digest() == digest(NPY_DISABLE_CPU_FEATURES="AVX512F AVX512CD AVX512_SKX AVX2 FMA3") != ""
