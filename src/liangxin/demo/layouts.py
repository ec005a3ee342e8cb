"""How each office lays out its list: file, title, header rows, column titles, notes below."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Head:
    """One column: the group above its title where there is one, and the column it holds.

    `code` is empty for columns that carry nothing we know of, such as 序号 and 备注.
    """

    title: str
    code: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """One office's form of one kind of list; `total` is the column summed up at the end."""

    kind: str
    file: str
    sheet: str
    title: str
    heads: tuple[Head, ...]
    notes: tuple[str, ...] = ()
    total: str = ""

    @property
    def is_grouped(self) -> bool:
        """Whether the header takes two rows."""
        return any(head.group for head in self.heads)


NUMBER = Head("序号")
REMARK = Head("备注")

SITES = Layout(
    kind="sites",
    file="01-楼宇园区名单.xlsx",
    sheet="楼宇园区",
    title="示例区商务楼宇、园区、市场名单（合成数据）",
    heads=(
        NUMBER,
        Head("楼宇（园区）名称", "name"),
        Head("类型", "kind"),
        Head("所属街道", "street"),
        Head("地址", "address"),
        Head("经度", "lon"),
        Head("纬度", "lat"),
        Head("坐标系", "coordinate_system"),
    ),
)

REGISTER = Layout(
    kind="enterprises",
    file="02-市场监管局-企业名单.xlsx",
    sheet="企业名单",
    title="示例区非公有制企业登记信息汇总表（合成数据）",
    heads=(
        NUMBER,
        Head("企业名称", "name"),
        Head("统一社会信用代码", "uscc"),
        Head("企业类型", "kind"),
        Head("登记状态", "status"),
        Head("成立日期", "established_date"),
        Head("行业代码", "industry"),
        Head("所属街道", "street"),
        Head("所在楼宇（园区）", "site"),
        Head("经营地址", "address"),
        Head("姓名", "legal_representative", "法定代表人"),
        Head("联系电话", "phone", "法定代表人"),
        Head("从业人数", "employees", "经营情况"),
        Head("营业收入（万元）", "revenue_wan", "经营情况"),
        Head("有无固定场所", "has_premises", "经营情况"),
        Head("有无经营活动", "has_activity", "经营情况"),
        Head("经度", "lon", "位置"),
        Head("纬度", "lat", "位置"),
        Head("坐标系", "coordinate_system", "位置"),
    ),
    notes=("注：本表由登记系统导出，数据为合成。", "填表人：示例"),
    total="employees",
)


def street_layout(street: str) -> Layout:
    """Return the layout of a street's own list of firms, a plain CSV."""
    return Layout(
        kind="enterprises",
        file=f"03-{street}-企业台账.csv",
        sheet="",
        title=f"{street}两新组织企业台账（合成数据）",
        heads=(
            NUMBER,
            Head("单位名称", "name"),
            Head("社会信用代码", "uscc"),
            Head("单位类型", "kind"),
            Head("经营状态", "status"),
            Head("街道", "street"),
            Head("所在楼宇", "site"),
            Head("地址", "address"),
            Head("所属行业", "industry"),
            Head("职工人数", "employees"),
            Head("年营业收入（万元）", "revenue_wan"),
            Head("是否有固定场所", "has_premises"),
            Head("是否有经营活动", "has_activity"),
            Head("负责人", "legal_representative"),
            Head("联系方式", "phone"),
            Head("成立时间", "established_date"),
            Head("经度", "lon"),
            Head("纬度", "lat"),
            Head("坐标系", "coordinate_system"),
            REMARK,
        ),
        total="employees",
    )


SOCIAL = Layout(
    kind="social_organisations",
    file="04-民政局-社会组织名单.xlsx",
    sheet="社会组织",
    title="示例区登记社会组织名录（合成数据）",
    heads=(
        NUMBER,
        Head("社会组织名称", "name"),
        Head("统一社会信用代码", "uscc"),
        Head("类型", "kind"),
        Head("状态", "status"),
        Head("业务主管单位", "supervisor"),
        Head("法定代表人", "legal_representative"),
        Head("联系电话", "phone"),
        Head("从业人数", "employees"),
        Head("所属街道", "street"),
        Head("地址", "address"),
        Head("成立日期", "established_date"),
    ),
    total="employees",
)

PARTY = Layout(
    kind="party_organisations",
    file="05-组织部-党组织名册.xlsx",
    sheet="党组织名册",
    title="示例区两新组织党组织名册（合成数据）",
    heads=(
        NUMBER,
        Head("党组织名称", "name"),
        Head("党组织编码", "code"),
        Head("组织类别", "kind"),
        Head("上级党组织", "parent"),
        Head("所属街道", "street"),
        Head("成立日期", "founded_date"),
        Head("涵盖单位", "covered"),
        Head("书记", "secretary"),
        REMARK,
    ),
    notes=("说明：联合党支部的涵盖单位逐一列出。",),
)


def member_layout(street: str) -> Layout:
    """Return the layout of one street's sheet in the register of members."""
    return Layout(
        kind="members",
        file="06-组织部-党员名册.xlsx",
        sheet=street,
        title=f"{street}两新组织党员名册（合成数据）",
        heads=(
            NUMBER,
            Head("姓名", "name"),
            Head("性别", "sex"),
            Head("身份证号码", "id_number"),
            Head("联系电话", "phone"),
            Head("工作单位", "work_unit"),
            Head("单位统一社会信用代码", "work_unit_uscc"),
            Head("岗位类别", "position"),
            Head("人员类别", "stage"),
            Head("入党日期", "joined_date"),
            Head("转正日期", "full_date"),
            Head("组织关系所在党组织", "relation"),
        ),
    )


INSTRUCTORS = Layout(
    kind="instructors",
    file="07-党建指导员联络员名单.xlsx",
    sheet="指导员联络员",
    title="示例区党建工作指导员、联络员选派名单（合成数据）",
    heads=(
        NUMBER,
        Head("姓名", "name"),
        Head("身份证号", "id_number"),
        Head("联系电话", "phone"),
        Head("类别", "role"),
        Head("派出单位", "home_unit"),
        Head("可联系企业数", "capacity"),
        Head("联系单位", "served"),
        Head("选派日期", "start_date"),
        Head("届满日期", "end_date"),
    ),
)

MASS = Layout(
    kind="mass_organisations",
    file="08-工会团组织情况.xlsx",
    sheet="工会团组织",
    title="示例区企业工会、团组织建设情况（合成数据）",
    heads=(
        NUMBER,
        Head("单位名称", "name"),
        Head("统一社会信用代码", "uscc"),
        Head("工会", "union"),
        Head("团组织", "league"),
        REMARK,
    ),
)
