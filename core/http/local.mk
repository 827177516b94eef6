# SPDX-License-Identifier: MIT
http_sources = \
	%D%/answer.c \
	%D%/connect.c \
	%D%/driver_epoll.c \
	%D%/driver_poll.c \
	%D%/endpoint.c %D%/endpoint.h \
	%D%/exchange.c \
	%D%/failure.c \
	%D%/request.c %D%/request.h \
	%D%/response.c %D%/response.h \
	%D%/transport.c %D%/transport.h %D%/transport_internal.h \
	%D%/headers.c %D%/headers.h \
	%D%/retry.c %D%/retry.h \
	%D%/url.c %D%/url.h
