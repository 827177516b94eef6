# SPDX-License-Identifier: MIT
base_sources = \
	%D%/buffer.c %D%/buffer.h \
	%D%/clock.c %D%/clock.h \
	%D%/digest.c %D%/digest.h \
	%D%/error.c %D%/error.h \
	%D%/file.c %D%/file.h \
	%D%/forks.c %D%/forks.h \
	%D%/json.c %D%/json.h %D%/json_node.h \
	%D%/json_parse.c %D%/json_write.c \
	%D%/json_pointer.c %D%/json_pointer.h \
	%D%/limits.h \
	%D%/log.c %D%/log.h \
	%D%/map.c %D%/map.h \
	%D%/nearest.c %D%/nearest.h \
	%D%/secret.c %D%/secret.h %D%/secret_inside.h \
	%D%/secret_command.c %D%/secret_command.h \
	%D%/secret_file.c %D%/secret_file.h \
	%D%/secret_read.c %D%/secret_read.h \
	%D%/secret_source.c %D%/secret_source.h \
	%D%/secret_view.c \
	%D%/sized.c %D%/sized.h \
	%D%/state.c %D%/state.h %D%/state_inside.h \
	%D%/state_names.c \
	%D%/state_open.c %D%/state_place.c \
	%D%/status.c \
	%D%/text.c %D%/text.h \
	%D%/timer.c %D%/timer.h
