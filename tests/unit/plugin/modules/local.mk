# SPDX-License-Identifier: MIT
# Real shared objects for test_compiled. They are built as a plugin's author would, and loaded from a
# copy: the build's own folder may be writable by a group.
plugin_modules = \
	%D%/acts.la \
	%D%/bad_default.la \
	%D%/bad_name.la \
	%D%/bad_type.la \
	%D%/dependency.la \
	%D%/entry_in_dependency.la \
	%D%/failing_create.la \
	%D%/good.la \
	%D%/large_option.la \
	%D%/missing_symbol.la \
	%D%/nameless.la \
	%D%/newer_minor.la \
	%D%/no_entry.la \
	%D%/not_a_plugin.la \
	%D%/previous.la \
	%D%/secret_option.la \
	%D%/small_option.la \
	%D%/small_struct.la \
	%D%/unknown_capability.la \
	%D%/wrong_major.la
check_LTLIBRARIES += $(plugin_modules)

# -rpath makes libtool build a shared object of what is not installed.
plugin_module_ldflags = $(AM_LDFLAGS) -module -avoid-version -shared -rpath $(abs_builddir)/%D%
plugin_module_cppflags = -I$(top_srcdir)/core/include

%C%_acts_la_SOURCES = %D%/acts.c
%C%_acts_la_CPPFLAGS = $(plugin_module_cppflags)
%C%_acts_la_LDFLAGS = $(plugin_module_ldflags)
%C%_bad_default_la_SOURCES = %D%/bad_default.c
%C%_bad_default_la_CPPFLAGS = $(plugin_module_cppflags)
%C%_bad_default_la_LDFLAGS = $(plugin_module_ldflags)
%C%_bad_name_la_SOURCES = %D%/bad_name.c
%C%_bad_name_la_CPPFLAGS = $(plugin_module_cppflags)
%C%_bad_name_la_LDFLAGS = $(plugin_module_ldflags)
%C%_bad_type_la_SOURCES = %D%/bad_type.c
%C%_bad_type_la_CPPFLAGS = $(plugin_module_cppflags)
%C%_bad_type_la_LDFLAGS = $(plugin_module_ldflags)
%C%_failing_create_la_SOURCES = %D%/failing_create.c
%C%_failing_create_la_CPPFLAGS = $(plugin_module_cppflags)
%C%_failing_create_la_LDFLAGS = $(plugin_module_ldflags)
%C%_good_la_SOURCES = %D%/good.c
%C%_good_la_CPPFLAGS = $(plugin_module_cppflags)
%C%_good_la_LDFLAGS = $(plugin_module_ldflags)
%C%_large_option_la_SOURCES = %D%/large_option.c
%C%_large_option_la_CPPFLAGS = $(plugin_module_cppflags)
%C%_large_option_la_LDFLAGS = $(plugin_module_ldflags)
%C%_missing_symbol_la_SOURCES = %D%/missing_symbol.c
%C%_missing_symbol_la_CPPFLAGS = $(plugin_module_cppflags)
%C%_missing_symbol_la_LDFLAGS = $(plugin_module_ldflags)
%C%_nameless_la_SOURCES = %D%/nameless.c
%C%_nameless_la_CPPFLAGS = $(plugin_module_cppflags)
%C%_nameless_la_LDFLAGS = $(plugin_module_ldflags)
%C%_newer_minor_la_SOURCES = %D%/newer_minor.c
%C%_newer_minor_la_CPPFLAGS = $(plugin_module_cppflags)
%C%_newer_minor_la_LDFLAGS = $(plugin_module_ldflags)
%C%_no_entry_la_SOURCES = %D%/no_entry.c
%C%_no_entry_la_CPPFLAGS = $(plugin_module_cppflags)
%C%_no_entry_la_LDFLAGS = $(plugin_module_ldflags)
%C%_not_a_plugin_la_SOURCES = %D%/not_a_plugin.c
%C%_not_a_plugin_la_CPPFLAGS = $(plugin_module_cppflags)
%C%_not_a_plugin_la_LDFLAGS = $(plugin_module_ldflags)
%C%_secret_option_la_SOURCES = %D%/secret_option.c
%C%_secret_option_la_CPPFLAGS = $(plugin_module_cppflags)
%C%_secret_option_la_LDFLAGS = $(plugin_module_ldflags)
%C%_small_option_la_SOURCES = %D%/small_option.c
%C%_small_option_la_CPPFLAGS = $(plugin_module_cppflags)
%C%_small_option_la_LDFLAGS = $(plugin_module_ldflags)
%C%_small_struct_la_SOURCES = %D%/small_struct.c
%C%_small_struct_la_CPPFLAGS = $(plugin_module_cppflags)
%C%_small_struct_la_LDFLAGS = $(plugin_module_ldflags)
%C%_unknown_capability_la_SOURCES = %D%/unknown_capability.c
%C%_unknown_capability_la_CPPFLAGS = $(plugin_module_cppflags)
%C%_unknown_capability_la_LDFLAGS = $(plugin_module_ldflags)
%C%_wrong_major_la_SOURCES = %D%/wrong_major.c
%C%_wrong_major_la_CPPFLAGS = $(plugin_module_cppflags)
%C%_wrong_major_la_LDFLAGS = $(plugin_module_ldflags)

# The header of version 1.0, and nothing else of the library.
%C%_previous_la_SOURCES = %D%/previous.c
%C%_previous_la_CPPFLAGS = -I$(top_srcdir)/tests/abi/1.0
%C%_previous_la_LDFLAGS = $(plugin_module_ldflags)

# A library with an entry, found beside what is linked to it.
%C%_dependency_la_SOURCES = %D%/dependency.c
%C%_dependency_la_CPPFLAGS = $(plugin_module_cppflags)
%C%_dependency_la_LDFLAGS = $(plugin_module_ldflags)
%C%_entry_in_dependency_la_SOURCES = %D%/entry_in_dependency.c
%C%_entry_in_dependency_la_LDFLAGS = $(plugin_module_ldflags) -Wl,-rpath,'$$ORIGIN' -Wl,--no-as-needed \
	-L%D%/.libs -l:dependency.so
EXTRA_%C%_entry_in_dependency_la_DEPENDENCIES = %D%/dependency.la
