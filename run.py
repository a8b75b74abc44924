# -*- coding: utf-8 -*-
"""Start Finmart from nothing but Python: ``python3 run.py``; all tests and checks: ``python3 run.py test``.

This file alone is written so that even a very old Python can read it and say which Python is needed.
"""

from __future__ import unicode_literals

import os
import sys

if sys.version_info < (3, 11) or sys.version_info >= (3, 14):
    found = ".".join(str(part) for part in sys.version_info[:3])
    sentence = (
        "本项目需要 Python 3.11、3.12 或 3.13（现在运行的是 %s），请安装后再用它启动。"
        " Finmart needs Python 3.11, 3.12 or 3.13 (this is %s): install one and start again with it,"
        " for example: python3.11 run.py\n"
    ) % (found, found)
    encoding = "utf-8" if os.name != "nt" else (sys.stderr.encoding or "utf-8")
    getattr(sys.stderr, "buffer", sys.stderr).write(sentence.encode(encoding, "replace"))
    sys.exit(1)

from launch.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
