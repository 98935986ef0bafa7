"""Decisions that every engine makes with the same few functions: chance, durations, order, ways out.

Scalar code uses `math` only, so that a compiled engine can call the very same lines and get the very
same numbers.
"""
