"""How long pages take while 50 officers work at once, on SQLite and on PostgreSQL.

The real server answers (`liangxin serve`, production mode, as many web workers as it starts by itself),
over a fresh ledger of 200,000 organisations. The officers' requests come from the same machine. Limit:
p95 of all requests within 500 ms, no error. LIANGXIN_BENCH_SCALES sets another size than 10.
"""

import sys

from _databases import SCALE, run_on_both

# The secrets are known openly: what they would protect is made up and gone when the measurement ends.
PRODUCTION = {
    "LIANGXIN_MODE": "production",
    "LIANGXIN_HTTPS": "no",
    "LIANGXIN_SECRET_KEY": "a key for a stopwatch, gone with its folder",
    "LIANGXIN_FIELD_KEYS": "bench:a key for a stopwatch that is gone with its folder",
}

if __name__ == "__main__":
    sys.exit(run_on_both("_office_hours.py", SCALE, settings=PRODUCTION))
