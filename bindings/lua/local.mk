# SPDX-License-Identifier: MIT
# The Lua binding: thingspace.core in C, and thingspace.lua above it. Both are also in the folder
# `stage`, to be used before they are installed:
#   LUA_PATH='bindings/lua/stage/?.lua;;' LUA_CPATH='bindings/lua/stage/?.so;;'

lua_binding_sources = \
	%D%/apply.c \
	%D%/audience.c \
	%D%/box.c \
	%D%/client.c \
	%D%/core.h \
	%D%/errors.c \
	%D%/handle.c \
	%D%/handle.h \
	%D%/holder.c \
	%D%/hook.c \
	%D%/import.c \
	%D%/interrupt.c \
	%D%/json_read.c \
	%D%/json_write.c \
	%D%/loop.c \
	%D%/lost.c \
	%D%/members.c \
	%D%/message.c \
	%D%/module.c \
	%D%/options.c \
	%D%/plan.c \
	%D%/plan.h \
	%D%/policy.c \
	%D%/request.c \
	%D%/resume.c \
	%D%/secret.c \
	%D%/table.c \
	%D%/task.c \
	%D%/task.h \
	%D%/tools.c \
	%D%/verdict.c

# Annotations apart from those of plugins, which have other things by the same names. Made without the
# binding, too: they are in the tarball.
noinst_PROGRAMS += %D%/annotate
%C%_annotate_SOURCES = %D%/annotate.c %D%/api.h %D%/members.h
%C%_annotate_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
%C%_annotate_LDADD = core/libcore.la
lua_annotations = %D%/annotations/thingspace.lua
shipped += $(lua_annotations)
CLEANFILES += $(lua_annotations).part
$(lua_annotations): %D%/annotate$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(run_built) ./%D%/annotate > $@.part && mv $@.part $@

EXTRA_DIST += $(lua_binding_sources) %D%/api.h %D%/members.h %D%/thingspace.lua %D%/thingspace-dev-1.rockspec

.PHONY: lua-clean-stage lua-install lua-uninstall
install-exec-hook: lua-install
uninstall-hook: lua-uninstall
clean-local: lua-clean-stage
if LUA_BINDING
luacmoduledir = $(luacdir)/thingspace
# Installed below, after libthingspace, which libtool then links it with.
noinst_LTLIBRARIES += %D%/core.la
%C%_core_la_SOURCES = $(lua_binding_sources)
%C%_core_la_CPPFLAGS = -I$(top_srcdir)/core/include $(LUA_CFLAGS)
%C%_core_la_LIBADD = core/libthingspace.la
%C%_core_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared \
	-export-symbols-regex '^luaopen_thingspace_core$$' -rpath '$(luacmoduledir)'
luamoduledir = $(luadir)
luamodule_DATA = %D%/thingspace.lua
luaannotationsdir = $(pkgdatadir)/lua-annotations-module
luaannotations_DATA = $(lua_annotations)

# The module is a copy, because `make install` links it anew, and for that moment it is gone.
lua_stage = %D%/stage/stamp
%D%/stage/stamp: %D%/core.la %D%/thingspace.lua
	$(AM_V_GEN)rm -rf $(@D) && $(MKDIR_P) $(@D)/thingspace && \
	$(LN_S) "$(abs_top_srcdir)/bindings/lua/thingspace.lua" $(@D)/ && \
	cp bindings/lua/.libs/core.so $(@D)/thingspace/ && \
	echo > $@

lua-install: %D%/core.la
	$(MKDIR_P) '$(DESTDIR)$(luacmoduledir)'
	$(LIBTOOL) $(AM_LIBTOOLFLAGS) $(LIBTOOLFLAGS) --mode=install $(INSTALL_PROGRAM) \
		%D%/core.la '$(DESTDIR)$(luacmoduledir)'
	rm -f '$(DESTDIR)$(luacmoduledir)/core.la'
lua-uninstall:
	rm -f '$(DESTDIR)$(luacmoduledir)/core.so'
	rmdir '$(DESTDIR)$(luacmoduledir)' 2>/dev/null || :
lua-clean-stage:
	rm -rf %D%/stage
else
lua-install lua-uninstall lua-clean-stage:
endif
all-local: $(lua_stage)
