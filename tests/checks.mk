# SPDX-License-Identifier: MIT
# Parts of what .ci/run does, each by itself. The sub-builds stay, so that a second run is quick.

.PHONY: check-unit check-bindings check-comma check-threads check-valgrind check-fuzz check-format check-abi \
	check-short dump-abi check-dist check-browser check-release check-sanitized

# What the bindings are tested with; in a build with sanitizers as well.
check-bindings:
	$(MAKE) check TESTS='$(language_tests) $(python_binding_tests) $(lua_binding_tests)' \
	  check_PROGRAMS=tests/bindings/scenario check_LTLIBRARIES=

# scripts/release.sh, against clones with one thing broken each.
check-release: all
	$(MAKE) check TESTS=tests/integration/build/release.sh check_PROGRAMS= check_LTLIBRARIES=

if TESTS_ENABLED
# For a build with sanitizers: the units and the bindings at once, without what compiles those anew or
# only looks at them.
sanitized_bindings = $(filter-out %/pip.sh %/references.sh %/types.sh,$(python_binding_tests))
check-sanitized:
	$(MAKE) check TESTS='$(unit_tests) $(language_tests) $(lua_binding_tests) $(sanitized_bindings)'

check-unit:
	$(MAKE) check TESTS='$(unit_tests)'

# What reads or writes numbers, in a process whose locale has a decimal comma.
comma_tests = $(base_tests) $(plugin_tests) $(plugins_tests) $(policy_tests) $(lua_tests)
check-comma:
	THINGSPACE_CHECK_ONCE=1 THINGSPACE_CHECK_COMMA=1 $(MAKE) check \
	  TESTS='$(comma_tests)' check_PROGRAMS='$(comma_tests)'

# Where threads meet: the arena of secrets, scripts (8 threads, 8 states), the client's guard, eight
# clients with the same plugins, the simulator, clients in threads of Python and its worker; and the
# tests of plugins, which are cheap. Those that raise 50,000 errors of Lua are left out: the sanitizer's
# own stack grows with each.
thread_tests = tests/unit/base/test_secret tests/unit/lua/test_runtime \
	tests/unit/client/test_client tests/unit/client/test_plugin_threads \
	tests/unit/client/test_many_tenants $(plugin_tests) \
	tests/unit/lua/test_plugin_handles tests/unit/lua/test_plugin_hooks \
	tests/unit/lua/test_plugin_isolation tests/unit/lua/test_plugin_manifest \
	tests/unit/lua/test_plugin_refused tests/unit/lua/test_plugin_state \
	tests/unit/lua/test_plugin_verdicts $(simulator_tests)
if PYTHON_BINDING
python_thread_tests = tests/bindings/python/test_async.py \
	tests/bindings/python/test_async_work.py tests/bindings/python/test_threads.py \
	tests/bindings/python/test_life.py tests/bindings/python/test_ends.py
endif
check-threads:
	$(MKDIR_P) threads
	test -f threads/Makefile || (cd threads && \
	  $(abs_top_srcdir)/configure -q --enable-sanitizers=thread CFLAGS='-g -O1' \
	  PYTHON='$(PYTHON)')
	THINGSPACE_CHECK_ONCE=1 $(MAKE) -C threads check \
	  TESTS='$(thread_tests) $(python_thread_tests)' check_PROGRAMS='$(thread_tests)'

# VALGRIND_ROOMS='base auth': the tests of some rooms alone.
check-valgrind: all
	$(MAKE) $(unit_tests)
	srcdir='$(srcdir)' LIBTOOL='$(LIBTOOL)' VALGRIND='$(VALGRIND)' ROOMS='$(VALGRIND_ROOMS)' \
	  $(srcdir)/tests/valgrind.sh $(unit_tests)
else
check-unit check-sanitized check-comma check-threads check-valgrind:
	@echo "this needs CUnit and libmicrohttpd: configure with --enable-tests" >&2; false
endif

# distcheck for those who have just run `make check`: the tarball builds apart from its sources, which
# are read-only, passes the tests of what is built and of the documents, installs and leaves nothing.
dist_unit_tests = tests/unit/base/test_json_parse tests/unit/lua/test_library
dist_tests = $(dist_unit_tests) $(build_tests) $(doc_tests)
check-dist:
	$(MAKE) distcheck TESTS='$(dist_tests)' DISTCHECK_CONFIGURE_FLAGS='CFLAGS=-O0' \
	  check_PROGRAMS='$(dist_unit_tests) docs/examples/epoll docs/examples/register docs/examples/secrets'

# For whoever builds packages: what was built works, without the faults, attacks and fleets, which ask
# more of the machine than a build may have, and without what looks at the sources; each nineteenth
# allocation fails in place of each.
build_folder = tests/integration/build
source_tests = $(build_folder)/configure.sh $(build_folder)/licences.sh \
	$(build_folder)/rpm.sh $(build_folder)/sbom.sh $(build_folder)/style.sh $(build_folder)/threats.sh
short_tests = $(unit_tests) $(language_tests) $(lua_binding_tests) $(python_binding_tests) \
	$(plugin_integration_tests) $(filter-out $(source_tests),$(build_tests)) $(doc_tests)
check-short:
	THINGSPACE_CHECK_STRIDE=19 $(MAKE) check TESTS='$(short_tests)'

# The page of a plan in a browser; the script tells what it needs.
EXTRA_DIST += tests/browser/report.js tests/browser/report.sh
check-browser: all
	top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' \
	  $(SHELL) $(srcdir)/tests/browser/report.sh

VALGRIND = valgrind
EXTRA_DIST += tests/valgrind.sh tests/valgrind.supp

check-fuzz:
	$(MKDIR_P) fuzzing
	test -f fuzzing/Makefile || (cd fuzzing && \
	  $(abs_top_srcdir)/configure -q --enable-fuzzers --disable-tests CC=clang CFLAGS='-g -O1')
	$(MAKE) -C fuzzing fuzz FUZZ_SECONDS='$(FUZZ_SECONDS)'

CLANG_FORMAT = clang-format
check-format:
	cd $(srcdir) && find bindings cli core docs plugins simulator tests -name '*.[ch]' -exec \
	  $(CLANG_FORMAT) --dry-run -Werror {} +
	$(srcdir)/tests/integration/build/style.sh

# The binary form of the libraries and of thingspace/plugin.h against tests/abi. What was added on
# purpose is written down by dump-abi; see docs/abi.md.
check-abi:
	$(MAKE) check TESTS=tests/integration/build/abi.sh check_PROGRAMS= check_LTLIBRARIES=
dump-abi:
	CC='$(CC)' $(SHELL) $(srcdir)/tests/abi/dump_all.sh

distclean-local: clean-sub-builds
.PHONY: clean-sub-builds
clean-sub-builds:
	-rm -rf threads fuzzing

EXTRA_DIST += tests/abi/1.0/thingspace/plugin.h tests/abi/cut.awk tests/abi/dump.sh tests/abi/surface.c \
	tests/abi/dump_all.sh tests/abi/library.sh tests/abi/libthingspace.so.0.abi \
	tests/abi/libthingspace-simulator.so.0.abi tests/abi/plugin-1.0.abi tests/abi/plugin-1.1.abi
