"""How long one change of 20,000 organisations takes: seen, made, undone; on SQLite and on PostgreSQL.

No limit is set; the numbers are printed.
"""

import sys

from _databases import run_on_both

if __name__ == "__main__":
    sys.exit(run_on_both("_bulk_edits.py"))
