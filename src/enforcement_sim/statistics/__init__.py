"""What samples of replications say, and how surely: intervals, comparisons, rules of stopping. Arrays in, answers out.

Nothing here knows of cases, plans or tables. An answer that a sample cannot give is a reason and never a number.
Import by module: none loads what it does not need.
"""
