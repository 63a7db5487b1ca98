"""Flags from the command line: list, show, set, explain, export and sync."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from featureflags import services
from featureflags.environment import holding_setting
from featureflags.errors import FlagError
from featureflags.explain import explain
from featureflags.flags import decide_for_key
from featureflags.models import Flag, Source
from featureflags.state import audited_state


class Command(BaseCommand):
    help = "List, show, set, explain, export or sync feature flags. Every change is audited."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="All flags with their state.")
        show = actions.add_parser("show", help="One flag with its overrides and last changes.")
        show.add_argument("key")
        self._add_set(actions.add_parser("set", help="Switch a flag or set its percentage."))
        explained = actions.add_parser("explain", help="How a flag is decided for a user, step by step.")
        explained.add_argument("key")
        explained.add_argument("user", help="Username or id.")
        actions.add_parser("export", help="All flags as JSON.")
        sync = actions.add_parser("sync", help="Make the flags agree with an exported JSON file.")
        sync.add_argument("file", help="A file, or - for the standard input.")
        sync.add_argument("--reason", default="", help="Default: names the file.")

    def _add_set(self, parser: ArgumentParser) -> None:
        parser.add_argument("key")
        switch = parser.add_mutually_exclusive_group()
        switch.add_argument("--on", dest="enabled", action="store_const", const=True)
        switch.add_argument("--off", dest="enabled", action="store_const", const=False)
        parser.add_argument("--rollout", metavar="PERCENT", help="0-100 with at most two decimals.")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        """Run one action; a refused change is one sentence and exit code 1."""
        try:
            getattr(self, f"_{action}")(options)
        except FlagError as error:
            raise CommandError(str(error)) from error

    def _list(self, options: dict[str, Any]) -> None:
        for flag in Flag.objects.all():
            held = holding_setting(flag.key)
            state = f"{'on' if flag.enabled else 'off':>3} {flag.percentage:>6.2f} %  revision {flag.revision}"
            self.stdout.write(f"{flag.key:<32} {state}{f'  held by {held}' if held else ''}")

    def _show(self, options: dict[str, Any]) -> None:
        flag = self._flag(options["key"])
        self.stdout.write(f"{flag.key}, revision {flag.revision}, salt {flag.salt}")
        if held := holding_setting(flag.key):
            self.stdout.write(f"held by the environment: {held}")
        self.stdout.write(json.dumps(audited_state(flag), indent=2, ensure_ascii=False))
        for change in flag.changes.all()[:10]:
            self.stdout.write(f"{change.created_at:%Y-%m-%d %H:%M:%SZ} {change.revision} {change.who}: {change.reason}")

    def _set(self, options: dict[str, Any]) -> None:
        if options["enabled"] is None and options["rollout"] is None:
            raise CommandError("Say what to set: --on, --off or --rollout PERCENT.")
        flag = services.change_flag(
            options["key"],
            source=Source.COMMAND,
            reason=options["reason"],
            enabled=options["enabled"],
            percentage=options["rollout"],
        )
        state = "on" if flag.enabled else "off"
        self.stdout.write(f"{flag.key} is {state} at {flag.percentage:g} %, revision {flag.revision}")
        if held := holding_setting(flag.key):
            self.stdout.write(f"The environment holds it all the same: {held}")

    def _explain(self, options: dict[str, Any]) -> None:
        flag = self._flag(options["key"])
        targeting_key = self._targeting_key(options["user"])
        found = explain(flag.key, targeting_key)
        if found is None:  # made by another process a moment ago
            raise CommandError(f"{flag.key}: {decide_for_key(flag.key, targeting_key).reason}")
        lines = {
            "flag": f"{flag.key} ({'on' if found.flag.enabled else 'off'} at {found.flag.basis_points / 100:g} %)",
            "salt": found.flag.salt,
            "key": found.targeting_key,
            "md5": f"{found.md5} of {found.flag.salt}-{found.targeting_key}",
            "shard": f"{found.shard} = 0x{found.md5[:8]} mod 10000; on below {found.flag.basis_points}",
            "environment": found.held_by or "holds nothing",
            "rule": str(found.decision.reason),
            "decision": "on" if found.decision.enabled else "off",
            "revision": str(found.decision.revision),
        }
        for name, value in lines.items():
            self.stdout.write(f"{name + ':':<13}{value}")

    def _export(self, options: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(services.export_flags(), indent=2, ensure_ascii=False))

    def _sync(self, options: dict[str, Any]) -> None:
        name = options["file"]
        try:
            text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
            document = json.loads(text)
        except (OSError, ValueError) as error:
            raise CommandError(f"{name} cannot be read: {error}") from error
        reason = options["reason"] or f"Synchronised from {Path(name).name}"
        changed = services.sync_flags(document, reason=reason, source=Source.COMMAND)
        self.stdout.write(f"changed: {', '.join(changed)}" if changed else "nothing to change")

    def _flag(self, key: str) -> Flag:
        flag = Flag.objects.filter(key=key).first()
        if flag is None:
            raise CommandError(f"There is no flag {key}.")
        return flag

    def _targeting_key(self, name: str) -> str:
        users = get_user_model().objects
        user = users.filter(username=name).first() or (users.filter(pk=name).first() if name.isdecimal() else None)
        if user is None:
            raise CommandError(f"There is no user {name}.")
        return str(user.pk)
