# SPDX-License-Identifier: MIT
# A guide that is run; sourced after tests/integration/lib.sh.

# walk GUIDE WORD [FILE...]: in a folder of its own, where every block of the language is a file that its
# first line names. Every line with a prompt is run, and the answers are compared to the letter. Each
# file is named by a command, or by one of the FILEs.
walk() {
    guide=$1 word=$2
    shift 2
    mkdir "$work/files" && cd "$work/files" || exit 99
    awk -v block="\`\`\`$word" '
        /^```$/ { out = "" } out { print > out }
        wanted { out = $2; print > out; wanted = 0 }
        $0 == block { wanted = 1 }' "$guide"
    awk '/^```$/ { wanted = 0 } wanted { print } /^```console$/ { wanted = 1 }' "$guide" >../expected
    grep '^\$ ' ../expected >../commands
    while IFS= read -r line; do
        printf '%s\n' "$line"
        eval "${line#??}" 2>&1
    done <../commands >../actual
    is "every block of $word is a file" "$(grep -cx "\`\`\`$word" "$guide")" \
        "$(find . -name "*.$word" | wc -l)"
    for file in *."$word"; do
        like "$file is used" "*$file*" "$(cat ../commands "$@")"
    done
    is "every answer is the one that the guide shows" "" "$(diff -u ../expected ../actual 2>&1)"
}
