"""Many runs: replications, comparisons, sweeps, and their results on disk."""
