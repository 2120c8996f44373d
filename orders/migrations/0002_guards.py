"""What the database itself refuses: rewritten history, shares and counts that lie."""

from django.db import migrations

APPEND_ONLY = (
    "orders_lineterms",
    "orders_lineshare",
    "orders_delivery",
    "orders_inspection",
    "orders_defect",
    "orders_inspectionphoto",
    "orders_webhookreceipt",
    "orders_allocationrun",
)

REFUSE = """
CREATE FUNCTION orders_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION orders_refuse_rewriting();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_rewriting();
"""
    for table in APPEND_ONLY
)
ALLOW = (
    "".join(
        f"DROP TRIGGER append_only_whole ON {table};\n"
        f"DROP TRIGGER append_only ON {table};\n"
        for table in APPEND_ONLY
    )
    + "DROP FUNCTION orders_refuse_rewriting();"
)

# At commit the five shares of a line add up to what it was sold for.
SHARES = """
CREATE FUNCTION orders_shares_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sold bigint;
    shared bigint;
BEGIN
    SELECT sold_fen INTO sold FROM orders_lineterms WHERE line_id = NEW.line_id;
    SELECT sum(fen) INTO shared FROM orders_lineshare WHERE line_id = NEW.line_id;
    IF sold IS NULL OR shared IS DISTINCT FROM sold THEN
        RAISE EXCEPTION 'the shares of line % are %, it was sold for %',
            NEW.line_id, shared, sold
            USING ERRCODE = 'check_violation', CONSTRAINT = 'line_shares_add_up';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER line_shares_add_up AFTER INSERT ON orders_lineshare
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION orders_shares_add_up();
CREATE CONSTRAINT TRIGGER line_terms_are_shared AFTER INSERT ON orders_lineterms
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION orders_shares_add_up();
"""
NO_SHARES = """
DROP TRIGGER line_terms_are_shared ON orders_lineterms;
DROP TRIGGER line_shares_add_up ON orders_lineshare;
DROP FUNCTION orders_shares_add_up();
"""

# A copied column can't disagree with the row it was copied from.
COPIES = """
ALTER TABLE orders_inspection ADD CONSTRAINT inspection_of_all_delivered
    FOREIGN KEY (delivery_id, delivered) REFERENCES orders_delivery (id, pieces);
ALTER TABLE orders_assignment ADD CONSTRAINT assignment_of_its_work_order
    FOREIGN KEY (work_order_id, demand_id) REFERENCES orders_workorder (id, demand_id);
"""
NO_COPIES = """
ALTER TABLE orders_assignment DROP CONSTRAINT assignment_of_its_work_order;
ALTER TABLE orders_inspection DROP CONSTRAINT inspection_of_all_delivered;
"""

# What a maker was promised stays: the rate, the minutes, for whom and where.
FIXED = """
CREATE FUNCTION orders_work_order_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rate, minutes, demand and base of work order % are fixed', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'work_order_terms_are_fixed';
END $$;
CREATE TRIGGER work_order_terms_are_fixed BEFORE UPDATE ON orders_workorder
    FOR EACH ROW WHEN (
        OLD.piece_rate_fen <> NEW.piece_rate_fen OR OLD.minutes <> NEW.minutes
        OR OLD.demand_id <> NEW.demand_id OR OLD.base_id <> NEW.base_id
    ) EXECUTE FUNCTION orders_work_order_is_fixed();
"""
NOT_FIXED = """
DROP TRIGGER work_order_terms_are_fixed ON orders_workorder;
DROP FUNCTION orders_work_order_is_fixed();
"""

# At commit the counters are the sums that they stand for.
COUNTERS = """
CREATE FUNCTION orders_demand_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    which bigint;
    counted bigint;
    summed bigint;
BEGIN
    which := CASE TG_TABLE_NAME WHEN 'orders_demand' THEN NEW.id
             ELSE (to_jsonb(NEW) ->> 'demand_id')::bigint END;
    SELECT ordered INTO counted FROM orders_demand WHERE id = which;
    SELECT coalesce(sum(pieces), 0) INTO summed
      FROM orders_workorder WHERE demand_id = which;
    IF counted <> summed THEN
        RAISE EXCEPTION 'demand % counts % pieces ordered, its work orders hold %',
            which, counted, summed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'demand_counts_its_orders';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER demand_counts_its_orders
    AFTER INSERT OR UPDATE OF ordered ON orders_demand
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION orders_demand_counts();
CREATE CONSTRAINT TRIGGER work_orders_are_counted
    AFTER INSERT OR UPDATE OF pieces ON orders_workorder
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION orders_demand_counts();

CREATE FUNCTION orders_work_order_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    which bigint;
    counted bigint;
    summed bigint;
BEGIN
    which := CASE TG_TABLE_NAME WHEN 'orders_workorder' THEN NEW.id
             ELSE (to_jsonb(NEW) ->> 'work_order_id')::bigint END;
    SELECT placed INTO counted FROM orders_workorder WHERE id = which;
    SELECT coalesce(sum(
               CASE state WHEN 'proposed' THEN proposed
                          WHEN 'offered' THEN offered
                          WHEN 'taken' THEN taken - given_back - rejected
                          WHEN 'closed' THEN taken - given_back - rejected
                          ELSE 0 END), 0)
      INTO summed FROM orders_assignment WHERE work_order_id = which;
    IF counted <> summed THEN
        RAISE EXCEPTION 'work order % counts % pieces placed, its assignments hold %',
            which, counted, summed
            USING ERRCODE = 'check_violation',
                  CONSTRAINT = 'work_order_counts_its_assignments';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER work_order_counts_its_assignments
    AFTER INSERT OR UPDATE OF placed ON orders_workorder
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION orders_work_order_counts();
CREATE CONSTRAINT TRIGGER assignments_are_counted
    AFTER INSERT OR UPDATE OF state, proposed, offered, taken, given_back, rejected
    ON orders_assignment
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION orders_work_order_counts();
"""
NO_COUNTERS = """
DROP TRIGGER assignments_are_counted ON orders_assignment;
DROP TRIGGER work_order_counts_its_assignments ON orders_workorder;
DROP FUNCTION orders_work_order_counts();
DROP TRIGGER work_orders_are_counted ON orders_workorder;
DROP TRIGGER demand_counts_its_orders ON orders_demand;
DROP FUNCTION orders_demand_counts();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, ALLOW),
        migrations.RunSQL(SHARES, NO_SHARES),
        migrations.RunSQL(COPIES, NO_COPIES),
        migrations.RunSQL(FIXED, NOT_FIXED),
        migrations.RunSQL(COUNTERS, NO_COUNTERS),
    ]
