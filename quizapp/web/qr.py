"""QR codes as SVG. They carry no size: the style sheet gives it."""

import io

import segno

# One of the eight mask patterns of a QR code. Trying all eight makes a patient's last page cost 40 % more (CPU, see
# tests/bench/pages.py); by the standard's own penalty the best of eight is 3 % better, and scanners read them all.
MASK = 1


def qr_svg(text: str) -> bytes:
    """Return a QR code of `text`, dark on white with a quiet zone, for screens and paper."""
    drawing = io.BytesIO()
    segno.make(text, micro=False, error="m", mask=MASK).save(
        drawing, kind="svg", border=4, omitsize=True, light="#ffffff", xmldecl=False, svgclass=None, lineclass=None
    )
    return drawing.getvalue()
