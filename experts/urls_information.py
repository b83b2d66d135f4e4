"""The information file: its sheets and glossary, in the cockpit, for the panel and in public.

Mounted at the root: each address stands here in full.
"""

from django.urls import URLPattern, URLResolver, path

from experts.views import information, public_information, sheet_review, sheets

app_name = "information"
_DESK = "desk/<slug:slug>/information/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(_DESK, information.file, name="file"),
    path(f"{_DESK}public/", information.open_file, name="open"),
    path(f"{_DESK}chapters/new/", information.add_chapter, name="chapter_add"),
    path(f"{_DESK}chapters/<int:pk>/", information.edit_chapter, name="chapter_edit"),
    path(f"{_DESK}chapters/<int:pk>/move/", information.move_chapter, name="chapter_move"),
    path(f"{_DESK}chapters/<int:pk>/remove/", information.remove_chapter, name="chapter_remove"),
    path(f"{_DESK}glossary/", information.glossary, name="glossary"),
    path(f"{_DESK}glossary/new/", information.add_entry, name="entry_add"),
    path(f"{_DESK}glossary/<int:pk>/", information.edit_entry, name="entry_edit"),
    path(f"{_DESK}glossary/<int:pk>/remove/", information.remove_entry, name="entry_remove"),
    path(f"{_DESK}sheets/new/", sheets.add_sheet, name="sheet_add"),
    path(f"{_DESK}sheets/<int:pk>/", sheets.sheet, name="sheet"),
    path(f"{_DESK}sheets/<int:pk>/text/", sheets.edit_sheet, name="sheet_edit"),
    path(f"{_DESK}sheets/<int:pk>/author/", sheets.edit_author, name="sheet_author"),
    path(f"{_DESK}sheets/<int:pk>/opposite/", sheets.pair_sheet, name="sheet_pair"),
    path(f"{_DESK}sheets/<int:pk>/move/", sheets.move_sheet, name="sheet_move"),
    path(f"{_DESK}sheets/<int:pk>/remove/", sheets.remove_sheet, name="sheet_remove"),
    path(f"{_DESK}sheets/<int:pk>/versions/<int:number>/", sheets.version, name="sheet_version"),
    path(f"{_DESK}sheets/<int:pk>/offer/", sheet_review.offer, name="sheet_offer"),
    path(f"{_DESK}sheets/<int:pk>/understood/", sheet_review.tick, name="sheet_tick"),
    path(f"{_DESK}sheets/<int:pk>/sign/", sheet_review.sign, name="sheet_sign"),
    path(f"{_DESK}sheets/<int:pk>/publish/", sheet_review.publish, name="sheet_publish"),
    path(f"{_DESK}sheets/<int:pk>/link/", sheet_review.renew_link, name="sheet_link"),
    path("c/<slug:slug>/information/", public_information.public_file, name="public_file"),
    path("c/<slug:slug>/information/booklet/", public_information.public_booklet, name="public_booklet"),
    path("c/<slug:slug>/information/<int:pk>/", public_information.public_sheet, name="public_sheet"),
    path("invitation/information/", public_information.panel_file, name="panel_file"),
    path("invitation/information/booklet/", public_information.panel_booklet, name="panel_booklet"),
    path("invitation/information/<int:pk>/", public_information.panel_sheet, name="panel_sheet"),
    path(
        "invitation/information/documents/<uuid:document_uuid>/",
        public_information.panel_download,
        name="panel_document",
    ),
    path("s/<str:token>/", sheet_review.lay_reader, name="lay_reader"),
]
