"""The decorators of compiled functions, and how they see arrays."""

from __future__ import annotations

import numba
import numpy as np
from llvmlite import ir
from numba.core import config
from numba.extending import intrinsic

from . import cache
from .kept import Kept
from .whole import as_a_whole


def njit(function):
    """Compile a function for other compiled ones, when it is first called and for all values of its arguments.

    Left alone, a call with a constant is compiled for that constant, sixteen times over for what the log is told; and
    every function gets a way in from Python, which takes as long again to compile.
    """
    return _compiled(function, no_cpython_wrapper=True)


def inlined(function):
    """As `njit`, and put into every function that calls it: for what is small or called in one hot place."""
    return _compiled(function, no_cpython_wrapper=True, forceinline=True)


def door(function):
    """Compile a function that Python calls, and with it as one module all that it calls; it is kept on disk."""
    made = _compiled(function)
    if not config.DISABLE_JIT:
        if cache.folder() is not None:
            made._cache = Kept(function)
        compile_it = made.compile

        def compile_as_a_whole(types):
            with as_a_whole(function.__name__):
                return compile_it(types)

        made.compile = compile_as_a_whole
    return made


def _compiled(function, **options):
    made = numba.njit(error_model="numpy", no_cfunc_wrapper=True, **options)(function)
    if not config.DISABLE_JIT:
        for_types = made.get_call_template
        made.get_call_template = lambda args, kws: for_types(tuple(map(numba.types.unliteral, args)), kws)
    return made


if config.DISABLE_JIT or config.BOUNDSCHECK:

    @njit
    def pointer(array):
        """The array itself, so that a wrong index is found."""
        return array

    @njit
    def soon_needed(array, at):
        """Nothing: what is needed comes when it is needed."""

else:

    @intrinsic
    def pointer(_, array):
        """Where the numbers of an array stand: a bare address compiles several times faster than an array."""

        def address(context, builder, signature, arguments):
            return context.make_array(signature.args[0])(context, builder, arguments[0]).data

        return numba.types.CPointer(array.dtype)(array), address

    @intrinsic
    def soon_needed(_, array, at):
        """Have the numbers behind `at` brought near (64 bytes of them), while other work goes on."""

        def bring(context, builder, signature, arguments):
            place = builder.bitcast(builder.gep(arguments[0], [arguments[1]]), ir.IntType(8).as_pointer())
            word = ir.IntType(32)
            takes = ir.FunctionType(ir.VoidType(), [place.type, word, word, word])
            prefetch = builder.module.declare_intrinsic("llvm.prefetch", [place.type], takes)
            builder.call(prefetch, [place, word(1), word(3), word(1)])
            return context.get_dummy_value()

        return numba.types.none(array, numba.types.int64), bring


if config.DISABLE_JIT:

    def high_half(a, b):
        """The upper 64 bits of a product of unsigned numbers."""
        return np.uint64(int(a) * int(b) >> 64)

else:

    @intrinsic
    def high_half(_, a, b):
        """The upper 64 bits of a product of unsigned numbers, in one instruction of the processor."""

        def multiplied(context, builder, signature, arguments):
            wide = ir.IntType(128)
            product = builder.mul(*(builder.zext(argument, wide) for argument in arguments))
            return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), ir.IntType(64))

        return numba.types.uint64(numba.types.uint64, numba.types.uint64), multiplied
