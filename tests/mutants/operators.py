"""What may be wrong with a module: its source with one small thing changed.

A mutant is small enough to be read as `before -> after`. Words, types, decorators, logging and
what is declared to the database are left alone: to change those harms nobody, or breaks everything.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# Each comparison, its boundary moved and itself turned round.
COMPARISONS: Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
# Steps of a query that it could lack, and be a query still.
STEPS = {"where", "order_by", "limit", "offset", "with_for_update", "distinct"}
DECLARATIONS = {"mapped_column", "relationship"}
SHOWN = 70
# The statement of what is done once, when a module is imported.
ON_IMPORT = 0

Change = tuple[str, ast.AST]


@dataclass(frozen=True)
class Mutant:
    """One change of one file: `number` is the node's, as ast.walk counts, `to` what stands there then.

    `statement` is the line of the statement that is run (ON_IMPORT: before any test), and `within`
    names the function or class, "" at the top.
    """

    file: str
    line: int
    statement: int
    within: str
    operator: str
    before: str
    after: str
    number: int
    to: ast.AST

    def tree(self, source: str) -> ast.Module:
        """The module's source with the change made."""
        tree = ast.parse(source)
        old = next(node for at, node in enumerate(ast.walk(tree)) if at == self.number)
        new = ast.copy_location(self.to, old)
        return ast.fix_missing_locations(_Exchange(old, new).visit(tree))


class _Exchange(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def mutants(file: str, source: str) -> list[Mutant]:
    """Every mutant that we know to make of a file, in the order of its lines."""
    tree = ast.parse(source)
    numbers = {node: at for at, node in enumerate(ast.walk(tree))}
    made = [
        Mutant(
            file, node.lineno, statement, within, name, _said(node), _said(to), numbers[node], to
        )
        for node, statement, within in _places(tree)
        for name, to in _changes(node)
    ]
    return sorted(made, key=lambda one: (one.line, one.number))


def _places(tree: ast.Module) -> Iterator[tuple[ast.expr | ast.stmt, int, str]]:
    """What can be changed, with its statement and the name of what it stands in."""
    waiting = [(node, ON_IMPORT, "", False) for node in _children(tree)]
    while waiting:
        node, statement, within, called = waiting.pop()
        if isinstance(node, ast.stmt) and called:
            statement = node.lineno
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            within = f"{within}.{node.name}".lstrip(".")
        if isinstance(node, ast.FunctionDef):
            statement, called = ON_IMPORT, True  # its defaults; what it does has its own
        if isinstance(node, ast.expr | ast.stmt):
            yield node, statement, within
        waiting += [(child, statement, within, called) for child in _children(node)]


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in a node, but for what is left alone."""
    for name, value in ast.iter_fields(node):
        if name in {"decorator_list", "annotation", "returns", "type_params"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _left_alone(child):
                yield child


def _left_alone(node: ast.AST) -> bool:
    """Docstrings, logging, imports, and declarations to libraries."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    call = node.value if isinstance(node, ast.Expr | ast.Assign | ast.AnnAssign) else node
    return isinstance(call, ast.Call) and (
        _name(call.func) in DECLARATIONS or ast.unparse(call.func).startswith("log.")
    )


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _said(node: ast.AST) -> str:
    words = f"if {ast.unparse(node.test)}: …" if isinstance(node, ast.If) else ast.unparse(node)
    words = " ".join(words.split())
    return words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"


def _changes(node: ast.AST) -> Iterator[Change]:
    """What a node can become, each with the operator's name."""
    for kinds, changes in _OPERATORS:
        if isinstance(node, kinds):
            yield from changes(node)


def _compared(node: ast.Compare) -> Iterator[Change]:
    for at, operator in enumerate(node.ops):
        for other in COMPARISONS[type(operator)]:
            ops = [*node.ops[:at], other(), *node.ops[at + 1 :]]
            yield "compare", ast.Compare(node.left, ops, node.comparators)


def _joined(node: ast.BoolOp) -> Iterator[Change]:
    other = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
    yield "and/or", ast.BoolOp(other, node.values)
    for rest in _without_one(node.values):
        yield "condition", rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _turned(node: ast.UnaryOp) -> Iterator[Change]:
    if isinstance(node.op, ast.Not | ast.Invert):
        yield "not", node.operand


def _reckoned(node: ast.BinOp) -> Iterator[Change]:
    if other := ARITHMETIC.get(type(node.op)):
        yield "arithmetic", ast.BinOp(node.left, other(), node.right)


def _added(node: ast.AugAssign) -> Iterator[Change]:
    if other := ARITHMETIC.get(type(node.op)):
        yield "arithmetic", ast.AugAssign(node.target, other(), node.value)


def _chosen(node: ast.IfExp) -> Iterator[Change]:
    yield "choice", node.body
    yield "choice", node.orelse


def _constant(node: ast.Constant) -> Iterator[Change]:
    if isinstance(node.value, bool):
        yield "constant", ast.Constant(not node.value)
    elif isinstance(node.value, int | float):
        yield "constant", ast.Constant(node.value + 1)
        yield "constant", ast.Constant(node.value - 1)


def _returned(node: ast.Return) -> Iterator[Change]:
    value = node.value
    if value is None or (isinstance(value, ast.Constant) and not value.value):
        return
    if isinstance(value, ast.Tuple | ast.List | ast.Dict | ast.ListComp | ast.DictComp):
        empty = {ast.Tuple: "()", ast.List: "[]", ast.ListComp: "[]"}.get(type(value), "{}")
        yield "return", ast.Return(ast.parse(empty, mode="eval").body)
    else:
        yield "return", ast.Return(ast.Constant(None))


def _raised(_: ast.Raise) -> Iterator[Change]:
    yield "raise dropped", ast.Pass()


def _done(node: ast.Expr) -> Iterator[Change]:
    if isinstance(node.value, ast.Call):
        yield "call dropped", ast.Pass()


def _assigned(node: ast.Assign) -> Iterator[Change]:
    """What is written into an object; a name that is not assigned would only be missing."""
    targets = [part for one in node.targets for part in getattr(one, "elts", [one])]
    if all(isinstance(one, ast.Attribute | ast.Subscript) for one in targets):
        yield "assignment dropped", ast.Pass()


def _asked(node: ast.If) -> Iterator[Change]:
    if not node.orelse:
        yield "if dropped", ast.Pass()
        yield "if always", ast.If(ast.Constant(True), node.body, [])


def _queried(node: ast.Call) -> Iterator[Change]:
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in STEPS:
        return
    yield "step dropped", node.func.value
    if len(node.args) > 1:
        for rest in _without_one(node.args):
            yield "filter", ast.Call(node.func, rest, node.keywords)


def _gathered(
    node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp,
) -> Iterator[Change]:
    for at, one in enumerate(node.generators):
        for rest in _without_one(one.ifs):
            wider = ast.comprehension(one.target, one.iter, rest, one.is_async)
            around = [*node.generators[:at], wider, *node.generators[at + 1 :]]
            given = {name: value for name, value in ast.iter_fields(node) if name != "generators"}
            yield "filter", type(node)(**given, generators=around)


def _without_one(nodes: list[ast.expr]) -> Iterator[list[ast.expr]]:
    for at in range(len(nodes)):
        yield [*nodes[:at], *nodes[at + 1 :]]


_OPERATORS = (
    (ast.Compare, _compared),
    (ast.BoolOp, _joined),
    (ast.UnaryOp, _turned),
    (ast.BinOp, _reckoned),
    (ast.AugAssign, _added),
    (ast.IfExp, _chosen),
    (ast.Constant, _constant),
    (ast.Return, _returned),
    (ast.Raise, _raised),
    (ast.Expr, _done),
    (ast.Assign, _assigned),
    (ast.If, _asked),
    (ast.Call, _queried),
    (ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, _gathered),
)
