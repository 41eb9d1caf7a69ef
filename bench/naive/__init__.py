"""The same journey as most Flask tutorials would write it: what `bench journey` compares with.

Naive means: answers in the session cookie; a FlaskForm whose fields draw themselves (widgets); every text, also inside
macros, through gettext while the page is made; `extends`, `include` and macros as Jinja runs them. The questions, the
texts, their translations, the fields and the size of the pages are the portal's own. Not naive, so that the comparison
is fair: the same server with the same options, templates compiled once, one durable commit (SQLite, WAL,
synchronous=FULL) at the press. What it does not do at all, and the portal does: save and seal every answer,
headers, logs, limits.
"""
