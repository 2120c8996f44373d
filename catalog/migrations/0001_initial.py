"""The tables of the catalogue."""

import django.contrib.postgres.constraints
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import qiaoshou.common.reference
import qiaoshou.common.today
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalogue', '0032_category_exclude_from_menu_category_long_description'),
        ('common', '0001_initial'),
        ('partner', '0007_partneraddress_code'),
        ('producers', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BasesAble',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('base', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='able_to_make', to='producers.base')),
            ],
            options={
                'verbose_name': 'base able to make it',
                'verbose_name_plural': 'bases able to make it',
            },
        ),
        migrations.CreateModel(
            name='CraftSpec',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('ready', 'In stock'), ('made_to_order', 'Made to order')], max_length=13, verbose_name='how it is sold')),
                ('grade', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='grade needed')),
                ('min_lot', models.PositiveIntegerField(default=1, verbose_name='minimum lot')),
                ('steps', models.PositiveSmallIntegerField(default=1, verbose_name='steps')),
                ('material_fen', models.BigIntegerField(verbose_name='material (fen)')),
                ('base_fen', models.BigIntegerField(verbose_name='share of the base (fen)')),
                ('tax_shipping_fen', models.BigIntegerField(verbose_name='tax and shipping (fen)')),
                ('weight_grams', models.PositiveIntegerField(verbose_name='weight (grams)')),
                ('hs_code', models.CharField(blank=True, max_length=12, verbose_name='HS code')),
                ('share_checked_on', models.DateField(blank=True, null=True, verbose_name='share checked on')),
                ('checked_price_fen', models.BigIntegerField(blank=True, null=True)),
                ('checked_pay_fen', models.BigIntegerField(blank=True, null=True)),
                ('bases', models.ManyToManyField(through='catalog.BasesAble', to='producers.base', verbose_name='bases able to make it')),
                ('product', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='craft_spec', to='catalogue.product', verbose_name='product')),
                ('share_checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'craft specification',
                'verbose_name_plural': 'craft specifications',
            },
        ),
        migrations.AddField(
            model_name='basesable',
            name='spec',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='able', to='catalog.craftspec'),
        ),
        migrations.CreateModel(
            name='Listing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=qiaoshou.common.reference.new_reference, max_length=10, unique=True)),
                ('slug', models.SlugField(max_length=80, unique=True, verbose_name='address')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('retired', 'Retired')], default='draft', max_length=10, verbose_name='status')),
                ('published_on', models.DateField(blank=True, null=True, verbose_name='published on')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='common.area', verbose_name='county of origin')),
                ('craft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='producers.craft', verbose_name='craft')),
                ('origin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='common.area', verbose_name='origin')),
                ('product', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='catalogue.product', verbose_name='product')),
            ],
            options={
                'verbose_name': 'listing',
                'verbose_name_plural': 'listings',
            },
        ),
        migrations.CreateModel(
            name='Lot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('serial', models.CharField(default=qiaoshou.common.reference.new_reference, max_length=10, unique=True, verbose_name='number')),
                ('source_kind', models.CharField(max_length=20, verbose_name='source')),
                ('source_reference', models.CharField(max_length=60, verbose_name='reference of the source')),
                ('made_on', models.DateField(verbose_name='made on')),
                ('pieces', models.PositiveIntegerField(verbose_name='pieces')),
                ('remaining', models.PositiveIntegerField(verbose_name='pieces left')),
                ('maker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lots', to='producers.maker', verbose_name='maker')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lots', to='catalogue.product', verbose_name='product')),
            ],
            options={
                'verbose_name': 'lot',
                'verbose_name_plural': 'lots',
            },
        ),
        migrations.CreateModel(
            name='MakingStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('minutes', models.PositiveIntegerField(blank=True, null=True, verbose_name='minutes')),
                ('name_zh', models.CharField(max_length=40, verbose_name='name in Chinese')),
                ('name_en', models.CharField(max_length=60, verbose_name='name in English')),
                ('text_zh', models.CharField(blank=True, max_length=200, verbose_name='what is done (Chinese)')),
                ('text_en', models.CharField(blank=True, max_length=300, verbose_name='what is done (English)')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='making_steps', to='catalogue.product')),
            ],
            options={
                'verbose_name': 'step of making',
                'verbose_name_plural': 'steps of making',
                'ordering': ['product', 'position'],
            },
        ),
        migrations.CreateModel(
            name='ProductPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('alt_zh', models.CharField(max_length=200, verbose_name='description in Chinese')),
                ('alt_en', models.CharField(max_length=200, verbose_name='description in English')),
                ('credit', models.CharField(blank=True, max_length=200, verbose_name='credit')),
                ('illustration', models.BooleanField(default=False, verbose_name='an illustration')),
                ('width', models.PositiveIntegerField(verbose_name='width')),
                ('height', models.PositiveIntegerField(verbose_name='height')),
                ('square', models.CharField(max_length=255)),
                ('small', models.CharField(max_length=255)),
                ('image', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='picture', to='catalogue.productimage')),
            ],
            options={
                'verbose_name': 'product picture',
                'verbose_name_plural': 'product pictures',
            },
        ),
        migrations.CreateModel(
            name='ProductText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('zh-hans', '中文'), ('en', 'English')], max_length=7, verbose_name='language')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('story', models.TextField(blank=True, verbose_name='story')),
                ('materials', models.CharField(blank=True, max_length=200, verbose_name='materials')),
                ('measures', models.CharField(blank=True, max_length=120, verbose_name='size and weight')),
                ('care', models.CharField(blank=True, max_length=200, verbose_name='care')),
                ('choice', models.CharField(blank=True, max_length=60, verbose_name='name of the choice')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='catalogue.product')),
            ],
            options={
                'verbose_name': 'product text',
                'verbose_name_plural': 'product texts',
            },
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('product', 'Product'), ('maker', 'Maker'), ('page', 'Page')], max_length=10, verbose_name='kind')),
                ('reference', models.CharField(max_length=40, verbose_name='reference')),
                ('language', models.CharField(max_length=7, verbose_name='language')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='address')),
                ('words', django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                'verbose_name': 'search entry',
                'verbose_name_plural': 'search entries',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['words'], name='search_entry_words')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'reference', 'language'), name='search_entry_once')],
            },
        ),
        migrations.CreateModel(
            name='StockMovement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('received', 'Received'), ('reserved', 'Reserved'), ('released', 'Released'), ('shipped', 'Shipped'), ('counted', 'Counted')], max_length=10, verbose_name='kind')),
                ('in_stock', models.IntegerField(verbose_name='change of pieces in stock')),
                ('reserved', models.IntegerField(verbose_name='change of pieces reserved')),
                ('in_stock_after', models.PositiveIntegerField(verbose_name='pieces in stock after')),
                ('reserved_after', models.PositiveIntegerField(verbose_name='pieces reserved after')),
                ('source_kind', models.CharField(max_length=20, verbose_name='source')),
                ('source_reference', models.CharField(max_length=60, verbose_name='reference of the source')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('at', models.DateTimeField(default=qiaoshou.common.today.now, verbose_name='at')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lot', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='catalog.lot')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='partner.stockrecord')),
            ],
            options={
                'verbose_name': 'stock movement',
                'verbose_name_plural': 'stock movements',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='StockPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('base', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stock_place', to='producers.base', verbose_name='base')),
                ('partner', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='stock_place', to='partner.partner')),
                ('pickup_point', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stock_place', to='producers.pickuppoint', verbose_name='pick-up point')),
            ],
            options={
                'verbose_name': 'stock place',
                'verbose_name_plural': 'stock places',
            },
        ),
        migrations.AddField(
            model_name='lot',
            name='place',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lots', to='catalog.stockplace', verbose_name='stock place'),
        ),
        migrations.CreateModel(
            name='TimeStudy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=qiaoshou.common.reference.new_reference, max_length=40, unique=True)),
                ('studied_on', models.DateField(verbose_name='studied on')),
                ('minutes', models.PositiveIntegerField(verbose_name='standard minutes')),
                ('makers', models.PositiveSmallIntegerField(verbose_name='makers observed')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('recorded_at', models.DateTimeField(default=qiaoshou.common.today.now, verbose_name='recorded at')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('spec', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='time_studies', to='catalog.craftspec')),
            ],
            options={
                'verbose_name': 'time study',
                'verbose_name_plural': 'time studies',
                'ordering': ['-studied_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='TimeSample',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minutes', models.PositiveIntegerField(verbose_name='minutes')),
                ('maker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='time_samples', to='producers.maker')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='samples', to='catalog.timestudy')),
            ],
            options={
                'verbose_name': 'sample of a time study',
                'verbose_name_plural': 'samples of a time study',
            },
        ),
        migrations.CreateModel(
            name='PieceRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=qiaoshou.common.reference.new_reference, max_length=40, unique=True)),
                ('fen', models.BigIntegerField(verbose_name='rate per accepted piece (fen)')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid until (not included)')),
                ('minutes', models.PositiveIntegerField(verbose_name='standard minutes')),
                ('minimum_hourly_fen', models.BigIntegerField(verbose_name='minimum hourly wage (fen)')),
                ('set_at', models.DateTimeField(default=qiaoshou.common.today.now, verbose_name='set at')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('spec', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='piece_rates', to='catalog.craftspec')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.timestudy')),
            ],
            options={
                'verbose_name': 'piece rate',
                'verbose_name_plural': 'piece rates',
                'ordering': ['-valid_from'],
            },
        ),
        migrations.AddConstraint(
            model_name='craftspec',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['ready', 'made_to_order'])), name='craft_spec_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='craftspec',
            constraint=models.CheckConstraint(condition=models.Q(('grade__range', (1, 5))), name='craft_spec_grade'),
        ),
        migrations.AddConstraint(
            model_name='craftspec',
            constraint=models.CheckConstraint(condition=models.Q(('min_lot__gte', 1)), name='craft_spec_min_lot'),
        ),
        migrations.AddConstraint(
            model_name='craftspec',
            constraint=models.CheckConstraint(condition=models.Q(('steps', 1)), name='craft_spec_no_group_jobs_yet'),
        ),
        migrations.AddConstraint(
            model_name='craftspec',
            constraint=models.CheckConstraint(condition=models.Q(('base_fen__gte', 0), ('material_fen__gte', 0), ('tax_shipping_fen__gte', 0)), name='craft_spec_costs_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='craftspec',
            constraint=models.CheckConstraint(condition=models.Q(('weight_grams__gte', 1)), name='craft_spec_weight'),
        ),
        migrations.AddConstraint(
            model_name='craftspec',
            constraint=models.CheckConstraint(condition=models.Q(('hs_code', ''), ('hs_code__regex', '^[0-9]{6,12}$'), _connector='OR'), name='craft_spec_hs_code'),
        ),
        migrations.AddConstraint(
            model_name='craftspec',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('checked_pay_fen', None), ('checked_price_fen', None), ('share_checked_on', None)), models.Q(('checked_pay_fen__isnull', False), ('checked_price_fen__isnull', False), ('share_checked_on__isnull', False)), _connector='OR'), name='craft_spec_share_check_whole'),
        ),
        migrations.AddConstraint(
            model_name='basesable',
            constraint=models.UniqueConstraint(fields=('spec', 'base'), name='bases_able_once'),
        ),
        migrations.AddIndex(
            model_name='listing',
            index=models.Index(fields=['status', '-published_on', '-id'], name='catalog_lis_status_92b898_idx'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'published', 'retired'])), name='listing_status_known'),
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'draft'), ('published_on__isnull', False), _connector='OR'), name='listing_published_has_day'),
        ),
        migrations.AddConstraint(
            model_name='makingstep',
            constraint=models.UniqueConstraint(fields=('product', 'position'), name='making_step_position_once'),
        ),
        migrations.AddConstraint(
            model_name='producttext',
            constraint=models.UniqueConstraint(fields=('product', 'language'), name='product_text_once'),
        ),
        migrations.AddConstraint(
            model_name='producttext',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['zh-hans', 'en'])), name='product_text_language_known'),
        ),
        migrations.AddConstraint(
            model_name='producttext',
            constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='product_text_has_title'),
        ),
        migrations.AddIndex(
            model_name='stockmovement',
            index=models.Index(fields=['record', 'id'], name='catalog_sto_record__dc488e_idx'),
        ),
        migrations.AddIndex(
            model_name='stockmovement',
            index=models.Index(fields=['source_kind', 'source_reference'], name='catalog_sto_source__07eab5_idx'),
        ),
        migrations.AddConstraint(
            model_name='stockmovement',
            constraint=models.CheckConstraint(condition=models.Q(('in_stock', 0), ('reserved', 0), _negated=True), name='stock_movement_moves'),
        ),
        migrations.AddConstraint(
            model_name='stockmovement',
            constraint=models.CheckConstraint(condition=models.Q(('reserved_after__lte', models.F('in_stock_after'))), name='stock_movement_after_possible'),
        ),
        migrations.AddConstraint(
            model_name='stockmovement',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['shipped', 'counted'])), fields=('record', 'lot', 'source_kind', 'source_reference'), name='stock_movement_out_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='stockplace',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('base', None), ('pickup_point__isnull', False)), models.Q(('base__isnull', False), ('pickup_point', None)), _connector='OR'), name='stock_place_is_base_or_point'),
        ),
        migrations.AddIndex(
            model_name='lot',
            index=models.Index(condition=models.Q(('remaining__gt', 0)), fields=['product', 'made_on', 'id'], name='lot_next_to_ship'),
        ),
        migrations.AddIndex(
            model_name='lot',
            index=models.Index(fields=['maker', '-made_on'], name='catalog_lot_maker_i_0c73c8_idx'),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.UniqueConstraint(fields=('source_kind', 'source_reference'), name='lot_source_once'),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.CheckConstraint(condition=models.Q(('pieces__gte', 1)), name='lot_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.CheckConstraint(condition=models.Q(('remaining__gte', 0), ('remaining__lte', models.F('pieces'))), name='lot_remaining_within_pieces'),
        ),
        migrations.AddIndex(
            model_name='timestudy',
            index=models.Index(fields=['spec', '-studied_on', '-id'], name='catalog_tim_spec_id_4c68a3_idx'),
        ),
        migrations.AddConstraint(
            model_name='timestudy',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gte', 1)), name='time_study_minutes'),
        ),
        migrations.AddConstraint(
            model_name='timestudy',
            constraint=models.CheckConstraint(condition=models.Q(('makers__gte', 3)), name='time_study_makers'),
        ),
        migrations.AddConstraint(
            model_name='timesample',
            constraint=models.UniqueConstraint(fields=('study', 'maker'), name='time_sample_maker_once'),
        ),
        migrations.AddConstraint(
            model_name='timesample',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gte', 1)), name='time_sample_minutes'),
        ),
        migrations.AddConstraint(
            model_name='piecerate',
            constraint=models.CheckConstraint(condition=models.Q(('fen__gte', 1), ('minimum_hourly_fen__gte', 1), ('minutes__gte', 1)), name='piece_rate_positive'),
        ),
        migrations.AddConstraint(
            model_name='piecerate',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='piece_rate_period'),
        ),
        migrations.AddConstraint(
            model_name='piecerate',
            constraint=models.CheckConstraint(condition=models.Q(('fen__gte', models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('minimum_hourly_fen'), '*', models.F('minutes')), '+', models.Value(59)), '/', models.Value(60)), output_field=models.BigIntegerField()))), name='piece_rate_not_below_minimum_wage'),
        ),
        migrations.AddConstraint(
            model_name='piecerate',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('spec'), models.F('spec'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('valid_from'), models.F('valid_to'), function='daterange'), '&&')], name='piece_rate_periods_apart'),
        ),
    ]
