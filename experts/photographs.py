"""Portraits: looked into, turned upright, made small, and written anew, so that nothing hidden in the file is kept.

A telephone writes the place where a picture was taken into it; what we serve holds pixels and nothing else.
"""

import io
import warnings
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from conference.domain.errors import DomainError

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 60_000_000  # a small file may unpack to gigabytes: its size is read before it is unpacked
SIDE = 480  # the portrait is square and drawn at 240 px at most: twice that for sharp screens
SMALLEST = 120
FORMATS = ("JPEG", "PNG", "WEBP")


def portrait(file: IO[bytes], size: int) -> bytes:
    """A square JPEG of the middle of the picture, or a sentence that says what is wrong."""
    if size > MAX_BYTES:
        raise DomainError(_("This picture is larger than 10 MB. Choose a smaller one."))
    try:
        file.seek(0)
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _drawn_anew(file)
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise DomainError(_("This file is not a picture that can be shown. Choose a JPEG, PNG or WebP.")) from error
    except (OSError, SyntaxError, ValueError) as error:  # cut off, or broken inside
        raise DomainError(_("This picture is damaged. Choose another.")) from error


def _drawn_anew(file: IO[bytes]) -> bytes:
    with Image.open(file, formats=FORMATS) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise DomainError(_("This picture has too many pixels. Choose a smaller one."))
        if min(picture.size) < SMALLEST:
            raise DomainError(_("This picture is too small: at least 120 pixels on each side."))
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    ground = Image.new("RGBA", upright.size, "white")
    flat = Image.alpha_composite(ground, upright).convert("RGB")
    side = min(SIDE, *flat.size)
    # The face stands above the middle of most portraits.
    square = ImageOps.fit(flat, (side, side), Image.Resampling.LANCZOS, centering=(0.5, 0.35))
    result = io.BytesIO()
    square.save(result, "JPEG", quality=85, optimize=True, progressive=True)
    return result.getvalue()
