/* SPDX-License-Identifier: MIT */
/* Hosts: names, literals, and what resolvers would read in another way. */
#include "check.h"
#include "catalogue/host.h"

typedef struct expectation {
    const char *host;
    host_kind kind;
} expectation;

static const expectation table[] = {
    {"hooks.example.com", HOST_NAME},
    {"hooks.example.com.", HOST_NAME},
    {"a_b.example.com", HOST_NAME},
    {"1.2.3.4.example.com", HOST_NAME},
    {"localhost", HOST_LOCAL_NAME},
    {"localhost.", HOST_LOCAL_NAME},
    {"a.localhost", HOST_LOCAL_NAME},
    {"gateway", HOST_LOCAL_NAME},
    {"printer.local", HOST_LOCAL_NAME},
    {"db.corp.internal", HOST_LOCAL_NAME},
    {"notlocal", HOST_LOCAL_NAME},
    {"a.notlocal", HOST_NAME},
    {"127.0.0.1", HOST_LOOPBACK},
    {"127.255.255.254", HOST_LOOPBACK},
    {"[::1]", HOST_LOOPBACK},
    {"10.1.2.3", HOST_PRIVATE},
    {"172.16.0.1", HOST_PRIVATE},
    {"172.31.255.255", HOST_PRIVATE},
    {"172.32.0.1", HOST_PUBLIC},
    {"192.168.0.1", HOST_PRIVATE},
    {"192.169.0.1", HOST_PUBLIC},
    {"169.254.169.254", HOST_PRIVATE},
    {"100.64.0.1", HOST_PRIVATE},
    {"100.128.0.1", HOST_PUBLIC},
    {"0.0.0.0", HOST_PRIVATE},
    {"224.0.0.1", HOST_PRIVATE},
    {"255.255.255.255", HOST_PRIVATE},
    {"8.8.8.8", HOST_PUBLIC},
    {"[::]", HOST_PRIVATE},
    {"[fe80::1]", HOST_PRIVATE},
    {"[fd00::1]", HOST_PRIVATE},
    {"[ff02::1]", HOST_PRIVATE},
    {"[2606:4700::1111]", HOST_PUBLIC},
    {"[64:ff9b::10.0.0.1]", HOST_PRIVATE},
    {"[64:ff9b::8.8.8.8]", HOST_PUBLIC},
    {"[2002:7f00:1::]", HOST_LOOPBACK},
    {"[::ffff:127.0.0.1]", HOST_INVALID},
    {"[::ffff:8.8.8.8]", HOST_INVALID},
    {"[fe80::1%eth0]", HOST_INVALID},
    {"[]", HOST_INVALID},
    {"[::1", HOST_INVALID},
    {"::1", HOST_INVALID},
    {"2130706433", HOST_INVALID},
    {"0x7f.1", HOST_INVALID},
    {"0x7f000001", HOST_INVALID},
    {"127.1", HOST_INVALID},
    {"127.0.0.1.", HOST_INVALID},
    {"0177.0.0.1", HOST_INVALID},
    {"1.2.3.256", HOST_INVALID},
    {"a.0x", HOST_INVALID},
    {"a.0xff", HOST_INVALID},
    {"a.0xfg", HOST_NAME},
    {"", HOST_INVALID},
    {".", HOST_INVALID},
    {"a..b", HOST_INVALID},
    {".a", HOST_INVALID},
    {"-a.b", HOST_INVALID},
    {"a-.b", HOST_INVALID},
    {"a%2eb", HOST_INVALID},
    {"A.b", HOST_INVALID},
    {"a b", HOST_INVALID},
};

static void hosts_are_told_apart_by_their_text(void)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        CHECK(check_report(host_classify(table[i].host) == table[i].kind, __FILE__, __LINE__,
                           "%s is %d", table[i].host, (int)host_classify(table[i].host)));
}

static void labels_and_names_have_their_limits(void)
{
    char name[300];
    memset(name, 'a', sizeof(name));
    strcpy(name + 63, ".com");
    CHECK_INT(host_classify(name), HOST_NAME);
    memset(name, 'a', sizeof(name));
    strcpy(name + 64, ".com");
    CHECK_INT(host_classify(name), HOST_INVALID);
    for (size_t i = 0; i < 254; i++)
        name[i] = i % 2 ? '.' : 'a';
    name[253] = '\0';
    CHECK_INT(host_classify(name), HOST_NAME);
    strcpy(name + 253, ".a");
    CHECK_INT(host_classify(name), HOST_INVALID);
}

static void mapped_addresses_count_as_what_they_lead_to(void)
{
    unsigned char mapped[16] = {[10] = 0xff, [11] = 0xff, 10, 0, 0, 1};
    CHECK_INT(host_classify_bytes(mapped, 16), HOST_PRIVATE);
    mapped[12] = 127;
    CHECK_INT(host_classify_bytes(mapped, 16), HOST_LOOPBACK);
    mapped[12] = 8;
    CHECK_INT(host_classify_bytes(mapped, 16), HOST_PUBLIC);
    CHECK_INT(host_classify_bytes(mapped, 15), HOST_INVALID);
}

static const check_case cases[] = {
    CHECK_CASE(hosts_are_told_apart_by_their_text),
    CHECK_CASE(labels_and_names_have_their_limits),
    CHECK_CASE(mapped_addresses_count_as_what_they_lead_to),
};
CHECK_MAIN(cases)
