from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_search")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="erased_date",
            field=models.DateField(blank=True, null=True, verbose_name="清除日期"),
        ),
    ]
