"""QR codes as SVG, with no size of their own, so that the page's style sheet gives it."""

import io

import segno


def qr_svg(text: str) -> bytes:
    """A QR code of `text`, dark on white with a quiet border, for screens and paper."""
    drawing = io.BytesIO()
    segno.make(text, micro=False, error="m").save(
        drawing, kind="svg", border=4, omitsize=True, light="#ffffff", xmldecl=False, svgclass=None, lineclass=None
    )
    return drawing.getvalue()
