"""The words of accounts: demo logins, and what the audit trail calls each action."""

from dataclasses import dataclass

from liangxin.kernel.viewer import ROLE_TITLES, Role

DEMO_PASSWORD = "liangxin-demo"


@dataclass(frozen=True)
class DemoLogin:
    """A login that the demo district creates and the login page shows in demo mode."""

    username: str
    role: Role
    password: str = DEMO_PASSWORD

    @property
    def title(self) -> str:
        """The Chinese title of the role."""
        return ROLE_TITLES[self.role]


DEMO_LOGINS = (
    DemoLogin("office", Role.DISTRICT_OFFICE),
    DemoLogin("officer", Role.COMMITTEE_OFFICER),
    DemoLogin("secretary", Role.SECRETARY),
    DemoLogin("instructor", Role.INSTRUCTOR),
    DemoLogin("owner", Role.OWNER),
    DemoLogin("member", Role.MEMBER),
    DemoLogin("subscriber", Role.SUBSCRIBER),
    DemoLogin("admin", Role.ADMINISTRATOR),
)

# What the audit page calls each action; actions about accounts first.
ACCOUNT_ACTIONS = {
    "user.create": "建立账号",
    "user.deactivate": "停用账号",
    "user.reactivate": "恢复账号",
    "user.reset_password": "重置密码",
    "user.change_password": "修改密码",
    "user.totp_on": "启用手机动态码",
    "user.totp_off": "停用手机动态码",
    "user.recovery_codes": "重新生成备用码",
    "user.passkey_add": "登记通行密钥",
    "user.passkey_remove": "删除通行密钥",
    "user.reset_second_factors": "清除两步验证",
    "user.end_sign_ins": "退出其他登录",
    "token.create": "建立接口令牌",
    "token.revoke": "作废接口令牌",
    "user.hand_over": "移交工作",
    "user.take_over": "接手工作",
    "saved_view.save": "保存常用条件",
    "saved_view.rename": "常用条件改名",
    "saved_view.forget": "删除常用条件",
    "grant.give": "授予角色",
    "grant.end": "收回角色",
}
LEDGER_ACTIONS = {
    "organisation.create": "新建单位",
    "organisation.revise": "修改单位",
    "organisation.bulk_revise": "批量修改单位",
    "organisation.bulk_undo": "撤销批量修改",
    "organisation.close": "登记注销",
    "organisation.confirm": "确认没有变化",
    "person.unmask": "查看完整号码",
    "person.held_data": "查看本人全部信息",
    "person.erase": "保存期满清除号码",
    "audit.verify": "核对操作记录",
    "guide.confirm": "确认没有变化",
    "guide.create": "登记指导员联络员",
    "guide.revise": "修改指导员联络员",
    "guide.close": "指导员联络员离任",
    "member.close": "党员离开",
    "member.confirm": "确认没有变化",
    "member.create": "登记党员",
    "member.revise": "修改党员",
    "party_organisation.confirm": "确认没有变化",
    "party_organisation.cover": "党组织增加涵盖单位",
    "party_organisation.create": "登记党组织",
    "party_organisation.dissolve": "撤销党组织",
    "party_organisation.revise": "修改党组织",
    "party_organisation.uncover": "党组织减少涵盖单位",
    "party_organisation.meeting_place": "登记会议地点",
    "party_organisation.branch_join": "单位加入联合党支部",
    "party_organisation.branch_leave": "单位退出联合党支部",
    "party_organisation.branch_dissolve": "撤销联合党支部",
    "post.begin": "任职",
    "post.end": "免职",
    "posting.begin": "选派联系",
    "posting.end": "结束联系",
    "site.confirm": "确认没有变化",
    "site.create": "登记楼宇园区",
    "site.revise": "修改楼宇园区",
    "organisation.merge": "合并单位",
    "organisation.unmerge": "撤销合并单位",
    "organisation.move": "单位迁往另一街道",
    "organisation.absorb": "单位被合并",
    "organisation.split": "单位分立",
    "street.reorganise": "街道撤并、改名",
    "site.reorganise": "楼宇园区撤并、改属",
    "reorganisation.undo": "撤销迁移、合并、分立或撤并",
    "person.merge": "合并人员记录",
    "person.unmerge": "撤销合并人员记录",
    "duplicates.distinguish": "认定不是重复",
    "mass_presence.set": "登记工会团组织",
    "keys.rotate": "更换密钥",
    "keys.retire": "停用密钥",
    "organisation.unmask": "查看完整号码",
    "intake.upload": "上传名单",
    "intake.commit": "导入名单",
    "intake.columns": "调整列的对应",
    "intake.mend": "改正退回行",
    "intake.discard": "放弃导入",
    "intake.take_away": "下载退回行",
    "intake.undo": "撤销导入",
    "list.export": "导出名单",
    "report_template.create": "新建报表模板",
    "report_template.revise": "更新报表模板",
    "report_template.retire": "停用或恢复报表模板",
    "report_template.provide": "提供内置报表模板",
    "report.create": "填报报表",
    "report.fill": "生成报表",
    "report.download": "下载报表",
    "report.send": "报表报送",
    "report.discard": "删除报表",
    "members.read": "经接口读取党员名册",
    "backup.take": "备份",
    "backup.restore": "从备份恢复",
    "rule.set": "设定本区规则",
    "rule.end": "停用本区规则",
    "rule.take_back": "收回尚未执行的本区规则",
    "import_areas": "导入区域边界",
    "coverage.propose": "拟订联建方案",
    "coverage.replan": "就近重排",
    "coverage.replan_draft": "调整稿重新测算",
    "coverage.plan": "算出联建方案",
    "coverage.discard_proposal": "删除联建方案",
    "coverage.begin_draft": "开始调整联建方案",
    "coverage.ask_targets": "开始测算发展重点",
    "coverage.aim": "测算发展重点",
    "coverage.discard_targets": "删除发展重点测算",
    "coverage.ask_curve": "开始测算距离与覆盖",
    "coverage.curve": "算出距离与覆盖",
    "coverage.discard_curve": "删除距离与覆盖的测算",
    "coverage.quota": "设定发展名额",
    "establishment.adopt": "采纳联建方案",
    "establishment.consent": "答复会签",
    "establishment.rename": "拟建支部改名",
    "establishment.approve": "登记批复",
    "establishment.found": "登记成立",
    "establishment.withdraw": "撤回组建",
    "establishment.request": "下载请示",
    "establishment.reply": "下载批复",
    "establishment.notice": "下载成立通知",
    "establishment.nominate": "登记书记、委员人选",
    "establishment.request_number": "登记请示文号",
    "party_organisation.propose": "拟建党组织",
    "party_organisation.rename": "拟建党组织改名",
    "party_organisation.found": "党组织成立",
    "party_organisation.withdraw": "拟建党组织撤回",
    "party_organisation.extend": "党组织增加涵盖单位",
}
ACTION_TITLES = {**LEDGER_ACTIONS, **ACCOUNT_ACTIONS}
