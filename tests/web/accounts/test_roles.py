"""Accounts, audit, health and settings as admins use them."""

import csv
import io

import pytest
from sqlalchemy import func, select, update

from directory.models import Account, AuditEvent, OutgoingMail, RebuildRequest, Role, Rule
from directory.usecases.audit import chain
from directory.usecases.practitioners import rules
from tests import factories, sign_ins
from tests.sign_ins import known, mails_to, path_in, sign_in, sign_in_admin, words

SAGE = "sage@association.example"


@pytest.fixture
def ada(client):
    return sign_in_admin(client)


def demote(runtime, account, role):
    with runtime.transaction() as session:
        session.execute(update(Account).where(Account.id == account.id).values(role=role))


def test_demoting_takes_effect_at_the_next_request(client, runtime, ada):
    before = client.get("/admin/accounts").status_code

    demote(runtime, ada, Role.REVIEWER)

    assert (before, client.get("/admin/accounts").status_code) == (200, 404)


def test_staff_without_a_second_factor_is_told_to_set_one_up(client, runtime):
    sign_in(client, known(runtime, SAGE, role=Role.ADMIN))

    answer = client.get("/admin/accounts")
    page = client.get(answer.location)

    assert answer.status_code == 303
    assert "needs a second factor" in words(page)


def test_a_passkey_that_opened_the_sign_in_is_a_second_factor(client, runtime):
    sign_in(client, known(runtime, SAGE, role=Role.ADMIN))
    with client.session_transaction() as cookie:
        cookie["passkey"] = True

    assert client.get("/admin/accounts").status_code == 200


def test_an_admin_changes_a_role_disables_and_signs_out(app, client, runtime, ada):
    sage = known(runtime, SAGE)
    with runtime.transaction() as session:
        factories.listing(session).owner_id = sage.id
    theirs = app.test_client()
    sign_in(theirs, sage)
    page = f"/admin/accounts/{sage.id}"

    changed = client.post(f"{page}/role", data={"role": "reviewer"})
    own = client.post(f"/admin/accounts/{ada.id}/role", data={"role": "practitioner"})
    shown = words(client.get(page))
    inside = theirs.get("/account/").status_code
    client.post(f"{page}/disable")
    outside = theirs.get("/account/").status_code

    assert (changed.status_code, own.status_code) == (303, 409)
    assert "Nobody changes what they may do themselves" in words(own)
    assert "Reviewer" in shown
    assert "Rowan Testerly" in shown
    assert (inside, outside) == (303, 303)  # with another role one signs in anew
    assert "disabled" in words(client.get(f"/admin/accounts?q={SAGE}"))


def test_an_invitation_leads_to_a_password_and_a_role(app, client, runtime, ada):
    client.post("/admin/accounts/invite", data={"email": SAGE, "role": "reviewer"})
    link = path_in(mails_to(runtime, SAGE)[0], "link")
    theirs = app.test_client()
    sign_ins.carry_token(theirs)

    offered = words(theirs.get(link))
    accepted = theirs.post(link)
    chosen = theirs.post(
        accepted.location.removeprefix("http://127.0.0.1:8000"),
        data={"password": "a lamp that nobody else has lit"},
    )
    again = theirs.post(link)

    assert "Reviewer" in offered
    assert chosen.location == "/account/sign-in"
    assert again.status_code == 409
    with runtime.reading() as session:
        sage = session.scalar(select(Account).where(Account.email == SAGE))
    assert (sage.role, sage.confirmed_at) == (Role.REVIEWER, factories.NOW)
    assert theirs.get(f"{link}x").status_code == 404


@pytest.mark.parametrize(
    ("email", "role", "status"),
    [
        ("nonsense", "reviewer", 422),
        ("", "reviewer", 422),
        (SAGE, "practitioner", 422),
        (SAGE, "king", 422),
        ("admin@association.example", "admin", 409),
        ("admin@association.example", "reviewer", 409),
    ],
)
def test_an_invitation_that_will_not_do_is_explained(client, runtime, ada, email, role, status):
    answer = client.post("/admin/accounts/invite", data={"email": email, "role": role})

    assert answer.status_code == status
    assert "Something needs another look" in words(answer)
    with runtime.reading() as session:
        assert session.scalar(select(OutgoingMail.id)) is None


def test_the_audit_is_sieved_and_exported_without_formulas(client, runtime, ada):
    with runtime.transaction() as session:
        listing = factories.listing(session)
        for one in range(60):
            chain.record(session, "noted", None, by="=1+1", at=factories.NOW, number=one)
        by = factories.actor(ada)
        chain.record(session, "hidden", listing.id, by=str(by), at=factories.NOW)
        number = listing.id

    newest = client.get("/admin/audit?action=noted&days=7")
    older = client.get("/admin/audit?action=noted&days=7&before=11")
    by_ada = words(client.get(f"/admin/audit?actor={ada.email}"))
    of_listing = words(client.get(f"/admin/audit?listing={number}"))
    wrong = client.get("/admin/audit?days=2").status_code
    table = list(csv.DictReader(io.StringIO(client.post("/admin/audit.csv").text)))

    assert "before=11" in newest.text
    assert "before=" not in older.text
    assert "hidden" in by_ada
    assert "hidden" in of_listing
    assert wrong == 422
    assert (len(table), {row["actor"] for row in table[2:]}) == (62, {"'=1+1"})
    assert len(table[0]["hash"]) == 64


def test_health_asks_for_a_rebuild_once_and_tries_dead_mail_again(client, runtime, ada):
    with runtime.transaction() as session:
        factories.listing(session)
        dead = OutgoingMail(
            event="e", kind="approved", recipient="x@y.example", values={}, error="550 no"
        )
        dead.created_at = dead.dead_at = factories.NOW
        session.add(dead)
        session.flush()
        mail_id = dead.id

    before = words(client.get("/admin/health"))
    for _ in range(2):
        client.post("/admin/health/rebuild")
    client.post(f"/admin/health/mail/{mail_id}")
    after = client.get("/admin/health")

    assert "550 no" in before
    assert "550 no" not in words(after)
    assert "<progress" in after.text
    assert "data-again" in client.get("/admin/health/index").text
    with runtime.reading() as session:
        assert session.scalar(select(func.count()).select_from(RebuildRequest)) == 1


def test_settings_show_no_secret_and_the_rule_can_be_changed(client, runtime, ada):
    page = client.get("/admin/settings")
    client.post("/admin/settings", data={"field": ["phone", "website"]})
    never = client.post("/admin/settings", data={"field": ["name"]})

    assert "only-for-tests" not in page.text
    assert "DATABASE_URL" in page.text
    assert never.status_code == 422
    with runtime.reading() as session:
        assert rules.low_risk(session) == {"phone", "website"}
        assert session.get(Rule, rules.LOW_RISK).changed_by == f"account {ada.id}"


def test_verify_audit_says_whether_the_chain_holds(app, runtime):
    with runtime.transaction() as session:
        for number in range(3):
            chain.record(session, "noted", None, by="x", at=factories.NOW, number=number)
        head = chain.now(session).hash
    command = app.test_cli_runner().invoke

    holds = command(args=["verify-audit", "--anchor", f"{head}:3"])
    other = command(args=["verify-audit", "--anchor", f"{'0' * 64}:3"])
    wrong = command(args=["verify-audit", "--anchor", "nonsense"])
    with runtime.transaction() as session:
        session.execute(update(AuditEvent).where(AuditEvent.id == 2).values(actor="y"))
    broken = command(args=["verify-audit"])

    assert (holds.exit_code, holds.stdout) == (
        0,
        f"The chain of 3 events holds; its head is {head}\n",
    )
    assert (other.exit_code, wrong.exit_code, broken.exit_code) == (1, 2, 1)
    assert "Event 2" in broken.output
