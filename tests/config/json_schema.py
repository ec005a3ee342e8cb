"""As much of JSON Schema as our own schemas use; an unknown keyword is an error, not silence."""

from collections.abc import Iterator
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
WORDS = {"$schema", "title", "description"}
KEYWORDS = WORDS | {
    "type",
    "enum",
    "minimum",
    "minItems",
    "items",
    "properties",
    "required",
    "additionalProperties",
}


def schema_faults(value: Any, schema: dict[str, Any], *, at: str = "$") -> Iterator[str]:
    """Yield where a JSON value breaks its schema."""
    assert set(schema) <= KEYWORDS, set(schema) - KEYWORDS
    if "type" in schema and not is_of_type(value, schema["type"]):
        yield f"{at}: {value!r} is no {schema['type']}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {schema['enum']}"
    if isinstance(value, int | float) and value < schema.get("minimum", value):
        yield f"{at}: {value!r} is below {schema['minimum']}"
    if isinstance(value, list):
        yield from _list_faults(value, schema, at)
    if isinstance(value, dict):
        yield from _object_faults(value, schema, at)


def is_of_type(value: Any, names: str | list[str]) -> bool:
    allowed = [names] if isinstance(names, str) else names
    if isinstance(value, bool):
        return "boolean" in allowed
    return any(isinstance(value, TYPES[name]) for name in allowed)


def _list_faults(value: list[Any], schema: dict[str, Any], at: str) -> Iterator[str]:
    if len(value) < schema.get("minItems", 0):
        yield f"{at}: has {len(value)} items"
    for index, item in enumerate(value):
        yield from schema_faults(item, schema.get("items", {}), at=f"{at}[{index}]")


def _object_faults(value: dict[str, Any], schema: dict[str, Any], at: str) -> Iterator[str]:
    properties = schema.get("properties", {})
    yield from (f"{at}: lacks {key}" for key in schema.get("required", []) if key not in value)
    if schema.get("additionalProperties") is False:
        yield from (f"{at}: knows no {key}" for key in value if key not in properties)
    for key in value.keys() & properties.keys():
        yield from schema_faults(value[key], properties[key], at=f"{at}.{key}")
