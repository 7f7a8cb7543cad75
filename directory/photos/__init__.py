"""Portraits: whatever a camera or phone made, drawn anew as small squares that say nothing else.

What was sent is never stored: a process of its own, with little memory and little time, looks
at the header, decodes the pixels, and writes new files from them. Position, camera, hidden
archives and scripts stay behind with the old file.
"""

from directory.photos.album import NAME, Album, Busy, Kept
from directory.photos.drawing import CENTRED, MOST_BYTES, Crop, draw

__all__ = ["CENTRED", "MOST_BYTES", "NAME", "Album", "Busy", "Crop", "Kept", "draw"]
