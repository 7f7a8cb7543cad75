"""Every route says who may use it."""

from flask import Flask


def unguarded(app: Flask) -> list[str]:
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if not getattr(app.view_functions[rule.endpoint], "guard", None)
    )


def test_every_route_is_guarded_or_declared_public(app):
    assert len(list(app.url_map.iter_rules())) > 10
    assert unguarded(app) == []


def test_a_route_without_a_guard_would_be_noticed():
    app = Flask("open", static_folder=None)
    app.add_url_rule("/open", view_func=lambda: "come in")

    assert unguarded(app) == ["/open"]
