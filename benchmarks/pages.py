"""How long every page of the menu takes at the server with 200,000 organisations, on SQLite and on PostgreSQL.

Limits, warm, at p95: lists 200 ms, the board 500 ms, an organisation's page 100 ms.
LIANGXIN_BENCH_SCALES sets another size than 10.
"""

import sys

from _databases import SCALE, run_on_both

if __name__ == "__main__":
    sys.exit(run_on_both("_menu_pages.py", SCALE))
