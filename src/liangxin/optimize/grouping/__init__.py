"""Joint branches: which small organisations found one together, so that travel is least.

`solve(problem, stop=, seed=)` gives a Solution; `check.faults(problem, solution)` holds it to the rules.
"""
