/* SPDX-License-Identifier: MIT */
/*
 * TLS from outside: the openssl command makes a certificate and serves a page with it, or passes on
 * frames of HTTP/2 that a second child writes once a request has arrived.
 */
#define _GNU_SOURCE
#include <config.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "check.h"
#include "peer.h"

/* How a client of HTTP/2 begins; its request follows within this time. */
#define PREFACE    "PRI * HTTP/2.0"
#define REQUEST_MS 200

struct tls_peer {
    pid_t server, writer;
    int pipe[2]; /* the writer's to the server */
    char key[400], certificate[400], output[400];
    char url[64];
};

static bool make_certificate(tls_peer *self, const tls_peer_options *options)
{
    char command[2400];
    snprintf(command, sizeof(command),
             "exec 2>/dev/null; openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
             "-keyout '%s' -out '%s.request' -subj /CN=peer -addext subjectAltName=%s && "
             "openssl x509 -req -in '%s.request' -signkey '%s' -days %d -copy_extensions copy "
             "-out '%s'",
             self->key, self->key, options->name, self->key, self->key, options->expired ? -1 : 2,
             self->certificate);
    return system(command) == 0;
}

static void run_server(tls_peer *self, const tls_peer_options *options)
{
    const char *arguments[16] = {"openssl", "s_server", "-accept",         "127.0.0.1:0",
                                 "-key",    self->key,  "-cert",           self->certificate,
                                 "-www",    "-cipher",  "ALL:@SECLEVEL=0", options->protocol};
    int output = open(self->output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int nothing = open("/dev/null", O_RDWR);
    if (options->frames) {
        arguments[8] = "-alpn";
        arguments[9] = "h2";
        arguments[10] = NULL;
    }
    dup2(options->frames ? self->pipe[0] : nothing, 0);
    dup2(output, 1);
    dup2(nothing, 2);
    execvp("openssl", (char *const *)(const void *)arguments);
    _exit(127);
}

/* "ACCEPT 127.0.0.1:PORT" says that it listens, and where. */
static bool find_port(tls_peer *self)
{
    for (int i = 0; i < 500; i++, usleep(20000)) {
        char line[200];
        unsigned port = 0;
        FILE *file = fopen(self->output, "r");
        while (file && fgets(line, sizeof(line), file) && port == 0)
            if (sscanf(line, "ACCEPT 127.0.0.1:%u", &port) != 1)
                port = 0;
        if (file)
            fclose(file);
        snprintf(self->url, sizeof(self->url), "https://127.0.0.1:%u/", port);
        if (port)
            return true;
    }
    return false;
}

int tls_peer_count(const tls_peer *self, const char *bytes, size_t size)
{
    static char output[256 * 1024];
    int count = 0;
    FILE *file = fopen(self->output, "r");
    size_t length = file ? fread(output, 1, sizeof(output), file) : 0;
    if (file)
        fclose(file);
    for (const char *at = output; (at = memmem(at, length - (size_t)(at - output), bytes, size));
         at += size)
        count++;
    return count;
}

static void run_writer(const tls_peer *self, const tls_peer_options *options)
{
    for (int i = 0; i < 500 && tls_peer_count(self, PREFACE, strlen(PREFACE)) == 0; i++)
        usleep(10000);
    usleep(REQUEST_MS * 1000);
    if (write(self->pipe[1], options->frames, options->frames_size) < 0)
        _exit(1);
    pause(); /* the end of its input would end the server */
    _exit(0);
}

static bool start(tls_peer *self, const tls_peer_options *options)
{
    if (pipe2(self->pipe, O_CLOEXEC) != 0)
        return false;
    self->server = fork();
    if (self->server == 0)
        run_server(self, options);
    if (self->server < 0 || !find_port(self))
        return false;
    if (!options->frames)
        return true;
    self->writer = fork();
    if (self->writer == 0)
        run_writer(self, options);
    return self->writer > 0;
}

static void stop(pid_t child)
{
    if (child > 0) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
}

tls_peer *tls_peer_new(const tls_peer_options *options)
{
    static unsigned number;
    tls_peer *made = calloc(1, sizeof(*made));
    if (!made)
        return NULL;
    number++;
    snprintf(made->key, sizeof(made->key), "%s/key%u", check_folder(), number);
    snprintf(made->certificate, sizeof(made->certificate), "%s/cert%u", check_folder(), number);
    snprintf(made->output, sizeof(made->output), "%s/out%u", check_folder(), number);
    made->pipe[0] = made->pipe[1] = -1;
    if (make_certificate(made, options) && start(made, options))
        return made;
    tls_peer_free(made);
    return NULL;
}

void tls_peer_free(tls_peer *self)
{
    if (!self)
        return;
    stop(self->writer);
    stop(self->server);
    for (int i = 0; i < 2; i++)
        if (self->pipe[i] >= 0)
            close(self->pipe[i]);
    free(self);
}

void tls_peer_cleanup(tls_peer **self)
{
    tls_peer_free(*self);
}

const char *tls_peer_url(const tls_peer *self)
{
    return self->url;
}

const char *tls_peer_ca(const tls_peer *self)
{
    return self->certificate;
}
