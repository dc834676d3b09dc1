"""What `scrapyd-deploy` builds the egg through; everything else about the package stands in pyproject.toml.

Without this file scrapyd-deploy would write one that knows no data files. What is built on the way goes to a temporary
folder, so that a deployment leaves nothing behind in the checkout.
"""

import atexit
import shutil
import tempfile

from setuptools import setup

scratch = tempfile.mkdtemp(prefix="leadspiders-build-")
atexit.register(shutil.rmtree, scratch, ignore_errors=True)
# Two folders: setuptools leaves whatever lies in the first out of the egg.
setup(options={"build": {"build_base": f"{scratch}/build"}, "egg_info": {"egg_base": scratch}})
