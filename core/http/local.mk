http_sources = \
	%D%/headers.c %D%/headers.h \
	%D%/retry.c %D%/retry.h \
	%D%/url.c %D%/url.h
