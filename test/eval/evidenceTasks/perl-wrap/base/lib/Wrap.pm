package Wrap;
use strict;
use warnings;

# The text in lines of at most so many characters.
sub wrap {
    my ($text, $width) = @_;
    my @lines = ('');
    for my $word (split ' ', $text) {
        if (length($lines[-1]) + length($word) > $width) {
            push @lines, '';
        }
        $lines[-1] .= "$word ";
    }
    return join "\n", @lines;
}

1;
