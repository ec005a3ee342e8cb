"""Taking in templates that a superior gave: checked at once, every version kept."""

from pathlib import PurePath

from django.db import transaction
from django.utils import timezone

from liangxin.insight.models import ReportTemplate, TemplateVersion
from liangxin.insight.queries.reports import street_names
from liangxin.insight.reports.built_in import BUILT_INS, EDITION, BuiltIn
from liangxin.insight.reports.known import faults
from liangxin.insight.terms import MAX_TEMPLATE_BYTES, MAX_TITLE
from liangxin.kernel.audit import record
from liangxin.kernel.permissions import Permission, require
from liangxin.kernel.viewer import SYSTEM, Viewer
from liangxin.workbook.book import UnreadableFile
from liangxin.workbook.filling import Reading, format_of, read_excel, read_word, refuse_hostile

MOST_FAULTS = 50


class UnfitTemplate(ValueError):
    """The file cannot be a template; `faults` say why and how to mend it, each in Chinese."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("；".join(faults))
        self.faults = faults[:MOST_FAULTS]


def checked_template(data: bytes, *, file_name: str) -> Reading:
    """Read a file as a template. Raises UnfitTemplate with everything that is wrong with it."""
    if len(data) > MAX_TEMPLATE_BYTES:
        raise UnfitTemplate([f"模板文件不能超过 {MAX_TEMPLATE_BYTES // 1_000_000} MB。"])
    try:
        file_format = format_of(file_name)
        refuse_hostile(data, file_format=file_format)
        reading = read_excel(data) if file_format == "xlsx" else read_word(data)
    except UnreadableFile as refusal:
        raise UnfitTemplate([f"{refusal.reason}。{refusal.mend}。"]) from refusal
    wrong = faults(reading, streets=street_names())
    if not reading.found and not wrong:
        wrong = ["文件里没有占位符。请在要填数的地方写上 {{组织覆盖率}} 这样的占位符。"]
    if wrong:
        raise UnfitTemplate(wrong)
    return reading


def add_template(data: bytes, *, title: str, file_name: str, by: Viewer) -> TemplateVersion:
    """Keep a new template with its first version. Raises NotAllowed, UnfitTemplate."""
    require(by, Permission.MANAGE_REPORT_TEMPLATES)
    reading = checked_template(data, file_name=file_name)
    title = title.strip()[:MAX_TITLE] or PurePath(file_name).stem[:MAX_TITLE]
    with transaction.atomic():
        template = ReportTemplate.objects.create(
            title=title, created_by_id=by.user_id, created_at=timezone.now()
        )
        version = _add_version(template, data, (file_name, reading), by=by)
        _record("create", template, by=by, summary=f"新建报表模板《{title}》")
    return version


def add_version(
    template: ReportTemplate, data: bytes, *, file_name: str, by: Viewer
) -> TemplateVersion:
    """Keep a newer file of a template; reports made before keep theirs. Raises like add_template."""
    require(by, Permission.MANAGE_REPORT_TEMPLATES)
    reading = checked_template(data, file_name=file_name)
    with transaction.atomic():
        held = ReportTemplate.objects.select_for_update().get(pk=template.pk)
        version = _add_version(held, data, (file_name, reading), by=by)
        _record(
            "revise", held, by=by, summary=f"报表模板《{held.title}》更新为第{version.number}版"
        )
    return version


def retire_template(template: ReportTemplate, *, is_retired: bool, by: Viewer) -> None:
    """Take a template out of use, or back; what was made of it stays."""
    require(by, Permission.MANAGE_REPORT_TEMPLATES)
    with transaction.atomic():
        changed = ReportTemplate.objects.filter(pk=template.pk).exclude(is_retired=is_retired)
        if changed.update(is_retired=is_retired):
            word = "停用" if is_retired else "恢复使用"
            _record("retire", template, by=by, summary=f"{word}报表模板《{template.title}》")


def provide_built_in_templates() -> None:
    """Make the built-in forms where they are not there yet, or only in an older edition."""
    known = dict(
        TemplateVersion.objects.filter(edition=EDITION).values_list("template__code", "number")
    )
    for form in BUILT_INS:
        if form.code not in known:
            _provide(form)


def _provide(form: BuiltIn) -> None:
    data = form.make()
    reading = read_excel(data)
    with transaction.atomic():
        template, _ = ReportTemplate.objects.get_or_create(
            code=form.code, defaults={"title": form.title, "created_at": timezone.now()}
        )
        held = ReportTemplate.objects.select_for_update().get(pk=template.pk)
        # Two first visitors at once would both provide it.
        if not held.versions.filter(edition=EDITION).exists():
            told = (form.file_name, reading)
            _add_version(held, data, told, by=SYSTEM, edition=EDITION)
            _record("provide", held, by=SYSTEM, summary=f"提供内置报表模板《{form.title}》")


def _add_version(
    template: ReportTemplate,
    data: bytes,
    told: tuple[str, Reading],
    *,
    by: Viewer,
    edition: int = 0,
) -> TemplateVersion:
    file_name, reading = told
    newest = template.versions.order_by("-number").values_list("number", flat=True).first() or 0
    asked = dict.fromkeys((one.name, one.marker) for one in reading.found)
    return TemplateVersion.objects.create(
        template=template,
        number=newest + 1,
        file_name=PurePath(file_name.replace("\\", "/")).name[-200:],
        file_format=format_of(file_name),
        content=data,
        placeholders=[list(one) for one in asked],
        edition=edition,
        created_by_id=by.user_id,
        created_at=timezone.now(),
    )


def _record(verb: str, template: ReportTemplate, *, by: Viewer, summary: str) -> None:
    record(f"report_template.{verb}", by=by, summary=summary, about=template, changes_ledger=False)
