"""Every state of an account, every way in: whose it is afterwards, as one table."""

import secrets
from urllib.parse import urlsplit

from sqlalchemy import select

from directory.models import Account, Delegate, Listing, Role
from tests import factories, sign_ins
from tests.security.strangers import MINE, THEIRS, Browser, Trap, account, command
from tests.sign_ins import known, mails_to, path_in

CHOOSES, OWN, NOTHING = "owner chooses a password", "owner's own password", "nothing happens"
REFUSED, CLOSED = "refused", "cannot sign in"
TOLD, TAKEN = "owner is told by mail", "address goes to who proved it"

STATES = ("unproved", "proved", "staff", "disabled", "erased")
TABLE = {
    "sign-up": (CHOOSES, TOLD, TOLD, TOLD, CHOOSES),
    "invite": (CHOOSES, OWN, OWN, REFUSED, CHOOSES),
    "create-admin": (CHOOSES, OWN, OWN, OWN, CHOOSES),
    "reset": (CHOOSES, CHOOSES, CHOOSES, NOTHING, NOTHING),
    "change e-mail": (TAKEN, NOTHING, NOTHING, NOTHING, TAKEN),
    "claim": (CLOSED, OWN, OWN, CLOSED, CLOSED),
    "helper": (CLOSED, OWN, OWN, CLOSED, CLOSED),
}


def put(app, state, email):
    """The account in its state; what a stranger left in it when nobody proved it."""
    here = app.extensions["stillpoint"]
    if state == "unproved":
        return Trap(app, email)
    if state == "staff":
        known(here, email, role=Role.REVIEWER)
    if state in ("proved", "disabled"):
        known(here, email, active=state == "proved")
    if state == "erased":
        gone = known(here, email)
        browser = Browser(app)
        sign_ins.sign_in(browser.client, gone)
        step = browser.post("/account/erase", proof=THEIRS, sure="1")
        browser.post(step.location)
    return None


def chosen(app, browser, email, link):
    """Whose the account is after a link to choose a password, or to sign in, was followed."""
    if "/account/reset/" in link:
        browser.post(urlsplit(link).path, password=MINE)
        return CHOOSES if browser.sign_in(email, MINE) else NOTHING
    return OWN if browser.sign_in(email, THEIRS) else NOTHING


def newest(app, email, kind, since):
    sent = mails_to(app.extensions["stillpoint"], email)[since:]
    return next((one for one in reversed(sent) if one.kind == kind), None)


def by_sign_up(app, email):
    browser, before = Browser(app), len(mails_to(app.extensions["stillpoint"], email))
    browser.post("/account/sign-up", email=email)
    if newest(app, email, "account-welcome-existing", before):
        return TOLD
    mail = newest(app, email, "account-welcome", before)
    pressed = browser.post(path_in(mail, "confirmation_link"))
    return chosen(app, browser, email, pressed.location)


def by_invitation(app, email):
    admin, browser = Browser(app), Browser(app)
    sign_ins.sign_in(admin.client, boss(app))
    asked = admin.post("/admin/accounts/invite", email=email, role="admin")
    if asked.status_code != 303:
        return REFUSED
    mail = newest(app, email, "admin-invited", 0)
    accepted = browser.post(path_in(mail, "link"))
    return chosen(app, browser, email, accepted.location)


def by_command(app, email):
    said = command(app, "create-admin", email)
    kept = "has an account already" in said
    link = "/account/sign-in" if kept else said.split("hour: ")[1].strip()
    return chosen(app, Browser(app), email, link)


def by_reset(app, email):
    browser, before = Browser(app), len(mails_to(app.extensions["stillpoint"], email))
    browser.post("/account/reset", email=email)
    mails = mails_to(app.extensions["stillpoint"], email)[before:]
    if not mails:
        return NOTHING
    link = path_in(
        mails[-1], "reset_link" if "reset_link" in mails[-1].values else "confirmation_link"
    )
    if "/account/confirm/" in link:
        link = browser.post(link).location
    return chosen(app, browser, email, link)


def by_new_address(app, email):
    here, browser = app.extensions["stillpoint"], Browser(app)
    mover = known(here, f"mover-{secrets.token_hex(4)}@practice.example")
    sign_ins.sign_in(browser.client, mover)
    browser.post("/account/change-email", email=email)
    mail = newest(app, email, "account-change-email-instructions", 0)
    if mail is None:
        return NOTHING
    browser.post(path_in(mail, "link"))
    return TAKEN if account(app, email).id == mover.id else NOTHING


def by_claim(app, email):
    here, browser = app.extensions["stillpoint"], Browser(app)
    with here.transaction() as session:
        listing = factories.listing(session, email=email, slug=email.partition("@")[0])
        slug, number = listing.slug, listing.id
    if not browser.sign_in(email, THEIRS):
        return CLOSED
    pass_the_code(app, browser, email)
    browser.post(f"/claim/{slug}/code")
    mail = newest(app, email, "claim-code", 0)
    browser.post(f"/claim/{slug}", code=mail.values["code"])
    return OWN if owner(app, number) == account(app, email).id else NOTHING


def by_helper(app, email):
    here, keeper, browser = app.extensions["stillpoint"], Browser(app), Browser(app)
    owns = known(here, f"keeper-{secrets.token_hex(4)}@practice.example")
    with here.transaction() as session:
        listing = factories.listing(session, owner_id=owns.id, slug=secrets.token_hex(4))
        number = listing.id
    sign_ins.sign_in(keeper.client, owns)
    keeper.post(f"/my/listing/{number}/helpers", email=email)
    link = path_in(newest(app, email, "helper-invited", 0), "link")
    if not browser.sign_in(email, THEIRS):
        browser.post(link)
        return CLOSED if not helps(app, email) else NOTHING
    pass_the_code(app, browser, email)
    browser.post(link)
    return OWN if helps(app, email) else NOTHING


def pass_the_code(app, browser, email):
    """Be signed in, also where a code would be asked for."""
    sign_ins.sign_in(browser.client, account(app, email))


def owner(app, listing_id):
    with app.extensions["stillpoint"].reading() as session:
        return session.get(Listing, listing_id).owner_id


def helps(app, email):
    with app.extensions["stillpoint"].reading() as session:
        return bool(
            session.scalar(
                select(Delegate.id)
                .join(Account, Account.id == Delegate.account_id)
                .where(Account.email == email)
            )
        )


WAYS = {
    "sign-up": by_sign_up,
    "invite": by_invitation,
    "create-admin": by_command,
    "reset": by_reset,
    "change e-mail": by_new_address,
    "claim": by_claim,
    "helper": by_helper,
}


def boss(app):
    here = app.extensions["stillpoint"]
    found = account(app, "boss@association.example")
    if found is None:
        with here.transaction() as session:
            found = factories.admin(session, "boss@association.example")
            session.expunge(found)
    return found


def test_every_way_in_from_every_state_leads_to_the_owner_alone(app, runtime):
    found, sprung = {}, []
    for way, walk in WAYS.items():
        row = []
        for state in STATES:
            email = f"{way.replace(' ', '')}-{state}@practice.example"
            trap = put(app, state, email)
            row.append(walk(app, email))
            if trap is not None and trap.is_sprung():
                sprung.append((way, state))
        found[way] = tuple(row)
    print()
    print(f"{'':14}" + "".join(f"{state:32}" for state in STATES))
    for way, row in found.items():
        print(f"{way:14}" + "".join(f"{cell:32}" for cell in row))

    assert found == TABLE
    assert sprung == []
