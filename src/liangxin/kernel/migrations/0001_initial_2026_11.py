"""The tables of a new ledger in one step; ledgers of earlier versions keep the steps that it replaces."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import liangxin.kernel.fields
from liangxin.kernel import chain_guard
from liangxin.kernel.chain_links import head_mac
from liangxin.kernel.encryption import oldest_key_id


def begin_chain(apps: Any, schema_editor: Any) -> None:
    """Set the head of a chain without entries, and let the database refuse to change any."""
    apps.get_model("kernel", "AuditHead").objects.create(
        pk=1, number=0, hash="", mac=head_mac(0, ""), key_id=oldest_key_id()
    )
    chain_guard.install(schema_editor.connection)


def end_chain(apps: Any, schema_editor: Any) -> None:
    """Let the tables be taken away again."""
    chain_guard.remove(schema_editor.connection)


class Migration(migrations.Migration):

    replaces = [('kernel', '0001_initial'), ('kernel', '0002_auditentry_changes_ledger'), ('kernel', '0003_chain'), ('kernel', '0004_append_only'), ('kernel', '0005_saved_views'), ('kernel', '0006_ledger_marks')]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(max_length=60, unique=True, verbose_name='登录名')),
                ('name', models.CharField(max_length=60, verbose_name='姓名')),
                ('is_active', models.BooleanField(default=True, verbose_name='可以登录')),
                ('is_synthetic', models.BooleanField(default=False, verbose_name='演示账号')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='建立时间')),
            ],
            options={
                'ordering': ('username',),
            },
        ),
        migrations.CreateModel(
            name='Blob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True, verbose_name='存放名')),
                ('file_name', models.CharField(max_length=200, verbose_name='文件名')),
                ('size_bytes', models.PositiveBigIntegerField(verbose_name='大小')),
                ('sha256', models.CharField(db_index=True, max_length=64, verbose_name='摘要')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='保存时间')),
                ('expires_at', models.DateTimeField(db_index=True, verbose_name='到期时间')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60, verbose_name='工作')),
                ('title', models.CharField(max_length=120, verbose_name='名称')),
                ('state', models.CharField(choices=[('queued', '排队中'), ('running', '进行中'), ('done', '已完成'), ('failed', '未成功'), ('cancelled', '已取消')], default='queued', max_length=10, verbose_name='状态')),
                ('arguments', models.JSONField(default=dict, verbose_name='参数')),
                ('result', models.JSONField(default=dict, verbose_name='结果')),
                ('error', models.TextField(blank=True, verbose_name='原因')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='已处理')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='总数')),
                ('note', models.CharField(blank=True, max_length=120, verbose_name='当前步骤')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='次数')),
                ('is_cancel_requested', models.BooleanField(default=False, verbose_name='请求取消')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='提交时间')),
                ('started_at', models.DateTimeField(null=True, verbose_name='开始时间')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                ('lease_until_at', models.DateTimeField(null=True, verbose_name='租约到期')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['state', 'lease_until_at'], name='kernel_job_state_3ff804_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'done', 'failed', 'cancelled'])), name='job_state_is_known')],
            },
        ),
        migrations.CreateModel(
            name='AuditHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField(default=0, verbose_name='条数')),
                ('hash', models.CharField(blank=True, max_length=64, verbose_name='末条校验码')),
                ('mac', models.CharField(max_length=64, verbose_name='链头校验码')),
                ('key_id', models.CharField(max_length=60, verbose_name='密钥编号')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='audit_has_one_head')],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, verbose_name='时间')),
                ('by_id', models.BigIntegerField(db_index=True, null=True, verbose_name='账号')),
                ('by_name', models.CharField(max_length=60, verbose_name='办理人')),
                ('action', models.CharField(db_index=True, max_length=60, verbose_name='事项')),
                ('summary', models.CharField(max_length=300, verbose_name='说明')),
                ('object_kind', models.CharField(blank=True, max_length=60, verbose_name='对象类别')),
                ('object_key', models.CharField(blank=True, max_length=60, verbose_name='对象')),
                ('details', models.JSONField(default=dict, verbose_name='细节')),
                ('changes_ledger', models.BooleanField(default=True, verbose_name='改动台账')),
                ('number', models.BigIntegerField(unique=True, verbose_name='编号')),
                ('previous_hash', models.CharField(blank=True, max_length=64, verbose_name='上一条的校验码')),
                ('hash', models.CharField(max_length=64, verbose_name='校验码')),
            ],
            options={
                'ordering': ('-id',),
                'indexes': [models.Index(fields=['object_kind', 'object_key'], name='kernel_audi_object__20baf6_idx'), models.Index(fields=['changes_ledger', 'id'], name='kernel_audi_changes_3fe3aa_idx')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('listing', models.CharField(max_length=60, verbose_name='名单')),
                ('listing_title', models.CharField(max_length=120, verbose_name='名单名称')),
                ('path', models.CharField(max_length=200, verbose_name='页面')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('query', liangxin.kernel.fields.EncryptedTextField(blank=True, verbose_name='条件')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='保存时间')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('pk',),
                'indexes': [models.Index(fields=['user', 'listing'], name='saved_view_of_user')],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='saved_view_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='LedgerMark',
            fields=[
                ('place', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='地方')),
                ('entry', models.BigIntegerField(verbose_name='操作记录')),
            ],
            options={
                'ordering': ('place',),
            },
        ),
        migrations.RunPython(begin_chain, end_chain),
    ]
