"""How long the search takes at the server with 200,000 organisations, on SQLite and on PostgreSQL.

Limit: first results at p95 within 100 ms for every role and kind of query.
LIANGXIN_BENCH_SCALES sets another size than 10.
"""

import sys

from _databases import SCALE, run_on_both

if __name__ == "__main__":
    sys.exit(run_on_both("_search_queries.py", SCALE))
