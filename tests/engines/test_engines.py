"""The engines show what the other tests here ask of them: else those would find nothing wherever they look."""

from __future__ import annotations

import pytest

from tests.engines.shelf import Shelf
from tests.engines.tab import Tab

pytestmark = [pytest.mark.engines, pytest.mark.long]

_PAGE = """<!DOCTYPE html><html lang="nl" dir="ltr"><title>Proef</title><h1>Proef</h1>%s</html>"""
_SCRIPT = '<script>document.title = "ran"</script>'
_KEPT = """<script>
addEventListener("pageshow", (event) => { document.title = event.persisted ? "kept" : "new"; });
</script>
<a href="other-page">Verder</a>"""
_STORES = """() => {
  const tried = (act) => { try { return act(); } catch { return ""; } };
  return {
    cookie: tried(() => { document.cookie = "a=b"; return document.cookie; }),
    storage: tried(() => { localStorage.setItem("a", "b"); return localStorage.getItem("a"); }),
  };
}"""


def test_a_fault_is_found(tab: Tab, states: Shelf) -> None:
    wide = '<p style="inline-size: 350px; background: #fff; color: #aaa">Slecht te lezen</p><input>'
    tab.open(states.put("faulty", _PAGE % wide))
    tab.seen("faulty", "ar")
    told = "\n".join(tab.faults)
    assert "says of itself ['nl', 'ltr', 'ltr']" in told
    assert "px wider than a screen of 320" in told
    assert "px wider than a screen of 375" not in told
    assert "axe violations color-contrast" in told
    assert "axe violations label" in told


def test_something_that_lies_over_a_button_is_in_the_way(tab: Tab, states: Shelf) -> None:
    over = '<button>Verder</button><div style="position: fixed; inset: 0">Over alles</div>'
    tab.open(states.put("covered", _PAGE % over))
    with pytest.raises(AssertionError, match="lies over button"):
        tab.click("button")


def test_no_script_of_a_page_runs_where_they_are_off(tab: Tab, tab_without_script: Tab, states: Shelf) -> None:
    address = states.put("scripted", _PAGE % _SCRIPT)
    for one, title in ((tab, "ran"), (tab_without_script, "Proef")):
        one.open(address)
        assert one.engine.run("() => document.title") == title


def test_nothing_is_kept_where_storage_is_blocked(tab: Tab, tab_without_storage: Tab, states: Shelf) -> None:
    address = states.put("storing", _PAGE % "")
    for one, kept in ((tab, {"cookie": "a=b", "storage": "b"}), (tab_without_storage, {"cookie": "", "storage": ""})):
        one.open(address)
        assert one.engine.run(_STORES) == kept
    tab.open(address)
    tab.engine.run('() => { document.cookie = "a=; max-age=0"; localStorage.clear(); }')


def test_a_page_is_kept_as_it_was_for_the_button_back(tab: Tab, states: Shelf) -> None:
    states.put("other-page", _PAGE % "")
    tab.open(states.put("kept", _PAGE % _KEPT))
    assert tab.engine.run("() => document.title") == "new"
    tab.follow("a")
    tab.back()
    assert tab.engine.run("() => document.title") == "kept"
