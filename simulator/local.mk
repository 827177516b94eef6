# SPDX-License-Identifier: MIT
# The stand-in service. libsimulator.la has its symbols visible to unit tests,
# libthingspace-simulator.la is what is installed and what the command links.

simulator_sources = \
	%D%/answer.c %D%/answer.h \
	%D%/body.c %D%/body.h \
	%D%/callbacks.c %D%/callbacks.h \
	%D%/control.c %D%/control.h \
	%D%/decode.c %D%/decode.h \
	%D%/exchange.c %D%/exchange.h \
	%D%/fault_rule.c %D%/fault_rule.h \
	%D%/faults.c %D%/faults.h \
	%D%/journal.c %D%/journal.h \
	%D%/limits.h \
	%D%/model.c %D%/model.h \
	%D%/options.c %D%/options.h \
	%D%/pairs.c %D%/pairs.h \
	%D%/registry.c %D%/registry.h \
	%D%/request.c %D%/request.h \
	%D%/router.c %D%/router.h \
	%D%/server.c %D%/server.h \
	%D%/sessions.c %D%/sessions.h \
	%D%/simulator.c \
	%D%/sister.c %D%/sister.h \
	%D%/socket.c %D%/socket.h \
	%D%/tokens.c %D%/tokens.h \
	%D%/waits.c %D%/waits.h

EXTRA_DIST += %D%/libthingspace-simulator.map %D%/include/thingspace/simulator.h

if SIMULATOR
noinst_LTLIBRARIES += %D%/libsimulator.la
%C%_libsimulator_la_SOURCES = $(simulator_sources)
%C%_libsimulator_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/%D%/include $(MICROHTTPD_CFLAGS)
%C%_libsimulator_la_LIBADD = $(MICROHTTPD_LIBS) -lpthread

lib_LTLIBRARIES += %D%/libthingspace-simulator.la
%C%_libthingspace_simulator_la_SOURCES =
%C%_libthingspace_simulator_la_LIBADD = %D%/libsimulator.la core/libbase.la
%C%_libthingspace_simulator_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 -no-undefined
if VERSION_SCRIPT
%C%_libthingspace_simulator_la_LDFLAGS += -Wl,--version-script=$(top_srcdir)/%D%/libthingspace-simulator.map
endif
EXTRA_%C%_libthingspace_simulator_la_DEPENDENCIES = %D%/libthingspace-simulator.map
thingspaceinclude_HEADERS += %D%/include/thingspace/simulator.h
pkgconfig_DATA += %D%/thingspace-simulator.pc
endif
