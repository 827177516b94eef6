# SPDX-License-Identifier: MIT
# The Python binding: a module in C for every CPython from 3.11 on, and the package around it.
# Everything of the package is also in the folder `stage`, to be used before it is installed:
# PYTHONPATH=bindings/python/stage. What is installed is seen by `pip list` through the folder
# .dist-info; pip does not remove it (`make uninstall` does), as it has no RECORD.

python_core_sources = \
	%D%/core/ask.c \
	%D%/core/core.c \
	%D%/core/core.h \
	%D%/core/failure.c \
	%D%/core/handle.c \
	%D%/core/handle.h \
	%D%/core/handle_body.c \
	%D%/core/hook.c \
	%D%/core/module.c \
	%D%/core/options.c \
	%D%/core/pending.c \
	%D%/core/perform.c \
	%D%/core/plan.c \
	%D%/core/policy.c \
	%D%/core/request.c \
	%D%/core/result.c \
	%D%/core/secret.c \
	%D%/core/value.c \
	%D%/core/verdict.c \
	%D%/core/wait.c
python_modules = \
	%D%/thingspace/__init__.py \
	%D%/thingspace/__init__.pyi \
	%D%/thingspace/__main__.py \
	%D%/thingspace/_core.pyi \
	%D%/thingspace/aio.py \
	%D%/thingspace/aio.pyi \
	%D%/thingspace/auth.py \
	%D%/thingspace/auth.pyi \
	%D%/thingspace/base.py \
	%D%/thingspace/base.pyi \
	%D%/thingspace/catalogue.py \
	%D%/thingspace/catalogue.pyi \
	%D%/thingspace/client.py \
	%D%/thingspace/client.pyi \
	%D%/thingspace/errors.py \
	%D%/thingspace/errors.pyi \
	%D%/thingspace/hooks.py \
	%D%/thingspace/options.py \
	%D%/thingspace/policy.py \
	%D%/thingspace/policy.pyi \
	%D%/thingspace/py.typed \
	%D%/thingspace/results.py \
	%D%/thingspace/results.pyi \
	%D%/thingspace/runs.py \
	%D%/thingspace/runs.pyi \
	%D%/thingspace/values.py \
	%D%/thingspace/worker.py

EXTRA_DIST += $(python_core_sources) $(python_modules) %D%/README.md \
	%D%/build_backend.py %D%/pyproject.toml

.PHONY: python-check-place python-install python-uninstall python-clean-stage
install-exec-local: python-check-place
install-exec-hook: python-install
uninstall-hook: python-uninstall
clean-local: python-clean-stage
if PYTHON_BINDING
pypackagedir = $(pyexecdir)/thingspace
pydistinfodir = $(pyexecdir)/thingspace-$(PACKAGE_VERSION).dist-info

# Installed below, after libthingspace, which libtool then links it with.
noinst_LTLIBRARIES += %D%/_core.la
%C%__core_la_SOURCES = $(python_core_sources)
%C%__core_la_CPPFLAGS = -I$(top_srcdir)/core/include $(PYTHON_CPPFLAGS)
# Python's tables hold functions as `void *` and names without const.
%C%__core_la_CFLAGS = $(AM_CFLAGS) -Wno-pedantic -Wno-write-strings
%C%__core_la_LIBADD = core/libthingspace.la
%C%__core_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -shrext .abi3.so \
	-export-symbols-regex '^PyInit__core$$' -rpath '$(pypackagedir)'

pypackage_DATA = $(python_modules)
pydistinfo_DATA = %D%/dist-info/INSTALLER %D%/dist-info/METADATA
CLEANFILES += $(pydistinfo_DATA) $(pydistinfo_DATA:=.part)

python_backend = $(PYTHON) -B $(srcdir)/bindings/python/build_backend.py
%D%/dist-info/METADATA: %D%/build_backend.py %D%/pyproject.toml
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(python_backend) metadata > $@.part && mv $@.part $@
%D%/dist-info/INSTALLER: Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && echo make > $@

# The module is a copy, because `make install` links it anew, and for that moment it is gone.
python_stage = %D%/stage/stamp
%D%/stage/stamp: %D%/_core.la $(python_modules)
	$(AM_V_GEN)rm -rf $(@D) && $(MKDIR_P) $(@D)/thingspace && \
	for file in $(python_modules); do \
		$(LN_S) "$(abs_top_srcdir)/$$file" $(@D)/thingspace/ || exit 1; \
	done && \
	cp bindings/python/.libs/_core.abi3.so $(@D)/thingspace/ && \
	echo > $@

# What depends on libthingspace knows from its build on where that is: libtool installs it nowhere else,
# and says so in words that do not help.
python-check-place: %D%/_core.la
	@built=`$(SED) -n "s/^libdir='\(.*\)'$$/\1/p" %D%/_core.la`; \
	if test "$$built" != '$(pypackagedir)'; then \
		echo "make install: built to be installed in $$built, not in $(pypackagedir):" \
			"give the prefix to configure; DESTDIR collects the files elsewhere" >&2; \
		exit 1; \
	fi

python-install: %D%/_core.la
	$(MKDIR_P) '$(DESTDIR)$(pypackagedir)'
	$(LIBTOOL) $(AM_LIBTOOLFLAGS) $(LIBTOOLFLAGS) --mode=install $(INSTALL_PROGRAM) \
		%D%/_core.la '$(DESTDIR)$(pypackagedir)'
	rm -f '$(DESTDIR)$(pypackagedir)/_core.la'
python-uninstall:
	rm -f '$(DESTDIR)$(pypackagedir)/_core.abi3.so'
	rm -rf '$(DESTDIR)$(pypackagedir)/__pycache__'
	rmdir '$(DESTDIR)$(pypackagedir)' '$(DESTDIR)$(pydistinfodir)' 2>/dev/null || :
python-clean-stage:
	rm -rf %D%/stage
else
python-check-place python-install python-uninstall python-clean-stage:
endif
all-local: $(python_stage)
