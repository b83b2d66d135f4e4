"""Imported before NumPy: one thread for its linear algebra.

With another number of threads sums are taken in another order, and the last digit of a chance, and with it the
fingerprint of a draw, would depend on the machine. The programs here are too small for threads to help.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[_name] = "1"
