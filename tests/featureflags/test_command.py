"""manage.py flag."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from featureflags import services
from featureflags.evaluation import shard
from featureflags.models import Flag, FlagChange, FlagOverride, Source

V2 = "variant_generation_v2"
pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("flag", *arguments, stdout=out)
    return out.getvalue()


def test_it_works() -> None:
    assert run("set", V2, "--on", "--rollout", "12.5", "--reason", "beta") == (
        "variant_generation_v2 is on at 12.5 %, revision 2\n"
    )
    row = FlagChange.objects.first()
    assert (row.source, row.reason, row.after["percentage"]) == ("command", "beta", 12.5)


def test_list_names_every_flag_and_what_holds_it(settings: object) -> None:
    settings.RAG_API_URL = ""
    lines = run("list").splitlines()
    assert [line.split()[0] for line in lines] == sorted(Flag.objects.values_list("key", flat=True))
    assert any(line.startswith("rag_integration") and line.endswith("held by RAG_API_URL=") for line in lines)


def test_show_prints_state_and_history() -> None:
    out = run("show", V2)
    assert '"percentage": 0.0' in out
    assert "Added with the installation." in out


def test_explain_prints_all_it_takes_to_compute_the_decision(author: User) -> None:
    flag = services.change_flag(V2, source=Source.COMMAND, reason="r", enabled=True, percentage=50)
    for name in (author.username, str(author.pk)):
        found = dict(line.split(":", 1) for line in run("explain", V2, name).splitlines())
        number = shard(flag.salt, str(author.pk))
        assert found["shard"].split()[0] == str(number)
        assert found["md5"].split()[0][:8] in found["shard"]
        assert found["salt"].strip() == flag.salt
        assert found["revision"].strip() == "2"
        assert found["rule"].strip() == ("rollout_opt_in" if number < 5000 else "rollout_filtered")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("set", V2, "--reason", "r"), "Say what to set"),
        (("set", V2, "--rollout", "101", "--reason", "r"), "outside 0-100"),
        (("set", V2, "--on", "--reason", " "), "needs a reason"),
        (("set", "nonsense", "--on", "--reason", "r"), "no flag nonsense"),
        (("show", "nonsense"), "no flag nonsense"),
        (("explain", V2, "nobody"), "no user nobody"),
        (("sync", "/nowhere.json"), "cannot be read"),
    ],
)
def test_refusals_are_one_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(*arguments)


def test_export_and_sync_are_idempotent(author: User, tmp_path: Path) -> None:
    services.set_override(V2, user=author, enabled=True, reason="pilot", source=Source.COMMAND)
    file = tmp_path / "flags.json"
    file.write_text(run("export"))
    assert run("sync", str(file)) == "nothing to change\n"
    assert FlagChange.objects.count() == 5
    document = json.loads(file.read_text())
    row = next(row for row in document["flags"] if row["key"] == V2)
    row |= {"enabled": True, "percentage": 10, "overrides": []}
    document["flags"].append({"key": "new_editor", "name": "New editor", "percentage": 1})
    file.write_text(json.dumps(document))
    assert run("sync", str(file)) == f"changed: {V2}, new_editor\n"
    assert run("sync", str(file)) == "nothing to change\n"
    assert FlagOverride.objects.count() == 0
    assert FlagChange.objects.filter(flag__key=V2).first().reason == "Synchronised from flags.json"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({}, "needs a key"),
        ({"key": V2, "salt": "other"}, "never changed"),
        ({"key": "no slug"}, "only letters, digits"),
        ({"key": "k" * 101}, "at most 100 characters"),
        ({"key": "new", "salt": 7}, "salt is not a text"),
        ({"key": "new", "salt": None}, "salt is not a text"),
        ({"key": "new", "salt": "\0"}, "salt is not a text"),
        ({"key": "new", "salt": "s" * 65}, "at most 64 characters"),
        ({"key": V2, "colour": "red"}, "unknown field colour"),
        ({"key": V2, "enabled": "yes"}, "neither true nor false"),
        ({"key": V2, "percentage": 200}, "outside 0-100"),
        ({"key": V2, "kind": "toy"}, "toy"),
        ({"key": V2, "expiresOn": "soon"}, "soon"),
        ({"key": V2, "overrides": [{"group": "product", "enabled": "no", "reason": "r"}]}, "neither true nor false"),
        ({"key": V2, "overrides": [{"user": "nobody", "enabled": True, "reason": "r"}]}, "does not exist"),
    ],
)
def test_a_wrong_document_changes_nothing(row: dict, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "flags.json"
    file.write_text(json.dumps({"flags": [{"key": "offline_composer", "enabled": False}, row]}))
    with pytest.raises(CommandError, match=sentence):
        run("sync", str(file))
    assert Flag.objects.get(key="offline_composer").enabled
