# SPDX-License-Identifier: MIT
auth_sources = \
	%D%/answer.c %D%/answer.h \
	%D%/auth_request.c %D%/auth_request.h \
	%D%/credential.c %D%/credential.h \
	%D%/digest_key.c %D%/digest_key.h \
	%D%/flight.c %D%/flight.h \
	%D%/flight_login.c \
	%D%/flight_token.c \
	%D%/keyring.c %D%/keyring.h \
	%D%/keyring_status.c \
	%D%/latch.c %D%/latch.h \
	%D%/latch_file.c %D%/latch_file.h \
	%D%/lock_wait.c %D%/lock_wait.h \
	%D%/login_request.c %D%/login_request.h \
	%D%/logout.c %D%/logout.h \
	%D%/ring.c %D%/ring.h \
	%D%/state_name.c %D%/state_name.h \
	%D%/token_file.c %D%/token_file.h \
	%D%/token_request.c %D%/token_request.h \
	%D%/waiters.c %D%/waiters.h
