# SPDX-License-Identifier: MIT
catalogue_sources = \
	%D%/account.c %D%/account.h \
	%D%/api.c %D%/api.h \
	%D%/api_table.c %D%/api_table.h \
	%D%/fault.c %D%/fault.h \
	%D%/fault_xml.c %D%/fault_xml.h \
	%D%/host.c %D%/host.h \
	%D%/listener_check.c %D%/listener_check.h \
	%D%/sensitive.c %D%/sensitive.h \
	%D%/service.c %D%/service.h \
	%D%/source.c \
	%D%/url_pattern.c %D%/url_pattern.h \
	%D%/url_template.c %D%/url_template.h \
	%D%/weburl.c %D%/weburl.h
