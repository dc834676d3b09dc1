"""`python -m leadspiders.sandbox`: the stand-ins in a process of their own."""

import sys
from argparse import ArgumentParser

from leadspiders.sandbox.options import add_arguments, from_arguments
from leadspiders.sandbox.run import main

if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m leadspiders.sandbox", description="Local stand-ins of every outside API.")
    add_arguments(parser)
    sys.exit(main(from_arguments(parser.parse_args()), lambda url: sys.stdout.writelines([url, "\n"])))
