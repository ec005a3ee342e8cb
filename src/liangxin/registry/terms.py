"""The words of the ledger: kinds and states, with what the screens call them."""

from dataclasses import dataclass

from django.db import models


class AreaKind(models.TextChoices):
    DISTRICT = "district", "区"
    STREET = "street", "街道（镇）"


class SiteKind(models.TextChoices):
    BUILDING = "building", "楼宇"
    PARK = "park", "园区"
    MARKET = "market", "市场"
    STREET_FRONT = "street_front", "商业街"
    OTHER = "other", "其他"


class OrganisationKind(models.TextChoices):
    COMPANY = "company", "公司"
    PARTNERSHIP = "partnership", "合伙企业"
    SOLE_PROPRIETORSHIP = "sole_proprietorship", "个人独资企业"
    FOREIGN = "foreign", "外商投资企业"
    COOPERATIVE = "cooperative", "农民专业合作社"
    BRANCH_OFFICE = "branch_office", "分公司"
    INDIVIDUAL_BUSINESS = "individual_business", "个体工商户"
    ASSOCIATION = "association", "社会团体"
    SERVICE = "service", "社会服务机构"
    FOUNDATION = "foundation", "基金会"


SOCIAL_KINDS = (
    OrganisationKind.ASSOCIATION,
    OrganisationKind.SERVICE,
    OrganisationKind.FOUNDATION,
)
ENTERPRISE_KINDS = tuple(kind for kind in OrganisationKind if kind not in SOCIAL_KINDS)


class OrganisationStatus(models.TextChoices):
    OPERATING = "operating", "在营"
    CLOSED = "closed", "注销、吊销或迁出"
    SHELL = "shell", "空壳"
    DORMANT = "dormant", "停业、歇业"
    UNKNOWN = "unknown", "状态不明"


class SizeClassCode(models.TextChoices):
    LARGE = "large", "大型"
    MEDIUM = "medium", "中型"
    SMALL = "small", "小型"
    MICRO = "micro", "微型"


class PartyKind(models.TextChoices):
    WORK_COMMITTEE = "work_committee", "党工委"
    COMMITTEE = "committee", "党委"
    GENERAL_BRANCH = "general_branch", "党总支"
    BRANCH = "branch", "党支部"
    JOINT_BRANCH = "joint_branch", "联合党支部"
    TEMPORARY_BRANCH = "temporary_branch", "临时党支部"


class MemberStage(models.TextChoices):
    FULL = "full", "正式党员"
    PROBATIONARY = "probationary", "预备党员"


class Position(models.TextChoices):
    FRONT_LINE = "front_line", "生产一线"
    TECHNICAL = "technical", "专业技术"
    MANAGEMENT = "management", "经营管理"
    OTHER = "other", "其他"


class PostKind(models.TextChoices):
    SECRETARY = "secretary", "书记"
    DEPUTY = "deputy", "副书记"
    COMMITTEE_MEMBER = "committee_member", "委员"


class GuideRole(models.TextChoices):
    INSTRUCTOR = "instructor", "党建指导员"
    LIAISON = "liaison", "党建联络员"


class MassKind(models.TextChoices):
    UNION = "union", "工会"
    LEAGUE = "league", "共青团组织"


class SourceKind(models.TextChoices):
    FORM = "form", "手工填写"
    IMPORT = "import", "名单导入"
    DEMO = "demo", "演示数据"


class MergeHow(models.TextChoices):
    """What a merge did to one row."""

    ENDED = "ended", "到合并日为止"
    BEGUN = "begun", "自合并日起"
    REPOINTED = "repointed", "改到保留方名下"
    CHANGED = "changed", "改动"
    REMOVED = "removed", "取下"


class ReorganisationAct(models.TextChoices):
    """How a firm, a street or a site goes on elsewhere."""

    MOVE = "move", "迁到本区另一街道"
    ABSORB = "absorb", "被合并（吸收）"
    SPLIT = "split", "分立"
    STREET_MERGE = "street_merge", "街道并入"
    STREET_RENAME = "street_rename", "街道改名"
    SITE_MERGE = "site_merge", "楼宇园区并入"
    SITE_MOVE = "site_move", "楼宇园区改属街道"
    BRANCH_JOIN = "branch_join", "加入联合党支部"
    BRANCH_LEAVE = "branch_leave", "退出联合党支部"
    BRANCH_DISSOLVE = "branch_dissolve", "撤销联合党支部"


class ReorganisationState(models.TextChoices):
    REQUESTED = "requested", "等对方街道接收"
    DONE = "done", "已办"
    DECLINED = "declined", "对方未接收"
    UNDONE = "undone", "已撤销"


class LikenessKind(models.TextChoices):
    """Why two entries look like one and the same."""

    USCC = "uscc", "统一社会信用代码相同"
    NAME = "name", "名称相同"
    CORE_NAME = "core_name", "名称主干相同"
    FORMER_NAME = "former_name", "与曾用名相同"
    ADDRESS = "address", "地址和法定代表人相同"
    PHONE = "phone", "联系电话相同"
    PERSON_PHONE = "person_phone", "姓名和电话相同"
    PERSON_UNIT = "person_unit", "姓名和单位相同"


@dataclass(frozen=True)
class OnMerge:
    """What becomes of rows that point at an absorbed organisation or person.

    A model says it in a class attribute `on_merge`, by name of its foreign key; dated facts need not:
    they end with the absorbed one and go on with the survivor.
    """

    is_carried: bool
    # Only rows with these values are carried: work that is still open.
    where: tuple[tuple[str, object], ...] = ()


STAYS = OnMerge(is_carried=False)
CARRIED = OnMerge(is_carried=True)


class Searched(models.TextChoices):
    """Kinds of documents in the search index."""

    ORGANISATION = "organisation", "单位"
    PARTY = "party", "党组织"
    MEMBER = "member", "党员"
    GUIDE = "guide", "指导员联络员"
    SITE = "site", "楼宇园区"
