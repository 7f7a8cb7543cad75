"""Letters of provinces and states that are read after a town alone: "Milano MI", "Recife PE".

Alone, or of no town of ours, they mean nothing: most are words, or codes of countries.
"""

from directory.places.place import Scope

# Letters and GeoNames codes: of vehicles, of posts, of newspapers. Common use.
_LETTERS = {
    "IT": """
        AG 15|AL 12|AN 10|AO 19|AP 10|AQ 01|AR 16|AT 12|AV 04|BA 13|BG 09|BI 12|BL 20|BN 04|BO 05
        |BR 13|BS 09|BT 13|BZ 17|CA 14|CB 11|CE 04|CH 01|CL 15|CN 12|CO 09|CR 09|CS 03|CT 15|CZ 03
        |EN 15|FC 05|FE 05|FG 13|FI 16|FM 10|FR 07|GE 08|GO 06|GR 16|IM 08|IS 11|KR 03|LC 09|LE 13
        |LI 16|LO 09|LT 07|LU 16|MB 09|MC 10|ME 15|MI 09|MN 09|MO 05|MS 16|MT 02|NA 04|NO 12|NU 14
        |OR 14|PA 15|PC 05|PD 20|PE 01|PG 18|PI 16|PN 06|PO 16|PR 05|PT 16|PU 10|PV 09|PZ 02|RA 05
        |RC 03|RE 05|RG 15|RI 07|RM 07|RN 05|RO 20|SA 04|SI 16|SO 09|SP 08|SR 15|SS 14|SU 14|SV 08
        |TA 13|TE 01|TN 17|TO 12|TP 15|TR 18|TS 06|TV 20|UD 06|VA 09|VB 12|VC 12|VE 20|VI 20|VR 20
        |VT 07|VV 03""",
    "BR": """
        AC 01|AL 02|AP 03|AM 04|BA 05|CE 06|DF 07|ES 08|GO 29|MA 13|MT 14|MS 11|MG 15|PA 16|PB 17
        |PR 18|PE 30|PI 20|RJ 21|RN 22|RS 23|RO 24|RR 25|SC 26|SP 27|SE 28|TO 31""",
    "MX": """
        AGS 01|BC 02|BCS 03|CAMP 04|CHIS 05|CHIH 06|COAH 07|COL 08|DF 09|CDMX 09|DGO 10|GTO 11
        |GRO 12|HGO 13|JAL 14|MEX 15|EDOMEX 15|MICH 16|MOR 17|NAY 18|NL 19|OAX 20|PUE 21|QRO 22
        |QROO 23|SLP 24|SIN 25|SON 26|TAB 27|TAMPS 28|TLAX 29|VER 30|YUC 31|ZAC 32""",
    "NL": "DR 01|FR 02|GE 03|GLD 03|GR 04|LI 05|LB 05|NB 06|NH 07|UT 09|ZE 10|ZH 11|OV 15|FL 16",
    "AR": "BA 01|BSAS 01|CABA 07|CBA 05|MZA 13|SF 21|STA FE 21|TUC 24|ER 08|NQN 15",
    "AT": "NOE 03|OOE 04|STMK 06|KTN 02|SBG 05|TIR 07|VBG 08|BGLD 01|W 09",
    "DE": "NDS 06|SACHS 13|HOLST 10|HESS 05|BAY 02|THUR 15|WURTT 01|MECKL 12",
}


def _scopes() -> dict[str, tuple[Scope, ...]]:
    found: dict[str, tuple[Scope, ...]] = {}
    for country, pairs in _LETTERS.items():
        for pair in pairs.split("|"):
            letters, code = pair.strip().rsplit(" ", 1)
            code = f"{code}.{letters}" if country == "IT" else code
            key = letters.replace(" ", "").lower()
            found[key] = (*found.get(key, ()), Scope(country, code))
    return found


SCOPES = _scopes()
