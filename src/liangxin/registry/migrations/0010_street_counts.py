"""What is counted of a street is in its index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0009_street_scope")]

    operations = [
        migrations.RemoveIndex(
            model_name="organisationversion",
            name="organisation_in_street",
        ),
        migrations.AddIndex(
            model_name="organisationversion",
            index=models.Index(
                fields=[
                    "street",
                    "valid_to",
                    "valid_from",
                    "organisation",
                    "status",
                    "kind",
                    "site",
                    "employees",
                ],
                name="organisation_in_street",
            ),
        ),
    ]
