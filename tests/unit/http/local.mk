# SPDX-License-Identifier: MIT
http_tests = \
	tests/unit/http/test_endpoint \
	tests/unit/http/test_request \
	tests/unit/http/test_response \
	tests/unit/http/test_transport \
	tests/unit/http/test_transport_answers \
	tests/unit/http/test_transport_http2 \
	tests/unit/http/test_transport_peers \
	tests/unit/http/test_headers \
	tests/unit/http/test_retry \
	tests/unit/http/test_url

tests_unit_http_test_headers_SOURCES = %D%/test_headers.c
tests_unit_http_test_headers_CPPFLAGS = $(unit_cppflags)
tests_unit_http_test_headers_LDFLAGS = $(unit_ldflags)
tests_unit_http_test_headers_LDADD = $(unit_ldadd)

tests_unit_http_test_retry_SOURCES = %D%/test_retry.c
tests_unit_http_test_retry_CPPFLAGS = $(unit_cppflags)
tests_unit_http_test_retry_LDFLAGS = $(unit_ldflags)
tests_unit_http_test_retry_LDADD = $(unit_ldadd)

tests_unit_http_test_url_SOURCES = %D%/test_url.c
tests_unit_http_test_url_CPPFLAGS = $(unit_cppflags)
tests_unit_http_test_url_LDFLAGS = $(unit_ldflags)
tests_unit_http_test_url_LDADD = $(unit_ldadd)

tests_unit_http_test_endpoint_SOURCES = %D%/test_endpoint.c
tests_unit_http_test_endpoint_CPPFLAGS = $(unit_cppflags)
tests_unit_http_test_endpoint_LDFLAGS = $(unit_ldflags)
tests_unit_http_test_endpoint_LDADD = $(unit_ldadd)

tests_unit_http_test_request_SOURCES = %D%/test_request.c
tests_unit_http_test_request_CPPFLAGS = $(unit_cppflags)
tests_unit_http_test_request_LDFLAGS = $(unit_ldflags)
tests_unit_http_test_request_LDADD = $(unit_ldadd)

tests_unit_http_test_response_SOURCES = %D%/test_response.c
tests_unit_http_test_response_CPPFLAGS = $(unit_cppflags)
tests_unit_http_test_response_LDFLAGS = $(unit_ldflags)
tests_unit_http_test_response_LDADD = $(unit_ldadd)

peer_sources = %D%/ask.c %D%/ask.h %D%/peer.c %D%/peer.h %D%/tls_peer.c

tests_unit_http_test_transport_SOURCES = %D%/test_transport.c $(peer_sources)
tests_unit_http_test_transport_CPPFLAGS = $(unit_cppflags)
tests_unit_http_test_transport_LDFLAGS = $(unit_ldflags)
tests_unit_http_test_transport_LDADD = $(unit_ldadd)

tests_unit_http_test_transport_answers_SOURCES = %D%/test_transport_answers.c $(peer_sources)
tests_unit_http_test_transport_answers_CPPFLAGS = $(unit_cppflags)
tests_unit_http_test_transport_answers_LDFLAGS = $(unit_ldflags)
tests_unit_http_test_transport_answers_LDADD = $(unit_ldadd)

tests_unit_http_test_transport_peers_SOURCES = %D%/test_transport_peers.c $(peer_sources)
tests_unit_http_test_transport_peers_CPPFLAGS = $(unit_cppflags)
tests_unit_http_test_transport_peers_LDFLAGS = $(unit_ldflags)
tests_unit_http_test_transport_peers_LDADD = $(unit_ldadd)

tests_unit_http_test_transport_http2_SOURCES = %D%/test_transport_http2.c $(peer_sources)
tests_unit_http_test_transport_http2_CPPFLAGS = $(unit_cppflags)
tests_unit_http_test_transport_http2_LDFLAGS = $(unit_ldflags)
tests_unit_http_test_transport_http2_LDADD = $(unit_ldadd)
