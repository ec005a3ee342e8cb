"""How long it takes to put the largest street into another, beside bare SQL that writes the same rows.

With 200,000 organisations, on SQLite and on PostgreSQL. LIANGXIN_BENCH_SCALES sets another size than 10.
"""

import sys

from _databases import SCALE, run_on_both

if __name__ == "__main__":
    sys.exit(run_on_both("_street_merge.py", SCALE))
