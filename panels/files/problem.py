from conference.domain.errors import DomainError


class UnreadableFile(DomainError):  # noqa: N818 - named as the person would say it
    """A file that cannot be taken; the message says why and what to do."""
