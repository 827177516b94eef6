/* SPDX-License-Identifier: MIT */
/* The line of a progress bar, and the figures in it. */
#include "check.h"
#include "cli/figure.h"
#include "cli/progress_line.h"

static progress_state a_state(void)
{
    return (progress_state){"accounts", 150, 6000, 3, 97.5, false};
}

static void a_wide_terminal_sees_it_all(void)
{
    char line[PROGRESS_LINE_SIZE];
    progress_state state = a_state();
    progress_line(line, &state, 79);
    CHECK_TEXT(line,
               "150 of 6,000 accounts [                       ] 98/s, 1 min 0 s left, 3 failed");
    state.done = 3000;
    progress_line(line, &state, 79);
    CHECK_TEXT(line,
               "3,000 of 6,000 accounts [============>             ] 98/s, 31 s left, 3 failed");
    state.done = 6000;
    state.failed = 0;
    progress_line(line, &state, 79);
    CHECK_TEXT(line,
               "6,000 of 6,000 accounts [=====================================] 98/s, 0 s left");
}

static void what_is_not_known_is_not_told(void)
{
    char line[PROGRESS_LINE_SIZE];
    progress_state state = {"changes", 0, 20, 0, 0, false};
    progress_line(line, &state, 79);
    CHECK_TEXT(line, "0 of 20 changes [                                      ]");
}

static void a_narrow_one_sees_what_matters(void)
{
    char line[PROGRESS_LINE_SIZE];
    progress_state state = a_state();
    progress_line(line, &state, 60);
    CHECK_TEXT(line, "150 of 6,000 accounts, 98/s, 1 min 0 s left, 3 failed");
    progress_line(line, &state, 50);
    CHECK_TEXT(line, "150 of 6,000 accounts, 1 min 0 s left, 3 failed");
    progress_line(line, &state, 40);
    CHECK_TEXT(line, "150/6000, 1 min 0 s left, 3 failed");
    progress_line(line, &state, 20);
    CHECK_TEXT(line, "150/6000, 3 failed");
    progress_line(line, &state, 10);
    CHECK_TEXT(line, "150/6000");
    progress_line(line, &state, 5);
    CHECK_TEXT(line, "");
}

static void no_line_is_wider_than_its_terminal(void)
{
    static const double rates[] = {0, 0.001, 0.04, 3, 9.99, 412, 1e6};
    char line[PROGRESS_LINE_SIZE];
    for (size_t width = 0; width < 300; width++)
        for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
            progress_state state = {"accounts", 1000 * i * i, 123456789,
                                    width * i,  rates[i],     false};
            progress_line(line, &state, width);
            CHECK(strlen(line) <= width && strlen(line) <= PROGRESS_LINE_WIDEST);
        }
}

static void colours_have_no_width(void)
{
    char line[PROGRESS_LINE_SIZE];
    progress_state state = a_state();
    state.color = true;
    progress_line(line, &state, 50);
    CHECK_TEXT(line, "150 of 6,000 accounts, 1 min 0 s left\033[31m, 3 failed\033[0m");
    state.failed = 0;
    progress_line(line, &state, 50);
    CHECK(strchr(line, '\033') == NULL);
}

static void figures_are_those_of_people(void)
{
    CHECK_TEXT(figure_of(0).text, "0");
    CHECK_TEXT(figure_of(999).text, "999");
    CHECK_TEXT(figure_of(1000).text, "1,000");
    CHECK_TEXT(figure_of(1234567).text, "1,234,567");
    CHECK_TEXT(figure_of_rate(0.44).text, "0.4/s");
    CHECK_TEXT(figure_of_rate(9.96).text, "10/s");
    CHECK_TEXT(figure_of_rate(4211.6).text, "4,212/s");
    CHECK_TEXT(figure_of_seconds(0).text, "0 s");
    CHECK_TEXT(figure_of_seconds(200).text, "3 min 20 s");
    CHECK_TEXT(figure_of_seconds(3600 + 12 * 60 + 5).text, "1 h 12 min");
    CHECK_TEXT(figure_of_seconds(360000000).text, "100,000 h 0 min");
}

static const check_case cases[] = {
    CHECK_CASE(a_wide_terminal_sees_it_all),    CHECK_CASE(what_is_not_known_is_not_told),
    CHECK_CASE(a_narrow_one_sees_what_matters), CHECK_CASE(no_line_is_wider_than_its_terminal),
    CHECK_CASE(colours_have_no_width),          CHECK_CASE(figures_are_those_of_people),
};
CHECK_MAIN(cases)
