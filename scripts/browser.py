"""Makes a browser ready for the browser tests where the machine allows it, and says plainly where it does not."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APT = "apt-get"


def main() -> None:
    """Install Chromium with apt, as root, unless there is a browser."""
    if found() or (can_install() and install() and found()):
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
    """Install Chromium; return whether that worked."""
    print("Installing Chromium for the browser tests", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return all(
        subprocess.run([APT, *arguments], env=environment, capture_output=True).returncode == 0
        for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"])
    )


if __name__ == "__main__":
    main()
