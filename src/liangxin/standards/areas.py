"""县级以上行政区划代码, the six-digit division codes of GB/T 2260.

Only the shape and the province are checked: counties are merged and renamed every year.
"""

import re

from liangxin.standards.plain_text import plain_code

PROVINCES: dict[str, str] = {
    "11": "北京市",
    "12": "天津市",
    "13": "河北省",
    "14": "山西省",
    "15": "内蒙古自治区",
    "21": "辽宁省",
    "22": "吉林省",
    "23": "黑龙江省",
    "31": "上海市",
    "32": "江苏省",
    "33": "浙江省",
    "34": "安徽省",
    "35": "福建省",
    "36": "江西省",
    "37": "山东省",
    "41": "河南省",
    "42": "湖北省",
    "43": "湖南省",
    "44": "广东省",
    "45": "广西壮族自治区",
    "46": "海南省",
    "50": "重庆市",
    "51": "四川省",
    "52": "贵州省",
    "53": "云南省",
    "54": "西藏自治区",
    "61": "陕西省",
    "62": "甘肃省",
    "63": "青海省",
    "64": "宁夏回族自治区",
    "65": "新疆维吾尔自治区",
    "71": "台湾省",
    "81": "香港特别行政区",
    "82": "澳门特别行政区",
}
_SHAPE = re.compile(r"[0-9]{6}")


def province_name(code: str) -> str | None:
    """Return the province of a division code by its first two digits, or None."""
    return PROVINCES.get(plain_code(code)[:2])


def division_fault(code: str) -> str | None:
    """Return what is wrong with a six-digit division code, in Chinese, or None."""
    plain = plain_code(code)
    if not _SHAPE.fullmatch(plain):
        return "行政区划代码应为6位数字"
    if plain[:2] not in PROVINCES:
        return f"行政区划代码前两位“{plain[:2]}”不是省级代码"
    if plain[2:4] == "00" and plain[4:] != "00":
        return "行政区划代码中间两位为00时，末两位也应为00"
    return None
