# Two commands: `make demo` shows it, `make test` proves it. Both set up what they need and are quick the second time.
SHELL := /bin/sh
.DEFAULT_GOAL := all
.PHONY: all setup data build sample demo test sanitize bench install clean

CASE := sample/out/sample-1.case
REPORT := sample/out/sample-1.html
SAMPLE_OTA := sample/out/sample-phone-1/ota.zip
# Replays of the fuzz corpora and the unit tests of what reads input, once more with every access watched.
WATCHED := ^(fuzz|base|io|containers|formats|apps|data|flow|extract|cache|traffic)\.
CTEST := ctest --output-on-failure -j2

all: build

setup:
	@tools/setup.sh

# Tables of addresses, for scans of captures; nothing needs them.
data:
	@tools/fetch_data.sh

build/build.ninja: | setup
	@cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release
build-asan/build.ninja: | setup
	@cmake -S . -B build-asan -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-g1 -DKLIK_SANITIZE=address,undefined

build: build/build.ninja
	@ninja -C build --quiet
	@if [ -x build/klikspaan ]; then ln -sf build/klikspaan klikspaan; fi

sample: setup
	@python3 sample/make_sample.py

demo: build sample
	./klikspaan scan $(SAMPLE_OTA) --case $(CASE) --force
	./klikspaan report $(CASE) -o $(REPORT)
	@echo "The report on the made sample phone (no real device): $(CURDIR)/$(REPORT)"

# The watched tests come first, so that the last line counts the whole suite.
test: build sample sanitize
	$(CTEST) --test-dir build

sanitize: build-asan/build.ninja
	@ninja -C build-asan --quiet watched_tests
	$(CTEST) --test-dir build-asan -R '$(WATCHED)'

bench: build
	@ninja -C build --quiet benches
	@python3 bench/run.py build

install: build
	cmake --install build

clean:
	rm -rf build build-asan sample/out klikspaan
