"""The operator's file: what may stand in it, and how each mistake is told."""

from __future__ import annotations

import pytest

from citizen_portal.directory.settings import Adoption, Channel, Intake, MunicipalitySettings
from tests.directory.operator_file import SECRET, WEBHOOK, intake, mistake, read, settings


def test_the_example_of_the_contract_is_read() -> None:
    example = """
        kennisgeving = "in-use"
        phone = "14 020"
        website = "https://www.amsterdam.nl/schuldhulp"
        reports_back = true
        embed_origins = ["https://www.amsterdam.nl"]
        [GM0363.intake]
        channel = "rest"
        url = "https://intake.example.nl"
        token = "env:TOKEN"
        webhook_secrets = ["env:WEBHOOK"]
    """
    assert settings(example) == MunicipalitySettings(
        kennisgeving=Adoption.IN_USE,
        phone="14 020",
        website="https://www.amsterdam.nl/schuldhulp",
        reports_back=True,
        embed_origins=("https://www.amsterdam.nl",),
        intake=Intake(Channel.REST, "https://intake.example.nl", SECRET, (WEBHOOK,)),
    )


def test_an_empty_file_and_an_empty_table_say_nothing() -> None:
    assert read("") == ({}, [])
    assert settings("") == MunicipalitySettings()
    assert MunicipalitySettings().kennisgeving is Adoption.UNKNOWN


def test_secrets_are_not_in_repr() -> None:
    shown = repr(settings(intake('webhook_secrets = ["env:WEBHOOK", "env:OLD"]')))
    assert SECRET not in shown
    assert "whsec_" not in shown


def test_reports_back_follows_the_webhook_secrets_unless_it_is_said() -> None:
    signed = 'webhook_secrets = ["env:WEBHOOK"]'
    assert settings(intake(signed)).reports_back is True
    assert settings(intake()).reports_back is False
    assert settings(intake("webhook_secrets = []")).reports_back is False
    assert settings(intake(signed, lines="reports_back = false")).reports_back is False


def test_several_municipalities_may_name_one_intake() -> None:
    found, mistakes = read(f"[GM0363]\n{intake()}\n[GM0344]\n{intake().replace('GM0363', 'GM0344')}")
    assert mistakes == []
    assert found["GM0363"].intake == found["GM0344"].intake


@pytest.mark.parametrize(
    ("toml", "line"),
    [
        ("[GM0364]", "GM0364: there is no such municipality; did you mean GM0363?"),
        ("[gm0363]", "gm0363: there is no such municipality; did you mean GM0363?"),
        ("[Amsterdam]", "Amsterdam: there is no such municipality; a table is named by a code like GM0363"),
        ('GM0363 = "rest"', "GM0363: must be a table, [GM0363]"),
        ("[[GM0363]]", "GM0363: must be a table, [GM0363]"),
        ("[GM0363]\nkennisgevng = 1", "GM0363.kennisgevng: no such setting; did you mean kennisgeving?"),
        ("[GM0363]\nembed_origin = []", "GM0363.embed_origin: no such setting; did you mean embed_origins?"),
        (
            '[GM0363]\n"a\\nb\\u202e" = 1',
            r"GM0363.'a\nb\u202e': no such setting; known are kennisgeving, phone, website, ",
        ),
        ("[GM0363.desk]\nissuer = 1", "GM0363.desk: not built yet"),
        ("[GM0363.theme]", "GM0363.theme: not built yet"),
    ],
)
def test_unknown_names_are_refused_with_the_nearest_known_one(toml: str, line: str) -> None:
    _, mistakes = read(toml)
    assert len(mistakes) == 1
    assert mistakes[0].startswith(line)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('kennisgeving = "in use"', "kennisgeving: must be one of in-use, not-yet, unknown; did you mean in-use?"),
        ("kennisgeving = true", "kennisgeving: must be one of in-use, not-yet, unknown"),
        ("kennisgeving = ['in-use']", "kennisgeving: must be one of in-use, not-yet, unknown"),
        ('reports_back = "yes"', "reports_back: must be true or false"),
        ("reports_back = 1", "reports_back: must be true or false"),
        ("phone = 14020", "phone: must be a text"),
        ('phone = ""', "phone: must be a text"),
        ('phone = "bel ons"', "phone: must be a phone number"),
        ('phone = "12"', "phone: must be a phone number"),
        ('phone = "020+6241111"', "phone: must be a phone number"),
        ('phone = "020 624 11 11 020 624"', "phone: must be a phone number"),
        ('phone = "020\\n624"', "phone: must be a phone number"),
        ('phone = "٠٢٠٦٢٤"', "phone: must be a phone number"),
        ('website = "http://www.amsterdam.nl"', "website: must be https"),
        ('website = "http://localhost"', "website: must be https"),
        ('website = "javascript:alert(1)"', "website: must be a URL"),
        ("website = ['https://www.amsterdam.nl']", "website: must be a text"),
        ('embed_origins = "https://www.amsterdam.nl"', "embed_origins: must be a list"),
        ("embed_origins = [1]", "embed_origins: must be a list"),
        (f"embed_origins = {[f'https://{n}.nl' for n in range(21)]}", "embed_origins: may hold at most 20"),
        ("intake = 1", "intake: must be a table"),
    ],
)
def test_a_wrong_value_is_told_by_its_key(line: str, told: str) -> None:
    assert mistake(line).startswith(f"GM0363.{told}")


@pytest.mark.parametrize(
    "phone", ["14 020", "020-624 11 11", "+31 20 624 1111", "(020) 624 11 11", "112", "0800 - 8115"]
)
def test_phone_numbers_stay_as_they_are_written(phone: str) -> None:
    assert settings(f'phone = "{phone}"').phone == phone


@pytest.mark.parametrize(
    "url",
    [
        "http://intake.example.nl",
        "ftp://intake.example.nl",
        "//intake.example.nl",
        "https://",
        "https://user:pass@intake.example.nl",
        "https://@intake.example.nl",
        "https://intake.example.nl?a=1",
        "https://intake.example.nl#",
        "https://intake.example.nl:0",
        "https://intake.example.nl:70000",
        "https://intake.example.nl:x",
        "https://intake example.nl",
        "https://intake.example.nl\\\\evil",
        "https://intake.example.nl\\n",
        "https://intâke.example.nl",
        "https://-intake.example.nl",
        "https://intake..nl",
        "https://*.example.nl",
        "https://[::1",
        "https://" + "a" * 64 + ".nl",
        "https://example.nl/" + "a" * 300,
        "http://127.0.0.1.example.nl",
    ],
)
def test_an_intake_url_that_could_mean_something_else_is_refused(url: str) -> None:
    assert mistake(intake(url=url)).startswith("GM0363.intake.url: ")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://intake.example.nl/", "https://intake.example.nl"),
        ("https://intake.example.nl:8443/a/b/", "https://intake.example.nl:8443/a/b"),
        ("http://127.0.0.1:8001", "http://127.0.0.1:8001"),
        ("http://[::1]:8001", "http://[::1]:8001"),
        ("http://localhost:8001", "http://localhost:8001"),
    ],
)
def test_an_intake_url_is_kept_without_a_slash_at_its_end(url: str, kept: str) -> None:
    found = settings(intake(url=url)).intake
    assert found is not None
    assert found.url == kept


@pytest.mark.parametrize(
    "origin",
    [
        "https://www.amsterdam.nl/",
        "https://www.amsterdam.nl/schuldhulp",
        "https://WWW.amsterdam.nl",
        "https://www.amsterdam.nl:443",
        "https://*.amsterdam.nl",
        "*",
        "null",
        "http://www.amsterdam.nl",
        "https://münchen.example",
        "https://a.nl b.nl",
        "https://a.nl;script-src *",
        "https://a.nl'",
        "https://[::1]",
    ],
)
def test_an_origin_is_refused_unless_it_is_exact(origin: str) -> None:
    assert mistake(f'embed_origins = ["https://www.utrecht.nl", "{origin}"]').startswith("GM0363.embed_origins: ")


def test_exact_origins_are_kept_once_in_order() -> None:
    given = '["https://b.nl:8443", "https://a.nl", "http://localhost:5000", "https://a.nl"]'
    assert settings(f"embed_origins = {given}").embed_origins == (
        "https://b.nl:8443",
        "https://a.nl",
        "http://localhost:5000",
    )


@pytest.mark.parametrize("channel", ["zgw", "desk"])
def test_a_channel_that_is_not_built_is_one_mistake(channel: str) -> None:
    told = mistake(f'[GM0363.intake]\nchannel = "{channel}"\nzaaktype = "https://example.nl"')
    assert told == f"GM0363.intake.channel: channel {channel} is not built yet"


def test_what_an_intake_needs_is_told_at_once() -> None:
    assert mistake("[GM0363.intake]") == "GM0363.intake.channel: missing"
    _, mistakes = read('[GM0363.intake]\nchannel = "rest"\ntokn = "x"')
    assert mistakes == [
        "GM0363.intake.tokn: no such setting; did you mean token?",
        "GM0363.intake.url: missing",
        "GM0363.intake.token: missing",
    ]


def test_every_mistake_is_told_at_once_but_not_without_end() -> None:
    _, mistakes = read("[GM0363]\nphone = 1\nwebsite = 2\n[GM0344]\nreports_back = 3")
    assert len(mistakes) == 3
    _, mistakes = read("\n".join(f"key{number} = 1" for number in range(20_000)))
    assert len(mistakes) == 51
    _, mistakes = read("[GM0363]\n" + "\n".join(f"key{number} = 1" for number in range(20_000)))
    assert len(mistakes) == 50
