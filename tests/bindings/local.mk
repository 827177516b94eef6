# SPDX-License-Identifier: MIT
# What the languages have in common. A language that was not built is skipped.
EXTRA_DIST += %D%/languages.sh %D%/walk.sh %D%/functions.lua %D%/functions.py %D%/bound.sh %D%/functions.txt %D%/guide.sh \
	%D%/scenario.json %D%/scenario_plugin.lua %D%/scenario_plugin_test.lua %D%/scenario.lua %D%/scenario.py %D%/compare.sh

check_PROGRAMS += %D%/scenario
%C%_scenario_SOURCES = %D%/scenario.c %D%/scenario.h %D%/scenario_hooks.c %D%/scenario_json.c %D%/scenario_plans.c \
	%D%/scenario_tools.c
%C%_scenario_CPPFLAGS = -I$(top_srcdir)/core/include $(CJSON_CFLAGS)
%C%_scenario_LDADD = core/libthingspace.la $(CJSON_LIBS)

if SIMULATOR
language_tests = %D%/bound.sh %D%/guide.sh %D%/compare.sh
endif
TESTS += $(language_tests)

# Loops of 100,000 calls, whose memory must stay flat; `make check` makes fewer of Python, which takes long.
# A leak of 60 bytes in each call is seen by both.
.PHONY: check-memory
if LUA_BINDING
lua_memory_tests = %D%/lua/run.sh
endif
if PYTHON_BINDING
python_memory_tests = %D%/python/test_memory.py
endif
check-memory:
	THINGSPACE_LOOPS=100000 $(MAKE) check TESTS='$(lua_memory_tests) $(python_memory_tests)' \
	  check_PROGRAMS= check_LTLIBRARIES=
