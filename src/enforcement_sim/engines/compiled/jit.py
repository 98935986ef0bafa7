"""The decorators of compiled functions, and how they see arrays."""

from __future__ import annotations

import numba
from numba.core import config
from numba.extending import intrinsic


def njit(function):
    """Compile a function for other compiled ones, when it is first called and for all values of its arguments.

    Left alone, a call with a constant is compiled for that constant, sixteen times over for what the log is told; and
    every function gets a way in from Python, which takes as long again to compile.
    """
    return _compiled(function, no_cpython_wrapper=True)


def door(function):
    """Compile a function that Python calls."""
    return _compiled(function)


def _compiled(function, **options):
    made = numba.njit(cache=True, error_model="numpy", no_cfunc_wrapper=True, **options)(function)
    if not config.DISABLE_JIT:
        for_types = made.get_call_template
        made.get_call_template = lambda args, kws: for_types(tuple(map(numba.types.unliteral, args)), kws)
    return made


if config.DISABLE_JIT or config.BOUNDSCHECK:

    @njit
    def pointer(array):
        """The array itself, so that a wrong index is found."""
        return array

else:

    @intrinsic
    def pointer(_, array):
        """Where the numbers of an array stand: a bare address compiles several times faster than an array."""

        def address(context, builder, signature, arguments):
            return context.make_array(signature.args[0])(context, builder, arguments[0]).data

        return numba.types.CPointer(array.dtype)(array), address
