# SPDX-License-Identifier: MIT
# Tests of what is built, as a user runs it: shell scripts that print TAP, against the
# stand-in service. `make check TESTS=tests/integration/cli/tour.sh` runs one.

AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)' \
	MAKE='$(MAKE)' NM='$(NM)' CC='$(CC)' PYTHON='$(PYTHON)'; \
	export top_srcdir top_builddir MAKE NM CC PYTHON;

EXTRA_DIST += %D%/lib.sh %D%/terminal.sh $(cli_tests)
cli_tests = \
	%D%/cli/apis.sh \
	%D%/cli/apply.sh \
	%D%/cli/apply_terminal.sh \
	%D%/cli/auth.sh \
	%D%/cli/blocked.sh \
	%D%/cli/bulk.sh \
	%D%/cli/completion.sh \
	%D%/cli/dry_run.sh \
	%D%/cli/escaping.sh \
	%D%/cli/exit_status.sh \
	%D%/cli/help.sh \
	%D%/cli/hygiene.sh \
	%D%/cli/import.sh \
	%D%/cli/interrupt.sh \
	%D%/cli/json.sh \
	%D%/cli/key_file.sh \
	%D%/cli/options.sh \
	%D%/cli/plan.sh \
	%D%/cli/plugin.sh \
	%D%/cli/policy.sh \
	%D%/cli/policy_check.sh \
	%D%/cli/policy_diff.sh \
	%D%/cli/prompt.sh \
	%D%/cli/report.sh \
	%D%/cli/simulate.sh \
	%D%/cli/streams.sh \
	%D%/cli/table.sh \
	%D%/cli/tenants.sh \
	%D%/cli/tour.sh

# What is built and installed, and how the sources are written.
EXTRA_DIST += %D%/build/checks.sh $(build_tests)
build_tests = \
	%D%/build/abi.sh \
	%D%/build/configure.sh \
	%D%/build/debian.sh \
	%D%/build/docs.sh \
	%D%/build/headers.sh \
	%D%/build/install.sh \
	%D%/build/licences.sh \
	%D%/build/luajit.sh \
	%D%/build/manpages.sh \
	%D%/build/site.sh \
	%D%/build/rpm.sh \
	%D%/build/sbom.sh \
	%D%/build/style.sh \
	%D%/build/symbols.sh \
	%D%/build/threats.sh \
	%D%/build/units.sh

# What compiles or configures anew, and takes minutes: make check-build.
slow_build_tests = \
	%D%/build/musl.sh \
	%D%/build/options.sh \
	%D%/build/places.sh \
	%D%/build/release.sh \
	%D%/build/static.sh
EXTRA_DIST += $(slow_build_tests)
.PHONY: check-build
check-build: all
	$(MAKE) check TESTS='$(slow_build_tests)' check_PROGRAMS= check_LTLIBRARIES=

# What the documents show.
EXTRA_DIST += $(doc_tests)
doc_tests = \
	%D%/examples.sh \
	%D%/tour.sh

# Those that wait most come first, so that others run meanwhile.
include $(top_srcdir)/tests/integration/scale/local.mk
include $(top_srcdir)/tests/integration/threats/local.mk
include $(top_srcdir)/tests/integration/plugins/local.mk
if SIMULATOR
TESTS += $(cli_tests)
# They look at the shared library, and load modules.
if SHARED
TESTS += $(build_tests) $(doc_tests)
endif
endif

