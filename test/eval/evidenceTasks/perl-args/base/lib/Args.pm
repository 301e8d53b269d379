package Args;
use strict;
use warnings;

# Options by name, and the other words in order.
sub parse {
    my (%options, @words);
    while (@_) {
        my $word = shift;
        if ($word =~ /^--(\w+)=(.*)/) {
            $options{$1} = $2;
        }
        else {
            push @words, $word;
        }
    }
    return (\%options, \@words);
}

1;
