# SPDX-License-Identifier: MIT
# Policies that ship, and the two set-up scripts.
examplesdir = $(docdir)/examples
dist_examples_DATA = \
	%D%/fleet.csv %D%/fleet.lua \
	%D%/multi-tenant.csv %D%/multi-tenant.lua \
	%D%/plugins.lua %D%/quickstart.lua
exampletenantsdir = $(examplesdir)/tenants
dist_exampletenants_DATA = %D%/tenants/acme.lua
EXTRA_DIST += %D%/demo.sh %D%/lib.sh %D%/package-deb.sh %D%/test.sh
