"""One address that is signed up many times at the same moment: one account, and no error."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from directory.models import Account
from tests import sign_ins

HANDS = 4
CASES = ("Rowan@Practice.example", "rowan@practice.example")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_signing_up_one_address_at_once_makes_one_account_and_tells_nobody_apart(app, runtime):
    start = Barrier(HANDS)
    clients = [app.test_client() for _ in range(HANDS)]
    for number, client in enumerate(clients):
        sign_ins.carry_token(client)
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"

    def sign_up(number: int) -> tuple[int, str]:
        start.wait(20)
        answer = clients[number].post("/account/sign-up", data={"email": CASES[number % 2]})
        return answer.status_code, answer.location

    with ThreadPoolExecutor(HANDS) as hands:
        said = set(hands.map(sign_up, range(HANDS)))

    assert said == {(302, "/account/check-your-mail")}
    with runtime.reading() as session:
        same = select(func.count()).where(func.lower(Account.email) == CASES[1])
        assert session.scalar(same) == 1
