"""Made-up names: streets, sites, brands, people. Organisations carry the marker of the district."""

from random import Random

from liangxin.demo.facts import CITY, MARKER

STREET_NAMES: tuple[tuple[str, str], ...] = (
    ("青禾街道", "街道"),
    ("云溪街道", "街道"),
    ("望湖街道", "街道"),
    ("新桥街道", "街道"),
    ("锦岸街道", "街道"),
    ("栖霞里街道", "街道"),
    ("东渡街道", "街道"),
    ("明庐街道", "街道"),
    ("竹园街道", "街道"),
    ("双河镇", "镇"),
    ("石陂镇", "镇"),
    ("高新片区街道", "街道"),
)
KEEPS_OWN_LIST = ("双河镇", "石陂镇")
"""Streets whose firms stand in a list of their own and not in the regulator's."""

ROADS = (
    "望江",
    "青年",
    "云山",
    "创业",
    "安澜",
    "和畅",
    "采薇",
    "长宁",
    "文昌",
    "丰乐",
    "临溪",
    "建设",
)
SITE_WORDS = ("云帆", "锦程", "青禾", "望湖", "汇智", "星桥", "明远", "瑞和", "启航", "东篱", "银杏", "海棠",
              "听涛", "鼎新", "嘉木", "长风", "澄明", "揽月", "松涛", "九里", "和光", "知行", "南塘", "北辰")  # fmt: skip
BRAND_FIRST = (
    "云锦瑞恒启嘉鼎卓睿博朗铭润泽宏景和晟旭盈昊展扬茂凌逸畅顺佳安诚信正德聚汇联同众合新科智远航通"
)
BRAND_SECOND = (
    "帆程和达源丰禾泰川海岳峰林森野原石晖阳辰星月华章彩虹桥途行健康宁乐盛隆昌茂兴旺祥瑞福禄"
)
BRAND_THIRD = "然之尔思特亚能创美优品奇迈凯欧格维诺丽雅文斯克宝利洁"
FORMS = {
    "company": ("有限公司", "有限责任公司", "股份有限公司"),
    "sole_proprietorship": ("厂", "经营部", "服务部"),
    "partnership": ("事务所（普通合伙）", "合伙企业（有限合伙）"),
    "foreign": ("（示例）有限公司",),
    "branch_office": ("有限公司分公司",),
    "individual_business": ("店", "商行", "工作室"),
    "cooperative": ("专业合作社",),
}
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戴莫孔向汤"  # fmt: skip
GIVEN = "若安书言亦知远行之乐初景和明清宁语凡其一川嘉佑承泽思齐望舒云起时雨新晴夏禾秋实冬阳子衿慕白念真可昕沐辰奕然予希"


class OrganisationNames:
    """Gives out organisation names that carry the marker, each at most once."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self.taken: set[str] = set()

    def enterprise(self, *, trade: str, kind: str) -> str:
        """Return the unused name of a firm of `kind` whose trade is named `trade`."""
        form = self._rng.choice(FORMS[kind])
        while True:
            name = self._arranged(self._brand(), trade, form)
            if name not in self.taken:
                self.taken.add(name)
                return name

    def unused(self, stem: str, *, ending: str) -> str:
        """Return stem and ending, with 第二, 第三 … between them where that name is taken."""
        candidate = stem + ending
        number = 2
        while candidate in self.taken:
            candidate = stem + ordinal(number) + ending
            number += 1
        self.taken.add(candidate)
        return candidate

    def _brand(self) -> str:
        rng = self._rng
        brand = rng.choice(BRAND_FIRST) + rng.choice(BRAND_SECOND)
        return brand + rng.choice(BRAND_THIRD) if rng.random() < 0.4 else brand

    def _arranged(self, brand: str, trade: str, form: str) -> str:
        chance = self._rng.random()
        if chance < 0.15 and form.endswith("有限公司"):
            return f"{brand}{trade}（{MARKER}）{form.removeprefix('（示例）')}"
        return f"{CITY if chance > 0.6 else ''}{MARKER}{brand}{trade}{form}"


def person_name(rng: Random) -> str:
    """Return a made-up person's name of two or three characters."""
    given = rng.choice(GIVEN) + (rng.choice(GIVEN) if rng.random() < 0.8 else "")
    return rng.choice(SURNAMES) + given


def ordinal(number: int) -> str:
    """Return 第一, 第二 … up to 第九十九; larger numbers in digits."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if number > 99:
        return f"第{number}"
    head = "" if tens == 0 else ("十" if tens == 1 else digits[tens] + "十")
    return f"第{head}{digits[ones] if ones else ''}"
