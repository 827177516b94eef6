# SPDX-License-Identifier: MIT
# The library. libbase.la holds the rooms that know no network and no Lua (the
# simulator and the command borrow from it), libcore.la all of it: unit tests
# link that one, so that hidden symbols are testable.

include $(top_srcdir)/core/base/local.mk
include $(top_srcdir)/core/catalogue/local.mk
include $(top_srcdir)/core/http/local.mk
include $(top_srcdir)/core/auth/local.mk
include $(top_srcdir)/core/plugin/local.mk
include $(top_srcdir)/core/policy/local.mk
include $(top_srcdir)/core/lua/local.mk
include $(top_srcdir)/core/client/local.mk
include $(top_srcdir)/core/callbacks/local.mk

noinst_LTLIBRARIES += %D%/libbase.la %D%/libcore.la
%C%_libbase_la_SOURCES = $(base_sources) $(catalogue_sources)
%C%_libbase_la_CPPFLAGS = $(AM_CPPFLAGS) $(CJSON_CFLAGS) $(SODIUM_CFLAGS)
%C%_libbase_la_LIBADD = $(CJSON_LIBS) $(SODIUM_LIBS) -lpthread

%C%_libcore_la_SOURCES = $(http_sources) $(auth_sources) $(plugin_sources) \
	$(policy_sources) $(lua_sources) $(client_sources) $(callbacks_sources)
%C%_libcore_la_CPPFLAGS = $(AM_CPPFLAGS) $(CJSON_CFLAGS) $(SODIUM_CFLAGS) $(CURL_CFLAGS) $(LUA_CFLAGS) \
	$(plugin_cppflags)
%C%_libcore_la_LIBADD = %D%/libbase.la $(CURL_LIBS) $(LUA_LIBS) -lm

lib_LTLIBRARIES += %D%/libthingspace.la
%C%_libthingspace_la_SOURCES =
%C%_libthingspace_la_LIBADD = %D%/libcore.la
%C%_libthingspace_la_LDFLAGS = $(AM_LDFLAGS) -version-info 0:0:0 -no-undefined
if VERSION_SCRIPT
%C%_libthingspace_la_LDFLAGS += -Wl,--version-script=$(top_srcdir)/%D%/libthingspace.map
endif
EXTRA_%C%_libthingspace_la_DEPENDENCIES = %D%/libthingspace.map
EXTRA_DIST += %D%/libthingspace.map

pkgconfigdir = $(libdir)/pkgconfig
pkgconfig_DATA = %D%/thingspace.pc
thingspaceincludedir = $(includedir)/thingspace
thingspaceinclude_HEADERS = $(public_headers)
public_headers = \
	%D%/include/thingspace/auth.h \
	%D%/include/thingspace/callbacks.h \
	%D%/include/thingspace/client.h \
	%D%/include/thingspace/error.h \
	%D%/include/thingspace/log.h \
	%D%/include/thingspace/plan.h \
	%D%/include/thingspace/plugins.h \
	%D%/include/thingspace/plugin.h \
	%D%/include/thingspace/policy.h \
	%D%/include/thingspace/secret.h \
	%D%/include/thingspace/services.h \
	%D%/include/thingspace/status.h \
	%D%/include/thingspace/thingspace.h \
	%D%/include/thingspace/version.h
