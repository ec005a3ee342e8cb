"""The tables of a new ledger in one step; ledgers of earlier versions keep the steps that it replaces."""

import django.db.models.deletion
import liangxin.kernel.fields
import liangxin.kernel.viewer
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('accounts', '0001_initial'), ('accounts', '0002_proofs'), ('accounts', '0003_account_ends'), ('accounts', '0004_api_tokens')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RoleGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[(liangxin.kernel.viewer.Role['DISTRICT_OFFICE'], '区委社会工作部（两新工委）'), (liangxin.kernel.viewer.Role['COMMITTEE_OFFICER'], '街道、园区、行业党务干事'), (liangxin.kernel.viewer.Role['SECRETARY'], '党组织书记'), (liangxin.kernel.viewer.Role['INSTRUCTOR'], '党建指导员、联络员'), (liangxin.kernel.viewer.Role['OWNER'], '出资人、企业负责人'), (liangxin.kernel.viewer.Role['MEMBER'], '党员'), (liangxin.kernel.viewer.Role['SUBSCRIBER'], '资料库会员'), (liangxin.kernel.viewer.Role['ADMINISTRATOR'], '系统管理员')], max_length=20, verbose_name='角色')),
                ('scope_kind', models.CharField(choices=[(liangxin.kernel.viewer.ScopeKind['DISTRICT'], '全区'), (liangxin.kernel.viewer.ScopeKind['STREET'], '街道'), (liangxin.kernel.viewer.ScopeKind['SITE'], '楼宇、园区'), (liangxin.kernel.viewer.ScopeKind['TRADE'], '行业'), (liangxin.kernel.viewer.ScopeKind['PARTY_ORGANISATION'], '党组织'), (liangxin.kernel.viewer.ScopeKind['ORGANISATION'], '一家单位'), (liangxin.kernel.viewer.ScopeKind['OWN_RECORD'], '本人记录'), (liangxin.kernel.viewer.ScopeKind['ASSIGNED_FIRMS'], '所联系企业'), (liangxin.kernel.viewer.ScopeKind['LIBRARY_ONLY'], '仅资料库')], max_length=20, verbose_name='范围类别')),
                ('scope_key', models.CharField(blank=True, max_length=40, verbose_name='范围')),
                ('valid_from', models.DateField(verbose_name='起始日期')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='终止日期')),
                ('granted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_grants', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('user_id', 'role', 'scope_kind', 'scope_key', 'id'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('user', 'role', 'scope_kind', 'scope_key'), name='role_grant_one_open'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='role_grant_period_runs_forward')],
            },
        ),
        migrations.CreateModel(
            name='Passkey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('credential_id', models.CharField(max_length=1400, unique=True, verbose_name='凭据编号')),
                ('credential', models.BinaryField(verbose_name='公钥')),
                ('sign_count', models.BigIntegerField(default=0, verbose_name='签名计数')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='登记时间')),
                ('used_at', models.DateTimeField(null=True, verbose_name='最近使用')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passkeys', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('created_at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=128, verbose_name='摘要')),
                ('used_at', models.DateTimeField(null=True, verbose_name='使用时间')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recovery_codes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='SignIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session_key', models.CharField(db_index=True, max_length=40, verbose_name='会话')),
                ('started_at', models.DateTimeField(verbose_name='登录时间')),
                ('address', models.CharField(blank=True, max_length=45, verbose_name='地址')),
                ('device', models.CharField(blank=True, max_length=60, verbose_name='设备')),
                ('is_two_step', models.BooleanField(default=False, verbose_name='两步验证')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sign_ins', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-started_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Totp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret', liangxin.kernel.fields.EncryptedTextField(verbose_name='密钥')),
                ('confirmed_at', models.DateTimeField(null=True, verbose_name='启用时间')),
                ('last_step', models.BigIntegerField(default=0, verbose_name='最近一次')),
                ('failures', models.PositiveSmallIntegerField(default=0, verbose_name='连续错误')),
                ('locked_until_at', models.DateTimeField(null=True, verbose_name='暂停至')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='totp', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='AccountEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on_date', models.DateField(verbose_name='停用日期')),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='account_end', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('on_date', 'user_id'),
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='用途')),
                ('beginning', models.CharField(max_length=12, verbose_name='开头')),
                ('digest', models.CharField(max_length=64, unique=True, verbose_name='摘要')),
                ('held', models.JSONField(default=list, verbose_name='范围')),
                ('may_write', models.BooleanField(default=False, verbose_name='可以修改')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
                ('expires_date', models.DateField(verbose_name='到期日')),
                ('used_at', models.DateTimeField(null=True, verbose_name='最近使用')),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='作废时间')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-id',),
            },
        ),
    ]
