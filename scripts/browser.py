"""Makes a browser ready for the browser tests where the machine allows it, and says plainly where it does not."""

import os
import shutil
import subprocess
import sys

# The first is the same browser without windows: a quarter less work for the tests.
PACKAGES = ("chromium-headless-shell", "chromium")
NAMES = (*PACKAGES, "chromium-browser", "google-chrome", "google-chrome-stable")
APT = "apt-get"


def main() -> None:
    """Install Chromium with apt, as root, unless the machine has it; any other browser will do where that fails."""
    if shutil.which(PACKAGES[0]) or (can_install() and install()) or found():
        return
    print(
        "No Chromium here and it cannot be installed (that takes root and apt): the browser tests will be SKIPPED.",
        file=sys.stderr,
    )


def found() -> str | None:
    """Return the path of a browser, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def can_install() -> bool:
    """Return whether apt may be used."""
    return shutil.which(APT) is not None and os.geteuid() == 0


def install() -> bool:
    """Install Chromium, the smaller package where this release has it; return whether that worked."""
    print("Installing Chromium for the browser tests", flush=True)
    return apt("update") and any(apt("install", "--yes", "--no-install-recommends", name) for name in PACKAGES)


def apt(*arguments: str) -> bool:
    """Run apt-get, which gives up soon where there is no network; return whether it worked."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    patience = ("-o", "Acquire::http::Timeout=20", "-o", "Acquire::Retries=1")
    return subprocess.run([APT, *patience, *arguments], env=environment, capture_output=True).returncode == 0


if __name__ == "__main__":
    main()
