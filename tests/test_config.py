"""Settings are checked before anything starts, and every mistake is told at once."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import pytest

from citizen_portal import config
from citizen_portal.config import SettingsError

SECRET = "a secret of at least thirty-two characters"
PRODUCTION = {"PORTAL_BASE_URL": "https://pauzeknop.example.nl", "PORTAL_SECRET_KEYS": SECRET}


def mistakes(**environ: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        config.load({"PORTAL_SECRET_KEYS": SECRET, **environ})
    return caught.value.mistakes


def test_the_defaults_are_for_this_machine_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = config.load({})
    assert not settings.production
    assert settings.limits
    assert settings.address_url == ""
    secret = tmp_path / "instance" / "secret_keys"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert config.load({}).secret_keys == settings.secret_keys


def test_production_has_to_bring_its_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match="PORTAL_SECRET_KEYS: missing"):
        config.load({"PORTAL_BASE_URL": "https://pauzeknop.example.nl"})
    assert not (tmp_path / "instance").exists()


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"{SECRET} newest,{SECRET} older\n")
    settings = config.load({"PORTAL_SECRET_KEYS_FILE": str(file)})
    assert settings.secret_keys == (f"{SECRET} newest", f"{SECRET} older")


def test_all_mistakes_are_told_at_once_and_no_secret_with_them() -> None:
    told = mistakes(
        PORTAL_DATABASE_URL="mysql://x",
        PORTAL_BASE_URL="http://pauzeknop.example.nl",
        PORTAL_MUNICIPALITIES="/nowhere/at/all.toml",
        PORTAL_LANGUAGES="nl,tlh",
        PORTAL_ADDRESS_URL="http://register.example.nl",
        PORTAL_TRUSTED_PROXIES="many",
        PORTAL_LIMITS="off",
        PORTAL_EXTRA_HOLIDAYS="2027-02-30",
        PORTAL_SECRETS="typo",
    )
    names = [line.partition(":")[0] for line in told]
    assert names == [
        "PORTAL_BASE_URL",
        "PORTAL_DATABASE_URL",
        "PORTAL_MUNICIPALITIES",
        "PORTAL_LANGUAGES",
        "PORTAL_ADDRESS_URL",
        "PORTAL_TRUSTED_PROXIES",
        "PORTAL_LIMITS",
        "PORTAL_EXTRA_HOLIDAYS",
        "PORTAL_SECRETS",
    ]
    assert not any(SECRET in line for line in told)


@pytest.mark.parametrize(
    "url",
    ["", "pauzeknop.nl", "ftp://x", "https://x/path", "https://u:p@x", "https://x?y", "http://[", "https://x:99999"],
)
def test_a_base_url_is_a_scheme_and_a_host(url: str) -> None:
    assert any("PORTAL_BASE_URL" in line for line in mistakes(PORTAL_BASE_URL=url))


@pytest.mark.parametrize(
    "url", ["mysql://x", "postgresql://x/portal", "postgresql+asyncpg://x/portal", "x", "sqlite://"]
)
def test_a_database_is_a_file_or_a_postgresql_server(url: str) -> None:
    assert any("PORTAL_DATABASE_URL" in line for line in mistakes(PORTAL_DATABASE_URL=url))


@pytest.mark.parametrize("url", ["sqlite:///portal.db", "postgresql+psycopg://portal:secret@db.example.nl/portal"])
def test_both_engines_are_accepted_and_no_password_is_shown(url: str) -> None:
    settings = config.load({**PRODUCTION, "PORTAL_DATABASE_URL": url})
    assert settings.database_url == url
    assert "secret@" not in repr(settings)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(SettingsError, match="at least 32 characters"):
        config.load({"PORTAL_SECRET_KEYS": f"{SECRET},short"})


def test_a_setting_and_its_file_together_are_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "k").write_text(SECRET)
    assert any("not both" in line for line in mistakes(PORTAL_SECRET_KEYS_FILE=str(tmp_path / "k")))


def test_production_is_anything_but_this_machine() -> None:
    assert config.load(PRODUCTION).production
    assert config.load(PRODUCTION).https
    assert not config.load({**PRODUCTION, "PORTAL_BASE_URL": "http://localhost:8000"}).production


def test_limits_cannot_be_off_in_production() -> None:
    with pytest.raises(SettingsError, match="off is refused in production"):
        config.load({**PRODUCTION, "PORTAL_LIMITS": "off"})


def test_days_by_royal_decree_can_be_added() -> None:
    settings = config.load({**PRODUCTION, "PORTAL_EXTRA_HOLIDAYS": "2027-04-30, 2027-12-24"})
    assert settings.extra_holidays == {date(2027, 4, 30), date(2027, 12, 24)}


def test_settings_of_later_parts_are_accepted() -> None:
    config.load({**PRODUCTION, "PORTAL_METRICS_ADDR": "127.0.0.1:9100"})


def test_secrets_are_not_in_the_repr() -> None:
    assert SECRET not in repr(config.load(PRODUCTION))
