"""Settings of the single sign-on: off unless asked for, whole or refused, its claims named as the provider does."""

import pytest

from finmart.config import SettingError, load_settings

WHOLE = {
    "FINMART_SSO": "oidc",
    "FINMART_SSO_ISSUER": "https://sso.example",
    "FINMART_SSO_CLIENT_ID": "finmart",
    "FINMART_SSO_CLIENT_SECRET": "s3cret",
}


def test_it_is_off_unless_asked_for() -> None:
    assert load_settings({}).sso.mode == "off"


def test_a_whole_setting_is_taken_and_its_secret_is_not_shown() -> None:
    sso = load_settings(
        {**WHOLE, "FINMART_SSO_CLAIMS": "credit_code=uscc,phone=mobile", "FINMART_SSO_TIMEOUT": "3"}
    ).sso
    assert (sso.mode, sso.issuer, sso.timeout) == ("oidc", "https://sso.example", 3)
    assert sso.claims == {"credit_code": "uscc", "resident_id": "resident_id", "name": "name", "phone": "mobile"}
    assert "s3cret" not in repr(sso)


@pytest.mark.parametrize(
    "change",
    [
        {"FINMART_SSO": "saml"},
        {"FINMART_SSO_ISSUER": ""},
        {"FINMART_SSO_ISSUER": "http://sso.example"},
        {"FINMART_SSO_ISSUER": "http://127.0.0.1.sso.example"},
        {"FINMART_SSO_CLIENT_SECRET": ""},
        {"FINMART_SSO_CLAIMS": "credit_code"},
        {"FINMART_SSO_CLAIMS": "income=salary"},
        {"FINMART_SSO_TIMEOUT": "soon"},
    ],
)
def test_what_cannot_work_is_said_at_the_start(change: dict[str, str]) -> None:
    with pytest.raises(SettingError, match="FINMART_SSO"):
        load_settings({**WHOLE, **change})
