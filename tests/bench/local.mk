# SPDX-License-Identifier: MIT
# `make bench`: the figures that are promised, each beside its baseline; see bench.sh.

EXTRA_DIST += %D%/bench.sh %D%/pycurl_asyncio.py %D%/pycurl_multi.py %D%/python_bench.py %D%/python_calls.py
EXTRA_PROGRAMS = %D%/process %D%/register %D%/hook %D%/pipeline %D%/scale %D%/fleet %D%/engine
CLEANFILES += %D%/bench.json %D%/process$(EXEEXT) %D%/register$(EXEEXT) %D%/hook$(EXEEXT) \
	%D%/pipeline$(EXEEXT) %D%/scale$(EXEEXT) %D%/fleet$(EXEEXT) %D%/engine$(EXEEXT)

%C%_process_SOURCES = %D%/process.c %D%/median.h

%C%_register_SOURCES = %D%/register.c %D%/peer.c %D%/peer.h %D%/median.h
%C%_register_CPPFLAGS = -I$(top_srcdir)/core/include $(CURL_CFLAGS)
%C%_register_LDADD = core/libthingspace.la $(CURL_LIBS)

%C%_pipeline_SOURCES = %D%/pipeline.c %D%/peer.c %D%/peer.h %D%/median.h %D%/raw.c %D%/raw.h \
	%D%/rivals.c %D%/rivals.h
%C%_pipeline_CPPFLAGS = -I$(top_srcdir)/core/include $(CURL_CFLAGS) $(CJSON_CFLAGS)
%C%_pipeline_LDADD = core/libthingspace.la $(CURL_LIBS) $(CJSON_LIBS)

%C%_fleet_SOURCES = %D%/fleet.c %D%/peer.c %D%/peer.h
%C%_fleet_CPPFLAGS = -I$(top_srcdir)/core/include
%C%_fleet_LDADD = core/libthingspace.la

%C%_engine_SOURCES = %D%/engine.c %D%/peer.c %D%/peer.h
%C%_engine_CPPFLAGS = -I$(top_srcdir)/core/include
%C%_engine_LDADD = core/libthingspace.la

# Measures hidden functions: it links what the unit tests link.
%C%_hook_SOURCES = %D%/hook.c %D%/peer.c %D%/peer.h %D%/median.h
%C%_hook_CPPFLAGS = $(AM_CPPFLAGS) $(LUA_CFLAGS)
%C%_hook_LDADD = core/libcore.la

# Its second half is the transport without a client.
%C%_scale_SOURCES = %D%/scale.c %D%/peer.c %D%/peer.h %D%/median.h
%C%_scale_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/simulator/include $(CURL_CFLAGS)
%C%_scale_LDADD = core/libcore.la simulator/libthingspace-simulator.la $(CURL_LIBS)

# Empty when its binding is not built.
if PYTHON_BINDING
bench_python = $(PYTHON)
endif

.PHONY: bench
bench: all %D%/process$(EXEEXT) %D%/register$(EXEEXT) %D%/hook$(EXEEXT) %D%/pipeline$(EXEEXT) \
	%D%/scale$(EXEEXT) %D%/fleet$(EXEEXT) %D%/engine$(EXEEXT) tests/unit/lua/test_deadline$(EXEEXT) tests/unit/lua/test_plugin_attacks$(EXEEXT)
	@top_srcdir='$(abs_top_srcdir)' python='$(bench_python)' $(srcdir)/%D%/bench.sh
