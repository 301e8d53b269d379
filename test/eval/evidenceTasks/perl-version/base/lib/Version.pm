package Version;
use strict;
use warnings;

# Less than, equal to or greater than 0, as <=> has it.
sub compare {
    my ($one, $other) = @_;
    return $one cmp $other;
}

# The versions, the newest first.
sub newest_first {
    return reverse sort { compare($a, $b) } @_;
}

1;
