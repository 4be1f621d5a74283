"""The two outside systems, as they stand in addresses."""


class SystemConverter:
    """Matches the name of an outside system and nothing else."""

    regex = "visma|monday"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
