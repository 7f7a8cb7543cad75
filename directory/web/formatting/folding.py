"""Pages are compiled for each language: what never changes in one is made once, and joined.

`_("Search")`, `icon("map")` and `url_for("visitors.home")` in a template become a part
of the text around them, as if somebody had written the answer there. A page says a hundred such
things; a designer need not know.
"""

import re
from typing import Any

from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from directory.web.formatting.languages import Language, current

# They have one answer for one text, whoever asks. (Not what begins with a point: that is
# another page in each part of the site.)
SAME_FOR_ALL = ("asset", "icon", "url_for")
WORDS = ("_", "gettext")
INDENTED = re.compile(r"\s*\n\s*")
WIDE = re.compile(r"[ \t]{2,}")
# Where space is a part of what is said.
KEEPS_SPACE = re.compile(r"<(?:pre|textarea|script)\b")


class Pages(Environment):
    """Flask's templates, each compiled once for every language that it is asked for in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._language: Language | None = None
        self._spoken: dict[str, Pages] = {}

    def overlay(self, *args: Any, **kwargs: Any) -> "Pages":
        """The same templates in another way: they are compiled anew."""
        made: Pages = super().overlay(*args, **kwargs)
        made._language, made._spoken = None, {}
        return made

    def _load_template(self, name: str, globals: Any) -> Template:  # noqa: A002 - jinja's name
        return super(Pages, self._in(current()))._load_template(name, globals)

    def _in(self, language: Language) -> "Pages":
        if self._language is not None and self._language.tag == language.tag:
            return self
        found = self._spoken.get(language.tag)
        if found is None:
            found = self.overlay()
            # Macros of one template are used by another: they look among the same.
            found._language, found._spoken = language, self._spoken
            found.globals = {**self.globals, **language.words()}
            found.filters = {**self.filters, "numberformat": language.number}
            self._spoken[language.tag] = found
        return found

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed = super()._parse(source, name, filename)
        if self._language is None:
            return parsed
        html = self.autoescape(name) if callable(self.autoescape) else self.autoescape
        folded: nodes.Template = _Fold(
            self, self._language, html=html, keeps_space=bool(KEEPS_SPACE.search(source))
        ).visit(parsed)
        return folded

    def once(self, name: str, text: str, language: Language, *, html: bool) -> str | None:
        """What a template would say here, whoever asks; None when that cannot be told."""
        if name in WORDS:
            return language.said(text, html=html)
        ask: Any = self.globals.get(name)
        if ask is None or name not in SAME_FOR_ALL or text.startswith("."):
            return None
        answer: str = ask(text)
        return answer


class _Fold(NodeTransformer):
    """Writes answers in place of questions that have but one."""

    def __init__(self, pages: Pages, language: Language, *, html: bool, keeps_space: bool) -> None:
        self._pages, self._language, self._html = pages, language, html
        self._even = html and not keeps_space

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.Node:  # noqa: N802
        """A page is sent without the indentation that its template is read by."""
        if self._even:
            node.data = WIDE.sub(" ", INDENTED.sub("\n", node.data))
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - jinja's way
        self.generic_visit(node)
        match node:
            case nodes.Call(
                node=nodes.Name(name=name),
                args=[nodes.Const(value=str(text))],
                kwargs=[],
                dyn_args=None,
                dyn_kwargs=None,
            ):
                said = self._pages.once(name, text, self._language, html=self._html)
                if said is not None:
                    const = nodes.Const(str(said), lineno=node.lineno)
                    is_markup = isinstance(said, Markup)
                    return nodes.MarkSafe(const, lineno=node.lineno) if is_markup else const
        return node
