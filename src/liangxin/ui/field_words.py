"""What a field says of an answer it cannot take: in plain words, and how to mend it."""

from typing import Final

from django.core import validators
from django.forms import fields, models

NOT_OFFERED: Final = {"invalid_choice": "“%(value)s”不在可选的范围里，请重新选择。"}
NO_MORE_OFFERED: Final = "所选的已不在可选的范围里，请重新选择。"
# A form's own words for a field come after these and stand.
WORDS: Final[dict[type[fields.Field], dict[str, str]]] = {
    fields.Field: {"required": "此项必填，请补上。"},
    fields.IntegerField: {"invalid": "请填整数。"},
    fields.FloatField: {"invalid": "请填数字。"},
    fields.DecimalField: {"invalid": "请填数字。"},
    fields.DateField: {"invalid": "请填真实的日期，写成 2026-03-05 这样。"},
    fields.FileField: {"missing": "请选择文件。", "empty": "这个文件是空的，请另选一个。"},
    fields.ChoiceField: NOT_OFFERED,
    fields.MultipleChoiceField: NOT_OFFERED,
    models.ModelChoiceField: {"invalid_choice": NO_MORE_OFFERED},
    models.ModelMultipleChoiceField: {
        "invalid_choice": NO_MORE_OFFERED,
        "invalid_pk_value": NO_MORE_OFFERED,
    },
}
VALIDATOR_WORDS: Final[dict[type[validators.BaseValidator], str]] = {
    validators.MinValueValidator: "不能小于 %(limit_value)s。",
    validators.MaxValueValidator: "不能大于 %(limit_value)s。",
    validators.MinLengthValidator: "至少 %(limit_value)d 个字，现在是 %(show_value)d 个。",
    validators.MaxLengthValidator: "最多 %(limit_value)d 个字，现在是 %(show_value)d 个，请缩短。",
}
DECIMAL_WORDS: Final = {
    "invalid": "请填数字。",
    "max_digits": "数字太长：总共最多 %(max)s 位。",
    "max_decimal_places": "小数点后最多 %(max)s 位。",
    "max_whole_digits": "数字太大：小数点前最多 %(max)s 位。",
}


def speak_plainly() -> None:
    """Have every field of every form use these words; called once, when the apps are ready.

    The framework's own translation asks for "有效的" values, "确保" this and that, and says neither what
    is wrong nor what to write instead.
    """
    for kind, words in WORDS.items():
        kind.default_error_messages = {**kind.default_error_messages, **words}
    for validator, message in VALIDATOR_WORDS.items():
        validator.message = message
    validators.DecimalValidator.messages = {**validators.DecimalValidator.messages, **DECIMAL_WORDS}
    validators.ProhibitNullCharactersValidator.message = "含有看不见的字符，请删去重填。"
