/* SPDX-License-Identifier: MIT */
/* Loading compiled plugins: real shared objects, taken or refused with the reason. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/text.h"
#include "compiled_call.h"

/* Whether the module is refused with that in the message; memory ends the test as ever. */
#define CHECK_REFUSED(name, options, wanted)                                                       \
    do {                                                                                           \
        cleanup_instance instance *refused = NULL;                                                 \
        thingspace_error why = THINGSPACE_ERROR_INIT;                                              \
        CHECK_STATUS(compiled_load_options(&refused, name, options, &why), THINGSPACE_PLUGIN);     \
        CHECK_INT(why.kind, THINGSPACE_PLUGIN);                                                    \
        CHECK(refused == NULL);                                                                    \
        if (!strstr(why.message, wanted))                                                          \
            CHECK_TEXT(why.message, wanted);                                                       \
    } while (0)

/* An integer of a module that stays loaded. */
static int *counter(const char *module, const char *name)
{
    void *object = dlopen(compiled_module(module), RTLD_NOW | RTLD_LOCAL);
    int *count = object ? dlsym(object, name) : NULL;
    if (object)
        dlclose(object);
    return count;
}

/* --- what is refused --- */

static void another_major_version_is_refused(void)
{
    CHECK_REFUSED("wrong_major", NULL,
                  "wrong_major.so: built with version 2.1 of thingspace/plugin.h, and this library "
                  "has 1.1");
}

static void a_newer_minor_version_is_refused(void)
{
    CHECK_REFUSED("newer_minor", NULL, "built with version 1.2 of thingspace/plugin.h");
}

static void a_struct_smaller_than_that_of_1_0_is_refused(void)
{
    CHECK_REFUSED("small_struct", NULL, "its thingspace_plugin has");
    CHECK_REFUSED("small_option", NULL, "its options have 8 bytes each");
}

static void an_entry_that_is_something_else_is_refused(void)
{
    CHECK_REFUSED("not_a_plugin", NULL, "is not a thingspace_plugin");
}

static void a_file_without_an_entry_is_refused(void)
{
    CHECK_REFUSED("no_entry", NULL, "no symbol thingspace_plugin_entry");
}

static void an_entry_in_a_dependency_is_refused(void)
{
    cleanup_instance instance *fine = NULL;
    CHECK_OK(compiled_load_options(&fine, "dependency", NULL, NULL));
    CHECK_REFUSED("entry_in_dependency", NULL, "is that of a library it is linked to");
}

static void a_missing_symbol_is_refused_at_once(void)
{
    CHECK_REFUSED("missing_symbol", NULL, "nobody_has_this");
}

static void a_bad_manifest_is_refused(void)
{
    CHECK_REFUSED("unknown_capability", NULL, "request.headers:write");
    CHECK_REFUSED("bad_name", NULL, "the manifest's name must be");
    CHECK_REFUSED("nameless", NULL, "the manifest's name must be");
    CHECK_REFUSED("bad_default", NULL, "option a: its default: not valid JSON");
    CHECK_REFUSED("bad_default", NULL, "a text is JSON with its quotes");
    CHECK_REFUSED("bad_type", NULL,
                  "option a: its type must be string, number, integer, boolean or table, not "
                  "'int'");
    CHECK_REFUSED("secret_option", NULL, "option a: compiled plugins get no secrets");
}

static void options_are_checked_before_create(void)
{
    CHECK_REFUSED("good", NULL, "text");
    CHECK_REFUSED("good", "{\"text\":1}", "text");
    CHECK_REFUSED("good", "{\"text\":\"a\",\"txet\":1}", "txet");
}

static void a_failing_create_is_told_with_its_reason(void)
{
    CHECK_REFUSED("failing_create", "{\"how\":\"reason\"}",
                  "failing_create.so: the file is missing");
    CHECK_REFUSED("failing_create", "{\"how\":\"verdict\"}", "stale handle");
    CHECK_REFUSED("failing_create", "{\"how\":\"number\"}", "it returned 3");
    CHECK_REFUSED("failing_create", "{\"how\":\"nothing\"}", "it failed without a reason");
    cleanup_instance instance *none = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_STATUS(compiled_load_options(&none, "failing_create", "{\"how\":\"reason\"}", &error),
                 THINGSPACE_PLUGIN);
    CHECK_TEXT(error.plugin, "failing-create");
    CHECK_TEXT(error.phase, "configure");
    CHECK_TEXT(error.file, compiled_module("failing_create"));
}

/* The getters have no way to tell it, and what they answer must not be taken for a value. */
static void options_that_create_cannot_read_so_make_it_fail(void)
{
    CHECK_REFUSED("failing_create", "{\"how\":\"misspelt\"}",
                  "failing_create.so: create reads the option 'hwo', which is not among its "
                  "options; did you mean 'how'?");
    CHECK_REFUSED("failing_create", "{\"how\":\"unknown\"}",
                  "create reads the option 'elsewhere', which is not among its options");
    CHECK_REFUSED(
        "failing_create", "{\"how\":\"number-as-text\"}",
        "the option 'size' is of type number: read it with thingspace_hook_option_number");
    CHECK_REFUSED("failing_create", "{\"how\":\"number-as-integer\"}",
                  "the option 'size' is of type number");
    CHECK_REFUSED("failing_create", "{\"how\":\"text-as-number\"}",
                  "the option 'how' is of type string: read it with thingspace_hook_option_text");
    CHECK_REFUSED("failing_create", "{\"how\":\"text-as-flag\"}",
                  "the option 'how' is of type string");
}

static void what_create_made_is_destroyed_unless_it_failed_itself(void)
{
    int *destroyed = counter("failing_create", "failing_create_destroyed");
    CHECK(destroyed != NULL);
    *destroyed = 0;
    CHECK_REFUSED("failing_create", "{\"how\":\"reason\"}", "the file is missing");
    CHECK_REFUSED("failing_create", "{\"how\":\"number\"}", "it returned 3");
    CHECK_INT(*destroyed, 0);
    CHECK_REFUSED("failing_create", "{\"how\":\"unknown\"}", "'elsewhere'");
    CHECK_INT(*destroyed, 1);
}

/* Refused with the mode on the path, and loaded again afterwards. */
static thingspace_status load_with_mode(const char *path, mode_t mode, thingspace_error *error)
{
    struct stat before;
    cleanup_instance instance *made = NULL;
    stat(path, &before);
    chmod(path, mode);
    thingspace_status status = compiled_load_options(&made, "dependency", NULL, error);
    chmod(path, before.st_mode & 07777);
    return status;
}

static void what_others_can_write_is_refused(void)
{
    static const struct {
        bool folder;
        mode_t mode;
        const char *wanted;
    } rows[] = {
        {false, 0620, "can be written by others"},
        {false, 0602, "can be written by others"},
        {true, 0770, "can be written by others"},
        {true, 0707, "can be written by others"},
        {true, 01777, "move the plugin into a folder of your own"},
        {true, 0777, "run `chmod go-w` on it"},
    };
    const char *file = compiled_module("dependency");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        thingspace_error error = THINGSPACE_ERROR_INIT;
        const char *path = rows[i].folder ? check_folder() : file;
        CHECK_STATUS(load_with_mode(path, rows[i].mode, &error), THINGSPACE_PLUGIN);
        CHECK(strstr(error.message, rows[i].wanted) != NULL);
        CHECK(strstr(error.message, rows[i].folder ? "the folder" : "the file") != NULL);
    }
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK_OK(load_with_mode(file, 0644, &error));
    CHECK_OK(load_with_mode(check_folder(), 0755, &error));
}

static void a_link_is_judged_by_what_it_leads_to(void)
{
    char folder[512], link[600];
    struct stat before;
    const char *file = compiled_module("dependency");
    snprintf(folder, sizeof(folder), "%s/open", check_folder());
    snprintf(link, sizeof(link), "%s/link.so", folder);
    mkdir(folder, 0700);
    chmod(folder, 0777);
    unlink(link);
    CHECK(symlink(file, link) == 0);
    cleanup_instance instance *made = NULL, *none = NULL;
    CHECK_OK(compiled_load_row(&made, link, NULL, NULL, NULL));
    stat(file, &before);
    chmod(file, 0622);
    thingspace_status status = compiled_load_row(&none, link, NULL, NULL, NULL);
    chmod(file, before.st_mode & 07777);
    CHECK_STATUS(status, THINGSPACE_PLUGIN);
}

/* Whoever can write a folder above could exchange what was checked; one as /tmp lets nobody. */
static void a_folder_above_that_others_can_write_is_refused(void)
{
    static const struct {
        mode_t mode;
        bool refused;
    } rows[] = {{0777, true}, {0775, true}, {01777, false}, {0755, false}};
    char above[512], folder[600], file[700];
    snprintf(above, sizeof(above), "%s/above", check_folder());
    snprintf(folder, sizeof(folder), "%s/inner", above);
    snprintf(file, sizeof(file), "%s/dependency.so", folder);
    mkdir(above, 0700);
    mkdir(folder, 0700);
    unlink(file); /* a loaded one must not be written into */
    compiled_copy(compiled_module("dependency"), file, -1);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cleanup_instance instance *made = NULL;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        CHECK(chmod(above, rows[i].mode) == 0);
        thingspace_status status = compiled_load_row(&made, file, NULL, NULL, &error);
        CHECK_STATUS(status, rows[i].refused ? THINGSPACE_PLUGIN : THINGSPACE_OK);
        CHECK(!rows[i].refused || strstr(error.message, "who can exchange what is in it") != NULL);
    }
}

static void a_file_of_another_user_is_refused(void)
{
    thingspace_error error = THINGSPACE_ERROR_INIT;
    cleanup_instance instance *made = NULL;
    const char *file = compiled_module("dependency");
    if (geteuid() != 0)
        return; /* only root can give a file away */
    CHECK(chown(file, 1, (gid_t)-1) == 0);
    thingspace_status status = compiled_load_options(&made, "dependency", NULL, &error);
    CHECK(chown(file, 0, (gid_t)-1) == 0);
    CHECK_STATUS(status, THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "belongs to user 1") != NULL);
}

static void what_is_no_whole_file_is_refused(void)
{
    char part[512];
    struct stat whole;
    cleanup_instance instance *none = NULL;
    thingspace_error error = THINGSPACE_ERROR_INIT;
    CHECK(stat(compiled_module("good"), &whole) == 0);
    snprintf(part, sizeof(part), "%s/part.so", check_folder());
    for (long size = 0; size < whole.st_size; size += whole.st_size / 7 + 1) {
        compiled_copy(compiled_module("good"), part, size);
        CHECK_STATUS(compiled_load_row(&none, part, NULL, NULL, &error), THINGSPACE_PLUGIN);
        CHECK(strstr(error.message, "not a whole shared object") != NULL);
    }
    CHECK_STATUS(compiled_load_row(&none, check_file("text.so", "return {}"), NULL, NULL, &error),
                 THINGSPACE_PLUGIN);
    CHECK_STATUS(compiled_load_row(&none, check_folder(), NULL, NULL, &error), THINGSPACE_PLUGIN);
    CHECK_STATUS(compiled_load_row(&none, "/nowhere/a.so", NULL, NULL, &error), THINGSPACE_PLUGIN);
    CHECK(strstr(error.message, "No such file") != NULL);
}

static void what_is_built_for_another_machine_is_refused(void)
{
    /* Of an ELF head: the class (32 bit or 64), the order of bytes, the machine. */
    static const long places[] = {4, 5, 18};
    char foreign[512];
    snprintf(foreign, sizeof(foreign), "%s/foreign.so", check_folder());
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        cleanup_instance instance *none = NULL;
        thingspace_error error = THINGSPACE_ERROR_INIT;
        compiled_copy(compiled_module("dependency"), foreign, -1);
        FILE *file = fopen(foreign, "r+b");
        CHECK(file && fseek(file, places[i], SEEK_SET) == 0);
        int byte = getc(file);
        CHECK(fseek(file, places[i], SEEK_SET) == 0 && putc(byte ^ 3, file) != EOF);
        CHECK(fclose(file) == 0);
        CHECK_STATUS(compiled_load_row(&none, foreign, NULL, NULL, &error), THINGSPACE_PLUGIN);
        CHECK(strstr(error.message, "is built for another machine") != NULL);
    }
}

/* --- what is loaded --- */

static void the_manifest_is_what_the_entry_says(void)
{
    cleanup_manifest manifest manifest;
    manifest_init(&manifest);
    CHECK_OK(compiled_manifest(&manifest, compiled_module("good"), NULL));
    CHECK_TEXT(manifest.name, "good");
    CHECK_TEXT(manifest.version, "1.2.3");
    CHECK_INT(manifest.capabilities, CAPABILITY_REQUEST_HEADERS_WRITE | CAPABILITY_ERROR_WRITE |
                                         CAPABILITY_REQUEST_BODY_READ);
    CHECK_INT(manifest.optional, CAPABILITY_REQUEST_BODY_READ);
    CHECK_INT(manifest.option_count, 5);
    CHECK_TEXT(manifest.options[1].name, "integer");
    CHECK_INT(manifest.hooks, PHASES_CALL | PHASES_INBOUND | PHASE_BIT(PHASE_AUDIT));
}

static void options_of_a_later_version_are_read_up_to_what_is_known(void)
{
    cleanup_manifest manifest manifest;
    manifest_init(&manifest);
    CHECK_OK(compiled_manifest(&manifest, compiled_module("large_option"), NULL));
    CHECK_INT(manifest.option_count, 2);
    CHECK_TEXT(manifest.options[0].name, "first");
    CHECK_TEXT(manifest.options[1].name, "second");
    CHECK_TEXT(json_number(manifest.options[1].by_default), "2");
}

static int *living(void)
{
    return counter("good", "good_living");
}

static void two_instances_of_one_file_share_nothing(void)
{
    {
        cleanup_instance instance *a = NULL, *b = NULL;
        CHECK_OK(compiled_load_options(&a, "good", "{\"text\":\"a\"}", NULL));
        CHECK_TEXT(compiled_log, "good: configure: a 7 1500 1 {\"a\":[1,2]} -\n");
        CHECK_OK(
            compiled_load_row(&b, compiled_module("good"),
                              "{\"text\":\"b\",\"integer\":-2,\"number\":-2.5e0,\"flag\":false,"
                              "\"table\":{}}",
                              "/etc/policy", NULL));
        CHECK_TEXT(compiled_log, "good: configure: b -2 -2500 0 {} /etc/policy\n");
        CHECK(living() && *living() == 2);
        cleanup_compiled_call compiled_call call;
        CHECK_OK(compiled_call_init(&call));
        compiled_log[0] = '\0';
        CHECK_OK(compiled_call_run(&call, a, PHASE_REQUEST));
        CHECK(text_starts_with(compiled_log, "good: request a:"));
        compiled_log[0] = '\0';
        CHECK_OK(compiled_call_run(&call, b, PHASE_REQUEST));
        CHECK(text_starts_with(compiled_log, "good: request b:"));
    }
    CHECK(*living() == 0);
}

static const check_case cases[] = {
    CHECK_CASE(another_major_version_is_refused),
    CHECK_CASE(a_newer_minor_version_is_refused),
    CHECK_CASE(a_struct_smaller_than_that_of_1_0_is_refused),
    CHECK_CASE(an_entry_that_is_something_else_is_refused),
    CHECK_CASE(a_file_without_an_entry_is_refused),
    CHECK_CASE(an_entry_in_a_dependency_is_refused),
    CHECK_CASE(a_missing_symbol_is_refused_at_once),
    CHECK_CASE(a_bad_manifest_is_refused),
    CHECK_CASE(options_are_checked_before_create),
    CHECK_CASE(a_failing_create_is_told_with_its_reason),
    CHECK_CASE(options_that_create_cannot_read_so_make_it_fail),
    CHECK_CASE(what_create_made_is_destroyed_unless_it_failed_itself),
    CHECK_CASE(what_others_can_write_is_refused),
    CHECK_CASE(a_link_is_judged_by_what_it_leads_to),
    CHECK_CASE(a_folder_above_that_others_can_write_is_refused),
    CHECK_CASE(a_file_of_another_user_is_refused),
    CHECK_CASE(what_is_no_whole_file_is_refused),
    CHECK_CASE(what_is_built_for_another_machine_is_refused),
    CHECK_CASE(the_manifest_is_what_the_entry_says),
    CHECK_CASE(options_of_a_later_version_are_read_up_to_what_is_known),
    CHECK_CASE(two_instances_of_one_file_share_nothing),
};
CHECK_MAIN(cases)
