"""What the database itself refuses: overselling, stock without lots, rewritten history."""

from django.db import migrations

STOCK_RECORDS = """
ALTER TABLE partner_stockrecord ADD CONSTRAINT stock_reserved_within_stock CHECK (
    num_allocated IS NULL
    OR (num_in_stock IS NOT NULL AND num_allocated BETWEEN 0 AND num_in_stock)
);
ALTER TABLE partner_stockrecord ADD CONSTRAINT stock_record_once
    UNIQUE (product_id, partner_id);
CREATE UNIQUE INDEX stock_one_sales_record ON partner_stockrecord (product_id)
    WHERE num_in_stock IS NULL;
"""
NO_STOCK_RECORDS = """
DROP INDEX stock_one_sales_record;
ALTER TABLE partner_stockrecord DROP CONSTRAINT stock_record_once;
ALTER TABLE partner_stockrecord DROP CONSTRAINT stock_reserved_within_stock;
"""

# At commit the pieces of a record are the sum of what is left of its lots, so that
# every piece can name its maker.
LOTS_AGREE = """
CREATE FUNCTION catalog_stock_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    which_product bigint := NEW.product_id;
    which_partner bigint;
    at_hand bigint;
    in_lots bigint;
BEGIN
    IF TG_TABLE_NAME = 'catalog_lot' THEN
        SELECT partner_id INTO which_partner
          FROM catalog_stockplace WHERE id = NEW.place_id;
    ELSE
        which_partner := NEW.partner_id;
        IF NEW.num_in_stock IS NULL THEN RETURN NULL; END IF;
    END IF;
    SELECT num_in_stock INTO at_hand FROM partner_stockrecord
     WHERE product_id = which_product AND partner_id = which_partner;
    SELECT coalesce(sum(lot.remaining), 0) INTO in_lots
      FROM catalog_lot lot JOIN catalog_stockplace place ON place.id = lot.place_id
     WHERE lot.product_id = which_product AND place.partner_id = which_partner;
    IF coalesce(at_hand, 0) <> in_lots THEN
        RAISE EXCEPTION 'stock of product % at partner % is %, its lots hold %',
            which_product, which_partner, coalesce(at_hand, 0), in_lots
            USING ERRCODE = 'check_violation', CONSTRAINT = 'stock_agrees_with_lots';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stock_agrees_with_lots
    AFTER INSERT OR UPDATE OF num_in_stock ON partner_stockrecord
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION catalog_stock_agrees();
CREATE CONSTRAINT TRIGGER lots_agree_with_stock
    AFTER INSERT OR UPDATE OF remaining ON catalog_lot
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION catalog_stock_agrees();
"""
LOTS_NEED_NOT_AGREE = """
DROP TRIGGER lots_agree_with_stock ON catalog_lot;
DROP TRIGGER stock_agrees_with_lots ON partner_stockrecord;
DROP FUNCTION catalog_stock_agrees();
"""

HISTORY = """
CREATE FUNCTION catalog_keeps_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows of % are never changed or taken away', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION catalog_lot_keeps_origin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(OLD) - 'remaining' <> to_jsonb(NEW) - 'remaining' THEN
        RAISE EXCEPTION 'of a lot only the pieces left may change'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION catalog_rate_keeps_amount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(OLD) - 'valid_to' <> to_jsonb(NEW) - 'valid_to' THEN
        RAISE EXCEPTION 'of a piece rate only its end may change'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lot_keeps_origin BEFORE UPDATE ON catalog_lot
    FOR EACH ROW EXECUTE FUNCTION catalog_lot_keeps_origin();
CREATE TRIGGER lot_stays BEFORE DELETE ON catalog_lot
    FOR EACH ROW EXECUTE FUNCTION catalog_keeps_history();
CREATE TRIGGER lots_stay BEFORE TRUNCATE ON catalog_lot
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_keeps_history();
CREATE TRIGGER rate_keeps_amount BEFORE UPDATE ON catalog_piecerate
    FOR EACH ROW EXECUTE FUNCTION catalog_rate_keeps_amount();
CREATE TRIGGER rate_stays BEFORE DELETE ON catalog_piecerate
    FOR EACH ROW EXECUTE FUNCTION catalog_keeps_history();
CREATE TRIGGER rates_stay BEFORE TRUNCATE ON catalog_piecerate
    FOR EACH STATEMENT EXECUTE FUNCTION catalog_keeps_history();
"""
NO_HISTORY = """
DROP TRIGGER rates_stay ON catalog_piecerate;
DROP TRIGGER rate_stays ON catalog_piecerate;
DROP TRIGGER rate_keeps_amount ON catalog_piecerate;
DROP TRIGGER lots_stay ON catalog_lot;
DROP TRIGGER lot_stays ON catalog_lot;
DROP TRIGGER lot_keeps_origin ON catalog_lot;
DROP FUNCTION catalog_rate_keeps_amount();
DROP FUNCTION catalog_lot_keeps_origin();
DROP FUNCTION catalog_keeps_history();
"""


def append_only(table: str) -> migrations.RunSQL:
    """Rows of the table are only ever added, whoever asks."""
    return migrations.RunSQL(
        f"CREATE TRIGGER rows_stay BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION catalog_keeps_history();"
        f"CREATE TRIGGER table_stays BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION catalog_keeps_history();",
        f"DROP TRIGGER table_stays ON {table}; DROP TRIGGER rows_stay ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0001_initial"),
        ("partner", "0007_partneraddress_code"),
    ]
    operations = [
        migrations.RunSQL(STOCK_RECORDS, NO_STOCK_RECORDS),
        migrations.RunSQL(LOTS_AGREE, LOTS_NEED_NOT_AGREE),
        migrations.RunSQL(HISTORY, NO_HISTORY),
        append_only("catalog_stockmovement"),
        append_only("catalog_timestudy"),
        append_only("catalog_timesample"),
    ]
