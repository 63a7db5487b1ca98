"""Triggers: the audit refuses to be rewritten, and a changed group membership makes a new version."""

from django.db import migrations

PROTECT_AUDIT = """
CREATE FUNCTION featureflags_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit of the flags is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER featureflags_flagchange_append_only BEFORE UPDATE OR DELETE ON featureflags_flagchange
    FOR EACH ROW EXECUTE FUNCTION featureflags_refuse_rewriting();
"""
RELEASE_AUDIT = """
DROP TRIGGER featureflags_flagchange_append_only ON featureflags_flagchange;
DROP FUNCTION featureflags_refuse_rewriting();
"""

# Snapshots hold the members of groups that have an override, so a decision needs no SQL; joining or leaving such a group
# therefore counts as a change of the flags. Other groups cost one look into a small table per statement.
WATCH_MEMBERSHIP = """
CREATE FUNCTION featureflags_bump_on_membership() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM featureflags_flagoverride o JOIN moved m ON m.group_id = o.group_id) THEN
        UPDATE featureflags_flagversion
        SET version = version + 1, token = gen_random_uuid(), changed_at = clock_timestamp();
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER featureflags_member_joined AFTER INSERT ON auth_user_groups
    REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION featureflags_bump_on_membership();
CREATE TRIGGER featureflags_member_left AFTER DELETE ON auth_user_groups
    REFERENCING OLD TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION featureflags_bump_on_membership();
"""
FORGET_MEMBERSHIP = """
DROP TRIGGER featureflags_member_joined ON auth_user_groups;
DROP TRIGGER featureflags_member_left ON auth_user_groups;
DROP FUNCTION featureflags_bump_on_membership();
"""


class Migration(migrations.Migration):
    dependencies = [("featureflags", "0001_initial")]

    operations = [
        migrations.RunSQL(PROTECT_AUDIT, RELEASE_AUDIT),
        migrations.RunSQL(WATCH_MEMBERSHIP, FORGET_MEMBERSHIP),
    ]
