"""Compile a kernel of many functions as one module.

Left alone, numba optimises and translates every function with all that it calls, and again inside each of its callers:
for a kernel in twenty layers that is most of the time. Inside `as_a_whole`, what a door calls is only collected; it is
optimised and translated once, with the door. This reaches into numba's code library; where numba has changed there,
nothing is done and compiling takes longer.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from llvmlite.binding import Linkage
from numba.core.codegen import JITCodeLibrary, JITCPUCodegen


def _parts(library: Any, seen: set[int]) -> Iterator[Any]:
    """What a library calls, and what that calls, each once."""
    for other in library._linking_libraries:
        if id(other) not in seen:
            seen.add(id(other))
            yield other
            yield from _parts(other, seen)


@contextmanager
def as_a_whole(door: str) -> Iterator[None]:
    """Compile the function called `door` with all that it calls as one module."""
    finalize, set_env = JITCodeLibrary.finalize, JITCPUCodegen.set_env

    def collect(library: Any) -> None:
        if library.name == door:
            library._linking_libraries = list(_parts(library, set()))
            optimize = library._optimize_final_module

            def optimize_inside() -> None:
                # Nobody else calls what is linked in: arguments and answers that nobody needs can go.
                for function in library._final_module.functions:
                    if function.linkage == Linkage.linkonce_odr:
                        function.linkage = "internal"
                optimize()

            library._optimize_final_module = optimize_inside
            finalize(library)
        else:
            library._raise_if_finalized()
            library._finalize_dynamic_globals()
            library._finalized = True

    def set_if_there(codegen: Any, name: str, env: Any) -> None:
        if codegen._engine.is_symbol_defined(name):
            set_env(codegen, name, env)

    JITCodeLibrary.finalize, JITCPUCodegen.set_env = collect, set_if_there
    # Millions of small objects, none in a circle that is worth the search.
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        JITCodeLibrary.finalize, JITCPUCodegen.set_env = finalize, set_env
        if was_on:
            gc.enable()
