"""Whatever is wrong with what was sent, it is said in our words."""

import ast
import importlib
import inspect
import pkgutil
import re

import marshmallow
import pytest
from marshmallow import Schema, ValidationError, fields, missing, validate
from werkzeug.datastructures import MultiDict

import directory
from directory.errors import Invalid
from directory.said import Said
from directory.schemas import messages, read
from directory.schemas.kinds import Form

WRONG = (
    *(None, missing, "", " ", "\0", "x" * 30_000, "nan", "inf", "1e999", "9" * 400, "-1", "1.5"),
    *([], [None], ["x" * 5000], [{}], ["x"] * 500, {}, {"x": 1}, -(10**12), 10**400, 1.5, True),
    *(b"\xff", object(), float("nan"), "2026-13-45", "[", "1.5e", "a@b@c"),
)


def schemas():
    """Every schema of ours that something is loaded with."""
    for module in pkgutil.walk_packages(directory.__path__, "directory."):
        if re.match(r"directory\.(schemas|files|usecases|web|cli)\b", module.name):
            importlib.import_module(module.name)
    found, waiting = [], [Schema]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        found.append(kind)
    ours = {one for one in found if one.__module__.startswith(("directory.schemas", "directory.f"))}
    return sorted(ours, key=lambda one: f"{one.__module__}.{one.__qualname__}")


def catalogue():
    """Every sentence that marshmallow has of its own, as a pattern."""
    trees = (ast.parse(inspect.getsource(one)) for one in (fields, validate, marshmallow.schema))
    strings = (
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    texts = {one for one in strings if re.fullmatch(r'["A-Z{][^\n]{6,80}[.}]', one) and " " in one}
    texts -= {"{min}", "{max}"}
    assert {"Not a valid integer.", "Missing data for required field.", "Unknown field."} <= texts
    return re.compile(
        "|".join(re.sub(r"(\\\{)+[^{}]*?(\\\})+", ".*", re.escape(text)) for text in texts)
    )


def leaves(told):
    if isinstance(told, dict):
        return [leaf for part in told.values() for leaf in leaves(part)]
    if isinstance(told, list):
        return [leaf for part in told for leaf in leaves(part)]
    return [str(told)]


def complaints(kind):
    """All that a schema's fields, and what is within them, say of wrong values."""
    waiting = list(kind._declared_fields.values())
    while waiting:
        field = waiting.pop()
        if isinstance(field, fields.List):
            waiting.append(field.inner)
        for value in WRONG:
            try:
                field.deserialize(value)
            except ValidationError as error:
                yield from leaves(error.messages)


def test_no_field_of_any_schema_speaks_in_the_words_of_the_library():
    theirs = catalogue()
    found = schemas()
    told = {(kind.__name__, text) for kind in found for text in complaints(kind)}

    assert len(found) > 40
    assert len(told) > 100
    assert {one for one in told if theirs.fullmatch(one[1])} == set()


@pytest.mark.parametrize("kind", schemas())
def test_nor_does_a_schema_as_a_whole(kind):
    assert kind.error_messages == messages.OF_FORMS


class Asked(Form):
    number = fields.Int(required=True, validate=validate.Range(1, 9))
    words = fields.Str(validate=validate.Length(max=3))
    one = fields.Str(validate=validate.OneOf(["a", "b"]))
    many = fields.List(fields.Int())


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, {"number": messages.MISSING}),
        ({"number": "ten"}, {"number": Said("Write a whole number.")}),
        ({"number": "10"}, {"number": Said("From %(min)s to %(max)s.", {"min": "1", "max": "9"})}),
        (
            {"number": "1", "words": "four"},
            {"words": Said("This is too long: at most %(max)s.", {"max": "3"})},
        ),
        (
            {"number": "1", "one": "c"},
            {"one": Said("Choose one of: %(choices)s.", {"choices": "a, b"})},
        ),
        ({"number": "1", "many": ["x"]}, {"many": Said("Write a whole number.")}),
        ({"number": ["1", "2"]}, {"number": Said("Given more than once; say it once.")}),
    ],
)
def test_it_is_said_apart_from_its_values_so_that_it_can_be_translated(sent, told):
    with pytest.raises(Invalid) as refused:
        read(Asked(), MultiDict(sent))

    assert refused.value.fields == {name: [text] for name, text in told.items()}
