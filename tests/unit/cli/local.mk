# SPDX-License-Identifier: MIT
cli_unit_tests = \
	tests/unit/cli/test_progress_line \
	tests/unit/cli/test_report

tests_unit_cli_test_progress_line_SOURCES = %D%/test_progress_line.c
tests_unit_cli_test_progress_line_CPPFLAGS = $(unit_cppflags) -I$(top_srcdir)
tests_unit_cli_test_progress_line_LDFLAGS = $(unit_ldflags)
tests_unit_cli_test_progress_line_LDADD = cli/libcli.la $(unit_ldadd)
tests_unit_cli_test_report_SOURCES = %D%/test_report.c
tests_unit_cli_test_report_CPPFLAGS = $(unit_cppflags) -I$(top_srcdir)
tests_unit_cli_test_report_LDFLAGS = $(unit_ldflags)
tests_unit_cli_test_report_LDADD = cli/libcli.la $(unit_ldadd)
