"""Plans of joint branches: ours against the bound, beside peers, and against an exact solve.

Usual run: every published instance and a few fresh ones, our plan and its proven bound; then the peers
of `_grouping/peers.py`, after one common repair (`_grouping/repair.py`), beside ours and greedy; then how far
`_grouping/proof.py` proves the plans of 300 units, and what it takes to carry a plan over after 1 % of its units
went (`_grouping/carried.py`). Every step is a process of its own, on one thread.

    --only T300,U1000-2   these instances (family, size, seed; published where no seed is given)
    --seeds 20 --family U --size 300   means over fresh seeds instead, from --first-seed (1001) on
    --no-peers  --no-proof   leave a part out; in a run over seeds --peers and --proof put them in
    --peer-cpu 600 --peer-memory 12   limits of one peer: CPU seconds, GB of address space
    --proof-seconds 120   time of each proof

The peers are installed into .venv-peers when they are first asked for, by this measurement alone.

The exit code is 1 where the check found a fault, a second run differed, a bound lay above a plan, a step
failed, or a published instance missed its aim.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from _grouping.process import Outcome, measured
from _grouping.tables import Table, share

HERE = Path(__file__).parent
STEPS = HERE / "_grouping"
PUBLISHED = HERE / "instances" / "grouping"
PEER_PYTHON = HERE.parent / ".venv-peers" / "bin" / "python"
PEERS = {
    "maxp": "spopt MaxP",
    "kmeans": "k-means-constr.",
    "kmeans-street": "same, by street",
}

USUAL = (
    *("T300", "U300", "C300-1", "R300-1", "T1000", "U1000", "C1000-1", "R1000-1", "G1000-1"),
    *("T5000", "U5000", "C5000-1", "R5000-1", "T20000-1", "U20000-1", "C20000-1", "R20000-1"),
)
COMPARED = ("T1000", "U1000", "C1000-1", "R1000-1", "T5000", "U5000", "T20000-1")
PROVEN = ("T300", "U300", "C300-1", "R300-1")
CARRIED = ("T1000", "U1000", "T5000", "U5000")
CARRIED_SEEDS = 3  # draws of who goes, for each instance
MOST_TIME, MOST_ALTERED = 0.05, 0.03  # of the full time, of the groups that lost nobody
TWICE_UP_TO = 5000  # units; larger instances are planned once

AIMS_MM = {"T1000": 15_100, "U1000": 46_500, "T5000": 77_500, "U5000": 226_800}
AIMS_CPU_S = {"T1000": 10, "U1000": 10, "T5000": 30, "U5000": 30}

OURS = Table(
    "instance units bound ours gap faults CPU\u00a0s peak\u00a0MB wall\u00a0s read\u00a0s same", 10
)
BESIDE = Table(
    "instance of cost ours\u00a0÷\u00a0it bound\u00a0÷\u00a0it travel covered of\u00a0units CPU\u00a0s peak\u00a0MB broken faults",
    10,
)
CARRIED_OVER = Table(
    "instance gone full\u00a0CPU\u00a0s carried share altered of\u00a0groups cost\u00a0÷\u00a0anew faults",
    12,
)
PROOF = Table("instance ours proven within best\u00a0known columns s said", 11)


def main() -> int:
    """Run what is asked; see above for the exit code."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="liangxin-bench-") as folder:
        bench = Bench(asked, Path(folder))
        is_good = bench.over_seeds() if asked.seeds else bench.usual()
    return 0 if is_good else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench grouping")
    parser.add_argument("--only", type=lambda text: text.split(","))
    parser.add_argument("--seeds", type=int, default=0)
    parser.add_argument("--family", default="U", choices=list("TUCRGP"))
    parser.add_argument("--size", type=int, default=300)
    parser.add_argument("--first-seed", type=int, default=1001)
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction)
    parser.add_argument("--proof", action=argparse.BooleanOptionalAction)
    parser.add_argument("--peer-cpu", type=int, default=600, metavar="S")
    parser.add_argument("--peer-memory", type=int, default=12, metavar="GB")
    parser.add_argument("--proof-seconds", type=int, default=120, metavar="S")
    return parser.parse_args()


class Bench:
    """One run: its settings, its folder, and what was found of each instance so far."""

    def __init__(self, asked: argparse.Namespace, folder: Path) -> None:
        self.asked, self.folder = asked, folder
        self.ours: dict[str, dict[str, Any]] = {}
        self.is_good = True

    # ---- runs

    def usual(self) -> bool:
        """Instances by name: ours, the peers, the proofs."""
        names = self.asked.only or USUAL
        self._warm_up()
        OURS.print_header()
        for name in names:
            self._plan(name)
        if self.asked.peers is not False:
            self._compare([name for name in names if self.asked.only or name in COMPARED])
        if self.asked.proof is not False:
            self._prove([name for name in names if name in PROVEN or self.asked.proof])
        self._carry_over([name for name in names if name in CARRIED])
        return self.is_good

    def over_seeds(self) -> bool:
        """Fresh instances of one family and size, and the means of what was found."""
        asked = self.asked
        seeds = range(asked.first_seed, asked.first_seed + asked.seeds)
        names = [f"{asked.family}{asked.size}-{seed}" for seed in seeds]
        self._warm_up()
        OURS.print_header()
        for name in names:
            self._plan(name, has_second_run=False)
        self._print_means()
        if asked.peers:
            self._compare(names)
        if asked.proof:
            self._prove(names)
        return self.is_good

    # ---- steps

    def _step(self, script: str, *arguments: object) -> Outcome:
        return measured([sys.executable, str(STEPS / script), *map(str, arguments)])

    def _file(self, name: str) -> Path:
        """The instance's file; a fresh one is drawn at its first use."""
        family_size, _, seed = name.partition("-")
        if not seed:
            return PUBLISHED / f"{name}.csv"
        path = self.folder / f"{name}.csv"
        if not path.exists():
            drawn = self._step("instances.py", family_size[0], family_size[1:], seed, path)
            if drawn.said:
                raise SystemExit(f"{name}: {drawn.said}")
        return path

    def _warm_up(self) -> None:
        found = self._step("ours.py", "warm-up")
        seconds = found.answer["cpu_s"] if found.answer else 0.0
        print(f"compiled in {seconds:.1f} CPU s (once per machine) {found.said}")

    def _plan(self, name: str, *, has_second_run: bool = True) -> None:
        file = self._file(name)
        is_small = int(name[1:].partition("-")[0]) <= TWICE_UP_TO
        again = ("again",) if has_second_run and is_small else ()
        found = self._step("ours.py", "solve", file, *again)
        if found.answer is None:
            self._note_failure(OURS, name, found.said)
            return
        plan = self.ours[name] = found.answer
        OURS.print_row(
            name,
            f"{plan['units']:,}",
            f"{plan['bound_mm']:,.0f}",
            f"{plan['cost_mm']:,.0f}",
            f"{_gap(plan):.2%}",
            len(plan["faults"]),
            f"{plan['cpu_s']:.1f}",
            f"{plan['peak_mb']:,.0f}",
            f"{plan['wall_s']:.1f}",
            f"{plan['read_s']:.1f}",
            "-" if not again else "yes" if plan["is_same"] else "NO",
        )
        self._judge(name, plan)

    def _judge(self, name: str, plan: dict[str, Any]) -> None:
        for text in plan["faults"][:3]:
            print(f"    {text}")
        is_within = plan["cost_mm"] <= AIMS_MM.get(name, float("inf"))
        is_quick = plan["cpu_s"] <= AIMS_CPU_S.get(name, float("inf"))
        if not (is_within and is_quick):
            print(f"    short of the aim: {AIMS_MM[name]:,} in {AIMS_CPU_S[name]} CPU s")
        is_valid = plan["bound_mm"] <= plan["cost_mm"] * (1 + 1e-9)
        if plan["faults"] or not (plan["is_same"] and is_within and is_quick and is_valid):
            self.is_good = False

    def _note_failure(self, table: Table, name: str, said: str) -> None:
        table.print_row(name, said)
        self.is_good = False

    def _print_means(self) -> None:
        plans = list(self.ours.values())
        if not plans:
            return
        gaps = [_gap(plan) for plan in plans]
        cpu_s = [plan["cpu_s"] for plan in plans]
        print(
            f"{len(plans)} seeds of {self.asked.family}{self.asked.size}: "
            f"gap mean {sum(gaps) / len(gaps):.2%}, max {max(gaps):.2%}; "
            f"CPU s mean {sum(cpu_s) / len(cpu_s):.1f}, max {max(cpu_s):.1f}; "
            f"peak MB max {max(plan['peak_mb'] for plan in plans):,.0f}; "
            f"faults {sum(len(plan['faults']) for plan in plans)}"
        )

    # ---- peers

    def _install_peers(self) -> None:
        """Their environment, once per lock; without internet the others are compared all the same."""
        if os.environ.get("LIANGXIN_WHEELHOUSE"):
            return
        said = self._step("peer_environment.py").said
        if said:
            print(f"the peers could not be installed: {said}")
            self.is_good = False

    def _compare(self, names: list[str]) -> None:
        self._install_peers()
        print("\nOurs beside others, their plans after the common repair; costs in member-metres")
        BESIDE.print_header()
        for name in names:
            if name not in self.ours:
                continue
            self._print_beside(name, "ours", self.ours[name], self.ours[name])
            for way, title in (("quick", "ours, effort 0.1"), ("greedy", "greedy")):
                found = self._step("ours.py", way, self._file(name))
                self._print_outcome(name, title, found, cpu=found.answer)
            for peer, title in PEERS.items():
                self._peer(name, peer, title)

    def _peer(self, name: str, peer: str, title: str) -> None:
        if not PEER_PYTHON.exists():
            BESIDE.print_row(name, title, "not installed")
            return
        labels = self.folder / f"{name}-{peer}.npy"
        command = [PEER_PYTHON, STEPS / "peers.py", peer, self._file(name), labels]
        limits = {"cpu_s": self.asked.peer_cpu, "memory_mb": self.asked.peer_memory * 1024}
        run = measured([str(part) for part in command], **limits)
        if run.answer is None:
            spent = f"({run.cpu_s:.0f} CPU s, peak {run.peak_mb:,.0f} MB)"
            BESIDE.print_row(name, title, f"{run.said} {spent}")
            self.is_good &= not run.said.startswith("failed")
            return
        plan = self._step("repair.py", self._file(name), labels)
        self._print_outcome(name, title, plan, cpu=run.answer)

    def _print_outcome(
        self, name: str, title: str, found: Outcome, *, cpu: dict[str, Any] | None
    ) -> None:
        if found.answer is None or cpu is None:
            self._note_failure(BESIDE, f"{name} {title}", found.said)
            return
        taken = {"cpu_s": cpu["cpu_s"], "peak_mb": cpu["peak_mb"]}
        self._print_beside(name, title, {**found.answer, **taken}, self.ours[name])
        self.is_good &= not found.answer["faults"]

    def _print_beside(
        self, name: str, title: str, plan: dict[str, Any], ours: dict[str, Any]
    ) -> None:
        BESIDE.print_row(
            name,
            title,
            f"{plan['cost_mm']:,.0f}",
            share(ours["cost_mm"], plan["cost_mm"]),
            share(ours["bound_mm"], plan["cost_mm"]),
            f"{plan['travel_mm']:,.0f}",
            f"{plan['covered']:,}",
            f"{plan['units']:,}",
            f"{plan['cpu_s']:.1f}",
            f"{plan['peak_mb']:,.0f}",
            f"{plan['broken']}/{plan['clusters']}" if "broken" in plan else "",
            len(plan["faults"]),
        )

    # ---- proofs

    def _prove(self, names: list[str]) -> None:
        print("\nHow far ours is from the exact optimum, by HiGHS over columns")
        PROOF.print_header()
        within = []
        for name in names:
            if name in self.ours:
                within += self._proof(name)
        if len(within) > 1:
            print(f"mean {sum(within) / len(within):.2%}, max {max(within):.2%}")

    def _proof(self, name: str) -> list[float]:
        ours_mm = self.ours[name]["cost_mm"]
        found = self._step("proof.py", self._file(name), ours_mm, self.asked.proof_seconds)
        if found.answer is None:
            self._note_failure(PROOF, name, found.said)
            return []
        proof = found.answer
        within = max(0.0, ours_mm / proof["proven_mm"] - 1) if proof["proven_mm"] else 0.0
        PROOF.print_row(
            name,
            f"{ours_mm:,.0f}",
            f"{proof['proven_mm']:,.0f}",
            f"{within:.2%}",
            f"{proof['best_mm']:,.0f}",
            f"{proof['columns']:,}",
            f"{proof['seconds']:.0f}",
            proof["said"],
        )
        self.is_good &= proof["proven_mm"] <= ours_mm * (1 + 1e-6)
        return [within]

    # ---- plans carried over

    def _carry_over(self, names: list[str]) -> None:
        if not names:
            return
        print(
            "\nPlans carried over after 1 % of the units went; the groups are those that lost nobody"
        )
        CARRIED_OVER.print_header()
        for name in names:
            for seed in range(1, CARRIED_SEEDS + 1):
                self._carried(name, seed)

    def _carried(self, name: str, seed: int) -> None:
        found = self._step("carried.py", self._file(name), seed)
        if found.answer is None:
            self._note_failure(CARRIED_OVER, name, found.said)
            return
        told = found.answer
        time_share = told["carried_s"] / told["full_s"]
        altered_share = told["altered"] / told["untouched"]
        CARRIED_OVER.print_row(
            name,
            told["gone"],
            f"{told['full_s']:.1f}",
            f"{told['carried_s']:.2f}",
            f"{time_share:.1%}",
            f"{told['altered']:,}",
            f"{told['untouched']:,}",
            f"{told['carried_mm'] / told['anew_mm']:.3f}",
            told["faults"],
        )
        if time_share > MOST_TIME or altered_share > MOST_ALTERED:
            print(
                f"    short of the aim: {MOST_TIME:.0%} of the time, {MOST_ALTERED:.0%} of the groups"
            )
            self.is_good = False
        self.is_good &= not told["faults"]


def _gap(plan: dict[str, Any]) -> float:
    """(cost - bound) / bound, as the plan itself says it."""
    bound_mm: float = plan["bound_mm"]
    return max(0.0, plan["cost_mm"] - bound_mm) / bound_mm if bound_mm else 0.0


if __name__ == "__main__":
    sys.exit(main())
