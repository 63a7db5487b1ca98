"""From a brief to a chosen outline with the REST API: python outlines.py http://localhost:8000 TOKEN"""

import sys
import time
import uuid

import requests

ENDED = ("succeeded", "partial", "failed", "cancelled")


def main(base: str, token: str) -> str:
    """Ask for outlines, wait for them, choose the best; return the id of the session made from it."""
    http = requests.Session()
    http.headers["Authorization"] = f"Bearer {token}"
    brief = {
        "category": "Prospecting",
        "sessionType": "workshop",
        "durationMinutes": 90,
        "desiredOutcome": "Book five qualified appointments a week with a short phone script",
    }
    # The key makes the request safe to repeat: the same key and brief give the same generation.
    asked = http.post(f"{base}/api/generations", json=brief, headers={"Idempotency-Key": str(uuid.uuid4())}, timeout=30)
    asked.raise_for_status()
    url = base + asked.json()["statusUrl"]
    wait, etag, generation = float(asked.headers["Retry-After"]), "", asked.json()
    while generation["state"] not in ENDED:
        time.sleep(wait)
        answer = http.get(url, headers={"If-None-Match": etag} if etag else {}, timeout=30)
        wait = float(answer.headers.get("Retry-After", wait))
        if answer.status_code == 304:  # nothing has changed
            continue
        answer.raise_for_status()
        generation, etag = answer.json(), answer.headers["ETag"]
        print(f"{generation['progress']['percent']:>3} % {generation['progress']['message']}")
    ready = [variant for variant in generation["variants"] if variant["state"] == "ready"]
    best = max(ready, key=lambda variant: variant["quality"]["score"])
    chosen = http.post(f"{url}/variants/{best['number']}/select", json={}, timeout=30)
    chosen.raise_for_status()
    session = chosen.json()
    print(f"Chosen: {session['title']} ({best['quality']['score']} of 100)")
    return str(session["id"])


if __name__ == "__main__":
    main(*sys.argv[1:3])
