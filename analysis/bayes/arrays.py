"""Numpy arrays as type checkers see them: the companion knows of no regression."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Codes = NDArray[np.intp]  # whose each row is, from 0
