#!/bin/sh
# Makes sure that there is a pre-commit that knows the stages in .pre-commit-hooks.yaml, which came
# with 3.2: the one that is installed, or else PyPI's, in .build/framework. Without either its test is
# left out.
set -eu

knows() {
  version=$("$@" --version 2>/dev/null) || return 1
  python3 -c 'import sys; sys.exit(tuple(map(int, sys.argv[1].split(".")[:2])) < (3, 2))' \
    "${version#pre-commit }"
}

knows pre-commit && exit 0
PYTHONPATH=.build/framework
export PYTHONPATH
knows .build/framework/bin/pre-commit && exit 0
python3 -m pip install -q --disable-pip-version-check --target .build/framework 'pre-commit>=3.2' ||
  echo "No pre-commit of 3.2 or later is here; the test with the framework is left out." >&2
