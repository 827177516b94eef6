# SPDX-License-Identifier: MIT
# Each test has the same three lines: sources, flags, libraries.
base_tests = \
	tests/unit/base/test_buffer \
	tests/unit/base/test_error \
	tests/unit/base/test_file \
	tests/unit/base/test_json \
	tests/unit/base/test_json_parse \
	tests/unit/base/test_json_pointer \
	tests/unit/base/test_log \
	tests/unit/base/test_map \
	tests/unit/base/test_nearest \
	tests/unit/base/test_secret \
	tests/unit/base/test_secret_command \
	tests/unit/base/test_secret_source \
	tests/unit/base/test_sized \
	tests/unit/base/test_state \
	tests/unit/base/test_state_open \
	tests/unit/base/test_text \
	tests/unit/base/test_timer

tests_unit_base_test_file_SOURCES = %D%/test_file.c
tests_unit_base_test_file_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_file_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_file_LDADD = $(unit_ldadd)

tests_unit_base_test_sized_SOURCES = %D%/test_sized.c
tests_unit_base_test_sized_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_sized_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_sized_LDADD = $(unit_ldadd)

tests_unit_base_test_secret_SOURCES = %D%/test_secret.c
tests_unit_base_test_secret_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_secret_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_secret_LDADD = $(unit_ldadd)

tests_unit_base_test_secret_source_SOURCES = %D%/test_secret_source.c
tests_unit_base_test_secret_source_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_secret_source_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_secret_source_LDADD = $(unit_ldadd)

tests_unit_base_test_state_SOURCES = %D%/test_state.c
tests_unit_base_test_state_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_state_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_state_LDADD = $(unit_ldadd)

tests_unit_base_test_secret_command_SOURCES = %D%/test_secret_command.c
tests_unit_base_test_secret_command_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_secret_command_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_secret_command_LDADD = $(unit_ldadd)

tests_unit_base_test_state_open_SOURCES = %D%/test_state_open.c
tests_unit_base_test_state_open_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_state_open_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_state_open_LDADD = $(unit_ldadd)

tests_unit_base_test_buffer_SOURCES = %D%/test_buffer.c
tests_unit_base_test_buffer_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_buffer_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_buffer_LDADD = $(unit_ldadd)

tests_unit_base_test_error_SOURCES = %D%/test_error.c
tests_unit_base_test_error_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_error_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_error_LDADD = $(unit_ldadd)

tests_unit_base_test_json_SOURCES = %D%/test_json.c
tests_unit_base_test_json_CPPFLAGS = $(unit_cppflags) $(CJSON_CFLAGS)
tests_unit_base_test_json_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_json_LDADD = $(unit_ldadd) $(CJSON_LIBS)

tests_unit_base_test_json_parse_SOURCES = %D%/test_json_parse.c
tests_unit_base_test_json_parse_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_json_parse_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_json_parse_LDADD = $(unit_ldadd)

tests_unit_base_test_log_SOURCES = %D%/test_log.c
tests_unit_base_test_log_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_log_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_log_LDADD = $(unit_ldadd)

tests_unit_base_test_map_SOURCES = %D%/test_map.c
tests_unit_base_test_map_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_map_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_map_LDADD = $(unit_ldadd)

tests_unit_base_test_nearest_SOURCES = %D%/test_nearest.c
tests_unit_base_test_nearest_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_nearest_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_nearest_LDADD = $(unit_ldadd)

tests_unit_base_test_text_SOURCES = %D%/test_text.c
tests_unit_base_test_text_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_text_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_text_LDADD = $(unit_ldadd)

tests_unit_base_test_timer_SOURCES = %D%/test_timer.c
tests_unit_base_test_timer_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_timer_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_timer_LDADD = $(unit_ldadd)

tests_unit_base_test_json_pointer_SOURCES = %D%/test_json_pointer.c
tests_unit_base_test_json_pointer_CPPFLAGS = $(unit_cppflags)
tests_unit_base_test_json_pointer_LDFLAGS = $(unit_ldflags)
tests_unit_base_test_json_pointer_LDADD = $(unit_ldadd)
