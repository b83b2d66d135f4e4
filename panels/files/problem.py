from conference.domain.errors import DomainError


class UnreadableFile(DomainError):
    """A file that cannot be taken; the message says why and what to do."""
