"""Where Django looks for the class of the engine `config.database`."""

from __future__ import annotations

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Keep statements only for who asks for them, such as a test that counts them.

    With DEBUG Django keeps the last 9,000 of each thread and clears them when a request starts. A worker thread has no
    requests, so prompts and outlines would pile up in memory; and here DEBUG means demo accounts and readable logs.
    """

    @property
    def queries_logged(self) -> bool:
        return bool(self.force_debug_cursor)
