"""国民经济行业分类, the industries of GB/T 4754-2017: sections, divisions, groups, classes.

The table is data/gbt4754_2017.tsv: 20 sections (a letter), 97 divisions (two digits), 473 groups
(three) and 1,382 classes (four), as in the edition of 2017 amended in 2019.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from importlib.resources import files

from liangxin.standards.plain_text import plain_code


class Level(IntEnum):
    """How deep an industry stands in the classification."""

    SECTION = 1
    DIVISION = 2
    GROUP = 3
    CLASS = 4

    @property
    def label(self) -> str:
        """The Chinese word for the level."""
        return ("门类", "大类", "中类", "小类")[self - 1]


@dataclass(frozen=True, slots=True)
class Industry:
    """One entry of the classification."""

    code: str
    name: str
    level: Level


class UnknownIndustry(LookupError):
    """No entry of the classification has this code."""


_CODE = re.compile(r"([A-T])?([0-9]{2,4})?")
_CODE_IN_TEXT = re.compile(
    r"^([A-Ta-t]?[0-9]{2,4}|[A-Ta-t])(?![0-9A-Za-z])[-.:、_]?|\(([A-Ta-t]?[0-9]{2,4})\)$"
)
_PUNCTUATION = re.compile(r"[、,，;；.·/()（）\-]")
_JOINTS = re.compile(r"[和与及的]")

# What people write that no loosening of the official names reaches.
ALIASES = {
    "农林牧渔": "A",
    "矿业": "B",
    "加工制造业": "C",
    "生产制造": "C",
    "水电气供应业": "D",
    "建筑施工": "E",
    "装修装饰": "50",
    "建筑装饰": "50",
    "装饰装修": "50",
    "批零业": "F",
    "商贸": "F",
    "商贸流通": "F",
    "贸易": "F",
    "商业": "F",
    "批发": "51",
    "零售": "52",
    "电商": "5292",
    "电子商务": "5292",
    "交通运输": "G",
    "交通运输仓储业": "G",
    "物流": "G",
    "物流运输": "G",
    "现代物流": "G",
    "仓储": "59",
    "快递": "6020",
    "快递物流": "6020",
    "外卖配送": "6242",
    "住宿": "61",
    "酒店": "61",
    "旅馆": "61",
    "餐饮": "62",
    "餐饮服务": "62",
    "信息技术": "I",
    "信息传输": "I",
    "信息服务": "I",
    "信息技术服务": "65",
    "软件": "65",
    "软件业": "65",
    "互联网": "64",
    "互联网服务": "64",
    "通信": "63",
    "房地产开发": "7010",
    "房产中介": "7030",
    "物业": "7020",
    "物业服务": "7020",
    "租赁": "71",
    "商务服务": "72",
    "广告": "725",
    "法律": "723",
    "会计": "7241",
    "人力资源": "726",
    "旅行社": "7291",
    "科研": "73",
    "科技服务": "M",
    "科研技术服务": "M",
    "专业技术服务": "74",
    "环保": "77",
    "居民服务": "80",
    "家政": "8010",
    "家政服务": "8010",
    "美容美发": "8040",
    "汽修": "811",
    "汽车维修": "811",
    "教育培训": "83",
    "培训": "839",
    "医疗": "84",
    "医疗卫生": "84",
    "医药制造": "27",
    "养老": "8514",
    "养老服务": "8514",
    "文化": "88",
    "文化娱乐": "R",
    "文体娱乐": "R",
    "文化传媒": "R",
    # Sections as the editions of 1994 to 2011 named them: registers keep the old words.
    "农、林、牧、渔服务业": "05",
    "电力、燃气及水的生产和供应业": "D",
    "电力、煤气及水的生产和供应业": "D",
    "批发和零售贸易": "F",
    "批发贸易": "51",
    "零售贸易": "52",
    "信息传输、计算机服务和软件业": "I",
    "金融、保险业": "J",
    "科学研究、技术服务和地质勘查业": "M",
    "居民服务和其他服务业": "O",
    "卫生、社会保障和社会福利业": "Q",
    "公共管理和社会组织": "S",
}


def industry(code: str) -> Industry:
    """Return the entry of a code ("F", "52", "521", "5211"); raises UnknownIndustry."""
    try:
        return _table()[code]
    except KeyError:
        raise UnknownIndustry(code) from None


def sections() -> tuple[Industry, ...]:
    """Return the twenty sections in order."""
    return tuple(entry for entry in _table().values() if entry.level is Level.SECTION)


def section_of(code: str) -> str:
    """Return the letter of the section a code belongs to; raises UnknownIndustry."""
    if industry(code).level is Level.SECTION:
        return code
    return _section_by_division()[code[:2]]


def division_of(code: str) -> str | None:
    """Return the two digits of the division of a code, None for a section; or UnknownIndustry."""
    return None if industry(code).level is Level.SECTION else code[:2]


def classes_of(code: str) -> tuple[str, ...]:
    """Return the classes under a code in order (itself for a class); raises UnknownIndustry."""
    return _classes()[industry(code).code]


@lru_cache(maxsize=4096)
def find_industry(text: str) -> str | None:
    """Return the code a person means, or None where nothing or more than one thing fits.

    Takes codes with or without the letter ("F5211", "5211", "52", "F", zero-padded "F5200"), official
    names of any level, codes beside names ("5211 百货零售"), and common short names ("批发零售").
    """
    plain = plain_code(text)
    return _by_code(plain.upper()) or _by_name(plain) or _by_code_in_text(plain)


def _by_code(text: str) -> str | None:
    match = _CODE.fullmatch(text)
    if not match or not text:
        return None
    letter, digits = match.groups(default="")
    code = digits if digits in _table() else _unpadded(letter, digits)
    if code is None or (letter and section_of(code) != letter):
        return None
    return code


def _unpadded(letter: str, digits: str) -> str | None:
    """Banks and tax lists write a group as 5210, a division as 5200, a section as F0000."""
    shorter = digits.rstrip("0").ljust(2, "0") if digits.strip("0") else ""
    code = shorter or letter
    return code if code in _table() and len(digits) in (0, 4) else None


def _by_name(text: str) -> str | None:
    exact, loose = _names()
    letters = _PUNCTUATION.sub("", text)
    key = _loose_key(text.removesuffix("行业"))
    return exact.get(letters) or _aliases().get(key) or loose.get(key)


def _by_code_in_text(text: str) -> str | None:
    match = _CODE_IN_TEXT.search(text)
    if not match:
        return None
    written = (match[1] or match[2]).upper()
    code = _by_code(written)
    named = _by_name(text[: match.start()] + text[match.end() :])
    if code is None or named is None:
        # Without its letter a number may be anything: 50人以上, 2011年.
        return code if written[0].isalpha() and len(written) > 1 else None
    return code if _contains(named, code) or _contains(code, named) else None


def _contains(broad: str, narrow: str) -> bool:
    return set(classes_of(narrow)) <= set(classes_of(broad))


def _loose_key(text: str) -> str:
    return _JOINTS.sub("", _PUNCTUATION.sub("", text)).removesuffix("业")


@cache
def _names() -> tuple[dict[str, str], dict[str, str]]:
    """Official names by their letters alone, and loosened; what stays ambiguous is left out."""
    exact: dict[str, list[str]] = {}
    loose: dict[str, list[str]] = {}
    for entry in _table().values():
        name = plain_code(entry.name)
        exact.setdefault(_PUNCTUATION.sub("", name), []).append(entry.code)
        loose.setdefault(_loose_key(name), []).append(entry.code)
    return dict(_settled(exact)), dict(_settled(loose))


def _settled(codes_by_name: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for name, codes in codes_by_name.items():
        if (code := _widest(codes)) is not None:
            yield name, code


def _widest(codes: Iterable[str]) -> str | None:
    """The code that contains all others; of equally wide ones the deepest."""
    scopes = {code: set(classes_of(code)) for code in codes}
    everything = set[str]().union(*scopes.values())
    widest = [code for code, scope in scopes.items() if scope == everything]
    return widest[-1] if widest else None


@cache
def _aliases() -> dict[str, str]:
    return {_loose_key(alias): code for alias, code in ALIASES.items()}


@cache
def _table() -> dict[str, Industry]:
    source = files("liangxin.standards") / "data" / "gbt4754_2017.tsv"
    lines = [line for line in source.read_text("utf-8").splitlines() if not line.startswith("#")]
    rows = (line.split("\t") for line in lines[1:])
    return {code: Industry(code, name, _level(code)) for code, name in rows}


def _level(code: str) -> Level:
    return Level(len(code)) if code.isdigit() else Level.SECTION


@cache
def _section_by_division() -> dict[str, str]:
    found, section = {}, ""
    for entry in _table().values():
        if entry.level is Level.SECTION:
            section = entry.code
        elif entry.level is Level.DIVISION:
            found[entry.code] = section
    return found


@cache
def _classes() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {code: [] for code in _table()}
    for entry in _table().values():
        if entry.level is Level.CLASS:
            code = entry.code
            for above in (section_of(code), code[:2], code[:3], code):
                found[above].append(code)
    return {code: tuple(classes) for code, classes in found.items()}
