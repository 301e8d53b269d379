#!/bin/sh
# Counts the words of standard input: "NUMBER WORD" for each.
tr -cs "[:alpha:]" "\n" | sort | uniq -c | awk '{ print $1, $2 }'
