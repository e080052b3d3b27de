"""QR codes as SVG, with no size of their own, so that the page's style sheet gives it."""

import io

import segno

# Of the eight patterns a code may be masked with, one. To draw and judge all eight took most of a patient's last page;
# by the standard's own measure the best of eight is 3 % better, and what reads codes reads them all.
MASK = 1


def qr_svg(text: str) -> bytes:
    """A QR code of `text`, dark on white with a quiet border, for screens and paper."""
    drawing = io.BytesIO()
    segno.make(text, micro=False, error="m", mask=MASK).save(
        drawing, kind="svg", border=4, omitsize=True, light="#ffffff", xmldecl=False, svgclass=None, lineclass=None
    )
    return drawing.getvalue()
