"""Numba's files of compiled code, kept in `cache.folder()`.

Left alone, numba keeps them by where a source stands and when it was written: every checkout compiles for itself, and a
folder in which one has compiled everything looks ready to the next. Here the folder's name alone tells what they hold.
"""

from __future__ import annotations

from numba.core.caching import CompileResultCacheImpl, FunctionCache, _CacheLocator

from . import cache


class _Folder(_CacheLocator):
    def __init__(self, function):
        self._module = function.__module__

    @classmethod
    def from_function(cls, py_func, _):
        return cls(py_func)

    def get_cache_path(self):
        return str(cache.folder())

    def get_source_stamp(self):
        return cache.digest()

    def get_disambiguator(self):
        return self._module


class _Code(CompileResultCacheImpl):
    _locator_classes = (_Folder,)


class Kept(FunctionCache):
    """What one function is kept as."""

    _impl_class = _Code

    def load_overload(self, sig, target_context):
        """As numba's; None also for a file that was cut off or spoilt, so that it is made and written anew."""
        try:
            return super().load_overload(sig, target_context)
        except Exception:
            return None
