"""zstd for the tests: from the standard library where it has it, as the store does."""

from __future__ import annotations

import sys

if sys.version_info >= (3, 14):
    from compression.zstd import compress as packed_zstd
    from compression.zstd import decompress as unpacked_zstd
else:
    from backports.zstd import compress as packed_zstd
    from backports.zstd import decompress as unpacked_zstd

__all__ = ["packed_zstd", "unpacked_zstd"]
