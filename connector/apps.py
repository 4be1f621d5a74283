"""What every process of the product does once Django has been set up."""

import gc

from django.apps import AppConfig

# A batch makes many containers and hardly a cycle. At Python's own 700 the collector looks through
# them all so often that it took a tenth of a bulk load's processor time; memory stays the same.
NEW_CONTAINERS = 50_000


class ConnectorConfig(AppConfig):
    name = "connector"

    def ready(self) -> None:
        """What has been imported by now is no garbage, and is not looked at again."""
        gc.freeze()
        gc.set_threshold(NEW_CONTAINERS, 20, 100)
