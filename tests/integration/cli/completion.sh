#!/bin/bash
# SPDX-License-Identifier: MIT
# The completions, asked in real shells.
. "$top_srcdir/tests/integration/lib.sh"
built=$top_builddir/cli/completions

bash_completes() { # WORDS...: what the last word becomes
    bash --norc -c '
        . "$1"; shift
        COMP_WORDS=(thingspace "$@"); COMP_CWORD=$#
        COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
        compopt() { :; }
        _thingspace
        printf "%s " "${COMPREPLY[@]}"' - "$built/thingspace" "$@"
}
is "bash: a command" "register " "$(bash_completes reg)"
like "bash: all commands" "*register*list*simulate*" "$(bash_completes '')"
is "bash: a service" "CarrierService " "$(bash_completes register A Carr)"
is "bash: no service where the account stands" " " "$(bash_completes register Carr)"
is "bash: a second service to remove" "DeviceUsage " "$(bash_completes deregister A CarrierService DeviceU)"
is "bash: an option of the command" "--replace " "$(bash_completes register --repl)"
is "bash: an option of every command" "--policy " "$(bash_completes list --pol)"
is "bash: no option of another command" " " "$(bash_completes list --repl)"
is "bash: a choice" "json " "$(bash_completes --output j)"
is "bash: a choice after =" "json " "$(bash_completes --output = j)"
is "bash: a command after an option with a value" "register " "$(bash_completes --policy x.lua reg)"
is "bash: a second command" "unlatch " "$(bash_completes auth unl)"
touch "$work/mine.lua"
is "bash: a file after an action" "$work/mine.lua " "$(bash_completes plugin check "$work/mi")"
is "bash: what an action takes" "register " "$(bash_completes plugin explain A reg)"
is "bash: what the operation takes" "CarrierService " "$(bash_completes plugin explain A register Carr)"
is "bash: another one" "PUT " "$(bash_completes -q plugin explain A call PU)"
is "bash: one that takes nothing" " " "$(bash_completes plugin explain A list Carr)"
is "bash: a file after an option and an action" "$work/mine.lua " "$(bash_completes -q policy diff x.lua "$work/mi")"
is "bash: no file where an account stands" " " "$(bash_completes plugin explain "$work/mi")"
is "bash: no file where there is none" " " "$(bash_completes auth login "$work/mi")"
is "bash: a method" "PUT " "$(bash_completes call A PU)"
is "bash: help" "simulate " "$(bash_completes help sim)"
is "bash: no refused option" "--password-file " "$(bash_completes register --password)"
bash -n "$built/thingspace" && ok "bash reads it" || not_ok "bash reads it"

if command -v zsh >/dev/null 2>&1; then
    zsh -n "$built/_thingspace" && ok "zsh reads it" || not_ok "zsh reads it"
    # zsh_completes WHAT PATTERN LINE: what zsh lists on a terminal of its own
    zsh_completes() {
        like "$1" "$2" "$(zsh_lists "$3" "$2")"
    }
    zsh_lists() { # LINE PATTERN: waits for it
        timeout 300 zsh -f -c '
            zmodload zsh/zpty
            zpty -b t "COLUMNS=200 PS1=READY zsh -f -i"
            send() { zpty -w t "$1"; }
            send "unsetopt zle_bracketed_paste 2>/dev/null; LISTMAX=0; stty cols 200 rows 60 2>/dev/null"
            send "fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -D; zstyle \":completion:*\" list-prompt \"\"; zstyle \":completion:*\" menu no; print COMPINIT-\${:-DONE}"
            local text= piece=
            zpty -r t piece "*COMPINIT-DONE*"
            zpty -n -w t "$2	"
            for round in {1..300}; do
                while zpty -rt t piece; do text+=$piece; done
                [[ $text = $~3 ]] && break
                sleep 0.1
            done
            zpty -d t
            print -r -- "$text"' - "$built" "$1" "$2" 2>/dev/null
    }
    zsh_completes "zsh: a command" "*thingspace register*" 'thingspace regi'
    zsh_completes "zsh: a service" "*CarrierService*" 'thingspace register A Carr'
    zsh_completes "zsh: what an action takes" "*explain A register*" 'thingspace plugin explain A regi'
    zsh_completes "zsh: what the operation takes" "*register CarrierService*" 'thingspace plugin explain --policy x A register Carr'
    zsh_completes "zsh: a file after an action" "*check $work/mine.lua*" "thingspace plugin check $work/mi"
    zsh_completes "zsh: an option after an action" "*--username*" 'thingspace plugin explain A register --usern'
    zsh_completes "zsh: an option of one that takes a program" "*simulate --port*" 'thingspace simulate --por'
    zsh_completes "zsh: a program's words" "*-- ls $work/mine.lua*" "thingspace simulate -- ls $work/mi"
    zsh_completes "zsh: an option of the command" "*--replace*" 'thingspace register --repl'
else
    skip "zsh" "zsh is not installed"
fi

if command -v fish >/dev/null 2>&1; then
    fish_completes() {
        fish --no-config -c "source '$built/thingspace.fish'; complete -C '$1'" | cut -f 1 | tr '\n' ' '
    }
    is "fish: a command" "register " "$(fish_completes 'thingspace reg')"
    is "fish: a service" "CarrierService " "$(fish_completes 'thingspace register A Carr')"
    is "fish: no service where the account stands" "" "$(fish_completes 'thingspace register Carr')"
    is "fish: a second service to remove" "DeviceUsage " \
        "$(fish_completes 'thingspace deregister A CarrierService DeviceU')"
    is "fish: an option of the command" "--replace " "$(fish_completes 'thingspace register --repl')"
    is "fish: no option of another command" "" "$(fish_completes 'thingspace list --repl')"
    is "fish: a choice" "json " "$(fish_completes 'thingspace --output j')"
    is "fish: a file after an action" "$work/mine.lua " "$(fish_completes "thingspace plugin check $work/mi")"
    is "fish: what an action takes" "register " "$(fish_completes 'thingspace plugin explain A reg')"
    is "fish: what the operation takes" "CarrierService " \
        "$(fish_completes 'thingspace plugin explain --policy x A register Carr')"
    is "fish: another one" "PUT " "$(fish_completes 'thingspace plugin explain A call PU')"
    is "fish: one that takes nothing" "" "$(fish_completes 'thingspace plugin explain A list Carr')"
    is "fish: no file where there is none" "" "$(fish_completes "thingspace plugin explain $work/mi")"
    is "fish: a second command" "unlatch " "$(fish_completes 'thingspace auth unl')"
    is "fish: a command after an option with a value" "register " \
        "$(fish_completes 'thingspace --policy x.lua reg')"
else
    skip "fish" "fish is not installed"
fi
end
