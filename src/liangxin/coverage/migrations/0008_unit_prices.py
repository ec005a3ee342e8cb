from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('coverage', '0007_no_hosts'),
    ]

    operations = [
        migrations.AddField(
            model_name='leftoutorganisation',
            name='price_mm',
            field=models.FloatField(null=True, verbose_name='影子价格（人·米）'),
        ),
        migrations.AddField(
            model_name='proposedunit',
            name='price_mm',
            field=models.FloatField(null=True, verbose_name='影子价格（人·米）'),
        ),
    ]
