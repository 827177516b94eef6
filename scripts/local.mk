# SPDX-License-Identifier: MIT
# Policies that ship, and the two set-up scripts.
examplesdir = $(docdir)/examples
dist_examples_DATA = \
	%D%/fleet.csv %D%/fleet.lua \
	%D%/multi-tenant.csv %D%/multi-tenant.lua \
	%D%/plugins.lua %D%/quickstart.lua
exampletenantsdir = $(examplesdir)/tenants
dist_exampletenants_DATA = %D%/tenants/acme.lua
EXTRA_DIST += %D%/demo.sh %D%/dev.sh %D%/lib.sh %D%/package-deb.sh %D%/package-lib.sh %D%/package-rpm.sh %D%/release.sh %D%/sbom.sh %D%/test.sh

# What a tarball holds and what it needs, for those who look for known faults: SPDX 2.3. A tarball that
# is there already is the one that is described.
.PHONY: sbom
if SIMULATOR
sbom_simulator = libmicrohttpd
endif
sbom:
	test -f $(distdir).tar.xz || $(MAKE) dist
	PKG_CONFIG='$(PKG_CONFIG)' $(SHELL) $(srcdir)/%D%/sbom.sh $(distdir).tar.xz \
	  libcurl libcjson libsodium $(LUA_MODULE) $(sbom_simulator) > $(distdir).spdx.json.part
	mv $(distdir).spdx.json.part $(distdir).spdx.json
	@echo "$(distdir).spdx.json"
