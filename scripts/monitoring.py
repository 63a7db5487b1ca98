"""Checks what `deploy/` tells Prometheus and Grafana; says plainly what could not be checked for want of promtool."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
RULES = DEPLOY / "prometheus" / "rules.yml"
DASHBOARD = DEPLOY / "grafana" / "dashboard.json"
SERIES = re.compile(r"\bsession_builder_[a-z_]+")


def main() -> int:
    """Return 0 when everything that could be checked is right."""
    unknown = series_of(DASHBOARD) - series_of(RULES) - set(declared())
    if unknown:
        print(f"{DASHBOARD.name} asks for series nobody makes: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 1
    if shutil.which("promtool") is None and not (may_install() and install()):
        print("No promtool here (apt install prometheus): the alert rules are NOT checked.", file=sys.stderr)
        return 0
    for command in (("check", "rules", "rules.yml"), ("test", "rules", "rules_test.yml")):
        if subprocess.run(["promtool", *command], cwd=RULES.parent).returncode != 0:
            return 1
    return subprocess.run(
        ["promtool", "check", "config", "--syntax-only", "prometheus.yml"], cwd=RULES.parent
    ).returncode


def series_of(path: Path) -> set[str]:
    """Return the series a file names, without what a histogram adds to its name."""
    text = json.dumps(json.loads(path.read_text())) if path.suffix == ".json" else path.read_text()
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in SERIES.findall(text)}


def declared() -> list[str]:
    """Return the series the code declares."""
    root = DEPLOY.parent
    files = ("sessions_builder/counters.py", "analytics/counters.py", "featureflags/metrics.py")
    names = [name for file in files for name in SERIES.findall((root / file).read_text())]
    collector = (root / "sessions_builder/services/metrics.py").read_text()
    gauges = re.findall(r'_(?:gauge|by_state)\("([a-z_]+)"', collector)
    return [*names, *(f"{name}_total" for name in names), *(f"session_builder_{name}" for name in gauges)]


def may_install() -> bool:
    """Return whether this machine is there for checks: elsewhere nobody wants a server installed unasked."""
    return os.environ.get("CI") == "true" and shutil.which("apt-get") is not None and os.geteuid() == 0


def install() -> bool:
    """Install promtool; return whether that worked."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "prometheus"]):
        if subprocess.run(["apt-get", *arguments], env=environment, capture_output=True).returncode != 0:
            return False
    return shutil.which("promtool") is not None


if __name__ == "__main__":
    sys.exit(main())
