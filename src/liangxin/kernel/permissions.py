"""What each role may do; one table, read by pages, actions and menus alike."""

from enum import StrEnum

from liangxin.kernel.viewer import Role, Viewer


class Permission(StrEnum):
    """One thing a role may or may not do; over which objects is the scope's matter."""

    SEE_HOME = "see_home"
    SEE_LEDGER = "see_ledger"
    EDIT_LEDGER = "edit_ledger"
    SEE_PEOPLE = "see_people"
    SEE_COVERAGE = "see_coverage"
    PLAN_BRANCHES = (
        "plan_branches"  # propose joint branches, adopt groups, consent for one's street
    )
    APPROVE_BRANCHES = "approve_branches"
    IMPORT_LISTS = "import_lists"
    EXPORT_LISTS = "export_lists"
    MAKE_REPORTS = "make_reports"
    MANAGE_REPORT_TEMPLATES = "manage_report_templates"
    SEE_RULES = "see_rules"
    EDIT_RULES = "edit_rules"
    SEE_JOBS = "see_jobs"
    MANAGE_USERS = "manage_users"
    SEE_AUDIT = "see_audit"
    USE_API = "use_api"


_LOOK = frozenset({Permission.SEE_HOME, Permission.SEE_RULES})
_WORK = _LOOK | {
    Permission.SEE_LEDGER,
    Permission.EDIT_LEDGER,
    Permission.SEE_PEOPLE,
    Permission.SEE_COVERAGE,
    Permission.PLAN_BRANCHES,
    Permission.IMPORT_LISTS,
    Permission.EXPORT_LISTS,
    Permission.MAKE_REPORTS,
    Permission.SEE_JOBS,
    Permission.USE_API,
}
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.DISTRICT_OFFICE: _WORK
    | {Permission.APPROVE_BRANCHES, Permission.EDIT_RULES, Permission.SEE_AUDIT}
    | {Permission.MANAGE_REPORT_TEMPLATES},
    Role.COMMITTEE_OFFICER: _WORK,
    Role.SECRETARY: _LOOK | {Permission.SEE_LEDGER, Permission.SEE_PEOPLE},
    Role.INSTRUCTOR: _LOOK | {Permission.SEE_LEDGER},
    Role.OWNER: _LOOK | {Permission.SEE_LEDGER},
    Role.MEMBER: _LOOK,
    Role.SUBSCRIBER: frozenset({Permission.SEE_HOME}),
    Role.ADMINISTRATOR: _LOOK | {Permission.MANAGE_USERS, Permission.SEE_AUDIT},
}


class NotAllowed(Exception):
    """The viewer may not do this; the text says so in Chinese."""


def roles_with(permission: Permission) -> frozenset[Role]:
    """Every role that holds `permission`."""
    return frozenset(role for role, held in ROLE_PERMISSIONS.items() if permission in held)


def may(viewer: Viewer, permission: Permission) -> bool:
    """Whether any of the viewer's roles holds `permission`, over whatever scope."""
    return bool(viewer.roles & roles_with(permission))


def require(viewer: Viewer, permission: Permission) -> None:
    """Raise NotAllowed unless the viewer holds `permission`."""
    if not may(viewer, permission):
        raise NotAllowed("您的账号没有办理这件事的权限，请与区级管理员联系。")
