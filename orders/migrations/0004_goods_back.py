"""Pieces that come back: their tables, and the counter that tells what came back."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import qiaoshou.common.reference
import qiaoshou.common.today
from django.conf import settings
from django.db import migrations, models


# At commit the counter of a parcel's line is the sum of what came back of it.
COUNTS_BACK = """
CREATE FUNCTION orders_shipment_line_counts_back() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    which bigint;
    counted bigint;
    summed bigint;
BEGIN
    which := CASE TG_TABLE_NAME WHEN 'orders_shipmentline' THEN NEW.id
             ELSE (to_jsonb(NEW) ->> 'shipment_line_id')::bigint END;
    SELECT came_back INTO counted FROM orders_shipmentline WHERE id = which;
    SELECT coalesce(sum(good + spoilt), 0) INTO summed
      FROM orders_goodsbackline WHERE shipment_line_id = which;
    IF counted <> summed THEN
        RAISE EXCEPTION 'line % of a shipment counts % pieces back, % were recorded',
            which, counted, summed
            USING ERRCODE = 'check_violation',
                  CONSTRAINT = 'shipment_line_counts_back';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER shipment_line_counts_back
    AFTER INSERT OR UPDATE OF came_back ON orders_shipmentline
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION orders_shipment_line_counts_back();
CREATE CONSTRAINT TRIGGER goods_back_are_counted
    AFTER INSERT ON orders_goodsbackline
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION orders_shipment_line_counts_back();
"""
COUNTS_NOTHING_BACK = """
DROP TRIGGER goods_back_are_counted ON orders_goodsbackline;
DROP TRIGGER shipment_line_counts_back ON orders_shipmentline;
DROP FUNCTION orders_shipment_line_counts_back();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0003_goods_back'),
        ('order', '0021_billingaddress_code_shippingaddress_code'),
        ('orders', '0003_work_services'),
        ('producers', '0002_first_consent_texts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='GoodsBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=qiaoshou.common.reference.new_reference, max_length=10, unique=True, verbose_name='number')),
                ('client_reference', models.UUIDField(editable=False, unique=True)),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('came_back_at', models.DateTimeField(default=qiaoshou.common.today.now, verbose_name='came back at')),
            ],
            options={
                'verbose_name': 'pieces that came back',
                'verbose_name_plural': 'pieces that came back',
            },
        ),
        migrations.CreateModel(
            name='GoodsBackLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('good', models.PositiveIntegerField(verbose_name='good')),
                ('spoilt', models.PositiveIntegerField(verbose_name='spoilt or lost')),
            ],
            options={
                'verbose_name': 'line of pieces that came back',
                'verbose_name_plural': 'lines of pieces that came back',
            },
        ),
        migrations.RemoveConstraint(
            model_name='shipment',
            name='shipment_state_fits_method',
        ),
        migrations.RemoveConstraint(
            model_name='shipment',
            name='shipment_end_has_time',
        ),
        migrations.AddField(
            model_name='shipmentline',
            name='came_back',
            field=models.PositiveIntegerField(default=0, verbose_name='came back'),
        ),
        migrations.AlterField(
            model_name='shipment',
            name='state',
            field=models.CharField(choices=[('planned', 'Being packed'), ('sent', 'On its way'), ('ready', 'Ready to collect'), ('arrived', 'Arrived'), ('collected', 'Collected'), ('returned', 'Returned'), ('cancelled', 'Cancelled'), ('withdrawn', 'Withdrawn')], default='planned', max_length=9, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='shipmentevent',
            name='state',
            field=models.CharField(choices=[('planned', 'Being packed'), ('sent', 'On its way'), ('ready', 'Ready to collect'), ('arrived', 'Arrived'), ('collected', 'Collected'), ('returned', 'Returned'), ('cancelled', 'Cancelled'), ('withdrawn', 'Withdrawn')], default='planned', max_length=9, verbose_name='state'),
        ),
        migrations.AddConstraint(
            model_name='shipment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'cancelled']), models.Q(('method', 'parcel'), ('sent_at__isnull', False), ('state__in', ['sent', 'arrived', 'returned'])), models.Q(('method', 'pickup'), ('sent_at__isnull', False), ('state__in', ['sent', 'ready', 'collected', 'returned', 'withdrawn'])), _connector='OR'), name='shipment_state_fits_method'),
        ),
        migrations.AddConstraint(
            model_name='shipment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'sent', 'ready', 'cancelled', 'withdrawn']), models.Q(('ended_at__isnull', False), ('state__in', ['arrived', 'collected', 'returned'])), _connector='OR'), name='shipment_end_has_time'),
        ),
        migrations.AddConstraint(
            model_name='shipmentline',
            constraint=models.CheckConstraint(condition=models.Q(('came_back__lte', models.F('pieces'))), name='shipment_line_back_within_sent'),
        ),
        migrations.AddField(
            model_name='goodsback',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by'),
        ),
        migrations.AddField(
            model_name='goodsback',
            name='shipment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='goods_back', to='orders.shipment', verbose_name='shipment'),
        ),
        migrations.AddField(
            model_name='goodsbackline',
            name='goods_back',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='orders.goodsback'),
        ),
        migrations.AddField(
            model_name='goodsbackline',
            name='shipment_line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='goods_back', to='orders.shipmentline'),
        ),
        migrations.AddConstraint(
            model_name='goodsback',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='goods_back_has_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='goodsback',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5acc021f649fd5050647bed5e6fc536f07c166c9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_389ef', table='orders_goodsback', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='goodsback',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'this table is append-only';", hash='c697f35eb5f54afe8ef63afb5152af23bb7f2ad7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_34dca', table='orders_goodsback', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='goodsbackline',
            constraint=models.UniqueConstraint(fields=('goods_back', 'shipment_line'), name='goods_back_line_once'),
        ),
        migrations.AddConstraint(
            model_name='goodsbackline',
            constraint=models.CheckConstraint(condition=models.Q(('good__gte', 1), ('spoilt__gte', 1), _connector='OR'), name='goods_back_line_has_pieces'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='goodsbackline',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='153c09fea57fb2e60421fbe0821ff11c8e58b537', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b45bc', table='orders_goodsbackline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='goodsbackline',
            trigger=pgtrigger.compiler.Trigger(name='never_emptied', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'this table is append-only';", hash='5c0647f84005a7dac9e44b726a8adea8f2ec53c5', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_emptied_651a5', table='orders_goodsbackline', when='BEFORE')),
        ),
        migrations.RunSQL(COUNTS_BACK, COUNTS_NOTHING_BACK),
    ]
