"""The JSON Schema of sheets and of answers, made of the table of fields."""

from typing import Any

from .fields import BESIDE, EITHER, NEEDS
from .kinds import KINDS, SCALARS, Kind, accepts, one_of, pattern_of
from .owners import CHOICES, fields, owner_words


def schema(which: str) -> dict[str, Any]:
    """Give the JSON Schema (draft 7) of a "sheet" or of "answers"."""
    owner = {"sheet": "sheet", "answers": "answers file"}[which]
    definitions: dict[str, Any] = {}
    waiting = [owner]
    while waiting:  # only what is reached from the owner
        name = waiting.pop()
        if name not in definitions:
            definitions[name] = _kind_schema(KINDS[name[5:]]) if name.startswith("kind ") else _owner_schema(name)
            waiting += _references(definitions[name])
    whole = definitions.pop(owner)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"hwcheck: {owner_words(owner)[0]}",
        **whole,
        "definitions": definitions,
    }


def _kind_schema(kind: Kind) -> dict[str, Any]:
    forms: list[dict[str, Any]] = []
    if kind.options:
        forms.append({"enum": [value for option in kind.options for value in (option, *_as_read(option))]})
    elif kind.bounds:
        number = "integer" if kind.scalar == "whole" else "number"
        forms.append({"type": number, "minimum": kind.bounds[0], "maximum": kind.bounds[1]})
    if kind.options or kind.scalar:
        types = ["string"] if kind.options or kind.bounds else ["string", "number", "boolean"]
        least = {} if accepts("-1", kind) else {"minimum": 0}
        forms.append({"type": types, "pattern": pattern_of(kind), **least})
    if kind.empty:
        forms.append({"type": ["string", "null"], "pattern": r"^\s*$"})
    if kind.items:
        forms.append({"type": "array", "items": _kind_or_reference(kind.items), **_between("Items", kind)})
    if kind.values:
        inner = _kind_or_reference(kind.values)
        if kind.values == "formula":  # in brackets, YAML takes `max(0, z)` for two entries, the second without a value
            inner = {"anyOf": [inner, {"type": "null"}]}
        names = {"pattern": SCALARS[kind.keys]}
        free = {"type": "object", "propertyNames": names, "additionalProperties": inner}
        forms.append({**free, **_between("Properties", kind)})
    if kind.record:
        forms.append(_reference(kind.record))
    if kind.choice:
        forms += _choice_schema(CHOICES[kind.choice])
    return forms[0] if len(forms) == 1 else {"anyOf": forms}


def _choice_schema(owners: dict[str, str]) -> list[dict[str, Any]]:
    bare = tuple(name for name, owner in owners.items() if not any(row.required for row in fields(owner).values()))
    settings: dict[str, Any] = {name: _reference(owner) for name, owner in owners.items()}
    settings.update({name: {"anyOf": [settings[name], {"type": "null"}]} for name in bare})
    one = {"type": "object", "properties": settings, "additionalProperties": False}
    names: list[dict[str, Any]] = [{"enum": list(bare)}, {"type": "string", "pattern": one_of(bare)}] if bare else []
    return [*names, {**one, "minProperties": 1, "maxProperties": 1}]


def _between(what: str, kind: Kind) -> dict[str, int]:
    return {f"min{what}": kind.size[0], f"max{what}": kind.size[1]}


def _owner_schema(owner: str) -> dict[str, Any]:
    properties = {}
    for row in fields(owner).values():
        inner = _kind_or_reference(row.kind)
        about: dict[str, Any] = {"description": f"{row.about}, for example `{row.example}`"}
        if row.default:
            about["default"] = row.default
        properties[row.key] = {**about, "allOf": [inner]} if "$ref" in inner else {**about, **inner}
    required = [row.key for row in fields(owner).values() if row.required]
    further: dict[str, Any] = {}
    if owner in EITHER:
        beside = {key: {"anyOf": [{"required": [kind]} for kind in kinds]} for key, kinds in BESIDE.items()}
        needs = {key: list(needed) for key, needed in NEEDS.items()}
        further = {"oneOf": [{"required": [key]} for key in EITHER[owner]], "dependencies": {**beside, **needs}}
    return {
        "type": "object",
        "description": owner_words(owner)[1],
        "properties": properties,
        "required": required,
        "additionalProperties": False,
        **further,
    }


def _kind_or_reference(name: str) -> dict[str, Any]:
    kind = KINDS[name]
    return _reference(f"kind {name}") if kind.items or kind.values or kind.record or kind.choice else _kind_schema(kind)


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/definitions/{name.replace(' ', '%20')}"}


def _references(tree: object) -> list[str]:
    """Give the definitions that a piece of a schema refers to."""
    if isinstance(tree, list):
        return [name for each in tree for name in _references(each)]
    if not isinstance(tree, dict):
        return []
    here = [tree["$ref"][len("#/definitions/") :].replace("%20", " ")] if isinstance(tree.get("$ref"), str) else []
    return here + [name for each in tree.values() for name in _references(each)]


def _as_read(text: str) -> tuple[int | bool, ...]:
    """Give what YAML makes of a text that it does not read as one."""
    if text in ("true", "false"):  # `yes` and `no` are read so too, or as texts
        return (text == "true",)
    return (int(text),) if text.lstrip("-").isdecimal() else ()
