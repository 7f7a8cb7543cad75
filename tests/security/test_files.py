"""Chapter 5: the name of a file that was sent is never the name of a file of ours."""

import io
import zipfile

import pytest

from tests.sign_ins import sign_in_admin, words

ROSTER = b"No;Full name;Profession;Town;State;Land\n1;Rowan Testerly;osteopath;Boulder;CO;US\n"
NAMES = (
    "../../../etc/cron.d/canary.csv",
    "..\\..\\canary.csv",
    "/etc/canary.csv",
    "canary.csv\x00.png",
    "%2e%2e%2fcanary.csv",
    "canary\u202evsc.exe",
    "<b-canary>.csv",
    "canary" * 200 + ".csv",
    "con:canary.csv::$DATA",
)


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_file_is_kept_under_a_name_of_our_own_whatever_it_is_called(client, runtime, name):
    sign_in_admin(client)

    sent = client.post("/admin/imports", data={"file": (io.BytesIO(ROSTER), name)})
    page = client.get(sent.location)

    folder = runtime.config.data_dir
    kept = {path.relative_to(folder).parts for path in folder.rglob("*") if path.is_file()}
    rosters = [parts for parts in kept if parts[0] == "imports"]
    assert sent.status_code == 303
    assert len(rosters) == 2
    assert not [parts for parts in kept if "canary" in "/".join(parts)]
    assert "canary" not in sent.location + str(sent.headers)
    assert "<b-canary>" not in page.text
    assert "\u202e" not in page.text


def test_what_unpacks_to_more_than_it_is_stays_packed(client, runtime):
    sign_in_admin(client)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("members.csv", ROSTER + b"\0" * 5_000_000)
    packed.seek(0)

    sent = client.post("/admin/imports", data={"file": (packed, "members.csv")})
    page = client.get(sent.location) if sent.location else sent

    kept = sum(path.stat().st_size for path in (runtime.config.data_dir / "imports").glob("*"))
    assert kept < 50_000
    assert "Rowan Testerly" not in words(page)
