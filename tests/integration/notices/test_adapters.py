"""The ways out of the house, against a real mail server and a real gateway, each a process of its own."""

import socket
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from finmart.config import MailSettings, SmsSettings
from finmart.platform.notices.service.gateway import GatewaySender
from finmart.platform.notices.service.smtp import SmtpSender
from finmart.platform.notices.types import (
    Channel,
    MailAddressRefused,
    MailNotEncrypted,
    MailServerRefused,
    MailServerUnreachable,
    MailSignInRefused,
    Notice,
    SendingFailed,
    SmsGatewayRefused,
    SmsGatewayUnreachable,
    SmsNumberRefused,
    SmsTokenRefused,
)
from tests.services.running import Service, running

TOKEN = "gateway-token"
TEXT = "申请已批准。请在 2026年11月30日 前答复。"


def mail(address: str = "someone@example.com") -> Notice:
    return Notice("lead.approved", Channel.EMAIL, address, "金融超市：您有一条新消息", TEXT)


def text_message(phone: str = "13900000001") -> Notice:
    return Notice("lead.approved", Channel.SMS, phone, "", TEXT)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of 127.0.0.1, signed by itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def smtp(service: Service, **changed: object) -> SmtpSender:
    settings = {"channel": "smtp", "host": "127.0.0.1", "port": service.port, "sender": "finmart@example.com"}
    return SmtpSender(MailSettings(**{**settings, "security": "none", "timeout": 2, **changed}))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def plain_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running("tests.services.mail_server", tmp_path_factory.mktemp("mail")) as service:
        yield service


def test_a_mail_arrives_whole(plain_server: Service) -> None:
    smtp(plain_server)(mail())
    (taken,) = plain_server.received()
    assert taken["to"] == ["someone@example.com"]
    read = message_from_bytes(b64decode(taken["mail"]), policy=policy.default)
    assert read["Subject"] == "金融超市：您有一条新消息"
    assert read.get_content().strip() == TEXT
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["From"] == "finmart@example.com"


@pytest.mark.parametrize(
    ("name", "error", "final"),
    [
        ("nobody", MailAddressRefused, True),
        ("later", MailServerRefused, False),
        ("silent", MailServerUnreachable, False),
    ],
)
def test_what_the_mail_server_says_has_a_meaning(
    plain_server: Service, name: str, error: type[SendingFailed], final: bool
) -> None:
    with pytest.raises(error) as raised:
        smtp(plain_server)(mail(f"{name}@example.com"))
    assert raised.value.final is final
    assert "example.com" not in repr(raised.value)


def test_a_server_without_encryption_is_given_no_mail(plain_server: Service) -> None:
    before = len(plain_server.received())
    with pytest.raises(MailNotEncrypted):
        smtp(plain_server, security="starttls")(mail())
    assert len(plain_server.received()) == before


def test_a_mail_goes_encrypted_and_signed_in(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    arguments = ("--certificate", str(certificate), "--login", "finmart:secret")
    with running("tests.services.mail_server", tmp_path, *arguments) as service:
        smtp(service, security="starttls", user="finmart", password="secret")(mail())
        (taken,) = service.received()
        assert taken["encrypted"] is True
        with pytest.raises(MailSignInRefused):
            smtp(service, security="starttls", user="finmart", password="wrong")(mail())


def test_a_certificate_nobody_vouches_for_is_refused(certificate: Path, tmp_path: Path) -> None:
    with running("tests.services.mail_server", tmp_path, "--certificate", str(certificate)) as service:
        with pytest.raises(MailNotEncrypted):
            smtp(service, security="starttls")(mail())
        assert service.received() == []


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_nobody_at_the_door() -> None:
    nowhere = Service(_closed_port(), Path())
    with pytest.raises(MailServerUnreachable):
        smtp(nowhere)(mail())
    with pytest.raises(SmsGatewayUnreachable):
        gateway(nowhere)(text_message())


def gateway(service: Service, token: str = TOKEN) -> GatewaySender:
    return GatewaySender(SmsSettings("http", f"http://127.0.0.1:{service.port}/send", token, 2))


@pytest.fixture(scope="module")
def sms_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running("tests.services.sms_gateway", tmp_path_factory.mktemp("sms"), TOKEN) as service:
        yield service


def test_a_text_message_arrives(sms_gateway: Service) -> None:
    gateway(sms_gateway)(text_message())
    (taken,) = sms_gateway.received()
    assert (taken["phone"], taken["text"]) == ("13900000001", TEXT)
    assert taken["id"]


@pytest.mark.parametrize(
    ("phone", "error", "final"),
    [
        ("13900000422", SmsNumberRefused, True),
        ("13900000500", SmsGatewayRefused, False),
        ("13900000302", SmsGatewayRefused, False),
        ("13900000999", SmsGatewayUnreachable, False),
    ],
)
def test_what_the_gateway_says_has_a_meaning(
    sms_gateway: Service, phone: str, error: type[SendingFailed], final: bool
) -> None:
    with pytest.raises(error) as raised:
        gateway(sms_gateway)(text_message(phone))
    assert raised.value.final is final


def test_a_wrong_token_is_said(sms_gateway: Service) -> None:
    with pytest.raises(SmsTokenRefused):
        gateway(sms_gateway, "another")(text_message())
