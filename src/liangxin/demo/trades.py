"""The trades of the synthetic district: sections, real GB/T 4754-2017 classes, words for names."""

from typing import NamedTuple


class Trade(NamedTuple):
    """One class of the national table and the words its firms put into their names."""

    code: str
    words: tuple[str, ...]


class Section(NamedTuple):
    """One section of the national table, its short name and its share of firms in percent."""

    letter: str
    title: str
    percent: float
    trades: tuple[Trade, ...]


SECTIONS: tuple[Section, ...] = (
    Section(
        "A",
        "农、林、牧、渔业",
        1.5,
        (Trade("0141", ("蔬菜种植", "生态农业")), Trade("0412", ("水产养殖", "渔业"))),
    ),
    Section(
        "C",
        "制造业",
        12.0,
        (
            Trade("1411", ("食品", "糕点食品")),
            Trade("1819", ("服饰", "制衣")),
            Trade("2110", ("家具", "木业")),
            Trade("2319", ("包装印刷", "印务")),
            Trade("2926", ("塑料包装", "塑业")),
            Trade("3311", ("钢结构", "金属结构")),
            Trade("3525", ("模具", "精密模具")),
            Trade("3484", ("机械", "精密机械")),
            Trade("3670", ("汽车零部件", "汽车配件")),
            Trade("3872", ("照明", "光电照明")),
            Trade("3982", ("电子", "电路科技")),
        ),
    ),
    Section(
        "D",
        "电力、热力、燃气及水生产和供应业",
        0.5,
        (Trade("4416", ("太阳能发电", "新能源发电")), Trade("4610", ("供水", "水务"))),
    ),
    Section(
        "E",
        "建筑业",
        7.5,
        (
            Trade("4710", ("建筑工程", "建设")),
            Trade("4910", ("电气安装", "机电安装")),
            Trade("4920", ("管道工程", "设备安装")),
            Trade("5011", ("装饰工程", "装饰设计")),
            Trade("5012", ("家居装饰", "家装")),
        ),
    ),
    Section(
        "F",
        "批发和零售业",
        33.0,
        (
            Trade("5127", ("茶叶", "酒业", "饮品商贸")),
            Trade("5132", ("服装商贸", "服饰贸易")),
            Trade("5154", ("医疗器械", "医疗用品")),
            Trade("5165", ("建材", "建材贸易")),
            Trade("5171", ("农机", "农机销售")),
            Trade("5175", ("电气设备", "电气贸易")),
            Trade("5176", ("办公设备", "数码贸易")),
            Trade("5211", ("百货", "商贸", "贸易")),
            Trade("5212", ("超市", "连锁超市")),
            Trade("5213", ("便利店", "便民商贸")),
            Trade("5223", ("果品", "生鲜")),
            Trade("5251", ("药房", "大药房连锁")),
            Trade("5261", ("汽车销售", "汽车贸易")),
            Trade("5281", ("五金", "五金商贸")),
            Trade("5292", ("电子商务", "网络商贸")),
        ),
    ),
    Section(
        "G",
        "交通运输、仓储和邮政业",
        5.0,
        (
            Trade("5431", ("运输", "货运")),
            Trade("5821", ("国际货运代理", "货运代理")),
            Trade("5920", ("仓储", "仓储物流")),
            Trade("6020", ("快递", "速递")),
        ),
    ),
    Section(
        "H",
        "住宿和餐饮业",
        5.5,
        (
            Trade("6110", ("酒店", "酒店管理")),
            Trade("6210", ("餐饮", "餐饮管理")),
            Trade("6220", ("快餐", "小吃餐饮")),
        ),
    ),
    Section(
        "I",
        "信息传输、软件和信息技术服务业",
        7.0,
        (
            Trade("6432", ("网络科技", "互联网科技")),
            Trade("6513", ("软件", "软件开发")),
            Trade("6531", ("系统集成", "智能系统")),
            Trade("6560", ("信息咨询", "信息技术")),
        ),
    ),
    Section(
        "K",
        "房地产业",
        3.0,
        (
            Trade("7010", ("置业", "房地产开发")),
            Trade("7020", ("物业服务", "物业管理")),
            Trade("7030", ("房产经纪", "房地产经纪")),
        ),
    ),
    Section(
        "L",
        "租赁和商务服务业",
        12.0,
        (
            Trade("7111", ("汽车租赁", "租车")),
            Trade("7212", ("投资管理", "资产管理")),
            Trade("7241", ("财务咨询", "税务咨询")),
            Trade("7251", ("网络广告", "数字传媒")),
            Trade("7259", ("广告", "文化传媒")),
            Trade("7263", ("劳务派遣", "人力资源")),
            Trade("7271", ("保安服务", "安保服务")),
            Trade("7291", ("旅行社", "旅游")),
        ),
    ),
    Section(
        "M",
        "科学研究和技术服务业",
        5.0,
        (
            Trade("7320", ("工程技术", "技术研发")),
            Trade("7452", ("检测技术", "检测")),
            Trade("7482", ("工程监理", "监理")),
            Trade("7484", ("工程设计", "建筑设计")),
        ),
    ),
    Section(
        "N",
        "水利、环境和公共设施管理业",
        1.0,
        (Trade("7840", ("园林绿化", "绿化工程")), Trade("7820", ("环境卫生", "环卫"))),
    ),
    Section(
        "O",
        "居民服务、修理和其他服务业",
        4.0,
        (
            Trade("8010", ("家政", "家庭服务")),
            Trade("8040", ("美容美发", "美容")),
            Trade("8111", ("汽车维修", "汽车服务")),
            Trade("8211", ("保洁", "清洁服务")),
        ),
    ),
    Section(
        "P",
        "教育",
        1.0,
        (Trade("8391", ("职业培训", "技能培训")), Trade("8393", ("艺术培训", "文化艺术"))),
    ),
    Section("Q", "卫生和社会工作", 0.5, (Trade("8425", ("门诊部", "口腔门诊部")),)),
    Section(
        "R",
        "文化、体育和娱乐业",
        1.5,
        (Trade("8730", ("影视", "影视制作")), Trade("8930", ("健身", "体育"))),
    ),
)

SECTION_TITLES = {trade.code: section.title for section in SECTIONS for trade in section.trades}
SECTION_LETTERS = {trade.code: section.letter for section in SECTIONS for trade in section.trades}
