"""What the database itself refuses: entries that don't balance, false balances, payouts
that change after they were prepared."""

from django.db import migrations

# At commit an entry has all its postings, they sum to nothing, a reversal undoes the
# whole of its mistake, and nobody's money is taken twice. `size` is fixed with the
# entry, so that nothing can be added to it in a later transaction either.
WHOLE = """
CREATE FUNCTION ledger_entry_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    which bigint;
    said ledger_entry;
    counted bigint;
    total bigint;
    wrong text;
BEGIN
    IF TG_TABLE_NAME = 'ledger_entry' THEN
        which := NEW.id;
    ELSE
        which := NEW.entry_id;
    END IF;
    SELECT * INTO said FROM ledger_entry WHERE id = which;
    SELECT count(*), coalesce(sum(fen), 0) INTO counted, total
      FROM ledger_posting WHERE entry_id = which;
    IF counted <> said.size THEN
        RAISE EXCEPTION 'entry % says it has % postings, it has %',
            said.reference, said.size, counted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_has_its_postings';
    END IF;
    IF total <> 0 THEN
        RAISE EXCEPTION 'the postings of entry % sum to %', said.reference, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_balances';
    END IF;
    IF said.reverses_id IS NOT NULL THEN
        IF EXISTS (SELECT 1 FROM ledger_entry
                    WHERE id = said.reverses_id AND reverses_id IS NOT NULL)
           OR EXISTS (
            (SELECT account_id, -fen, about, craft_id, base_id, area_id, pieces,
                    rate_fen FROM ledger_posting WHERE entry_id = said.reverses_id
             EXCEPT ALL
             SELECT account_id, fen, about, craft_id, base_id, area_id, pieces,
                    rate_fen FROM ledger_posting WHERE entry_id = which)
           ) OR said.size <> (SELECT size FROM ledger_entry
                               WHERE id = said.reverses_id) THEN
            RAISE EXCEPTION 'entry % does not undo the whole of a mistake',
                said.reference
                USING ERRCODE = 'check_violation',
                      CONSTRAINT = 'entry_reverses_the_whole';
        END IF;
    END IF;
    SELECT min(touched.about) INTO wrong
      FROM (SELECT DISTINCT p.account_id, p.about
              FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
             WHERE p.entry_id = which
               AND a.kind IN ('deferred_revenue', 'suspense')) touched
     WHERE touched.about = ''
        OR (SELECT sum(fen) FROM ledger_posting every
             WHERE every.account_id = touched.account_id
               AND every.about = touched.about) > 0;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'entry % takes more of order "%" than came in',
            said.reference, wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_not_overdrawn';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_is_whole AFTER INSERT ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_is_whole();
CREATE CONSTRAINT TRIGGER posting_is_of_a_whole AFTER INSERT ON ledger_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_is_whole();
"""
NOT_WHOLE = """
DROP TRIGGER posting_is_of_a_whole ON ledger_posting;
DROP TRIGGER entry_is_whole ON ledger_entry;
DROP FUNCTION ledger_entry_is_whole();
"""

# A balance comes with its account and follows the postings; nobody else writes it.
# Its rows are locked by account id, so that two entries never wait for each other.
BALANCES = """
ALTER TABLE ledger_balance ADD CONSTRAINT balance_of_its_account
    FOREIGN KEY (account_id, kind) REFERENCES ledger_account (id, kind);

CREATE FUNCTION ledger_balance_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_balance (account_id, kind, fen) VALUES (NEW.id, NEW.kind, 0);
    RETURN NULL;
END $$;
CREATE TRIGGER balance_begins AFTER INSERT ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_balance_begins();

CREATE FUNCTION ledger_balances_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM ledger_balance
      WHERE account_id IN (SELECT account_id FROM posted)
      ORDER BY account_id FOR NO KEY UPDATE;
    UPDATE ledger_balance SET fen = ledger_balance.fen + moved.fen
      FROM (SELECT account_id, sum(fen)::bigint AS fen FROM posted
             GROUP BY account_id) moved
     WHERE ledger_balance.account_id = moved.account_id;
    RETURN NULL;
END $$;
CREATE TRIGGER balances_follow AFTER INSERT ON ledger_posting
    REFERENCING NEW TABLE AS posted
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_balances_follow();

CREATE FUNCTION ledger_balance_only_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 OR TG_OP NOT IN ('INSERT', 'UPDATE') THEN
        RAISE EXCEPTION 'balances only follow the postings'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER balance_only_follows BEFORE INSERT OR UPDATE OR DELETE ON ledger_balance
    FOR EACH ROW EXECUTE FUNCTION ledger_balance_only_follows();
CREATE TRIGGER balances_stay BEFORE TRUNCATE ON ledger_balance
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_balance_only_follows();
"""
NO_BALANCES = """
DROP TRIGGER balances_stay ON ledger_balance;
DROP TRIGGER balance_only_follows ON ledger_balance;
DROP FUNCTION ledger_balance_only_follows();
DROP TRIGGER balances_follow ON ledger_posting;
DROP FUNCTION ledger_balances_follow();
DROP TRIGGER balance_begins ON ledger_account;
DROP FUNCTION ledger_balance_begins();
ALTER TABLE ledger_balance DROP CONSTRAINT balance_of_its_account;
"""

# The accounts of the house are there from the first day, the busiest with the lowest
# numbers: locks are taken in this order.
HOUSE = """
INSERT INTO ledger_account (kind) VALUES
    ('clearing_stripe'), ('clearing_counter'), ('clearing_transfer'), ('bank'),
    ('suspense'), ('deferred_revenue'), ('work_in_stock'), ('material'),
    ('tax_parcel'), ('shipping_charged'), ('chamber_revenue'), ('refunds'),
    ('payment_fees'), ('relief_fund'), ('opening');
"""
NO_HOUSE = """
ALTER TABLE ledger_balance DISABLE TRIGGER USER;
ALTER TABLE ledger_account DISABLE TRIGGER USER;
DELETE FROM ledger_balance;
DELETE FROM ledger_account;
ALTER TABLE ledger_account ENABLE TRIGGER USER;
ALTER TABLE ledger_balance ENABLE TRIGGER USER;
"""

# What was prepared is what is approved and paid: terms stay, states only go forward,
# and at commit the sums of a payout are those of its lines.
PAYOUTS = """
ALTER TABLE ledger_payoutline ADD CONSTRAINT payout_line_of_its_month
    FOREIGN KEY (payout_id, month) REFERENCES ledger_payout (id, month);

CREATE FUNCTION ledger_payout_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.reference, OLD.base_id, OLD.month, OLD.makers, OLD.fen, OLD.prepared_by_id,
        OLD.prepared_at) IS DISTINCT FROM (NEW.reference, NEW.base_id, NEW.month,
        NEW.makers, NEW.fen, NEW.prepared_by_id, NEW.prepared_at)
       OR NOT (NEW.state = OLD.state
               OR (OLD.state = 'prepared' AND NEW.state IN ('approved', 'withdrawn'))
               OR (OLD.state = 'approved' AND NEW.state = 'closed'))
       OR (OLD.approved_by_id IS NOT NULL
           AND (OLD.approved_by_id, OLD.approved_at)
               IS DISTINCT FROM (NEW.approved_by_id, NEW.approved_at)) THEN
        RAISE EXCEPTION 'payout % stays as it was prepared', OLD.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payout_goes_forward';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payout_goes_forward BEFORE UPDATE ON ledger_payout
    FOR EACH ROW EXECUTE FUNCTION ledger_payout_goes_forward();

CREATE FUNCTION ledger_payout_line_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_payout text;
BEGIN
    SELECT state INTO of_payout FROM ledger_payout WHERE id = NEW.payout_id;
    IF (OLD.reference, OLD.payout_id, OLD.month, OLD.maker_id, OLD.fen,
        OLD.pay_account_id, OLD.account_kind) IS DISTINCT FROM (NEW.reference,
        NEW.payout_id, NEW.month, NEW.maker_id, NEW.fen, NEW.pay_account_id,
        NEW.account_kind)
       OR (NEW IS DISTINCT FROM OLD AND NOT (
            OLD.state = 'open'
            AND (NEW.state = 'open'
                 OR (NEW.state IN ('paid', 'failed') AND of_payout = 'approved')
                 OR (NEW.state = 'withdrawn' AND of_payout IN ('prepared', 'withdrawn'))
                ))) THEN
        RAISE EXCEPTION 'line % of a payout stays as it is', OLD.reference
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payout_line_goes_forward';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payout_line_goes_forward BEFORE UPDATE ON ledger_payoutline
    FOR EACH ROW EXECUTE FUNCTION ledger_payout_line_goes_forward();

CREATE FUNCTION ledger_payout_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    which bigint;
    said ledger_payout;
    counted bigint;
    total bigint;
    waiting bigint;
BEGIN
    IF TG_TABLE_NAME = 'ledger_payout' THEN
        which := NEW.id;
    ELSE
        which := NEW.payout_id;
    END IF;
    SELECT * INTO said FROM ledger_payout WHERE id = which;
    SELECT count(*), coalesce(sum(fen), 0), count(*) FILTER (WHERE state = 'open')
      INTO counted, total, waiting FROM ledger_payoutline WHERE payout_id = which;
    IF counted <> said.makers OR total <> said.fen THEN
        RAISE EXCEPTION 'payout % says % to % makers, its lines are % to %',
            said.reference, said.fen, said.makers, total, counted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payout_adds_up';
    END IF;
    IF said.state IN ('closed', 'withdrawn') AND waiting > 0 THEN
        RAISE EXCEPTION 'payout % has % open lines', said.reference, waiting
            USING ERRCODE = 'check_violation', CONSTRAINT = 'payout_ends_settled';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payout_adds_up AFTER INSERT OR UPDATE ON ledger_payout
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_payout_adds_up();
CREATE CONSTRAINT TRIGGER payout_line_is_counted AFTER INSERT ON ledger_payoutline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_payout_adds_up();
"""
NO_PAYOUTS = """
DROP TRIGGER payout_line_is_counted ON ledger_payoutline;
DROP TRIGGER payout_adds_up ON ledger_payout;
DROP FUNCTION ledger_payout_adds_up();
DROP TRIGGER payout_line_goes_forward ON ledger_payoutline;
DROP FUNCTION ledger_payout_line_goes_forward();
DROP TRIGGER payout_goes_forward ON ledger_payout;
DROP FUNCTION ledger_payout_goes_forward();
ALTER TABLE ledger_payoutline DROP CONSTRAINT payout_line_of_its_month;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.RunSQL(WHOLE, NOT_WHOLE),
        migrations.RunSQL(BALANCES, NO_BALANCES),
        migrations.RunSQL(HOUSE, NO_HOUSE),
        migrations.RunSQL(PAYOUTS, NO_PAYOUTS),
    ]
