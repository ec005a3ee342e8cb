"""Development targets: where one or two more members bring most small organisations under a branch.

`solve(problem, stop=)` gives a Solution; `check.faults(problem, solution)` holds it to the rules.
"""
