"""The name a person has in exports: stable, and of no use to anyone without the key."""

import hashlib
import hmac

from django.conf import settings

SUBJECT_LENGTH = 32


def subject_of(user_id: int | None) -> str:
    """Return the pseudonym of a user: 32 hexadecimal digits of HMAC-SHA256 under `PSEUDONYM_KEY`.

    Without a user the answer is "". The same user and key always give the same pseudonym, so rows
    of one person can be counted together, and a pseudonym stays after the person is forgotten.
    """
    if user_id is None:
        return ""
    digest = hmac.new(settings.PSEUDONYM_KEY.encode(), str(user_id).encode(), hashlib.sha256)
    return digest.hexdigest()[:SUBJECT_LENGTH]
