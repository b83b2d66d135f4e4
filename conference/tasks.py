"""Tasks of the core: each takes ids, calls a domain function, and is harmless when run twice."""

from celery import shared_task

from conference import scanning
from conference.domain import documents


@shared_task
def scan_document(document_id: int) -> None:
    documents.scan_document(document_id=document_id)


@shared_task
def scan_waiting() -> None:
    """Every minute: what a lost task, a broken scanner or a scanner that was set up later left to do."""
    if scanning.is_set_up():
        for document_id in documents.waiting_for_scan():
            documents.scan_document(document_id=document_id)
