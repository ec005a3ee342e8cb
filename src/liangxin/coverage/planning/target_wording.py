"""A development target in one sentence that an officer can read out."""

from collections.abc import Sequence

from liangxin.coverage.terms import TargetKind

SHOWN_NAMES = 3
LONGEST = 400


def target_sentence(
    kind: TargetKind,
    units: Sequence[tuple[str, int, int]],
    *,
    staff: Sequence[int | None],
    group: tuple[int, str] | None,
    staff_for_member: int,
) -> str:
    """Units as (name, members today, new members), with the staff of each where known; the group as (number, host)."""
    growing = "，".join(
        f"{name}{'再' if members else ''}发展 {new} 名党员" for name, members, new in units if new
    )
    others = [name for name, _, new in units if not new]
    gained = _gained(staff)
    match kind:
        case TargetKind.OWN:
            text = f"{growing}，可单独建立党支部，{gained}。"
        case TargetKind.JOINT:
            together = f"可与{_names(others)}组成联合党支部" if others else "可组成联合党支部"
            text = f"{growing}，{together}，{gained}。"
        case TargetKind.JOIN if group is not None:
            number, host = group
            text = f"{growing}，可加入拟建的第 {number} 组（{host}牵头），{gained}。"
        case _:
            most = max((one or 0 for one in staff), default=0)
            text = (
                f"{growing}，从业 {most} 人、达到 {staff_for_member} 人的企业不再没有党员；"
                "附近暂无可加入的支部，仍需指导员或联络员。"
            )
    return text[:LONGEST]


def _names(names: Sequence[str]) -> str:
    shown = "、".join(names[:SHOWN_NAMES])
    return f"{shown}等 {len(names)} 家" if len(names) > SHOWN_NAMES else shown


def _gained(staff: Sequence[int | None]) -> str:
    known = sum(one or 0 for one in staff)
    unknown = sum(one is None for one in staff)
    told = f"新覆盖 {len(staff)} 家单位、{known} 名职工"
    return f"{told}（{unknown} 家未填从业人数）" if unknown else told
